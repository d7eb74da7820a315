// Above a stated number of points a sample is drawn: sparse places keep all their points, dense ones give some up.
const SIDE = 256;

// A fixed lot for each row, 0..1: the same rows stay while the view changes, so the picture does not boil.
const lot = (i) => {
  let h = Math.imul(i + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
};

export function sample(x, y, wanted, most, [x0, y0, x1, y1]) {
  const counts = new Uint32Array(SIDE * SIDE);
  const sx = SIDE / (x1 - x0), sy = SIDE / (y1 - y0);
  const rows = [];
  for (let i = 0; i < x.length; i++) {
    if (!wanted(i) || x[i] < x0 || x[i] > x1 || y[i] < y0 || y[i] > y1) continue;
    rows.push(i);
    counts[Math.min(SIDE - 1, ((y[i] - y0) * sy) | 0) * SIDE + Math.min(SIDE - 1, ((x[i] - x0) * sx) | 0)]++;
  }
  if (rows.length <= most) return Uint32Array.from(rows);
  // One ceiling for all cells, such that what is under it adds up to `most`.
  let low = 0, high = rows.length;
  for (let step = 0; step < 40; step++) {
    const ceiling = (low + high) / 2;
    let total = 0;
    for (const c of counts) total += Math.min(c, ceiling);
    if (total > most) high = ceiling; else low = ceiling;
  }
  return Uint32Array.from(rows.filter((i) => {
    const c = counts[Math.min(SIDE - 1, ((y[i] - y0) * sy) | 0) * SIDE + Math.min(SIDE - 1, ((x[i] - x0) * sx) | 0)];
    return c <= low || lot(i) * c < low;
  }));
}
