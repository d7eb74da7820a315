// Text as text nodes: parted where something is marked, a chat as its turns. Nothing here ever becomes markup.
import { make, number } from "../../map/src/dom.js";

export const HUES = 6;

// What a decision is called, and a row that was so decided; a page may judge by other words.
const DECIDED = { keep: ["Always keep", "always kept"], drop: ["Never keep", "never kept"] };
export const act = (reader, what, word) => reader.header?.words?.[what]?.[0] ?? DECIDED[what]?.[0] ?? word;
export const decided = (reader, what) => (reader.header?.words?.[what] ?? DECIDED[what])[1];

// spans: [start, end, kind?] in units of the string, in order; what overlaps counts once.
export function marked(text, spans, kinds) {
  const nodes = [];
  let at = 0;
  for (const [start, end, kind] of spans ?? []) {
    const from = Math.max(at, start), to = Math.min(text.length, end);
    if (to <= from) continue;
    if (from > at) nodes.push(text.slice(at, from));
    const known = kinds.indexOf(kind ?? "");
    nodes.push(make("mark", { "data-hue": known < 0 ? 0 : known % HUES, title: kind || null }, text.slice(from, to)));
    at = to;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

// A part of a text: {text, spans, turns}; turns: [role, start, end], what lies between them is not shown.
export function written({ text, spans, turns }, kinds) {
  if (!turns) return [make("div", { class: "text", dir: "auto" }, ...marked(text, spans, kinds))];
  return turns.map(([role, start, end]) => {
    const within = (spans ?? []).filter((span) => span[1] > start && span[0] < end)
      .map(([from, to, kind]) => [Math.max(0, from - start), to - start, kind]);
    return make("div", { class: "turn" + (role === "user" ? " asks" : "") },
      role ? make("div", { class: "role" }, role) : null,
      make("div", { class: "text", dir: "auto" }, ...marked(text.slice(start, end), within, kinds)));
  });
}

// What a row is called, with its number.
export const rowName = ({ row, name }) => (name ? `${name} (row ${number(row)})` : `Row ${number(row)}`);

const figures = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });
export const value = (cell) => cell == null ? "–" : typeof cell === "number" ? figures.format(cell) : cell;
