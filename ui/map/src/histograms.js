// Histograms of columns under the legend: they show what is selected, and a drag over bars, or a click on a value, selects.
import { make, number } from "./dom.js";
import { remember, remembered } from "./panes.js";

const REST = 450; // milliseconds after the last key until the selection follows
const KEPT = 30; // datasets whose histograms the browser remembers
const FEW = 8; // values that have a line before "more" is pressed
const PATIENCE = 3000; // milliseconds until what the page tells counts, whatever was chosen here

export class Histograms {
  constructor(map) {
    this.map = map;
    this.charts = [];
    this.add = make("select", { "aria-label": "Add a histogram", onchange: () => this.choose([...this.columns, this.add.value]) });
    this.hint = make("div", { class: "hint" });
    this.body = make("div", { class: "plots" });
    this.element = make("section", { class: "charts", "aria-label": "Histograms", hidden: true, onmouseenter: () => map.isolate(-1) },
      make("header", {}, make("h4", {}, "Histograms"), this.add), this.hint, this.body);
  }

  get columns() { return this.charts.map((chart) => chart.column); }

  update(told) {
    this.element.hidden = !told || this.map.offline;
    if (this.element.hidden) return;
    if (this.of !== told.of) this.bringBack(told);
    const shown = JSON.stringify([told.shown.map((one) => [one.column, one.kind, one.labels]), told.offered]);
    if (shown !== this.shown) {
      this.shown = shown;
      this.charts = told.shown.map((one) => new (one.kind === "value" ? Values : Range)(this, one));
      this.body.replaceChildren(...this.charts.map((chart) => chart.element));
      const left = told.offered.filter((column) => !this.columns.includes(column));
      this.add.replaceChildren(make("option", { value: "" }, "Add…"), ...left.map((column) => make("option", { value: column }, column)));
      this.add.hidden = !left.length || told.shown.length >= told.most;
    }
    this.draw(told);
  }

  draw(told, but = null) {
    if (!but) this.told = told;
    told.shown.forEach((one, i) => { if (this.charts[i] !== but && this.charts[i]?.column === one.column) this.charts[i].draw(one); });
    this.hint.hidden = Boolean(told.shown.length) && told.selected == null;
    this.hint.textContent = !told.offered.length ? "No column has values to count."
      : !told.shown.length ? "How the values of a column lie, and what is selected among them. Drag over bars to select."
        : told.selected == null ? "" : `Coloured: ${number(told.selected)} selected. Grey: all ${number(told.left)}, each to its own height.`;
  }

  choose(columns) {
    const others = Object.entries(chosen()).filter(([name]) => name !== this.of);
    remember({ histograms: Object.fromEntries([...others, [this.of, columns]].slice(-KEPT)) });
    this.map.tell({ kind: "columns", columns });
  }

  bringBack({ of, shown, offered }) { // what was chosen for this dataset before the page was loaded anew
    this.of = of;
    const columns = [chosen()[of]].flat().filter((column) => offered.includes(column));
    if (columns.length && !shown.length) this.map.tell({ kind: "columns", columns });
  }

  async look(chart) { // what the others would show, while it is still being chosen
    const answer = await this.map.ask({ ask: "histograms", column: chart.column, bars: chart.brush });
    if (answer?.shown && chart.busy) this.draw(answer, chart);
  }

  select(chart) { this.map.tell({ kind: "brush", columns: [chart.column], bars: chart.brush }); }
}

const chosen = () => Object(remembered().histograms); // columns by dataset

class Chart {
  constructor(all, { column }) {
    Object.assign(this, { all, column, brush: [] });
    this.said = make("span", { class: "said" });
    this.clear = make("button", { class: "small", title: `Select by ${column} no longer`, onclick: () => this.settle([]) }, "clear");
    this.body = make("div", { class: "inside" });
    this.none = make("div", { class: "quiet" });
    this.element = make("div", { class: "chart", role: "group", "aria-label": column, "data-column": column },
      make("header", {}, make("bdi", { class: "what", title: column }, column), this.clear,
        make("button", { class: "small", title: "Take this histogram away", "aria-label": `Take the histogram of ${column} away`,
          onclick: () => all.choose(all.columns.filter((other) => other !== column)) }, "×")),
      this.body, this.foot = make("div", { class: "ends" }), this.none);
  }

  draw(told) {
    if (this.busy) return;
    this.told = { ...this.told, ...told }; // words come once, counts again and again
    // What was told before the last choice does not take it back.
    if (this.awaited === undefined || String(told.brush) === this.awaited || Date.now() > this.until) {
      this.brush = told.brush;
      this.awaited = undefined;
    }
    this.none.textContent = !told.left.length ? "No row has a value." : told.missing ? `${number(told.missing)} without a value` : "";
    this.body.hidden = !told.left.length;
    this.paint();
  }

  settle(brush) {
    clearTimeout(this.timer);
    this.busy = false;
    this.brush = brush;
    this.awaited = String(brush);
    this.until = Date.now() + PATIENCE;
    this.paint();
    this.all.select(this);
  }

  words(bar) {
    const { left, chosen } = this.told;
    return `${this.named(bar, bar)}: ${chosen ? `${number(chosen[bar])} of ` : ""}${number(left[bar])}`;
  }

  // How high bars are, 0 to 1: none that has rows is too low to be seen.
  heights(counts) {
    const most = Math.max(1, ...counts);
    return counts.map((count) => (count ? Math.max(0.03, count / most) : 0));
  }
}

// Numbers and dates: bars beside each other, and a stretch of them that a hand or keys choose.
class Range extends Chart {
  constructor(all, told) {
    super(all, told);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    this.paths = ["every", "pale", "mine"].map((name) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", name);
      svg.append(path);
      return path;
    });
    this.svg = svg;
    this.band = make("div", { class: "band", hidden: true });
    this.thumbs = ["from", "to"].map((name, i) => make("button", { class: `thumb ${name}`, role: "slider", "aria-label": `${told.column} ${name}`,
      onkeydown: (event) => this.key(event, i) }));
    this.plot = make("div", { class: "plot" }, svg, this.band, ...this.thumbs);
    this.body.append(this.plot);
    this.foot.append(this.least = make("span", {}), this.said, this.most = make("span", {}));
    this.plot.addEventListener("pointerdown", (event) => this.press(event));
    this.plot.addEventListener("pointermove", (event) => this.move(event));
    this.plot.addEventListener("pointerup", (event) => this.release(event));
    this.plot.addEventListener("pointercancel", () => this.cancel());
    this.plot.addEventListener("pointerleave", () => { if (!this.from) this.tell(); });
  }

  get bars() { return this.told.left.length; }
  named(first, last) {
    const { edges } = this.told, low = first > 0, high = last < this.bars - 1;
    if (!low && !high) return first === last ? edges[0] : "all";
    return low && high ? `${edges[first]} to ${edges[last + 1]}` : low ? `from ${edges[first]}` : `below ${edges[last + 1]}`;
  }

  paint() {
    const { left, chosen, edges } = this.told, { brush } = this;
    const n = this.bars, inside = (i) => !brush.length || (i >= brush[0] && i <= brush[1]);
    if (!n) return;
    this.svg.setAttribute("viewBox", `0 0 ${n} 1`);
    const every = this.heights(left), mine = chosen ? this.heights(chosen) : every;
    const path = (heights, wanted) => heights.map((h, i) => (h && wanted(i) ? `M${i + 0.04} 1V${(1 - h).toFixed(4)}H${i + 0.96}V1Z` : "")).join("");
    this.paths[0].setAttribute("d", chosen ? path(every, () => true) : "");
    this.paths[1].setAttribute("d", path(mine, (i) => !inside(i)));
    this.paths[2].setAttribute("d", path(mine, inside));
    this.band.hidden = !brush.length;
    const [a, b] = brush.length ? brush : [0, n - 1];
    Object.assign(this.band.style, { left: `${(100 * a) / n}%`, width: `${(100 * (b + 1 - a)) / n}%` });
    this.thumbs.forEach((thumb, i) => {
      thumb.style.left = `${(100 * (i ? b + 1 : a)) / n}%`;
      const values = { valuemin: 0, valuemax: n - 1, valuenow: i ? b : a, valuetext: i ? (b < n - 1 ? `below ${edges[b + 1]}` : "no end") : (a ? `from ${edges[a]}` : "no begin") };
      for (const [name, value] of Object.entries(values)) thumb.setAttribute("aria-" + name, value);
    });
    this.least.textContent = edges[0];
    this.most.textContent = edges[n];
    this.clear.hidden = !brush.length;
    this.tell();
  }

  tell(bar = -1) { this.said.textContent = bar >= 0 ? this.words(bar) : this.brush.length ? this.named(...this.brush) : this.told.log ? "log" : ""; }

  at(event) {
    const rect = this.plot.getBoundingClientRect();
    return Math.max(0, Math.min(this.bars - 1, Math.floor(((event.clientX - rect.left) / Math.max(1, rect.width)) * this.bars)));
  }

  press(event) {
    if (event.button !== 0 || !this.bars) return;
    event.preventDefault();
    clearTimeout(this.timer);
    this.plot.setPointerCapture(event.pointerId);
    const bar = this.at(event), [a, b] = this.brush, thumb = this.thumbs.indexOf(event.target);
    const held = this.brush.length && bar >= a && bar <= b && b > a;
    // A thumb is pulled against the other end; a stretch is moved as a whole; else a new one begins.
    this.from = { thumb: thumb >= 0, bar, before: this.brush, fixed: thumb >= 0 && this.brush.length ? (thumb ? a : b) : held ? null : bar };
    this.busy = true;
    (thumb >= 0 ? event.target : this.thumbs[1]).focus({ preventScroll: true });
  }

  move(event) {
    const bar = this.at(event);
    if (!this.from) return this.tell(bar);
    const { fixed, before, bar: start } = this.from;
    if (bar === start && !this.from.far) return;
    this.from.far = true;
    const last = this.bars - 1;
    const by = fixed === null ? Math.max(-before[0], Math.min(last - before[1], bar - start)) : 0;
    this.put(fixed === null ? [before[0] + by, before[1] + by] : [Math.min(fixed, bar), Math.max(fixed, bar)]);
  }

  put(brush) {
    if (String(brush) === String(this.brush)) return;
    this.brush = brush;
    this.paint();
    this.all.look(this);
  }

  release(event) {
    const { from } = this;
    if (!from) return;
    this.from = null;
    if (from.thumb && !from.far) { // only taken hold of
      this.busy = false;
      return;
    }
    const bar = this.at(event), alone = String(from.before) === String([bar, bar]);
    this.settle(from.far ? this.brush : alone ? [] : [bar, bar]); // a click takes one bar, and the same one gives it back
  }

  cancel() {
    if (!this.from) return;
    this.brush = this.from.before;
    this.from = null;
    this.busy = false;
    this.all.draw(this.all.told);
  }

  key(event, which) {
    const n = this.bars, now = this.brush.length ? [...this.brush] : [0, n - 1];
    if (["Escape", "Delete", "Backspace"].includes(event.key) && this.brush.length) {
      event.preventDefault();
      event.stopPropagation();
      return this.settle([]);
    }
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5, Home: -n, End: n }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    now[which] = which ? Math.max(now[0], Math.min(n - 1, now[1] + by)) : Math.min(now[1], Math.max(0, now[0] + by));
    const next = now[0] === 0 && now[1] === n - 1 ? [] : now;
    if (String(next) === String(this.brush)) return;
    this.busy = true;
    this.put(next);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(this.brush), REST);
  }
}

// Values of a category: a line each, that a click chooses or gives back. Those with most rows come first, of what is selected.
class Values extends Chart {
  constructor(all, told) {
    super(all, told);
    this.lines = told.labels.map((label, bar) => {
      const bars = [make("i", { class: "every" }), make("i", { class: "mine" })], count = make("span", { class: "rows" });
      const element = make("button", { class: "value", onclick: () => this.toggle(bar), onpointerenter: () => { this.said.textContent = this.words(bar); },
        onpointerleave: () => { this.said.textContent = ""; } }, make("bdi", { class: "word", title: label }, label), make("span", { class: "long" }, ...bars), count);
      return { element, bars, count };
    });
    this.whole = false;
    this.more = make("button", { class: "small", onclick: () => { this.whole = !this.whole; this.paint(); } });
    this.list = make("div", {});
    this.body.append(this.list);
    this.foot.append(this.more, this.said);
  }

  named(bar) { return this.told.labels[bar]; }

  toggle(bar) {
    this.settle(this.brush.includes(bar) ? this.brush.filter((b) => b !== bar) : [...this.brush, bar].sort((a, b) => a - b));
  }

  // The bars in the order of their lines: those that are shown, and how many are not.
  order(counts) {
    const named = [...counts.keys()].slice(0, counts.length - Number(this.told.other));
    const sorted = named.sort((a, b) => counts[b] - counts[a] || a - b);
    if (this.told.other) sorted.push(counts.length - 1);
    const few = this.whole || sorted.length <= FEW + 1 ? sorted : sorted.filter((bar, i) => i < FEW || this.brush.includes(bar));
    return [few, sorted.length - few.length];
  }

  paint() {
    const { left, chosen, other } = this.told;
    // All others together may be far more than any value: they end where the longest value does.
    const long = (counts) => this.heights(other ? [...counts.slice(0, -1), Math.min(counts.at(-1), Math.max(...counts.slice(0, -1)))] : counts);
    const every = long(left), mine = chosen ? long(chosen) : every;
    const [shown, rest] = this.order(chosen ?? left);
    if (String(shown) !== this.shown) { // else what has the focus keeps it
      this.shown = String(shown);
      const held = this.list.getRootNode().activeElement, had = this.list.contains(held);
      this.list.replaceChildren(...shown.map((bar) => this.lines[bar].element));
      if (had) (this.list.contains(held) ? held : this.more).focus({ preventScroll: true });
    }
    for (const bar of shown) {
      const { element, bars, count } = this.lines[bar], inside = !this.brush.length || this.brush.includes(bar);
      element.setAttribute("aria-pressed", String(this.brush.includes(bar)));
      element.classList.toggle("out", !inside);
      bars[0].style.width = chosen ? `${100 * every[bar]}%` : 0;
      bars[1].style.width = `${100 * mine[bar]}%`;
      count.textContent = number((chosen ?? left)[bar]);
    }
    this.more.hidden = !rest && !this.whole;
    this.more.textContent = this.whole ? "fewer" : other ? "more" : `${number(rest)} more`;
    this.clear.hidden = !this.brush.length;
  }
}
