// The workbench: legend, map and reader beside each other in the height that there is, and one row in focus for all.
import style from "./style.css";
import { icon, make, number } from "./dom.js";
import charts from "./histograms.css";
import { Histograms } from "./histograms.js";
import { WinnowMap } from "./map.js";
import { makeBorder, remember, remembered } from "./panes.js";

const WIDE = 900; // pixels from which the reader stands beside the map, unless the person said otherwise
const NARROW = 560; // below it the legend is folded at first
const LEAST = { map: 240, legend: 130, reader: 260, tall: 150, all: 560 };
const FIRST = { legend: 200, beside: 0.42, under: 0.5 };

export class Bench {
  constructor(root, { bytes, ask, kept, offline = false, Reader = null }) {
    Object.assign(this, { root, ask, kept, Reader });
    this.ends = [];
    this.send = () => {};
    kept.turn ??= 0; // counts what was brought into focus here; the server says from which of these it knows
    this.sizes = { ...FIRST, ...remembered() };
    this.element = make("div", { class: "bench" });
    root.append(this.holder = make("div", {}, make("style", {}, style + charts), this.element));
    this.map = new WinnowMap({ holder: this.element, bytes, ask, kept, offline, fold: (yes) => this.keep({ folded: yes }) });
    this.map.onfocus = (row) => this.focus(row, "map");
    this.map.onhover = (row) => this.reader?.light(row < 0 ? null : row);
    this.views = make("div", { class: "views" }, this.map.pane);
    this.histograms = new Histograms(this.map);
    this.map.legend.element.append(this.histograms.element);
    this.legendBorder = makeBorder("Width of the legend", this.legendPane());
    this.element.append(this.map.legend.element, this.legendBorder.line, this.views);
    const fit = () => this.fit();
    addEventListener("resize", fit);
    const around = new ResizeObserver(fit); // what stands above the workbench may grow, and its own width change
    around.observe(this.holder);
    const page = this.page();
    if (page?.firstElementChild) around.observe(page.firstElementChild);
    this.map.send = (event) => this.send(event);
    this.ends.push(() => removeEventListener("resize", fit), () => around.disconnect());
  }

  end() {
    if (this.map.ended) return;
    this.ends.forEach((end) => end());
    this.reader?.end();
    this.map.end();
    this.holder.remove();
  }

  page() { // what scrolls around the workbench
    return this.root.getRootNode().host?.closest?.("[data-testid=stMain]");
  }

  addReader() {
    this.lists = make("div", { class: "lists", role: "group", "aria-label": "Rows in the reader" });
    this.flip = make("button", { class: "flip", onclick: () => this.keep({ arranged: this.beside ? "under" : "beside" }) });
    const place = make("div", { class: "place" });
    this.reading = make("section", { class: "reading", "aria-label": "Reader" }, make("header", {}, this.lists, this.flip), place);
    this.readerBorder = makeBorder("Size of the reader", this.readerPane());
    this.views.append(this.readerBorder.line, this.reading);
    // A shadow of its own: the styles of map and reader know nothing of each other.
    this.reader = new this.Reader(place.attachShadow({ mode: "open" }), {
      ask: (question) => this.ask({ of: this.list, ...question }), send: (event) => this.send(event), kept: (this.kept.reader ??= {}),
    });
    this.reader.onfocus = (row) => this.focus(row ?? -1, "reader");
    this.reader.onhover = (row) => this.map.light(row ?? -1);
  }

  // ---- sizes ------------------------------------------------------------------------------------------------------

  keep(sizes) {
    Object.assign(this.sizes, sizes);
    remember(sizes);
    this.arrange();
  }

  legendPane() {
    return {
      grows: 1, upright: () => true,
      size: () => this.map.legend.element.offsetWidth,
      limits: () => [LEAST.legend, Math.max(LEAST.legend, this.element.clientWidth - LEAST.map)],
      set: (pixels) => { this.sizes.legend = Math.round(pixels); this.arrange(); },
      settled: () => remember({ legend: this.sizes.legend }),
      reset: () => this.keep({ legend: FIRST.legend }),
    };
  }

  readerPane() {
    const whole = () => (this.beside ? this.views.clientWidth : this.views.clientHeight);
    const side = () => (this.beside ? "beside" : "under");
    return {
      grows: -1, upright: () => this.beside,
      size: () => (this.beside ? this.reading.offsetWidth : this.reading.offsetHeight),
      limits: () => {
        const least = this.beside ? LEAST.reader : LEAST.tall;
        return [least, Math.max(least, whole() - (this.beside ? LEAST.map : LEAST.tall))];
      },
      set: (pixels) => { this.sizes[side()] = pixels / Math.max(1, whole()); this.arrange(); },
      settled: () => remember({ [side()]: this.sizes[side()] }),
      reset: () => this.keep({ [side()]: FIRST[side()] }),
    };
  }

  fit() { // the height that there is, from the top of the workbench to the end of the window
    const scrolled = this.page()?.scrollTop ?? globalThis.scrollY;
    const top = this.holder.getBoundingClientRect().top + scrolled;
    const tall = this.header?.height || Math.max(LEAST.all, Math.floor(innerHeight - top - 10));
    this.element.style.height = tall + "px";
    this.arrange();
  }

  arrange() {
    const width = this.element.clientWidth;
    if (!width || !this.header) return;
    const { sizes, map, element } = this;
    const none = map.legend.element.hidden;
    const folded = sizes.folded ?? width < NARROW;
    element.classList.toggle("folded", folded);
    element.style.setProperty("--legend", Math.min(sizes.legend, Math.max(LEAST.legend, width - LEAST.map)) + "px");
    this.legendBorder.line.hidden = folded || none;
    this.beside = this.reader && (sizes.arranged ? sizes.arranged === "beside" : width >= WIDE);
    if (this.reader) {
      const whole = this.beside ? this.views.clientWidth : this.views.clientHeight;
      const [least, most] = this.readerPane().limits();
      const pixels = Math.max(least, Math.min(most, whole * (this.beside ? sizes.beside : sizes.under)));
      element.classList.toggle("beside", this.beside);
      this.reading.style.flexBasis = Math.round(pixels) + "px";
      this.flip.replaceChildren(icon(this.beside ? "under" : "beside"));
      const words = this.beside ? "Put the reader under the map" : "Put the reader beside the map";
      this.flip.title = words;
      this.flip.setAttribute("aria-label", words);
      this.readerBorder.say();
    }
    this.legendBorder.say();
    map.resize();
  }

  // ---- what Python says -------------------------------------------------------------------------------------------

  update(header) {
    const old = this.header ?? {};
    this.header = header;
    if (header.reading && !this.reader) this.addReader();
    this.fit(); // the map measures its place before it reads the points
    this.map.update(header);
    this.histograms.update(header.histograms);
    this.arrange();
    if (this.reader) this.readLists(header.reading, old.reading);
    const { row, turn } = header.focus ?? { row: -1, turn: 0 };
    // A focus that the server made later than the last one here; an older answer never takes the place of a newer one.
    if (turn > this.kept.turn) {
      this.kept.turn = turn;
      this.show(row, "server");
    } else if (!this.shownOnce) this.show(this.kept.row ?? -1, "server");
    this.shownOnce = true;
  }

  readLists(reading, before) {
    if (!reading) return;
    // What the server shows is taken where it has changed; else the person's own choice stands.
    const now = JSON.stringify([reading.list, reading.lists.map((l) => l.id)]);
    if (now !== this.readingKnown) this.list = reading.list;
    this.readingKnown = now;
    this.lists.replaceChildren(...reading.lists.map((l) => make("button", {
      "aria-pressed": String(l.name === this.list), disabled: !l.rows && l.name !== this.list, "data-list": l.name,
      onclick: () => this.read(l.name),
    }, l.title, make("span", { class: "count" }, number(l.rows)))));
    const chosen = reading.lists.find((l) => l.name === this.list) ?? reading.lists[0];
    this.list = chosen.name;
    this.reader.update({ ...chosen.header, focus: this.kept.row >= 0 ? this.kept.row : null });
  }

  read(name) {
    this.list = name;
    this.readLists({ ...this.header.reading, list: this.list });
    this.ask({ ask: "list", name });
  }

  // ---- the row in focus -------------------------------------------------------------------------------------------

  focus(row, from) {
    this.kept.turn++;
    this.show(row, from);
    this.tellFocus(row, this.kept.turn, 3);
  }

  show(row, from) {
    this.kept.row = row;
    this.map.activate(row, from !== "map");
    if (from === "reader" || !this.reader) return;
    this.reader.focus(row < 0 ? null : row, { scroll: true });
    if (from === "map" && row >= 0) this.reader.panel.turn(row); // a click on a point shows its card, always
  }

  async tellFocus(row, turn, tries) {
    const answer = await this.ask({ ask: "focus", row, turn });
    if (!answer && tries && turn === this.kept.turn && !this.map.ended) this.tellFocus(row, turn, tries - 1);
  }
}
