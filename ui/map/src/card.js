// The card beside the pointer: what this point is called, where it belongs, and how its text begins.
import { make, short } from "./dom.js";
import { LATER } from "./later.js";
import { remember, remembered } from "./panes.js";
import { CONTEXT, hasBit } from "./states.js";
import { trustWords } from "./trust.js";

const KEEP = 4000;
const MOST = 3; // columns that a person may add

// Which columns the card shows besides its own; the browser remembers them.
export const factsOf = () => {
  const { facts } = remembered();
  return Array.isArray(facts) ? facts.filter((name) => typeof name === "string").slice(0, MOST) : [];
};

export const titleOf = (about) => about.title || (about.text ?? "").split("\n")[0];

export function factsMenu(map) {
  const chosen = new Set(map.facts.filter((name) => map.header.facts.includes(name))); // others are of another dataset
  const lines = map.header.facts.map((name) => {
    const input = make("input", { type: "checkbox", onchange: () => take(name, input.checked) });
    input.checked = chosen.has(name);
    return make("label", {}, input, name);
  });
  const element = make("div", { class: "panel menu facts", role: "group", "aria-label": "Columns on the card" },
    make("div", { class: "rest" }, `Up to ${MOST} columns on the card of a point`), make("div", { class: "names" }, ...lines));
  const hold = () => lines.forEach((line) => { line.firstChild.disabled = !line.firstChild.checked && chosen.size >= MOST; });
  function take(name, yes) {
    if (yes) chosen.add(name);
    else chosen.delete(name);
    map.facts = [...chosen].filter((one) => map.header.facts.includes(one));
    map.texts.clear();
    remember({ facts: map.facts });
    hold();
  }
  hold();
  return element;
}

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
    const of = map.header.colour?.codes, { facts } = map;
    const answer = await map.ask({ ask: "texts", rows, facts });
    if (!answer?.texts || of !== map.header.colour?.codes || facts !== map.facts) return;
    answer.rows.forEach((r, i) => map.texts.set(r, answer.texts[i]));
    for (const old of map.texts.keys()) {
      if (map.texts.size <= KEEP) break;
      map.texts.delete(old);
    }
    if (answer.rows.includes(row)) fill();
  }

  function label(about) {
    const { colour } = map.header;
    if (map.trustCodes) {
      const code = map.trustCodes[row];
      return [trustWords(code, map.header.trust), map.colours[code]];
    }
    if (!colour || !map.codes) return null;
    const code = map.codes[row];
    const value = about?.value; // as it stands in its column: the legend knows it shortened, in steps, or as "other"
    if (colour.kind === "category") {
      const line = colour.lines.find((l) => l[1] === code);
      return [value ?? (line ? line[0] : "other"), map.colours[code]];
    }
    if (code === 254) return [`${colour.name}: ${value ?? "none"}`, map.colours[code]]; // on a log scale 0 has no place
    const t = code / 253;
    const steps = colour.log ? colour.low * (colour.high / colour.low) ** t : colour.low + (colour.high - colour.low) * t;
    return [value == null ? `${colour.name} ≈ ${short(steps)}` : `${colour.name}: ${value}`, map.colours[code]];
  }

  function fill() {
    card.replaceChildren();
    const about = map.texts.get(row);
    if (about?.title) card.append(make("div", { class: "title", dir: "auto" }, about.title));
    if (about?.id) card.append(make("div", { class: "rest" }, about.id));
    const named = label(about);
    if (named) card.append(make("div", { class: "label" }, make("span", { class: "dot", style: `background:${named[1]}` }), make("span", {}, named[0])));
    for (const [name, value] of about?.facts ?? []) {
      card.append(make("div", { class: "fact" }, make("span", {}, name), value ?? "none"));
    }
    if (about !== undefined) card.append(make("div", { class: "text", dir: "auto" }, about.text || "(empty)"));
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
