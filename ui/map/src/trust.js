// How far a place can be trusted, in words: the scale is the map's own, the figures beside it are absolute.
export const percent = (share) => `${Math.round(share * 100)} %`;

export const trustEnds = ({ low, high }) => [(low > 0 ? "≤ " : "") + percent(low), (high < 1 ? "≥ " : "") + percent(high)];

export function trustWords(code, { low, high, among }) {
  if (code === 254) return "trust not known";
  const most = code === 0 && low > 0 ? "at most " : code === 253 && high < 1 ? "at least " : "";
  return `${most}${percent(low + (high - low) * (code / 253))} of its true neighbours are among the ${among} nearest`;
}
