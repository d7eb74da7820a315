// The text of a row: folded at first, all of it when asked for, and then in parts as one reads on.
import { make, number } from "../../map/src/dom.js";
import { written } from "./words.js";

const PART = 40_000; // characters fetched at once
const FREE = 20_000; // a text up to here opens where it stands; a longer one scrolls in a box of its own

export class Texts {
  constructor(reader) {
    this.reader = reader;
    this.opened = new Map(); // row -> {parts, length, busy}
  }

  clear() { this.opened.clear(); }

  draw(at, row) {
    const open = this.opened.get(row.row);
    if (open) return this.whole(row.row, open, { folds: true, drawn: () => this.reader.redraw([at]) });
    const folded = [...written({ ...row, text: row.text }, this.reader.kinds)];
    if (row.at) folded.unshift(make("div", { class: "cut" }, `… ${number(row.at)} characters before`));
    if (row.length > row.at + row.shown || row.at) {
      folded.push(make("button", { class: "more", title: "Show the whole text (W)", onclick: (event) => { event.preventDefault(); this.unfold(at, row); } },
        `Show all ${number(row.length)} characters`));
    }
    if (!row.length) folded.push(make("div", { class: "cut" }, "(no text)"));
    return folded;
  }

  async unfold(at, { row, length }) {
    const open = { parts: [], length, scroll: 0 };
    if (!await this.fetch(row, open)) return;
    this.opened.set(row, open);
    this.reader.redraw([at]);
  }

  fold(row) { return this.opened.delete(row); }

  // The next part of a text; false when it did not come.
  async fetch(row, open) {
    const from = open.parts.reduce((sum, part) => sum + part.shown, 0);
    if (open.busy || (from >= open.length && open.parts.length)) return false;
    open.busy = true;
    const answer = await this.reader.ask({ ask: "text", row, from, to: from + (open.length <= FREE ? FREE : PART) });
    open.busy = false;
    if (answer?.row !== row || answer.text === undefined) return false;
    open.length = answer.length;
    open.parts.push(answer);
    return true;
  }

  // A text that is open: its parts, and the way to the rest.
  whole(row, open, { folds = false, drawn = () => {} } = {}) {
    const box = make("div", { class: open.length > FREE ? "whole long" : "whole" });
    if (open.length > FREE) Object.entries({ tabindex: "0", role: "region", "aria-label": "The whole text" }).forEach((pair) => box.setAttribute(...pair));
    const rest = make("div", { class: "cut" });
    const count = () => open.parts.reduce((sum, part) => sum + part.shown, 0);
    const add = (part) => box.insertBefore(make("div", { class: "part" }, ...written(part, this.reader.kinds)), rest);
    const say = () => {
      rest.hidden = count() >= open.length;
      rest.textContent = `${number(count())} of ${number(open.length)} characters; scroll on for more`;
    };
    box.append(rest);
    open.parts.forEach(add);
    say();
    box.addEventListener("scroll", async () => {
      open.scroll = box.scrollTop;
      if (box.scrollTop + box.clientHeight < box.scrollHeight - 1500) return;
      if (!await this.fetch(row, open) || !box.isConnected) return;
      add(open.parts.at(-1));
      say();
    }, { passive: true });
    if (open.scroll) requestAnimationFrame(() => { box.scrollTop = open.scroll; });
    return folds ? [box, make("button", { class: "more", onclick: (event) => { event.preventDefault(); this.fold(row); drawn(); } }, "Fold")] : [box];
  }
}
