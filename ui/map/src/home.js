// The frame that a map begins with: around its bulk, so that dust far away does not make the rest small.
import { blur } from "./field.js";

const LEAST = 0.03; // of the densest cell: what is thinner is dust
const CLUMP = 0.004; // of all points: a clump of fewer, on its own, is dust as well, however dense
const INSIDE = 0.9; // so much of all points the frame holds in any case
const SOME = 300_000; // points that are counted
const EDGE = 6; // cells of room for the blur

// The box [x0, y0, x1, y1] around all cells that are dense enough, in the units of x and y; box: around all points.
export function bulk(x, y, box) {
  let found = box;
  for (let round = 0; round < 6; round++) { // where a few points lie very far off, all the rest is one cell at first
    const [next, share] = dense(x, y, found);
    found = next;
    if (share > 0.25) break;
  }
  return found;
}

function dense(x, y, [x0, y0, x1, y1]) {
  const n = x.length, step = Math.max(1, Math.floor(n / SOME));
  const side = Math.max(12, Math.min(200, Math.round(1.5 * Math.sqrt(n))));
  const wide = side + 2 * EDGE;
  const sx = side / (x1 - x0 || 1), sy = side / (y1 - y0 || 1);
  const counts = new Float32Array(wide * wide);
  let all = 0;
  for (let i = 0; i < n; i += step) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    all++;
    const c = Math.floor((x[i] - x0) * sx), r = Math.floor((y[i] - y0) * sy);
    if (c < 0 || r < 0 || c > side || r > side) continue;
    counts[(Math.min(r, side - 1) + EDGE) * wide + Math.min(c, side - 1) + EDGE]++;
  }
  const field = blur(counts, wide, wide, 2);
  const peak = field.reduce((top, v) => Math.max(top, v), 0);
  let inside = 0, box = [wide, wide, 0, 0];
  for (let least = LEAST * peak; inside < INSIDE * all && least > 1e-6; least /= 2) {
    inside = 0;
    box = [wide, wide, 0, 0];
    for (const clump of clumps(field, counts, wide, least)) { // the largest first
      if (clump.held < CLUMP * all && inside >= INSIDE * all) break;
      inside += clump.held;
      box = [Math.min(box[0], clump.box[0]), Math.min(box[1], clump.box[1]), Math.max(box[2], clump.box[2]), Math.max(box[3], clump.box[3])];
    }
  }
  const [c0, r0, c1, r1] = box.map((v) => Math.max(0, Math.min(side - 1, v - EDGE)));
  return [[x0 + c0 / sx, y0 + r0 / sy, x0 + (c1 + 1) / sx, y0 + (r1 + 1) / sy], Math.max(c1 + 1 - c0, r1 + 1 - r0) / side];
}

// Cells that are dense enough and touch: how many points each such clump holds, and the box around it, in cells.
function clumps(field, counts, wide, least) {
  const seen = new Uint8Array(field.length);
  const found = [];
  for (let from = 0; from < field.length; from++) {
    if (seen[from] || field[from] < least) continue;
    const clump = { held: 0, box: [wide, wide, 0, 0] };
    const waiting = [from];
    seen[from] = 1;
    while (waiting.length) {
      const at = waiting.pop(), c = at % wide, r = (at - c) / wide, { box } = clump;
      clump.held += counts[at];
      box[0] = Math.min(box[0], c);
      box[1] = Math.min(box[1], r);
      box[2] = Math.max(box[2], c);
      box[3] = Math.max(box[3], r);
      for (const next of [at - 1, at + 1, at - wide, at + wide]) {
        if (next < 0 || next >= field.length || seen[next] || field[next] < least) continue;
        seen[next] = 1;
        waiting.push(next);
      }
    }
    found.push(clump);
  }
  return found.sort((a, b) => b.held - a.held);
}
