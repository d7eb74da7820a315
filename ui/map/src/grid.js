// Points by cell, for hovering: built once a map in a few hundredths of a second, asked at each move of the mouse.
const MOST = 20_000;

export function makeGrid(x, y, placed) {
  const n = x.length;
  const side = Math.max(1, Math.min(1024, Math.round(Math.sqrt(n / 3))));
  const cell = (v) => Math.min(side - 1, Math.max(0, Math.floor(((v + 1) / 2) * side)));
  const starts = new Uint32Array(side * side + 1);
  for (let i = 0; i < n; i++) if (placed[i]) starts[cell(y[i]) * side + cell(x[i]) + 1]++;
  for (let c = 0; c < side * side; c++) starts[c + 1] += starts[c];
  const next = starts.slice(0, -1);
  const rows = new Uint32Array(starts[side * side]);
  for (let i = 0; i < n; i++) if (placed[i]) rows[next[cell(y[i]) * side + cell(x[i])]++] = i;

  function visit(x0, y0, x1, y1, look) { // every row of the cells around a box, until `look` says false
    const c0 = cell(x0), c1 = cell(x1);
    for (let r = cell(y0); r <= cell(y1); r++) {
      for (let k = starts[r * side + c0]; k < starts[r * side + c1 + 1]; k++) if (look(rows[k]) === false) return;
    }
  }
  let filled = 0;
  for (let c = 0; c < side * side; c++) if (starts[c + 1] > starts[c]) filled++;

  return {
    filled: filled / (side * side), // the share of the square where there is anything at all
    visit,
    near(px, py, radius, allowed, most) { // the nearest rows first
      const found = [];
      let limit = radius * radius;
      visit(px - radius, py - radius, px + radius, py + radius, (i) => {
        const d = (x[i] - px) ** 2 + (y[i] - py) ** 2;
        if (d > limit || (most === 1 && d === limit && found.length) || !allowed(i)) return;
        found.push([d, i]);
        if (most === 1) limit = d;
        return found.length < MOST; // very many rows at one place
      });
      found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      return found.slice(0, most).map((f) => f[1]);
    },
    count(x0, y0, x1, y1) {
      const c0 = cell(x0), c1 = cell(x1);
      let total = 0;
      for (let r = cell(y0); r <= cell(y1); r++) total += starts[r * side + c1 + 1] - starts[r * side + c0];
      return total;
    },
  };
}
