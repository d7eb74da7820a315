// The card beside the pointer: what this point is, and how its text begins.
import { make, short } from "./dom.js";
import { LATER } from "./later.js";
import { CONTEXT, hasBit } from "./states.js";
import { trustWords } from "./trust.js";

const KEEP = 4000;

export function makeCard(map) {
  const card = make("div", { class: "panel card", role: "tooltip", hidden: true });
  map.box.append(card);
  let row = -1;
  let timer;

  async function fetchTexts(px, py) {
    // The texts around the pointer come along: the next hover is then there at once.
    const [x, y] = map.camera.fromScreen(px, py);
    const grid = map.needGrid();
    let radius = 70 / map.camera.scale;
    while (radius > 1e-6 && grid.count(x - radius, y - radius, x + radius, y + radius) > 600) radius /= 1.5;
    const near = grid.near(x, y, radius, (i) => map.visible(i) && !map.texts.has(i), 63);
    const rows = [row, ...near.filter((r) => r !== row)].slice(0, 64);
    const answer = await map.ask({ ask: "texts", rows });
    if (!answer?.texts) return;
    answer.rows.forEach((r, i) => map.texts.set(r, answer.texts[i]));
    for (const old of map.texts.keys()) {
      if (map.texts.size <= KEEP) break;
      map.texts.delete(old);
    }
    if (answer.rows.includes(row)) fill();
  }

  function label() {
    const { colour } = map.header;
    if (map.trustCodes) {
      const code = map.trustCodes[row];
      return [trustWords(code, map.header.trust), map.colours[code]];
    }
    if (!colour || !map.codes) return null;
    const code = map.codes[row];
    const line = colour.lines.find((l) => l[1] === code);
    if (colour.kind === "category") return [`${line ? line[0] : "other"}`, map.colours[code]];
    if (code === 254) return [`${colour.name}: none`, map.colours[code]];
    const t = code / 253;
    const value = colour.log ? colour.low * (colour.high / colour.low) ** t : colour.low + (colour.high - colour.low) * t;
    return [`${colour.name} ≈ ${short(value)}`, map.colours[code]];
  }

  function fill() {
    card.replaceChildren();
    const named = label();
    if (named) card.append(make("div", { class: "label" }, make("span", { class: "dot", style: `background:${named[1]}` }), named[0]));
    const text = map.texts.get(row);
    if (text !== undefined) card.append(make("div", { class: "text" }, text || "(empty)"));
    else if (map.header.can.texts) card.append(make("div", { class: "rest" }, "…"));
    if (map.w[row] === CONTEXT) card.append(make("div", { class: "rest" }, "does not pass the filters"));
    if (map.laterBits && hasBit(map.laterBits, row)) card.append(make("div", { class: "rest" }, `${LATER.toLowerCase()}: placed by its neighbours`));
    card.dataset.row = row;
    card.hidden = !card.childElementCount;
  }

  return {
    get row() { return row; },
    show(next, px, py) {
      if (next !== row || card.hidden) {
        row = next;
        fill();
        clearTimeout(timer);
        if (map.header.can.texts && !map.texts.has(row)) timer = setTimeout(() => fetchTexts(px, py), 8);
      }
      const { width, height } = map.camera;
      const wide = card.offsetWidth, tall = card.offsetHeight;
      card.style.left = Math.max(6, px + 16 + wide > width ? px - wide - 16 : px + 16) + "px";
      card.style.top = Math.max(6, Math.min(py + 14, height - tall - 6)) + "px";
    },
    hide() {
      clearTimeout(timer);
      row = -1;
      card.hidden = true;
    },
  };
}
