// A blurred colour under the points: where they are dense the ground is tinted. Made where the view rests, moved meanwhile.
import { rgb } from "./colours.js";
import { make } from "./dom.js";
import { blur, summed } from "./field.js";
import { CHOSEN, NORMAL } from "./states.js";

const CELL = 4; // pixels of the screen a cell of the glow
const AROUND = 0.25; // of the screen, drawn on each side beyond its edge: it comes into sight while the map is moved
const LIGHT = 0.26, DARK = 0.34; // the most that it covers
const SOME = 400_000; // points that are counted
const FEW = 0.05; // blurred points a cell: about half a dozen close together; fewer never glow in full
const ALONE = 0.014; // of one point where it lies: alone it does not glow at all

export function makeGlow(map) {
  const canvas = make("canvas", { class: "glow" });
  let at = null; // the camera for which it was made

  // Points and colours in cells around the screen: what glow and names need of the places.
  function count() {
    const { camera, x, y, z, w, n } = map;
    const wide = Math.ceil((camera.width * (1 + 2 * AROUND)) / CELL), tall = Math.ceil((camera.height * (1 + 2 * AROUND)) / CELL);
    const k = camera.scale / CELL, left = wide / 2 - camera.x * k, top = tall / 2 + camera.y * k;
    const [counts, red, green, blue] = Array.from({ length: 4 }, () => new Float32Array(wide * tall));
    const colours = map.colours.map(rgb), reds = colours.map((c) => c[0]), greens = colours.map((c) => c[1]), blues = colours.map((c) => c[2]);
    const step = Math.max(1, Math.floor(n / SOME));
    for (let i = 0; i < n; i += step) {
      const state = w[i];
      if (state !== NORMAL && state !== CHOSEN) continue;
      const c = Math.floor(x[i] * k + left), r = Math.floor(top - y[i] * k);
      if (c < 0 || r < 0 || c >= wide || r >= tall) continue;
      const cell = r * wide + c, code = z[i];
      counts[cell] += step;
      red[cell] += step * reds[code];
      green[cell] += step * greens[code];
      blue[cell] += step * blues[code];
    }
    return { wide, tall, counts, red, green, blue };
  }

  function render() {
    const { camera } = map;
    if (!camera.width || !map.colours) return;
    const { wide, tall, counts, red, green, blue } = count();
    at = { x: camera.x, y: camera.y, scale: camera.scale, wide, tall };
    map.ink = inkOf(counts, wide, tall);
    const [many, r, g, b] = [counts, red, green, blue].map((values) => blur(values, wide, tall, 3));
    const some = many.filter((v, i) => i % 3 === 0 && v > 1e-3).sort();
    const top = Math.max(FEW, some.length ? some[Math.floor(some.length * 0.97)] : 0);
    const most = 255 * (map.dark ? DARK : LIGHT);
    const image = new ImageData(wide, tall);
    for (let i = 0; i < many.length; i++) {
      if (many[i] < 1e-3) continue;
      image.data[4 * i] = r[i] / many[i];
      image.data[4 * i + 1] = g[i] / many[i];
      image.data[4 * i + 2] = b[i] / many[i];
      image.data[4 * i + 3] = most * Math.min(1, (Math.max(0, many[i] - ALONE) / top) ** 0.6);
    }
    canvas.width = wide;
    canvas.height = tall;
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.style.width = wide * CELL + "px";
    canvas.style.height = tall * CELL + "px";
    move();
  }

  // How much of a box of the screen points cover, 0 to 1; the map may have moved since they were counted.
  function inkOf(counts, wide, tall) {
    const dot = ((map.dot ?? 3) / 2) ** 2 * Math.PI / (CELL * CELL);
    const mean = summed(blur(counts.map((v) => 1 - Math.exp(-v * dot)), wide, tall, 2), wide, tall);
    return (x0, y0, x1, y1) => {
      const [a, b, f] = place();
      return mean(Math.floor((x0 - a) / f / CELL), Math.floor((y0 - b) / f / CELL), Math.floor((x1 - a) / f / CELL), Math.floor((y1 - b) / f / CELL));
    };
  }

  function place() { // left, top and size on the screen now
    const { camera } = map;
    const f = camera.scale / at.scale;
    return [camera.width / 2 + (at.x - camera.x) * camera.scale - (at.wide * CELL * f) / 2,
      camera.height / 2 + (camera.y - at.y) * camera.scale - (at.tall * CELL * f) / 2, f];
  }

  function move() {
    if (!at) return;
    const [left, top, f] = place();
    canvas.style.transform = `translate(${left}px,${top}px) scale(${f})`;
  }

  return {
    canvas, render, move,
    light: (yes) => { canvas.style.opacity = yes ? 0.3 : 1; },
    paint(context) { // for the saved picture
      if (!at) return;
      const [left, top, f] = place();
      context.drawImage(canvas, left, top, at.wide * CELL * f, at.tall * CELL * f);
    },
  };
}
