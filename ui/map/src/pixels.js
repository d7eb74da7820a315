// Points as pixels, set by the processor: without WebGL, and where it would be imitated in software, which is far slower.
// The same door as `webgl.js`, and the same picture: premultiplied colours, higher states above lower ones.
import { rgb } from "./colours.js";
import { inOrder } from "./order.js";
import { NORMAL } from "./states.js";
import { MOST, solidAt } from "./thin.js";

const FINE = 4; // places within a pixel, along each side, for which a dot has a shape of its own
const PAIR = 0xff00ff, HALF = 0x800080; // two of four bytes at once: a byte times 256 has room up to the next one
const LIT = 5; // above every state
const RIM = 16; // pixels around the picture, for dots that lie across its edge

export function makePixels(canvas) {
  const context = canvas.getContext("2d");
  let image = null, flat = new Uint32Array(0), above = new Uint8Array(0), pixels = null;
  let x = [], y = [], codes = [], states = [], alone = new Uint8Array(0), thin = null;
  let opacities = [], sizes = [], lit = -1, mixed = false;
  const colours = new Uint32Array(256);
  const shapes = new Map(); // of dots, by size and width of the picture

  function shapesOf(size, width) { // for each place within a pixel: where it covers how much, as offset and 0 to 256
    const name = `${size.toFixed(2)} ${width}`;
    if (shapes.has(name)) return shapes.get(name);
    if (shapes.size > 40) shapes.clear();
    const reach = Math.ceil(size / 2 + 1);
    const made = Array.from({ length: FINE * FINE }, (_, at) => {
      const fx = ((at % FINE) + 0.5) / FINE, fy = (Math.floor(at / FINE) + 0.5) / FINE;
      const offsets = [], covers = [];
      for (let r = -reach; r <= reach; r++) {
        for (let c = -reach; c <= reach; c++) {
          const cover = Math.min(1, size / 2 - Math.hypot(c + 0.5 - fx, r + 0.5 - fy) + 0.5);
          if (cover < 0.02) continue;
          offsets.push(r * width + c);
          covers.push(cover);
        }
      }
      return { offsets: Int32Array.from(offsets), covers: Float32Array.from(covers) };
    });
    made.reach = reach;
    shapes.set(name, made);
    return made;
  }

  // What a point looks like, by state and by how alone it is: its shape and how much it covers, 0 to 256.
  function manners(width) {
    const found = [];
    for (let state = 1; state <= LIT; state++) {
      const s = state === LIT ? NORMAL : state;
      found[state] = Array.from({ length: 256 }, (_, byte) => {
        const solid = (byte / 255) * MOST;
        let opacity = s === NORMAL ? Math.min(0.9, Math.max(0.16, opacities[NORMAL] * solid)) : opacities[s];
        if (state === LIT) opacity = Math.max(opacity, 0.5);
        else if (lit >= 0) opacity *= 0.12;
        const size = sizes[s] * (s === NORMAL && solid > 0.85 ? 1.25 : 1);
        return { shape: shapesOf(size, width), cover: 256 * opacity };
      });
    }
    return found;
  }

  function measureAlone() {
    if (!thin || alone.length === x.length) return;
    alone = new Uint8Array(x.length);
    for (let i = 0; i < alone.length; i++) alone[i] = (solidAt(thin, x[i], y[i]) / MOST) * 255;
  }

  return {
    places(xs, ys, order) {
      x = inOrder(xs, order);
      y = inOrder(ys, order);
      alone = new Uint8Array(0);
    },
    states(all, state, order) {
      codes = inOrder(all, order);
      states = inOrder(state, order);
      mixed = states.some((s) => s && s !== NORMAL);
    },
    palette(all) {
      all.forEach((colour, i) => {
        const [r, g, b] = rgb(colour);
        colours[i] = (255 << 24) | (b << 16) | (g << 8) | r;
      });
    },
    thin(now) {
      thin = now;
      alone = new Uint8Array(0);
    },
    looks(opacity, size) {
      opacities = opacity;
      sizes = size.map((v) => v * (devicePixelRatio || 1));
    },
    light(code) { lit = code; },
    draw(camera, from, to, clear) {
      const ratio = devicePixelRatio || 1;
      const width = Math.round(camera.width * ratio), height = Math.round(camera.height * ratio);
      if (!width || !height) return 0;
      const begun = performance.now();
      if (canvas.width !== width || canvas.height !== height || !image) {
        canvas.width = width;
        canvas.height = height;
        image = context.createImageData(width, height);
        pixels = new Uint32Array(image.data.buffer);
        flat = new Uint32Array((width + 2 * RIM) * (height + 2 * RIM));
        above = new Uint8Array(flat.length);
      } else if (clear) {
        flat.fill(0);
        above.fill(0);
      }
      measureAlone();
      const wide = width + 2 * RIM, tall = height + 2 * RIM;
      const k = camera.scale * ratio, left = wide / 2 - camera.x * k, top = tall / 2 + camera.y * k;
      const looks = manners(wide), layered = mixed || lit >= 0;
      for (let i = from; i < to; i++) {
        let state = states[i];
        if (state === 0) continue;
        const px = x[i] * k + left, py = top - y[i] * k, ix = Math.floor(px), iy = Math.floor(py);
        if (codes[i] === lit) state = LIT;
        const { shape, cover } = looks[state][alone[i]], edge = shape.reach;
        if (ix < edge || iy < edge || ix >= wide - edge || iy >= tall - edge) continue;
        const { offsets, covers } = shape[Math.floor((py - iy) * FINE) * FINE + Math.floor((px - ix) * FINE)];
        const colour = colours[codes[i]], rb = colour & PAIR, ag = (colour >>> 8) & PAIR, start = iy * wide + ix;
        for (let m = 0; m < offsets.length; m++) {
          const at = start + offsets[m];
          if (layered) {
            if (above[at] > state) continue;
            above[at] = state;
          }
          const a = (covers[m] * cover + 0.5) | 0, rest = 256 - a, under = flat[at];
          flat[at] = (((Math.imul(under & PAIR, rest) + Math.imul(rb, a) + HALF) >>> 8) & PAIR)
            | ((Math.imul((under >>> 8) & PAIR, rest) + Math.imul(ag, a) + HALF) & ~PAIR);
        }
      }
      show(width, height);
      return performance.now() - begun;
    },
    end() {},
  };

  function show(width, height) { // a picture's bytes are not premultiplied
    for (let r = 0; r < height; r++) {
      for (let from = (r + RIM) * (width + 2 * RIM) + RIM, c = r * width, end = c + width; c < end; c++, from++) {
        const v = flat[from], a = v >>> 24;
        if (a === 0 || a === 255) { pixels[c] = v; continue; }
        const f = 255 / a;
        pixels[c] = (a << 24) | (Math.min(255, ((v >>> 16) & 255) * f) << 16) | (Math.min(255, ((v >>> 8) & 255) * f) << 8) | Math.min(255, (v & 255) * f);
      }
    }
    context.putImageData(image, 0, 0);
  }
}
