// The order in which points are drawn: shuffled, so that the first part of it is a fair picture of all.
const SIDE = 256;

// A fixed lot for each row, 0..1: the same rows are drawn while the view changes, so that the picture does not boil.
const lot = (i) => {
  let h = Math.imul(i + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
};

// What each row has, in drawing order.
export function inOrder(values, order) {
  const picked = new values.constructor(order.length);
  for (let i = 0; i < order.length; i++) picked[i] = values[order[i]];
  return picked;
}

function shuffled(rows) {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(lot(i) * (i + 1));
    const row = rows[i];
    rows[i] = rows[j];
    rows[j] = row;
  }
  return rows;
}

export const all = (n) => shuffled(Uint32Array.from({ length: n }, (_, i) => i));

// At most `most` of the wanted rows in a box: sparse places keep all their points, dense ones give some up.
export function sample(x, y, wanted, most, [x0, y0, x1, y1]) {
  const counts = new Uint32Array(SIDE * SIDE);
  const sx = SIDE / (x1 - x0), sy = SIDE / (y1 - y0);
  const cell = (i) => Math.min(SIDE - 1, ((y[i] - y0) * sy) | 0) * SIDE + Math.min(SIDE - 1, ((x[i] - x0) * sx) | 0);
  const rows = new Uint32Array(x.length);
  let found = 0;
  for (let i = 0; i < x.length; i++) {
    if (!wanted(i) || x[i] < x0 || x[i] > x1 || y[i] < y0 || y[i] > y1) continue;
    rows[found++] = i;
    counts[cell(i)]++;
  }
  const inside = rows.subarray(0, found);
  if (found <= most) return shuffled(inside.slice());
  // One ceiling for all cells, such that what lies under it adds up to `most`.
  let low = 0, high = found;
  for (let step = 0; step < 40; step++) {
    const ceiling = (low + high) / 2;
    let total = 0;
    for (const c of counts) total += Math.min(c, ceiling);
    if (total > most) high = ceiling;
    else low = ceiling;
  }
  return shuffled(inside.filter((i) => lot(i) * counts[cell(i)] < low));
}
