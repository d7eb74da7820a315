// Lines of equal density over what is shown: counts on a grid, smoothed, then marching squares.
import { blur } from "./field.js";

const SIDE = 200;

export function makeContours(x, y, visible) {
  const wide = SIDE + 24; // an edge, so that lines close outside the outermost points
  let field = new Float32Array(wide * wide);
  for (let i = 0; i < x.length; i++) {
    if (!visible(i)) continue;
    const c = Math.floor(((x[i] + 1) / 2) * (SIDE - 1)) + 12, r = Math.floor(((y[i] + 1) / 2) * (SIDE - 1)) + 12;
    field[r * wide + c]++;
  }
  field = blur(field, wide, wide, 3);
  let top = 0;
  for (const v of field) if (v > top) top = v;
  if (!top) return [];
  const back = (v) => ((v - 12) / (SIDE - 1)) * 2 - 1;
  return [0.012, 0.04, 0.1, 0.2, 0.36, 0.6].map((share) => {
    const path = new Path2D();
    march(field, wide, top * share, (a, b, c, d) => {
      path.moveTo(back(a), back(b));
      path.lineTo(back(c), back(d));
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
