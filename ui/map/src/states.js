// What each row looks like: a colour (index into the palette) and a state (how faint, how big).
export const HIDDEN = 0, CONTEXT = 1, NORMAL = 2, FAINT = 3, CHOSEN = 4;

export const hasBit = (bits, i) => (bits[i >> 3] >> (i & 7)) & 1;

export function paint({ n, x, y, codes, shown, selected, hidden, context, grey, placedOnly }, z, w) {
  const hide = new Uint8Array(256);
  for (const code of hidden) hide[code] = 1;
  for (let i = 0; i < n; i++) {
    if (!placedOnly[i]) { w[i] = HIDDEN; z[i] = 0; continue; }
    const code = codes ? codes[i] : 0;
    if (shown && !hasBit(shown, i)) {
      w[i] = context ? CONTEXT : HIDDEN;
      z[i] = grey;
    } else if (hide[code]) {
      w[i] = HIDDEN;
      z[i] = grey;
    } else {
      w[i] = selected ? (hasBit(selected, i) ? CHOSEN : FAINT) : NORMAL;
      z[i] = code;
    }
  }
}

// Bigger and more solid points where there is room: a map of 500 rows and one of a million need different dots.
export function looks({ camera, grid, counts, dark, viewBox }, drawn = Infinity) {
  const { width, height, zoom, scale, frame } = camera;
  const { wide, tall } = frame.home ?? frame;
  // Without the grid yet, a third is a fair guess of how much of the bulk is not empty.
  const all = Math.min(width, 2 * scale) * Math.min(height, 2 * scale) * (grid?.filled ?? 0.3);
  const area = Math.max(all, Math.min(width, 2 * scale * wide) * Math.min(height, 2 * scale * tall) * 0.2);
  const inView = Math.max(1, Math.min(grid ? grid.count(...viewBox()) : counts.placed, drawn));
  const room = (crowd) => Math.sqrt(area / Math.max(crowd, 1)); // pixels between neighbours on the screen
  const dot = (pixels) => Math.min(9, Math.max(1.8, 0.95 * pixels + 0.45 * Math.log2(Math.max(zoom / camera.home.zoom, 1))));
  const between = room(inView), size = dot(between);
  const solid = Math.min(1, Math.max(0.2, 0.03 + 0.48 * between * Math.sqrt(2.5 / size)));
  const opacity = solid * (1 + 0.45 * Math.min(1, Math.max(0, (between - 4) / 8))); // of a point among as many as the median has
  // A few selected rows are seen among very many: they are as large as if they were alone.
  const few = Math.min(2.6 * size, Math.max(1.15 * size, 0.6 * dot(room(counts.lit || inView))));
  return {
    opacity: [0, Math.min(0.3, opacity * (dark ? 0.5 : 0.4)), opacity, Math.max(0.05, opacity * 0.13), Math.min(0.95, 0.55 + 0.4 * opacity)],
    size: [0, Math.max(1.4, size * 0.8), size, size * 0.85, few],
  };
}
