// The reader: a list of rows to read, of any length, a page at a time; what is open, ticked and in focus.
import style from "./reader.css";
import { make, number } from "../../map/src/dom.js";
import { paintTheme, readTheme } from "../../map/src/theme.js";
import { Acts } from "./acts.js";
import { Aside } from "./aside.js";
import { Bar } from "./bar.js";
import { fillCard, makeCard } from "./card.js";
import { addKeys } from "./keys.js";
import { List } from "./list.js";
import { Pages } from "./pages.js";
import { Panel } from "./panel.js";
import { Ranges } from "./ranges.js";
import { readTastes, writeTastes } from "./tastes.js";
import { Texts } from "./texts.js";

const SETTLES = 1500; // ms in which the page may still say the row that was in focus before the last key
const GUESS = { cards: 118, lines: 34 };

export class Reader {
  // ask: a question to the server -> promise of its answer. send: something that the page must hear of. kept: outlives
  // the reader. focus and hover go out through `onfocus` and `onhover` (a row, or null), in through `focus` and `light`.
  constructor(root, { ask, send = () => {}, kept = {}, bytes = () => null }) {
    Object.assign(this, { root, send, kept });
    // Every question says which columns are shown: what these count is marked in the texts.
    this.ask = (question) => ask({ columns: this.columns.map(({ key }) => key), ...question });
    this.ends = [];
    this.onfocus = () => {};
    this.onhover = () => {};
    this.n = 0;
    this.at = -1; // the place in focus
    this.lit = null;
    this.since = performance.now(); // when the row in focus came into it
    this.went = -Infinity; // when the person last brought a row into focus
    this.kinds = [];
    this.columns = [];
    this.ticks = new Ranges();
    this.texts = new Texts(this);
    this.feed = make("div", { class: "feed", role: "feed", "aria-label": "Rows", "aria-busy": "false" });
    this.scroll = make("div", { class: "scroll" }, this.feed);
    this.heads = make("div", { class: "heads", "aria-hidden": "true" });
    this.empty = make("div", { class: "empty", hidden: true }, "No rows here.");
    this.said = make("div", { class: "sr", "aria-live": "polite" });
    this.whither = make("div", { class: "whither", hidden: true });
    this.list_box = make("div", { class: "listing" }, this.heads, this.scroll, this.empty, this.whither);
    this.main = make("div", { class: "main" }, this.list_box);
    this.box = make("div", { class: "reader", role: "group", "aria-label": "Reader" }, this.main, this.said);
    this.holder = make("div", { class: "holder" }, make("style", {}, style), this.box);
    root.append(this.holder);
    this.pages = new Pages((question) => this.ask(question), (from, to) => this.arrived(from, to), (words) => this.bar.say(words, true));
    this.acts = new Acts(this);
    this.bar = new Bar(this);
    this.aside = new Aside(this, bytes);
    this.panel = new Panel(this);
    this.list = new List(this.scroll, this.feed, {
      make: (at) => this.dressed(at, makeCard(this, at)),
      seen: (first, last, down, waits) => this.seen(first, last, down, waits),
      ready: (at) => this.pages.get(at) !== undefined,
      guess: () => GUESS[this.view],
    });
    addKeys(this);
    let width = 0, height = 0;
    const observer = new ResizeObserver(() => {
      const now = [this.scroll.clientWidth, this.scroll.clientHeight];
      if (now[0] === width && now[1] === height) return;
      const wider = now[0] !== width;
      [width, height] = now;
      if (this.header) wider ? this.list.resized() : this.list.touch();
      if (this.header?.aside && wider) this.redraw(); // what is offered stands in the rows where there is no room beside them
    });
    observer.observe(this.scroll);
    this.ends.push(() => observer.disconnect());
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.remember();
    clearTimeout(this.telling);
    this.ends.forEach((end) => end());
    this.list.end();
    this.pages.end();
    this.acts.end();
    this.aside.end();
    this.holder.remove();
  }

  remember() {
    Object.assign(this.kept, { list: this.header?.list, anchor: this.list.anchor(), row: this.row, ticks: this.ticks.parts });
  }

  // ---- what Python says -------------------------------------------------------------------------------------------

  update(header) {
    const old = this.header;
    this.header = header;
    this.theme();
    this.box.style.setProperty("--tall", header.height ? `min(${header.height}px, max(340px, 100vh - 70px))` : "100%");
    this.box.classList.toggle("filling", !header.height);
    const other = header.list !== old?.list;
    const spot = other && this.acts.changed ? this.spot() : null;
    if (spot && header.words) Object.assign(spot, { at: 0, part: 0 }); // questions that were answered make room for others
    if (!old) Object.assign(this, { view: header.readAs ?? "cards" }, readTastes(header), header.brief && { view: "lines" });
    if (other) {
      this.n = header.n;
      this.ticks.clear();
      this.texts.clear();
      if (!old && this.kept.list === header.list) this.ticks.parts = this.kept.ticks ?? [];
    }
    this.setColumns();
    this.empty.hidden = this.n > 0;
    this.scroll.hidden = this.n === 0;
    if (other) {
      this.at = -1;
      this.list.pinned = -1;
      this.acts.changed = false;
      if (header.start) this.pages.start(header.start);
      this.list.reset(this.n);
      if (header.start) this.arrived(0, header.start.rows.length);
      if (!old && this.kept.list === header.list && this.kept.anchor) this.list.go(...this.kept.anchor);
    } else {
      this.list.touch();
    }
    this.bar.show();
    this.panel.refresh(old && header.version !== old.version);
    if (old && !other && this.scroll.contains(this.inside())) this.intoView(this.at); // what stands above may have grown
    this.aside.update(header, !old || other || header.version !== old.version);
    // What the page says may have been on its way when the person went on: the row that they see is the one that counts.
    const wanted = performance.now() - this.went < SETTLES ? this.told : header.focus;
    const says = this.can("focus") || header.focus != null; // a page that does not know the focus leaves it where it is
    if (other || (says && header.focus !== old?.focus)) this.focus(says ? wanted : this.told, { scroll: Boolean(old) && !other, spot });
  }

  theme() {
    const theme = readTheme(this.root.host ?? this.root);
    this.box.classList.toggle("dark", theme.dark);
    paintTheme(this.box, theme);
  }

  can(what) { return this.header.can?.[what] ?? what === "open"; }

  // ---- columns and how rows are drawn -----------------------------------------------------------------------------

  // What the page wants shown, and what the person chose: in the order in which the page lists all.
  setColumns() {
    const { all, first, columns } = this.header;
    const keys = new Set([...first, ...(this.wanted ?? columns)]);
    this.columns = all.filter(({ key }) => keys.has(key));
    const stamp = JSON.stringify([this.header.version, this.columns.map(({ key }) => key)]);
    this.pages.take(this.header.list, this.n, this.columns.map(({ key }) => key), stamp);
    this.drawHeads();
  }

  choose(tastes) { // the person's taste: how rows are drawn, which columns
    if (tastes.view && tastes.view !== this.view) {
      this.view = tastes.view;
      this.drawHeads();
      this.list.reset(this.n, { keep: true });
    }
    if (tastes.columns) {
      this.wanted = tastes.columns;
      this.setColumns();
      this.redraw();
      this.panel.refresh(true);
    }
    writeTastes(this.header, { view: this.view, columns: this.wanted });
    this.bar.show();
  }

  drawHeads() {
    const widths = ["26px", this.header.named ? "minmax(110px, 190px)" : "72px", ...this.columns.map((c) => (c.number ? "92px" : "136px")), "minmax(180px, 1fr)", "auto"];
    this.box.style.setProperty("--columns", widths.join(" "));
    this.box.dataset.view = this.view;
    this.heads.hidden = this.view !== "lines";
    this.heads.replaceChildren(make("span"), make("span", {}, "Row"),
      ...this.columns.map((c) => make("span", { class: c.number ? "figure" : "", title: c.unit || null }, c.key)), make("span", {}, "Text"));
  }

  // ---- rows on the screen -----------------------------------------------------------------------------------------

  seen(first, last, down, waits) {
    this.pages.want(first, last, down);
    this.whither.hidden = !waits;
    if (waits) this.whither.textContent = `${number(first + 1)} of ${number(this.n)}`;
    this.box.dataset.waiting = waits ? 1 : [...this.list.shown].filter(([at]) => at >= first && at <= last && !this.pages.get(at)).length;
  }

  arrived(from, to) {
    const kinds = new Set(this.kinds);
    for (let at = from; at < to; at++) for (const span of this.pages.get(at).spans ?? []) if (span[2]) kinds.add(span[2]);
    if (kinds.size > this.kinds.length) {
      this.kinds = [...kinds];
      this.bar.show();
    }
    this.list.came(from);
    this.redraw([...this.list.shown.keys()].filter((at) => at >= from && at < to));
    if (this.untold) this.tell();
  }

  redraw(places = [...this.list.shown.keys()]) {
    for (const at of places) {
      const article = this.list.shown.get(at);
      if (!article) continue;
      const held = article.contains(this.inside()) && article !== this.inside();
      fillCard(this, at, article);
      this.dressed(at, article);
      if (held) article.focus({ preventScroll: true });
    }
    this.list.changed(places);
    if (places.includes(this.at)) this.aside.answers();
  }

  dressed(at, article) {
    const row = this.pages.get(at)?.row;
    article.classList.toggle("focused", at === this.at);
    article.classList.toggle("lit", row !== undefined && row === this.lit);
    article.classList.toggle("ticked", this.ticks.has(at));
    article.tabIndex = at === this.at || (this.at < 0 && at === 0) ? 0 : -1;
    const tick = article.querySelector(".tick");
    if (tick) tick.checked = this.ticks.has(at);
    return article;
  }

  dress() { for (const [at, article] of this.list.shown) this.dressed(at, article); }

  // ---- focus, hover, ticks ----------------------------------------------------------------------------------------

  get row() { return this.pages.get(this.at)?.row ?? null; }

  inside() { return this.box.getRootNode().activeElement; }

  chosenText() { return (this.box.getRootNode().getSelection?.() ?? getSelection())?.toString().length > 0; }

  // A person brings the row at a place into focus.
  setFocus(at, { scroll = true, keys = null } = {}) {
    if (keys?.shiftKey) return this.tick(at, true, true);
    if (keys?.ctrlKey || keys?.metaKey) return this.tick(at, false, !this.ticks.has(at));
    this.moveTo(at, scroll);
    this.intoView(at);
    const article = this.list.shown.get(at);
    if (article && !article.contains(this.inside())) article.focus({ preventScroll: true });
    this.tell();
    return undefined;
  }

  // Where the page hides the row that the keys are at, the page moves, and only then.
  intoView(at) {
    const spot = this.list.shown.get(at)?.getBoundingClientRect();
    if (spot && (spot.bottom > innerHeight || spot.top < 0)) this.box.scrollIntoView({ block: "nearest" });
  }

  moveTo(at, scroll) {
    if (at !== this.at) this.since = performance.now();
    this.at = at;
    this.list.pinned = at;
    if (scroll && at >= 0) this.list.show(at);
    this.dress();
    this.aside.turn(this.row);
  }

  // The row in focus is told once it is known and the keys rest for a moment.
  tell() {
    const { row } = this;
    if (row === null) {
      this.untold = true;
      return;
    }
    this.untold = false;
    this.aside.turn(row);
    if (row === this.told) return;
    if (this.panel.there) this.panel.turn(row);
    this.tellOf(row);
  }

  tellOf(row) {
    this.told = row;
    this.went = performance.now();
    this.onfocus(row);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.can("focus") && this.ask({ ask: "focus", row }), 250);
  }

  // The row in focus, as the page or the map says; a row that is not in this list takes no place in it.
  async focus(row, { scroll = true, spot = null } = {}) {
    if (row === this.told && row === this.row) return;
    this.told = row ?? null;
    if (this.panel.there && row != null) this.panel.turn(row);
    let at = -1;
    if (row != null && this.n) {
      this.pages.each((held, place) => { if (held.row === row) at = place; });
      if (at < 0) at = (await this.ask({ ask: "where", row, list: this.header.list }))?.at ?? -1;
      if (row !== this.told) return;
    }
    this.moveTo(at, scroll);
    if (spot) this.readOn(at, spot);
  }

  // Where one reads: the place in focus, how far it is from the top, and whether the keys are in the list.
  spot() {
    const at = this.at < 0 ? this.list.anchor()[0] : this.at;
    return { at, part: this.list.y - this.list.heights.top(at), keys: this.scroll.contains(this.inside()) };
  }

  // The list changed by what was done in it: one reads on where one was, at the row in focus or the one in its place.
  readOn(at, { at: before, part, keys }) {
    if (!this.n) return;
    const place = at < 0 ? Math.min(before, this.n - 1) : at;
    this.list.go(place, part);
    if (keys) this.list.shown.get(place)?.focus({ preventScroll: true });
  }

  light(row) {
    if (row === this.lit) return;
    this.lit = row ?? null;
    this.dress();
  }

  hovered(at) { this.onhover(at < 0 ? null : this.pages.get(at)?.row ?? null); }

  tick(at, range, on) {
    const from = range && this.ticked != null ? Math.min(this.ticked, at) : at;
    const to = (range && this.ticked != null ? Math.max(this.ticked, at) : at) + 1;
    on ? this.ticks.add(from, to) : this.ticks.remove(from, to);
    this.ticked = at;
    this.afterTicks();
  }

  tickAll(on) {
    this.ticks.clear();
    if (on && this.n) this.ticks.add(0, this.n);
    this.afterTicks();
  }

  afterTicks() {
    this.dress();
    this.bar.show();
    this.tellAloud(this.ticks.count ? `${number(this.ticks.count)} of ${number(this.n)} rows ticked` : "No row is ticked");
  }

  // ---- what is done with rows -------------------------------------------------------------------------------------

  do(what, places) {
    if (what === "open") return this.open(places[0]);
    if (what === "tag" || what === "note" || what === "answer") return this.bar.ask(what, places);
    return this.acts.do(what, places);
  }

  async open(at) {
    const row = this.pages.get(at)?.row;
    if (row === undefined) return;
    this.setFocus(at, { scroll: false });
    await this.panel.open(row);
  }

  // Correct the text of the row in focus, in the open row.
  async correct() {
    if (!this.can("correct") || this.row === null) return;
    if (!this.panel.there || this.panel.row !== this.row) await this.open(this.at);
    this.panel.edit(this.header.mend.text || this.header.mend.first);
  }

  // The whole text of the row in focus, or its beginning again.
  unfold() {
    const row = this.pages.get(this.at);
    if (!row) return;
    if (this.texts.fold(row.row)) this.redraw([this.at]);
    else if (row.length > row.shown) this.texts.unfold(this.at, row);
  }

  tellAloud(words) { this.said.textContent = words; }
}
