// Palettes: an array of colours by code; the last one is the grey of rows that do not pass the filters.
export const rgb = (c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));

export function ramp(stops, steps) {
  const inks = stops.map(rgb);
  return Array.from({ length: steps }, (_, i) => {
    const t = (i / (steps - 1)) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(t));
    return "#" + inks[k].map((v, c) => Math.round(v + (inks[k + 1][c] - v) * (t - k)).toString(16).padStart(2, "0")).join("");
  });
}

const LABELS = 250; // codes of labels; behind them other, missing, and the grey

export function coloursFor(colour, trust, palette, dark) {
  const kind = trust ? "trust" : colour?.kind;
  const grey = palette.context[dark ? "dark" : "light"];
  if (kind === "number" || kind === "trust") {
    return [...ramp(kind === "trust" ? palette.trust : palette.scale, 254), palette.missing, grey];
  }
  if (kind === "category") {
    const inks = palette[dark ? "categoryDark" : "category"];
    const labels = Array.from({ length: LABELS }, (_, code) => colour.inks?.[code]?.[dark ? 1 : 0] ?? inks[colour.paints[code] ?? 0]);
    return [...labels, palette.other, palette.missing, grey];
  }
  return [palette.category[0], grey];
}

export function isDark(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = "#ffffff";
  probe.fillStyle = colour || "#ffffff";
  const [r, g, b] = probe.fillStyle.startsWith("#") ? rgb(probe.fillStyle) : [255, 255, 255];
  return r * 0.3 + g * 0.59 + b * 0.11 < 128;
}
