// What a person does with rows: shown at once, told one after the other so that none is lost, the page drawn after.
const RESTS = 700;
const TOGETHER = 50; // acts in one question: who is quicker than the answers loses none of them
// The same again takes it back.
function kindOf(what, stand, text) {
  if (what === "answer" || what === "unsure") return (what === "answer" ? stand?.answer === text : stand?.unsure) ? "unanswer" : what;
  return stand?.verdict === what ? "undecide" : what;
}

export class Acts {
  constructor(reader) {
    this.reader = reader;
    this.waiting = [];
    this.changed = false; // whether another list may come of what was done here
  }

  end() { clearTimeout(this.timer); }

  // places: of the list. The same verdict again on a single row takes it back.
  do(what, places, more = {}) {
    const { reader } = this;
    const one = places.length === 1 ? reader.pages.get(places[0]) : null;
    const kind = kindOf(what, one?.stand, more.text);
    const seconds = what === "answer" || what === "unsure" ? { seconds: (performance.now() - reader.since) / 1000 } : {};
    const at = ranges(places, reader.ticks, more.ticked);
    this.show(kind, new Set(places), more);
    // A single row is told by its number: that holds while the list is made anew after the act before it.
    const which = one ? { row: one.row } : { at, list: reader.header.list };
    this.tell({ kind, ...which, ...seconds, text: more.text ?? "" });
    return kind;
  }

  // A row that may not be in the list.
  doRow(what, row, stand, more = {}) {
    this.tell({ kind: kindOf(what, stand, more.text), row, text: more.text ?? "" });
  }

  // What a cell should say, or that it says what it said when it came.
  correct(row, column, text, by) {
    const before = this.fixed(row, column);
    this.fix(row, column, { value: text || null, came: before, by: by || "you", at: new Date().toISOString() });
    this.tell({ kind: "correct", row, column, text, by });
  }

  restore(row, column) {
    this.fix(row, column, null);
    this.tell({ kind: "restore", row, column, text: "" });
  }

  // What a cell came as, as far as the open row knows.
  fixed(row, column) {
    const { about } = this.reader.panel, open = about?.row === row ? about : null;
    const told = open?.fixed?.[column];
    if (told) return told.came;
    return column === this.reader.header.mend.shown ? open?.text : open?.columns.find(([name]) => name === column)?.[1];
  }

  fix(row, column, fixed) {
    const { reader } = this, changed = [];
    const put = (held) => {
      held.fixed = { ...held.fixed, [column]: fixed };
      if (!fixed) delete held.fixed[column];
    };
    reader.pages.each((held, at) => { if (held.row === row) { put(held); changed.push(at); } });
    reader.redraw(changed);
    if (reader.panel.row === row) {
      put(reader.panel.about);
      reader.panel.draw(true);
    }
  }

  // What could not be done is not shown as done; what was typed into a cell waits in its editor.
  refused(acts) {
    const { reader } = this, cells = acts.filter(({ kind }) => kind === "correct" || kind === "restore");
    for (const { kind, row, column, text } of cells) if (kind === "correct") reader.panel.drafts.set(`${row}/${column}`, text);
    reader.pages.again();
    if (cells.length) reader.panel.refresh(true);
  }

  undo() { this.tell({ kind: "undo" }); }

  show(kind, places, { text, ticked }) {
    const { reader } = this;
    const changed = [];
    reader.pages.each((row, at) => {
      if (!(ticked ? reader.ticks.has(at) : places.has(at))) return;
      const stand = { ...row.stand };
      if (kind === "keep" || kind === "drop") stand.verdict = kind;
      if (kind === "undecide") stand.verdict = "";
      if (kind === "unanswer") Object.assign(stand, { answer: "", unsure: false });
      if (kind === "answer") Object.assign(stand, { answer: text, unsure: false });
      if (kind === "unsure") Object.assign(stand, { answer: "", unsure: true });
      if (kind === "tag") stand.tags = [...new Set([...(stand.tags ?? []), text])];
      if (kind === "note") stand.note = text;
      row.stand = stand;
      changed.push(at);
    });
    reader.redraw(changed);
  }

  tell(act) {
    clearTimeout(this.timer);
    this.changed = true;
    this.waiting.push({ ...act, id: `${Date.now()}-${Math.random()}` });
    this.flush();
  }

  async flush() {
    if (this.flying || !this.waiting.length) return;
    const acts = this.waiting.slice(0, TOGETHER), act = acts.at(-1);
    this.flying = true;
    const answer = await this.reader.ask({ ask: "act", ...(acts.length > 1 ? { acts } : { act }) });
    this.flying = false;
    if (this.reader.ended) return;
    if (answer) { // else it was lost on the way: once more, the server knows an act by its id
      this.waiting.splice(0, acts.length);
      if (answer.wrong) this.refused(acts);
      this.reader.tellAloud(answer.said ?? "");
      // An answer shows where it was given, and what is said would lie over the next row.
      const shown = ["answer", "unsure", "unanswer"].includes(act.kind) && this.reader.aside.there;
      if (answer.wrong || !shown) this.reader.bar.say(answer.said ?? "", Boolean(answer.wrong), act.kind !== "undo");
    }
    if (this.waiting.length) this.flush();
    else this.timer = setTimeout(() => this.reader.send({ kind: "acted" }), RESTS);
  }
}

function ranges(places, ticks, ticked) {
  if (ticked) return [...ticks.parts];
  return places.map((at) => [at, at + 1]);
}
