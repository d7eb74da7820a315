// A file on its own has no server to draw for it: without WebGL, points are set as pixels here.
import { CHOSEN, CONTEXT, FAINT, HIDDEN } from "./states.js";
import { rgb } from "./colours.js";

export function flatPicture(map, width, height) {
  const { camera, x, y, z, w, n } = map;
  const sums = new Float32Array(width * height * 4);
  const colours = map.colours.map(rgb);
  const weights = [];
  weights[CONTEXT] = 0.25;
  weights[FAINT] = 0.12;
  for (let i = 0; i < n; i++) {
    if (w[i] === HIDDEN) continue;
    const [px, py] = camera.toScreen(x[i], y[i]);
    const weight = weights[w[i]] ?? (w[i] === CHOSEN ? 2 : 1);
    for (let dy = 0; dy < 2; dy++) {
      for (let dx = 0; dx < 2; dx++) {
        const cx = Math.floor(px) + dx, cy = Math.floor(py) + dy;
        if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue;
        const at = (cy * width + cx) * 4;
        colours[z[i]].forEach((v, c) => { sums[at + c] += v * weight; });
        sums[at + 3] += weight;
      }
    }
  }
  const image = new ImageData(width, height);
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at + 3];
    if (!weight) continue;
    for (let c = 0; c < 3; c++) image.data[at + c] = sums[at + c] / weight;
    image.data[at + 3] = 255 * (1 - 0.45 ** weight);
  }
  return image;
}
