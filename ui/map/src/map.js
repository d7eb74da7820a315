// The map itself: holds the arrays, decides what must be drawn again, and draws it.
import { Camera } from "./camera.js";
import { coloursFor } from "./colours.js";
import { makeContours } from "./contours.js";
import { make, number } from "./dom.js";
import { addGestures } from "./gestures.js";
import { makeGrid } from "./grid.js";
import { factsOf, makeCard, titleOf } from "./card.js";
import { makeGlow } from "./glow.js";
import { drawLabels, makeLabels, placeLabels, rowLabel } from "./labels.js";
import { laterRows } from "./later.js";
import { Legend } from "./legend.js";
import { drawOver } from "./over.js";
import { partsPainter } from "./painter.js";
import { makePixels } from "./pixels.js";
import { readPlaces } from "./places.js";
import { saySo } from "./say.js";
import { CHOSEN, CONTEXT, FAINT, HIDDEN, NORMAL, paint } from "./states.js";
import { makeThin } from "./thin.js";
import { paintTheme, readTheme } from "./theme.js";
import { addTools } from "./tools.js";
import { makeTopic } from "./topic.js";
import { hasWebgl, makeDrawer } from "./webgl.js";

const FEW = 40; // rows in sight below which each has its title beside it
const CLOSE = 40; // pixels from the place of a name within which a colour counts as there
const AROUND = 4000; // points around a name that are looked at; of more, some at even steps
const PART = 0.05; // of the points around a name, or of a label: fewer of them do not make it theirs

export class WinnowMap {
  constructor({ holder, bytes, ask, kept, offline = false, fold }) {
    Object.assign(this, { holder, bytes, ask, kept, offline });
    this.ends = [];
    this.send = () => {};
    this.onfocus = () => {}; // a click, or N and P, brought a row into focus
    this.onhover = () => {}; // the pointer is on another row, or on none (-1)
    this.mode = kept.mode ?? "pan";
    this.operation = "new";
    this.hidden = new Set(kept.hidden ?? []);
    this.on = { names: true, contours: false, grey: true, trust: false, ...kept.on };
    this.texts = new Map(); // row -> what its card says
    this.facts = factsOf();
    this.active = -1;
    this.hover = -1;
    this.links = [];
    this.placed = [];
    this.titles = [];
    this.standing = []; // names where they stand in this view

    this.pointCanvas = make("canvas", { class: "points" });
    this.over = make("canvas", { class: "over" });
    this.glow = makeGlow(this);
    this.legend = new Legend(this, fold);
    this.status = make("div", { class: "status" });
    this.note = make("div", { class: "note", hidden: true });
    this.said = make("div", { class: "sr", "aria-live": "polite" });
    this.topics = make("div", { class: "sr topics", role: "group", "aria-label": "Topics" });
    this.box = make("div", { class: "map", tabindex: "0", role: "application", "aria-label": "Map of the corpus", "aria-roledescription": "map" },
      this.glow.canvas, this.pointCanvas, this.over, this.said, this.topics);
    this.empty = make("div", { class: "panel empty", hidden: true }, make("span", {}, "All points are elsewhere."),
      make("button", { onclick: () => this.showAll() }, "Show them"));
    this.box.append(this.empty);
    this.foot = make("div", { class: "foot" }, this.status, this.note);
    this.pane = make("section", { class: "seeing", "aria-label": "Map" }, this.box, this.foot);
    this.tools = addTools(this);
    this.card = makeCard(this);
    this.topic = makeTopic(this);
    addGestures(this);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.box);
    this.ends.push(() => observer.disconnect());
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.remember();
    cancelAnimationFrame(this.waitingFrame);
    for (const timer of [this.restTimer, this.viewTimer, this.laterTimer]) clearTimeout(timer);
    this.ends.forEach((end) => end());
    this.painter?.end();
  }

  remember() {
    const { x, y, zoom } = this.camera ?? {};
    Object.assign(this.kept, { points: this.header?.points, x, y, zoom, mode: this.mode, on: this.on,
      hidden: [...this.hidden], colour: this.header?.colour?.codes, active: this.active, links: this.links });
  }

  // ---- what Python says -------------------------------------------------------------------------------------------

  update(header) {
    const old = this.header ?? {};
    this.header = header;
    this.theme();
    if (header.points !== old.points) this.takePoints(header);
    if (header.names !== old.names || header.points !== old.points || this.family !== this.labelFamily) this.takeNames(header);
    const codes = header.colour?.codes;
    if (codes !== old.colour?.codes) {
      this.codes = this.rows(codes);
      this.texts.clear(); // with the values of the former column
      if (this.kept.colour !== codes || old.points) this.hidden.clear();
    }
    if (header.shown !== old.shown) this.shown = this.rows(header.shown);
    if (header.selected !== old.selected) this.selected = this.rows(header.selected);
    const faded = header.faded !== old.faded;
    if (faded) this.faded = this.rows(header.faded);
    if (header.later?.mask !== old.later?.mask || header.points !== old.points) {
      this.laterBits = this.rows(header.later?.mask);
      this.later = this.laterBits && laterRows(this.laterBits, header.n);
    }
    this.colours = coloursFor(header.colour, this.trustCodes, header.palette, this.dark);
    this.tools.show();
    const painted = JSON.stringify([header.points, codes, header.colour?.paints, header.colour?.inks, header.shown, header.selected, this.dark, this.back]);
    if (!this.painter) this.start();
    if (header.points !== old.points) this.painter.places();
    if (painted !== this.painted) {
      this.painted = painted;
      this.repaint();
    }
    if (faded || header.names !== old.names) this.placeNames();
    this.say();
    this.touch();
    if (header.goTo && header.goTo.turn > (this.kept.went ?? 0)) { // the page asks to see a part of the map, once
      this.kept.went = header.goTo.turn;
      this.camera.fit(header.goTo.box);
      this.moved();
    }
  }

  rows(name) { // a byte or a bit a row, by the name of the array; null for none
    return name ? new Uint8Array(this.bytes(name)) : null;
  }

  takePoints(header) {
    const n = header.n;
    const { x, y, placed, frame } = readPlaces(this.bytes(header.points), n);
    this.placed = placed;
    this.sized = "";
    Object.assign(this, { n, x, y, z: new Uint8Array(n), w: new Uint8Array(n), grid: null, contours: null, trustCodes: null });
    this.camera = new Camera(frame, this.box.clientWidth || 800, this.box.clientHeight || 600);
    this.texts.clear();
    this.titles = [];
    if (this.kept.points === header.points) {
      Object.assign(this.camera, { x: this.kept.x, y: this.kept.y, zoom: this.kept.zoom });
      this.active = this.kept.active ?? -1;
      this.links = this.kept.links ?? [];
    } else {
      this.camera.read(header.view);
      this.active = -1;
      this.links = [];
    }
  }

  takeNames(header) {
    this.labelFamily = this.family;
    this.topic.close(); // its topic may be another one now
    const rows = header.names ? JSON.parse(new TextDecoder().decode(this.bytes(header.names))) : [];
    this.labels = makeLabels(rows, this.camera, this.family);
    // The names are painted, so a screen reader and the tab key get them once more, as buttons.
    this.topics.replaceChildren(...this.labels.all.slice(0, 200).map((label) => make("button", {
      onfocus: () => this.point(label),
      onblur: () => this.point(null),
      onclick: (event) => this.openTopic(label, event),
    }, `${label.full}, ${number(label.size)} rows`)));
  }

  theme() {
    Object.assign(this, readTheme(this.holder));
    paintTheme(this.holder, this);
  }

  // ---- points -----------------------------------------------------------------------------------------------------

  get counts() { return this.header.counts; }
  get sampled() { return this.n > this.header.drawn; }
  visible = (i) => this.w[i] !== HIDDEN;
  passes = (i) => this.w[i] !== HIDDEN && this.w[i] !== CONTEXT;

  start() {
    if (hasWebgl()) {
      try {
        this.drawing(makeDrawer(this.pointCanvas), "webgl");
        this.pointCanvas.addEventListener("webglcontextlost", () => this.ended || this.withoutWebgl());
        return;
      } catch (error) {
        console.error(error);
        this.freshCanvas();
      }
    }
    this.drawing(makePixels(this.pointCanvas), "pixels");
  }

  drawing(drawer, by) {
    this.painter = partsPainter(this, drawer);
    this.box.dataset.drawing = by;
  }

  freshCanvas() { // a canvas that once had a WebGL context can have no other
    const canvas = make("canvas", { class: "points" });
    this.pointCanvas.replaceWith(canvas);
    this.pointCanvas = canvas;
  }

  withoutWebgl() {
    this.freshCanvas();
    this.drawing(makePixels(this.pointCanvas), "pixels");
    this.painter.places();
    this.painter.states();
    this.painter.looks();
    this.frame();
  }

  repaint() {
    const { n, x, y, shown, selected, hidden, placed } = this;
    paint({ n, x, y, codes: this.trustCodes ?? this.codes, shown, selected, hidden: this.trustCodes ? [] : hidden,
      context: this.on.grey, grey: this.colours.length - 1, placedOnly: placed }, this.z, this.w);
    this.contours = null;
    this.findThin();
    this.painter.states();
    this.painter.looks();
    this.glow.render();
    if (this.grid) this.lookAround();
    this.placeNames();
    this.legend.draw();
    this.touch();
  }

  findThin() { // how solid each point is, where other rows than before are shown
    const now = [this.header.points, this.header.shown, ...(this.trustCodes ? [] : this.hidden)].join();
    if (now === this.thinOf) return;
    this.thinOf = now;
    const seen = [];
    seen[NORMAL] = seen[FAINT] = seen[CHOSEN] = true;
    this.thin = makeThin(this, this.camera.frame.home, seen);
  }

  inSight(most, wanted = this.visible) { // rows in the view, no more than `most` of them
    const found = [];
    const [x0, y0, x1, y1] = this.viewBox();
    this.needGrid().visit(x0, y0, x1, y1, (i) => {
      if (wanted(i) && this.x[i] >= x0 && this.x[i] <= x1 && this.y[i] >= y0 && this.y[i] <= y1) found.push(i);
      return found.length < most;
    });
    return found;
  }

  placeNames() { // where names stand in this view; they keep their places while it is moved
    if (!this.camera || !this.labels) return;
    this.standing = !this.on.names ? [] : placeLabels(this.labels, this.camera, {
      ink: this.ink ?? (() => 0), faded: this.faded, titles: this.titles, taken: [this.topic.place()].filter(Boolean),
    });
    this.fadeUnlit();
    this.touch();
  }
  get tinted() { // names have the colours of topics where the points have them
    return !this.trustCodes && Boolean(this.header.colour?.inks?.length);
  }

  async findTitles() { // of the rows in sight, where they are few
    const rows = this.on.names && this.header.can.texts ? this.inSight(FEW + 1, this.passes) : [];
    const few = rows.length > FEW ? [] : rows;
    const missing = few.filter((row) => !this.texts.has(row));
    const now = few.join();
    this.titlesOf = now;
    if (missing.length) {
      const of = this.header.colour?.codes, { facts } = this;
      const answer = await this.ask({ ask: "titles", rows: missing, facts });
      if (this.titlesOf !== now || this.ended || of !== this.header.colour?.codes || facts !== this.facts) return;
      answer?.texts?.forEach((text, i) => this.texts.set(answer.rows[i], text));
    }
    const before = this.titles;
    this.titles = few.filter((row) => this.texts.has(row)).map((row) => before.find((l) => l.row === row)
      ?? rowLabel(row, titleOf(this.texts.get(row)), this.x[row], this.y[row], this.family)).filter((l) => l.full.trim());
    if (this.titles.length || before.length) this.placeNames();
  }

  lookAround() { // what is said of the view once it rests: that it is empty, or that dust lies outside of it
    if (!this.camera || !this.header) return;
    this.findTitles();
    const some = this.counts.shown > 0 && this.counts.placed > 0;
    this.empty.hidden = !some || this.inSight(1).length > 0 || !this.w.some((state) => state !== HIDDEN);
    const [x0, y0, x1, y1] = this.viewBox();
    let outside = 0;
    if (this.camera.isHome) {
      for (let i = 0; i < this.n; i++) {
        if (this.w[i] !== HIDDEN && (this.x[i] < x0 || this.x[i] > x1 || this.y[i] < y0 || this.y[i] > y1)) outside++;
      }
    }
    if (outside === this.outside) return;
    this.outside = outside;
    this.say();
  }

  showAll() { // home, or the dust around it where nothing else is shown
    this.camera.reset();
    if (!this.inSight(1).length) this.camera.all();
    this.moved();
  }

  isolate(code) { // one colour alone, the rest very faint; -1 shows all again
    if (code === (this.lit ?? -1) || !this.painter) return;
    this.lit = code;
    this.painter.light(this.trustCodes ? -1 : code);
    this.glow.light(code >= 0 && !this.trustCodes);
    this.fadeUnlit();
    this.touch();
  }

  fadeUnlit() { // names where hardly any point has the colour that is pointed at
    const code = this.trustCodes ? -1 : this.lit ?? -1;
    for (const label of this.standing) label.unlit = code >= 0 && !this.isLit(label, code);
  }
  isLit({ x, y, near = 0, row }, code) { // whether points of this colour lie where a name stands, or are the row of a title
    if (row >= 0) return this.z[row] === code;
    const radius = Math.min(CLOSE, Math.max(6, near * this.camera.scale)) / this.camera.scale;
    const box = [x - radius, y - radius, x + radius, y + radius];
    const grid = this.needGrid(), step = Math.ceil(grid.count(...box) / AROUND);
    let seen = 0, all = 0, lit = 0;
    grid.visit(...box, (i) => {
      if (seen++ % step || (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2 > radius * radius || !this.passes(i)) return;
      all++;
      if (this.z[i] === code) lit++;
    });
    return lit >= Math.max(1, PART * Math.min(all, this.legend.rowsOf(code) / step));
  }

  drawn() { // the picture is complete
    this.box.dataset.drawn = Number(this.box.dataset.drawn ?? 0) + 1;
    if (this.grid) return;
    clearTimeout(this.laterTimer);
    this.laterTimer = setTimeout(() => { // what nobody waits for at the first picture
      this.needGrid();
      this.painter.looks();
      this.lookAround();
      this.frame();
    }, 30);
  }
  needGrid() {
    return (this.grid ??= makeGrid(this.x, this.y, this.placed));
  }

  viewBox = (margin = 0) => {
    const { width, height } = this.camera;
    const [x0, y0] = this.camera.fromScreen(-width * margin, height * (1 + margin));
    const [x1, y1] = this.camera.fromScreen(width * (1 + margin), -height * margin);
    return [x0, y0, x1, y1];
  };

  // ---- frames -----------------------------------------------------------------------------------------------------

  frame() {
    if (this.waitingFrame || this.ended || !this.painter) return;
    this.waitingFrame = requestAnimationFrame((now) => {
      this.waitingFrame = 0;
      if (this.painter.frame(now)) this.frame();
      this.glow.move();
      this.drawOver();
      this.box.dataset.view ??= this.camera.text();
    });
  }

  drawOver() {
    const { camera } = this;
    const now = [this.on.contours && !this.contours, this.overTick, camera.x, camera.y, camera.scale, camera.width, camera.height].join();
    if (now === this.overDrawn) return;
    this.overDrawn = now;
    const ratio = devicePixelRatio || 1;
    const context = this.over.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    if (this.on.contours) this.contours ??= makeContours(this.x, this.y, this.visible, camera.frame.home);
    drawOver(context, this);
    drawLabels(context, this.standing, camera, this.manner());
  }
  manner() {
    return { text: this.text, halo: this.back, hovered: this.hoverName, dark: this.dark, tinted: this.tinted };
  }
  touch() { // something over the points has changed
    this.overTick = (this.overTick ?? 0) + 1;
    this.frame();
  }

  moved() { // the person changed the view
    this.hover = -1;
    this.card.hide();
    this.touch();
    this.restSoon(140);
    clearTimeout(this.viewTimer);
    this.viewTimer = setTimeout(() => this.ask({ ask: "view", view: this.camera.text() }), 900);
  }

  zoomBy(factor) { // around the middle of the view
    this.camera.zoomAt(factor, this.camera.width / 2, this.camera.height / 2);
    this.moved();
  }

  restSoon(milliseconds) {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), milliseconds);
  }

  rest() {
    if (navigator.scheduling?.isInputPending?.({ includeContinuous: true })) { // the hand moves on: it has not come to rest
      this.restSoon(60);
      return;
    }
    this.box.dataset.view = this.camera.text();
    this.painter.rest();
    this.glow.render();
    this.lookAround();
    this.placeNames();
    this.remember();
  }

  resize() {
    const width = this.box.clientWidth, height = this.box.clientHeight;
    if (!width || !height || !this.camera) return;
    const ratio = devicePixelRatio || 1, now = [width, height, ratio].join(), first = !this.sized;
    if (now === this.sized) return;
    this.sized = now;
    const home = this.camera.isHome;
    this.camera.width = width;
    this.camera.height = height;
    if (home) this.camera.reset();
    this.over.width = Math.round(width * ratio);
    this.over.height = Math.round(height * ratio);
    if (!first) { // a border is drawn: what takes long follows when it rests
      this.touch();
      this.restSoon(140);
      return;
    }
    this.painter?.rest();
    if (this.painter) {
      this.glow.render();
      if (this.grid) this.lookAround();
    }
    this.placeNames();
  }

  // ---- what the person says ---------------------------------------------------------------------------------------

  operationOf(event) {
    if (event?.shiftKey && event?.altKey) return "intersect";
    if (event?.shiftKey) return "add";
    if (event?.altKey) return "subtract";
    return this.operation;
  }

  tell(event) {
    this.remember();
    this.send({ ...event, hidden: this.trustCodes ? [] : [...this.hidden], view: this.camera.text() });
  }

  choose(row, event) { // a click on a point (-1: beside all of them): it comes into focus, or changes the selection
    const operation = event ? this.operationOf(event) : "new"; // N and P have no event: they open rows, whatever the buttons say
    if (operation === "new") this.onfocus(row);
    else if (row >= 0) this.tell({ kind: "click", row, operation });
  }

  async activate(row, move) { // ring the row in focus and draw lines to its neighbours; move: to where it can be seen
    if (row >= this.n) return;
    if (row === this.active) return;
    this.active = row;
    this.links = [];
    if (move && row >= 0 && this.placed[row]) this.bringIntoView(row);
    this.touch();
    if (row < 0 || !this.header.can.neighbours) return;
    const answer = await this.ask({ ask: "neighbours", rows: [row] });
    if (this.active === row && answer?.rows) this.links = answer.rows.filter((r) => r !== row && this.placed[r]);
    this.remember();
    this.touch();
  }

  light(row) { // the pointer is on this row somewhere else
    this.hover = row >= 0 && this.placed[row] ? row : -1;
    this.touch();
  }

  bringIntoView(row) {
    const [px, py] = this.camera.toScreen(this.x[row], this.y[row]);
    if (px >= 20 && py >= 20 && px <= this.camera.width - 20 && py <= this.camera.height - 20) return;
    this.camera.x = this.x[row];
    this.camera.y = this.y[row];
    this.moved();
  }

  openTopic(label, event) { // a click on a name: its rows are selected, and its card says what they are
    this.tell({ kind: "topic", value: label.value, level: label.level, operation: this.operationOf(event) });
    if (this.operationOf(event) === "new") this.topic.show(label);
  }

  zoomTo(label) { // to where a topic is densest
    const half = Math.max(2.5 * label.near, 1e-4);
    const zoom = (this.camera.zoom / this.camera.scale) * Math.min(this.camera.width, this.camera.height) / 2 / half;
    Object.assign(this.camera, { x: label.x, y: label.y, zoom: this.camera.within(zoom, 100) });
    this.moved();
  }

  point(label) {
    this.hoverName = label;
    this.touch();
  }

  step(direction) { // the next or previous row of the selection, else of what is shown
    const wanted = (i) => (this.selected ? this.w[i] === CHOSEN : this.w[i] !== HIDDEN);
    let at = this.active;
    for (let k = 0; k < this.n; k++) {
      at = (at + direction + this.n + (at < 0 && direction < 0 ? 1 : 0)) % this.n;
      if (!wanted(at)) continue;
      this.bringIntoView(at);
      this.choose(at);
      this.card.show(at, ...this.camera.toScreen(this.x[at], this.y[at]));
      return;
    }
  }

  async toggleTrust() {
    if (this.trustCodes) this.trustCodes = null;
    else {
      const answer = await this.ask({ ask: "trust" });
      if (!answer?.body?.byteLength) return;
      this.trustCodes = new Uint8Array(answer.body);
    }
    this.on.trust = Boolean(this.trustCodes);
    this.colours = coloursFor(this.header.colour, this.trustCodes, this.header.palette, this.dark);
    this.tools.show();
    this.repaint();
  }

  say() {
    saySo(this);
  }
}
