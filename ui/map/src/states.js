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
export function looks(zoom, area, dark, crowd) {
  const room = Math.sqrt(area / Math.max(crowd, 1)); // pixels between neighbours on the screen
  const size = Math.min(9, Math.max(1.7, 0.95 * room + 0.45 * Math.log2(Math.max(zoom, 1))));
  const opacity = Math.min(0.88, Math.max(dark ? 0.09 : 0.11, 0.03 + 0.42 * room * Math.sqrt(2.5 / size)));
  const faint = Math.max(0.04, opacity * 0.16);
  const chosen = Math.min(1, opacity * 1.3 + 0.1);
  return {
    opacity: [0, Math.min(0.4, opacity * 0.6), opacity, faint, chosen],
    size: [0, Math.max(1.4, size * 0.8), size, size * 0.85, size * 1.15],
  };
}
