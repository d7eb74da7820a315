// The line above the rows: how many there are, what is ticked and what to do with it, how rows are drawn.
import { make, number } from "../../map/src/dom.js";
import { help } from "./help.js";
import { HUES, act } from "./words.js";

const MOST = 5000; // labels that the page names at most: of more, one that is not named may be there
const ACTS = [["keep", "", "K"], ["drop", "", "D"], ["tag", "Tag", "T"], ["note", "Note", "N"]];

export class Bar {
  constructor(reader) {
    this.reader = reader;
    this.left = make("div", { class: "left" });
    this.right = make("div", { class: "right" });
    this.form = make("form", { class: "asking", hidden: true });
    this.menu = make("div", { class: "menu", hidden: true });
    this.words = make("div", { class: "words", hidden: true });
    this.line = make("div", { class: "bar" }, this.left, this.right);
    reader.box.prepend(this.line, this.form, this.words, this.menu);
  }

  show() {
    const { reader } = this;
    const count = reader.ticks.count;
    const held = this.line.contains(reader.inside()) ? reader.inside().dataset.name : null;
    this.line.hidden = Boolean(reader.header.brief) && !count;
    const all = make("input", { type: "checkbox", class: "tick", "data-name": "all", "aria-label": `Tick all ${number(reader.n)} rows shown`,
      title: `Tick all ${number(reader.n)} rows shown`, onclick: (event) => reader.tickAll(event.target.checked) });
    all.checked = count > 0 && count === reader.n;
    all.indeterminate = count > 0 && count < reader.n;
    const parts = reader.n ? [all] : [];
    if (!count) parts.push(make("span", { class: "count" }, `${number(reader.n)} ${reader.n === 1 ? "row" : "rows"}`));
    else {
      parts.push(make("span", { class: "count" }, make("b", {}, number(count)), ` of ${number(reader.n)} ticked`));
      for (const [what, name, key] of ACTS) {
        const word = act(reader, what, name);
        if (reader.can(what)) parts.push(make("button", { "data-name": what, title: `${word}: the rows that are ticked (${key})`, onclick: () => this.doTicked(what) }, word));
      }
      if (count === 2) parts.push(make("button", { "data-name": "compare", title: "Side by side, differing words marked (C)", onclick: () => reader.panel.compareTicked() }, "Compare"));
      parts.push(make("button", { class: "quiet", "data-name": "untick", title: "Untick all (Escape)", onclick: () => reader.tickAll(false) }, "Untick"));
    }
    if (reader.kinds.length) {
      parts.push(make("span", { class: "kinds" }, ...reader.kinds.map((kind, i) => make("mark", { "data-hue": i % HUES }, kind))));
    }
    this.left.replaceChildren(...parts);
    this.right.replaceChildren(
      make("span", { class: "switch", role: "group", "aria-label": "Rows as" }, ...["cards", "lines"].map((view) => make("button", {
        "data-name": view, "aria-pressed": String(reader.view === view), onclick: () => reader.choose({ view }) }, view === "cards" ? "Cards" : "Lines"))),
      make("button", { "data-name": "columns", "aria-expanded": String(!this.menu.hidden), onclick: () => this.columns() }, "Columns"),
      make("button", { "data-name": "help", title: "Keys (?)", "aria-label": "Keys", onclick: () => help(reader) }, "?"));
    // What was pressed may be gone now; the keys stay in the reader.
    if (held) (this.line.querySelector(`[data-name="${held}"]`) ?? all).focus();
  }

  doTicked(what) {
    const { reader } = this;
    if (what === "tag" || what === "note") this.ask(what, []);
    else {
      reader.acts.do(what, [], { ticked: true });
      reader.tickAll(false); // decided: the next key is for another row
    }
  }

  columns() {
    const { reader, menu } = this;
    menu.hidden = !menu.hidden;
    this.line.querySelector('[data-name="columns"]').setAttribute("aria-expanded", String(!menu.hidden));
    if (menu.hidden) return;
    const chosen = reader.columns.map(({ key }) => key);
    menu.replaceChildren(...reader.header.all.map(({ key, about }) => {
      const box = make("input", { type: "checkbox", onclick: () => {
        const now = reader.wanted ?? reader.header.columns;
        reader.choose({ columns: box.checked ? [...now, key] : now.filter((other) => other !== key) });
      } });
      box.checked = chosen.includes(key);
      box.disabled = reader.header.first.includes(key);
      return make("label", {}, box, make("bdi", {}, key), about ? make("span", { class: "quiet" }, about) : null);
    }));
    if (!reader.header.all.length) menu.append(make("div", { class: "quiet" }, "There is no other column."));
    menu.querySelector("input")?.focus();
  }

  // A tag's name or a note, for what is ticked, else for one row.
  ask(what, places, row = null) {
    const { reader, form } = this;
    const ticked = !places.length && row === null;
    const of = ticked ? `${number(reader.ticks.count)} rows` : `row ${number(row ?? reader.pages.get(places[0])?.row ?? 0)}`;
    const old = row === null && !ticked ? reader.pages.get(places[0])?.stand?.note ?? "" : "";
    const one = what === "tag" || what === "answer";
    const names = what === "answer" ? reader.header.labels : reader.header.tags;
    const [title, doing] = { tag: [`Tag ${of}`, "Tag"], note: [`Note on ${of}`, "Keep the note"], answer: [`Label of ${of}`, "Answer"] }[what];
    const field = one
      ? make("input", { type: "text", maxlength: 200, list: "names", placeholder: what === "tag" ? "a name" : "type a label", "aria-label": what === "tag" ? `Tag for ${of}` : title })
      : make("textarea", { rows: 2, maxlength: 20000, "aria-label": `Note on ${of}` });
    if (what === "note") field.value = old;
    const close = () => {
      form.hidden = true;
      form.replaceChildren();
      reader.list.shown.get(reader.at)?.focus({ preventScroll: true });
    };
    form.replaceChildren(make("span", {}, title), field,
      make("datalist", { id: "names" }, ...(names ?? []).map((name) => make("option", { value: name }))),
      make("button", { type: "submit" }, doing),
      make("button", { type: "button", class: "quiet", onclick: close }, "Cancel"));
    form.onsubmit = (event) => {
      event.preventDefault();
      const typed = field.value, text = names?.includes(typed) ? typed : typed.trim();
      if (one && !text) return;
      if (what === "answer" && names.length < MOST && !names.includes(text)) return this.say(`No label is called “${text}”. Choose one of the ${number(names.length)}, or add it above first.`, true);
      let kind = what;
      if (row !== null) reader.acts.doRow(what, row, null, { text });
      else kind = reader.acts.do(what, places, { text, ticked });
      close();
      if (kind === "answer") reader.setFocus(Math.min(reader.n - 1, reader.at + 1));
    };
    form.onkeydown = (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      event.stopPropagation();
    };
    form.hidden = false;
    field.focus();
  }

  // What was done, or what is wrong; it goes after a while, with the way back while it stands.
  say(text, wrong, done = false) {
    clearTimeout(this.fading);
    this.words.hidden = !text;
    this.words.classList.toggle("wrong", wrong);
    this.words.replaceChildren(make("span", {}, text));
    if (done && !wrong && this.reader.can("undo")) this.words.append(make("button", { onclick: () => this.reader.acts.undo() }, "Undo"));
    this.fading = setTimeout(() => { this.words.hidden = true; }, wrong ? 12000 : 5000);
  }
}
