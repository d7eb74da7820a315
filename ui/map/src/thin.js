// How solid a point is drawn: clear where many lie, so that thin places stay visible and dense ones do not clot.
import { blur } from "./field.js";

const SOME = 500_000; // points that are counted
export const SIDE = 256; // cells a side over the frame that the map begins with
export const MOST = 1.6; // what the byte 255 stands for
const MIDDLE = 0.62; // of a point among as many others as the median point has
const FALL = 0.45; // the power of the local density by which it falls

// A byte a cell: opacity by local density of the visible points; box: [x0, y0, side] of the cells, in units of the map.
export function makeThin({ x, y, n, w }, home, visible) {
  const half = home ? Math.max(home.wide, home.tall) * 1.05 : 1;
  const [x0, y0] = home ? [home.x - half, home.y - half] : [-1, -1];
  const scale = SIDE / (2 * half);
  const counts = new Float32Array(SIDE * SIDE);
  for (let i = 0, step = Math.max(1, Math.floor(n / SOME)); i < n; i += step) {
    if (!visible[w[i]]) continue;
    const c = Math.floor((x[i] - x0) * scale), r = Math.floor((y[i] - y0) * scale);
    if (c >= 0 && r >= 0 && c < SIDE && r < SIDE) counts[r * SIDE + c]++;
  }
  const field = blur(counts, SIDE, SIDE, 1);
  const middle = median(field, counts);
  const bytes = new Uint8Array(SIDE * SIDE);
  for (let k = 0; k < bytes.length; k++) {
    const solid = MIDDLE * (middle / Math.max(field[k], 1e-6)) ** FALL;
    bytes[k] = Math.round((Math.min(MOST, solid) / MOST) * 255);
  }
  return { bytes, box: [x0, y0, 2 * half] };
}

// The density around the median point: each cell counts as often as it has points. Counted by size, to three parts in a thousand.
const BINS = 4096, OCTAVES = 40;
function median(field, counts) {
  const held = new Float64Array(BINS);
  let all = 0;
  for (let k = 0; k < counts.length; k++) {
    if (!counts[k]) continue;
    all += counts[k];
    held[Math.min(BINS - 1, Math.max(0, Math.round((Math.log2(field[k]) + OCTAVES / 2) * (BINS / OCTAVES))))] += counts[k];
  }
  for (let bin = 0, under = 0; bin < BINS; bin++) {
    under += held[bin];
    if (under && under >= all / 2) return 2 ** ((bin / BINS) * OCTAVES - OCTAVES / 2);
  }
  return 1;
}

export const solidAt = ({ bytes, box: [x0, y0, side] }, x, y) => {
  const cell = (v) => Math.min(SIDE - 1, Math.max(0, Math.floor((v / side) * SIDE)));
  return (bytes[cell(y - y0) * SIDE + cell(x - x0)] / 255) * MOST;
};
