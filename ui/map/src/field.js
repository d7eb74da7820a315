// Counts on a grid and how they blur: frame, glow, names, opacity and lines of density are all made of them.

// Three sliding means along each side make a bell; its width σ is √(radius · (radius + 1)) cells.
export function blur(values, wide, tall, radius) {
  let from = values, to = new Float32Array(values.length);
  for (let pass = 0; pass < 6; pass++) {
    if (pass % 2) slide(from, to, wide, tall, wide, 1, radius);
    else slide(from, to, tall, wide, 1, wide, radius);
    if (pass === 0) from = new Float32Array(values.length); // what was given stays as it was
    [from, to] = [to, from];
  }
  return from;
}

function slide(from, to, lines, length, step, jump, radius) {
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < lines; line++) {
    const start = line * jump;
    let sum = 0;
    for (let k = 0; k < Math.min(radius, length); k++) sum += from[start + k * step];
    for (let k = 0; k < length; k++) {
      if (k + radius < length) sum += from[start + (k + radius) * step];
      if (k > radius) sum -= from[start + (k - radius - 1) * step];
      to[start + k * step] = Math.max(0, sum * share);
    }
  }
}

// Sums over everything left of and above each cell: what a box of cells holds is then four look-ups.
export function summed(values, wide, tall) {
  const sums = new Float64Array((wide + 1) * (tall + 1));
  for (let r = 0; r < tall; r++) {
    let line = 0;
    for (let c = 0; c < wide; c++) {
      line += values[r * wide + c];
      sums[(r + 1) * (wide + 1) + c + 1] = sums[r * (wide + 1) + c + 1] + line;
    }
  }
  return (c0, r0, c1, r1) => { // the mean of the cells from c0 to c1 and r0 to r1, both ends within; outside is 0
    const hold = (v, most) => Math.min(most, Math.max(0, v));
    const [a, b, c, d] = [hold(c0, wide), hold(r0, tall), hold(c1 + 1, wide), hold(r1 + 1, tall)];
    const at = (r, k) => sums[r * (wide + 1) + k];
    return (at(d, c) - at(b, c) - at(d, a) + at(b, a)) / Math.max(1, (c1 + 1 - c0) * (r1 + 1 - r0));
  };
}
