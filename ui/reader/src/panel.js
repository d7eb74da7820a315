// The row that is open, with all that is known of it; and two rows side by side.
import { make, number } from "../../map/src/dom.js";
import { beside, standing } from "./card.js";
import { columnOf, edit, isOld, old, pencil, shown } from "./cells.js";
import { difference } from "./difference.js";
import { act, rowName, value } from "./words.js";

const COMPARED = 200_000; // characters of each text that are compared

export class Panel {
  constructor(reader) {
    this.reader = reader;
    this.drafts = new Map(); // row/column -> what was typed and not saved
    this.editing = null;
    this.box = make("section", { class: "open", hidden: true, "aria-label": "The open row", tabindex: "-1" });
    reader.main.append(this.box);
  }

  get there() { return !this.box.hidden; }

  close() {
    this.editing?.keep();
    this.box.hidden = true;
    this.wish = this.row = this.pair = null; // what was asked of it comes too late
    this.reader.box.classList.remove("opened", "comparing");
    this.reader.list.touch();
  }

  async open(row) {
    await this.turn(row);
    if (this.there) this.box.focus({ preventScroll: true });
  }

  // Show another row where one is open; the newest wish counts.
  async turn(row) {
    this.wish = row;
    const about = await this.reader.ask({ ask: "row", row });
    if (this.wish !== row || about?.row !== row) return;
    const same = this.row === row;
    if (!same) this.editing?.keep();
    this.pair = null;
    this.row = row;
    this.about = about;
    if (!same) this.text = { parts: [about], length: about.length };
    this.draw(same);
  }

  refresh(changed) { if (changed && this.there && this.row != null) this.turn(this.row); }

  do(what) {
    const { reader } = this;
    if (this.row == null) return;
    if (what === "tag" || what === "note") reader.bar.ask(what, [], this.row);
    else reader.acts.doRow(what, this.row, this.about.stand);
  }

  // Correct a cell, in its place.
  edit(key) { if (!this.editing) edit(this, key); }

  place(key) { return [...this.box.querySelectorAll("[data-cell]")].find(({ dataset }) => dataset.cell === key); }

  focusCell(key) {
    const button = [...this.box.querySelectorAll("[data-pencil]")].find(({ dataset }) => dataset.pencil === key);
    (button ?? this.box).focus({ preventScroll: true });
  }

  show(label, parts, wide = false) {
    this.box.setAttribute("aria-label", label);
    this.box.replaceChildren(...parts.filter(Boolean));
    this.reader.box.classList.toggle("comparing", wide);
    this.box.hidden = false;
    this.reader.box.classList.add("opened");
  }

  draw(same) {
    const { reader, about } = this;
    if (this.editing) return; // what is being typed stays where it is
    const held = this.box.contains(reader.inside()) ? reader.inside().dataset : null;
    const top = same ? this.box.scrollTop : 0;
    const acts = [["keep"], ["drop"], ["tag", "Tag"], ["note", "Note"]].filter(([what]) => reader.can(what)).map(([what, word]) => [what, act(reader, what, word)]);
    this.show(rowName(about), [
      make("header", {}, make("h3", { dir: "auto" }, about.name ?? `Row ${number(about.row)}`),
        about.name ? make("span", { class: "number" }, `row ${number(about.row)}`) : null,
        make("span", { class: "gap" }), this.closer()),
      make("div", { class: "todo" }, ...acts.map(([what, word]) => make("button", {
        "aria-pressed": what === about.stand?.verdict ? "true" : null, onclick: () => this.do(what) }, word))),
      make("div", { class: "badges" }, ...standing(reader, about.stand ?? {})),
      ...(about.why ?? []).map((why) => make("div", { class: "why" }, why)),
      this.body(),
      about.beside ? make("details", { open: true }, make("summary", {}, "Beside it"), beside(reader, about.beside)) : null,
      this.columns(),
      this.near(),
    ]);
    this.box.scrollTop = top;
    if (same && (held?.pencil || held?.back)) this.focusCell(held.pencil || held.back);
    else if (same && held) this.box.focus({ preventScroll: true });
  }

  // The text, or what it was corrected to.
  body() {
    const { reader, about } = this, { text = "" } = reader.header.mend ?? {};
    const fixed = about.fixed?.[text];
    const since = fixed || !isOld(about, "") ? "" : text ? "This text was corrected, and that was taken back since. Take the change up on Open to read it as it came."
      : "Of the cells as they were before: what was corrected stands under Columns. Open reads the text from it.";
    return make("div", { class: "body", "data-cell": text || null },
      ...(fixed ? shown(this, text, fixed) : reader.texts.whole(about.row, this.text)),
      since ? make("div", { class: "why" }, since) : null,
      fixed ? null : pencil(this, text, " Correct"));
  }

  closer() { return make("button", { class: "quiet", title: "Close (Escape)", onclick: () => { this.close(); this.reader.list.shown.get(this.reader.at)?.focus(); } }, "Close"); }

  columns() {
    const { reader, about } = this;
    return make("details", { open: true }, make("summary", {}, "Columns"), make("dl", {}, ...about.columns.flatMap(([name, cell, more]) => {
      // The column that the text is corrected in stands above already.
      const own = columnOf(reader, name) === name && name !== reader.header.mend.text, fixed = own && about.fixed?.[name];
      return [
        make("dt", {}, make("bdi", {}, name)),
        make("dd", { dir: "auto", "data-cell": own ? name : null },
          ...(fixed ? shown(this, name, fixed) : [value(cell), more ? make("span", { class: "quiet" }, ` … ${number(more)} more characters`) : null]),
          isOld(about, name) && !fixed ? old(" · of the cell as it was before") : null, own && !fixed ? pencil(this, name) : null)];
    })));
  }

  near() {
    const { near, repeats } = this.about;
    if (!near?.length && !repeats) return null;
    return make("div", { class: "near" }, make("h4", {}, "Most like it", isOld(this.about, "") ? old(" · of the text as it was before") : null),
      repeats ? make("div", { class: "quiet" }, `${number(repeats)} more ${repeats === 1 ? "row has" : "rows have"} exactly this text.`) : null,
      ...near.map(([row, similarity, text, name]) => make("div", { class: "like" },
        make("span", { class: "figure", title: "Similarity, at most 1" }, similarity.toFixed(3)),
        make("button", { class: "text", dir: "auto", title: `Open ${rowName({ row, name })}`, onclick: () => this.go(row) },
          name ? make("b", {}, make("bdi", {}, name), " ") : null, text || "(no text)"),
        make("button", { title: "Side by side, differing words marked", onclick: () => this.compare(this.row, row) }, "Compare"))));
  }

  go(row) {
    this.reader.focus(row);
    this.reader.tellOf(row);
    this.open(row);
  }

  // ---- two rows side by side --------------------------------------------------------------------------------------

  async compareTicked() {
    const { reader } = this;
    const places = reader.ticks.first(3);
    if (places.length === 1 && reader.at >= 0 && reader.at !== places[0]) places.push(reader.at);
    if (places.length !== 2) return reader.bar.say("Tick two rows to see them side by side, or tick one and move to the other.", true);
    return this.compare({ at: places[0] }, { at: places[1] });
  }

  async compare(left, right) {
    const { reader } = this;
    const whole = async (which) => {
      const about = await reader.ask({ ask: "row", ...(typeof which === "number" ? { row: which } : which), list: reader.header.list });
      if (!about) return null;
      let { text } = about;
      for (let shown = about.shown; shown < Math.min(about.length, COMPARED);) {
        const part = await reader.ask({ ask: "text", row: about.row, from: shown, to: Math.min(COMPARED, shown + 50_000) });
        if (!part?.shown) break;
        text += part.text;
        shown += part.shown;
      }
      return { ...about, text };
    };
    const wish = this.wish = {};
    const a = await whole(left), b = await whole(right);
    if (!a || !b || this.wish !== wish) return;
    this.row = null;
    const { left: before, right: after, share } = difference(a.text, b.text);
    const side = (about, parts) => make("div", { class: "side" },
      make("header", {}, make("h4", { dir: "auto" }, rowName(about)), make("div", { class: "badges" }, ...standing(reader, about.stand ?? {})), make("span", { class: "gap" }),
        make("button", { onclick: () => this.go(about.row) }, "Open")),
      make("div", { class: "text", dir: "auto" }, ...parts.map(([text, other]) => (other ? make("mark", { class: "differs" }, text) : text))),
      about.length > COMPARED ? make("div", { class: "cut" }, `The first ${number(COMPARED)} of ${number(about.length)} characters are compared.`) : null);
    this.show("Two rows side by side", [
      make("header", {}, make("h3", {}, "Side by side"), make("span", { class: "quiet" }, a.text === b.text ? "the same text" : `${Math.round(share * 100)} % the same; what the other has not is marked`),
        make("span", { class: "gap" }), this.closer()),
      make("div", { class: "sides" }, side(a, before), side(b, after)),
    ], true);
    this.box.focus({ preventScroll: true });
  }
}
