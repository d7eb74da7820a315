// Lines of equal density over what is shown: counts on a grid, smoothed, then marching squares.
import { blur } from "./field.js";

const SIDE = 200; // cells over the frame that the map begins with
const EDGE = 12; // cells around it, so that lines close outside the outermost points
const AROUND = 1.25; // times that frame: what lies farther out is dust

// home: the frame around the bulk, null where that is all of the map, -1 to 1.
export function makeContours(x, y, visible, home) {
  const half = home ? Math.max(home.wide, home.tall) * AROUND : 1;
  const [left, low, unit] = home && half < 1 ? [home.x - half, home.y - half, (SIDE - 1) / (2 * half)] : [-1, -1, (SIDE - 1) / 2];
  const wide = SIDE + 2 * EDGE;
  let field = new Float32Array(wide * wide);
  for (let i = 0; i < x.length; i++) {
    if (!visible(i)) continue;
    const c = Math.floor((x[i] - left) * unit) + EDGE, r = Math.floor((y[i] - low) * unit) + EDGE;
    if (c >= 0 && r >= 0 && c < wide && r < wide) field[r * wide + c]++;
  }
  field = blur(field, wide, wide, 3);
  let top = 0;
  for (const v of field) if (v > top) top = v;
  if (!top) return [];
  const across = (c) => (c - EDGE) / unit + left, up = (r) => (r - EDGE) / unit + low;
  return [0.012, 0.04, 0.1, 0.2, 0.36, 0.6].map((share) => {
    const path = new Path2D();
    march(field, wide, top * share, (a, b, c, d) => {
      path.moveTo(across(a), up(b));
      path.lineTo(across(c), up(d));
    });
    return { share, path };
  });
}

function march(field, wide, level, segment) {
  const cut = (a, b) => (level - a) / (b - a);
  for (let r = 0; r < wide - 1; r++) {
    for (let c = 0; c < wide - 1; c++) {
      const a = field[r * wide + c], b = field[r * wide + c + 1];
      const d = field[(r + 1) * wide + c], e = field[(r + 1) * wide + c + 1];
      const kind = (a > level) | ((b > level) << 1) | ((e > level) << 2) | ((d > level) << 3);
      if (kind === 0 || kind === 15) continue;
      const top = [c + cut(a, b), r], right = [c + 1, r + cut(b, e)];
      const bottom = [c + cut(d, e), r + 1], left = [c, r + cut(a, d)];
      const pairs = {
        1: [left, top], 14: [left, top], 2: [top, right], 13: [top, right], 4: [right, bottom], 11: [right, bottom],
        8: [bottom, left], 7: [bottom, left], 3: [left, right], 12: [left, right], 6: [top, bottom], 9: [top, bottom],
        5: [left, top, right, bottom], 10: [top, right, bottom, left],
      }[kind];
      for (let i = 0; i < pairs.length; i += 2) segment(...pairs[i], ...pairs[i + 1]);
    }
  }
}
