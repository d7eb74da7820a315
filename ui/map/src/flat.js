// A file on its own has no server to draw for it: without WebGL, points are set as pixels here.
import { rgb } from "./colours.js";
import { CHOSEN, HIDDEN, looks, NORMAL } from "./states.js";
import { solidAt } from "./thin.js";

export function flatPicture(map, width, height) {
  const { camera, x, y, z, w, n } = map;
  const colours = map.colours.map(rgb);
  const { opacity } = looks(map);
  const image = new ImageData(width, height);
  for (const above of [false, true]) { // what is selected lies above all else
    const sums = new Float32Array(width * height * 4);
    for (let i = 0; i < n; i++) {
      if (w[i] === HIDDEN || (w[i] === CHOSEN) !== above) continue;
      const [px, py] = camera.toScreen(x[i], y[i]);
      const solid = w[i] === NORMAL ? Math.min(0.9, Math.max(0.16, opacity[NORMAL] * solidAt(map.thin, x[i], y[i]))) : opacity[w[i]];
      const weight = -Math.log(1 - Math.min(0.999, solid));
      const half = above ? 2 : 1;
      for (let cy = Math.floor(py) - half + 1; cy <= Math.floor(py) + half; cy++) {
        for (let cx = Math.floor(px) - half + 1; cx <= Math.floor(px) + half; cx++) {
          if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue;
          const at = (cy * width + cx) * 4;
          colours[z[i]].forEach((v, c) => { sums[at + c] += v * weight; });
          sums[at + 3] += weight;
        }
      }
    }
    for (let at = 0; at < sums.length; at += 4) {
      if (!sums[at + 3]) continue;
      const cover = 1 - Math.exp(-sums[at + 3]), under = (image.data[at + 3] / 255) * (1 - cover), all = cover + under;
      for (let c = 0; c < 3; c++) image.data[at + c] = ((sums[at + c] / sums[at + 3]) * cover + image.data[at + c] * under) / all;
      image.data[at + 3] = 255 * all;
    }
  }
  return image;
}
