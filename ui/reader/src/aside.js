// Beside the list, for the row in focus: where it lies on a small map, and what speaks for each side of the question.
import { make, number } from "../../map/src/dom.js";

const RESTS = 90; // ms that the focus rests before the server is asked
const KEPT = 200;
const SIDES = ["#2f7fd6", "#d9720f"];

export class Aside {
  constructor(reader, bytes) {
    Object.assign(this, { reader, bytes, held: new Map() });
    this.map = make("canvas", { class: "small-map", role: "img", "aria-label": "Where the row lies on the map" });
    this.key = make("div", { class: "quiet" });
    this.told = make("div", { class: "told", "aria-live": "polite" });
    this.pad = make("div", { class: "pad", role: "group", "aria-label": "Answers" });
    this.box = make("aside", { class: "aside", hidden: true, "aria-label": "The row in focus" }, this.pad, this.map, this.key, this.told);
    reader.main.append(this.box);
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.map);
  }

  get there() { return !this.box.hidden && getComputedStyle(this.box).display !== "none"; }

  end() {
    clearTimeout(this.timer);
    this.observer.disconnect();
  }

  update(header, changed) {
    this.box.hidden = !header.aside || !header.n;
    if (changed) this.held.clear();
    if (header.list !== this.list) { // another list: nothing is in focus until somebody says so
      this.list = header.list;
      this.row = this.now = null;
      this.pad.hidden = true;
      this.told.replaceChildren();
    }
    const part = header.spots?.part ?? null;
    if (part !== this.part) {
      this.part = part;
      this.spots = part ? placed(this.bytes(part)) : null;
    }
    this.map.hidden = this.key.hidden = !this.spots;
    if (!this.box.hidden && this.row != null && changed) this.turn(this.row);
    this.paint();
  }

  // The newest row counts; what was told of a row is kept until the page says something else.
  turn(row) {
    if (this.box.hidden) return;
    this.answers();
    if (row == null) return;
    this.row = row;
    clearTimeout(this.timer);
    const known = this.held.get(row);
    if (known) return this.draw(known);
    this.timer = setTimeout(async () => {
      const told = await this.reader.ask({ ask: "aside", row });
      if (told?.row !== row) return;
      if (this.held.size >= KEPT) this.held.delete(this.held.keys().next().value);
      this.held.set(row, told);
      if (this.row === row) this.draw(told);
    }, RESTS);
    return undefined;
  }

  // The labels that are offered for the row in focus, each with its key; then what else can be said of it.
  answers() {
    const { reader } = this, { at } = reader, row = reader.pages.get(at);
    const asks = reader.can("answer") && row?.choices;
    this.pad.hidden = !asks;
    if (!asks) return;
    const stand = row.stand ?? {};
    const button = (key, word, title, pressed, act) => make("button", { title: `${title} (${key})`, "aria-pressed": pressed ? "true" : null, class: "choice",
      onclick: () => { act(); reader.list.shown.get(reader.at)?.focus({ preventScroll: true }); } }, make("kbd", {}, key), make("bdi", {}, word));
    const next = () => reader.setFocus(Math.min(reader.n - 1, at + 1));
    const say = (what, text) => reader.acts.do(what, [at], { text }) !== "unanswer" && next();
    this.pad.replaceChildren(
      make("div", { class: "labels" }, ...row.choices.slice(0, 9).map((label, i) => button(String(i + 1), label, `Its label is ${label}`, stand.answer === label, () => say("answer", label)))),
      make("div", { class: "others" },
        make("button", { class: "choice", title: "Type another label (E)", "aria-pressed": stand.answer && !row.choices.includes(stand.answer) ? "true" : null, onclick: () => reader.bar.ask("answer", [at]) }, make("kbd", {}, "E"), "another"),
        button("S", "unsure", "It cannot be told", stand.unsure, () => say("unsure", "")),
        button("J", "skip", "On to the next row", false, next),
        button("K", "keep", "Always keep this row", stand.verdict === "keep", () => reader.do("keep", [at])),
        button("D", "drop", "Never keep this row", stand.verdict === "drop", () => reader.do("drop", [at])),
        button("U", "undo", "Take the last answer back", false, () => reader.acts.undo())));
  }

  draw(told) {
    this.now = told;
    const panes = told.panes ?? [];
    this.told.replaceChildren(...(told.says ?? []).map((said) => make("div", { class: "why", dir: "auto" }, said)),
      make("div", { class: "panes" }, ...panes.map((pane, i) => this.pane(pane, i))));
    this.paint();
  }

  pane({ title, note, words, alike }, i) {
    return make("section", { class: "pane" },
      make("h4", {}, make("i", { class: "dot", style: `--side: ${SIDES[i]}` }), make("bdi", {}, title)),
      note ? make("div", { class: "quiet" }, note) : null,
      words.length ? make("div", { class: "speaks", title: "Words of this row that are more usual there" }, ...words.map((word) => make("bdi", { class: "chip" }, word))) : null,
      ...alike.map(([row, similarity, text]) => make("div", { class: "like" },
        make("span", { class: "figure", title: "Similarity, at most 1" }, similarity.toFixed(2)),
        make("button", { class: "text", dir: "auto", title: `Open row ${number(row)}`, onclick: () => this.reader.panel.open(row) }, text || "(no text)"))),
      alike.length ? null : make("div", { class: "quiet" }, "No other row has it."));
  }

  paint() {
    const { spots, map } = this;
    if (!spots || this.box.hidden || !map.clientWidth) return;
    const ratio = devicePixelRatio || 1, width = map.clientWidth, height = map.clientHeight, pad = 8;
    Object.assign(map, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const pen = map.getContext("2d");
    pen.scale(ratio, ratio);
    const [x0, x1, y0, y1] = spots.box;
    const scale = Math.min((width - 2 * pad) / (x1 - x0 || 1), (height - 2 * pad) / (y1 - y0 || 1));
    const left = (width - scale * (x1 - x0)) / 2, low = (height - scale * (y1 - y0)) / 2;
    const at = (x, y) => [left + (x - x0) * scale, height - low - (y - y0) * scale];
    const panes = this.now?.panes ?? [], codes = panes.map(({ code }) => code);
    const disc = ([x, y], size) => { pen.beginPath(); pen.arc(x, y, size, 0, 7); };
    pen.fillStyle = this.reader.box.classList.contains("dark") ? "#8b93a3" : "#9aa3b2";
    pen.globalAlpha = 0.45;
    const coloured = [];
    for (let i = 0; i < spots.n; i++) {
      const side = codes.indexOf(spots.code[i]);
      if (side >= 0 && spots.code[i] >= 0) coloured.push([side, i]);
      else pen.fillRect(...at(spots.x[i], spots.y[i]), 1.4, 1.4);
    }
    pen.globalAlpha = 0.85;
    for (const [side, i] of coloured) {
      pen.fillStyle = SIDES[side];
      disc(at(spots.x[i], spots.y[i]), 1.7);
      pen.fill();
    }
    pen.globalAlpha = 1;
    panes.forEach(({ alike }, side) => alike.forEach(([, , , place]) => {
      if (!place) return;
      pen.fillStyle = SIDES[side];
      disc(at(...place), 3);
      pen.fill();
    }));
    const here = this.now?.place;
    if (here) {
      pen.lineWidth = 2;
      pen.strokeStyle = getComputedStyle(this.reader.box).getPropertyValue("--text") || "#000";
      disc(at(...here), 6);
      pen.stroke();
    }
    const of = this.reader.header.spots?.of ?? spots.n;
    this.key.textContent = `${here ? "The ring is this row" : "This row has no place on the map"}; ${spots.n < of ? `${number(spots.n)} of ${number(of)} rows are drawn` : `${number(of)} rows`}`;
  }
}

// All x, all y, all codes, 4 bytes each.
function placed(bytes) {
  const n = bytes.byteLength / 12, view = (Type, k) => new Type(bytes.buffer ?? bytes, (bytes.byteOffset ?? 0) + 4 * n * k, n);
  const [x, y, code] = [view(Float32Array, 0), view(Float32Array, 1), view(Int32Array, 2)];
  const ends = (values) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
  return { n, x, y, code, box: [...ends(x), ...ends(y)] };
}
