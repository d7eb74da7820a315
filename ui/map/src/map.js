// The map itself: holds the arrays, decides what must be drawn again, and draws it.
import { Camera } from "./camera.js";
import { coloursFor } from "./colours.js";
import { makeContours } from "./contours.js";
import { make, number } from "./dom.js";
import { addGestures } from "./gestures.js";
import { makeGrid } from "./grid.js";
import { makeCard } from "./card.js";
import { drawLabels, makeLabels } from "./labels.js";
import { laterRows } from "./later.js";
import { Legend } from "./legend.js";
import { drawOver } from "./over.js";
import { webglPainter } from "./painter.js";
import { picturePainter } from "./picture.js";
import { readPlaces } from "./places.js";
import { saySo } from "./say.js";
import { CHOSEN, HIDDEN, paint } from "./states.js";
import { paintTheme, readTheme } from "./theme.js";
import { addTools } from "./tools.js";
import { canDraw } from "./webgl.js";

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
    this.texts = new Map();
    this.active = -1;
    this.hover = -1;
    this.links = [];
    this.placed = [];

    this.pointCanvas = make("canvas", { class: "points" });
    this.over = make("canvas", { class: "over" });
    this.legend = new Legend(this, fold);
    this.status = make("div", { class: "status" });
    this.note = make("div", { class: "note", hidden: true });
    this.said = make("div", { class: "sr", "aria-live": "polite" });
    this.topics = make("div", { class: "sr topics", role: "group", "aria-label": "Topics" });
    this.box = make("div", { class: "map", tabindex: "0", role: "application", "aria-label": "Map of the corpus", "aria-roledescription": "map" },
      this.pointCanvas, this.over, this.said, this.topics);
    this.foot = make("div", { class: "foot" }, this.status, this.note);
    this.pane = make("section", { class: "seeing", "aria-label": "Map" }, this.box, this.foot);
    this.tools = addTools(this);
    this.card = makeCard(this);
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
      this.codes = codes ? new Uint8Array(this.bytes(codes)) : null;
      if (this.kept.colour !== codes || old.points) this.hidden.clear();
    }
    if (header.shown !== old.shown) this.shown = header.shown ? new Uint8Array(this.bytes(header.shown)) : null;
    if (header.selected !== old.selected) this.selected = header.selected ? new Uint8Array(this.bytes(header.selected)) : null;
    if (header.later?.mask !== old.later?.mask || header.points !== old.points) {
      this.laterBits = header.later ? new Uint8Array(this.bytes(header.later.mask)) : null;
      this.later = this.laterBits && laterRows(this.laterBits, header.n);
    }
    this.colours = coloursFor(header.colour, this.trustCodes, header.palette, this.dark);
    this.tools.show();
    const painted = JSON.stringify([header.points, codes, header.colour?.paints, header.shown, header.selected, this.dark, this.back]);
    if (!this.painter) this.start();
    if (header.points !== old.points) this.painter.places();
    if (painted !== this.painted) {
      this.painted = painted;
      this.repaint();
    }
    this.say();
    this.touch();
  }

  takePoints(header) {
    const n = header.n;
    const { x, y, placed, frame } = readPlaces(this.bytes(header.points), n);
    this.placed = placed;
    Object.assign(this, { n, x, y, z: new Uint8Array(n), w: new Uint8Array(n), grid: null, contours: null, trustCodes: null });
    this.camera = new Camera(frame, this.box.clientWidth || 800, this.box.clientHeight || 600);
    this.texts.clear();
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
    const rows = header.names ? JSON.parse(new TextDecoder().decode(this.bytes(header.names))) : [];
    this.labels = makeLabels(rows, this.camera, this.family);
    // The names are painted, so a screen reader and the tab key get them once more, as buttons.
    this.topics.replaceChildren(...this.labels.all.slice(0, 200).map((label) => make("button", {
      onfocus: () => this.point(label),
      onblur: () => this.point(null),
      onclick: (event) => this.tell({ kind: "topic", value: label.value, level: label.level, operation: this.operationOf(event) }),
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

  start() {
    this.webgl = canDraw();
    if (this.webgl) {
      try {
        this.painter = webglPainter(this);
        this.pointCanvas.addEventListener("webglcontextlost", () => this.ended || this.withoutWebgl());
      } catch (error) {
        console.error(error);
        return this.withoutWebgl();
      }
    } else this.painter = picturePainter(this);
    this.box.dataset.drawing = this.webgl ? "webgl" : "picture";
  }

  withoutWebgl() { // a canvas that once had a WebGL context can have no other
    this.webgl = false;
    const canvas = make("canvas", { class: "points" });
    this.pointCanvas.replaceWith(canvas);
    this.pointCanvas = canvas;
    this.painter = picturePainter(this);
    this.box.dataset.drawing = "picture";
    this.say();
    this.painter.states();
  }

  repaint() {
    const { n, x, y, shown, selected, hidden, placed } = this;
    paint({ n, x, y, codes: this.trustCodes ?? this.codes, shown, selected, hidden: this.trustCodes ? [] : hidden,
      context: this.on.grey, grey: this.colours.length - 1, placedOnly: placed }, this.z, this.w);
    this.contours = null;
    this.painter.states();
    this.painter.looks();
    this.legend.draw();
    this.touch();
  }

  isolate(code) { // one colour alone, the rest very faint; -1 shows all again
    if (code === (this.lit ?? -1) || !this.painter) return;
    this.lit = code;
    this.painter.light(this.trustCodes ? -1 : code);
    this.frame();
  }

  drawn() { // the picture is complete
    this.box.dataset.drawn = Number(this.box.dataset.drawn ?? 0) + 1;
    if (this.grid) return;
    clearTimeout(this.laterTimer);
    this.laterTimer = setTimeout(() => { // what nobody waits for at the first picture
      this.needGrid();
      this.painter.looks();
      this.frame();
    }, 30);
  }
  needGrid() {
    return (this.grid ??= makeGrid(this.x, this.y, this.placed));
  }

  viewBox(margin = 0) {
    const { width, height } = this.camera;
    const [x0, y0] = this.camera.fromScreen(-width * margin, height * (1 + margin));
    const [x1, y1] = this.camera.fromScreen(width * (1 + margin), -height * margin);
    return [x0, y0, x1, y1];
  }

  // ---- frames -----------------------------------------------------------------------------------------------------

  frame() {
    if (this.waitingFrame || this.ended || !this.painter) return;
    this.waitingFrame = requestAnimationFrame((now) => {
      this.waitingFrame = 0;
      if (this.painter.frame(now)) this.frame();
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
    if (this.on.contours) this.contours ??= makeContours(this.x, this.y, this.visible);
    drawOver(context, this);
    this.shownNames = this.on.names && this.labels ? this.labels.at(camera.zoom, camera.scale) : [];
    drawLabels(context, this.shownNames, camera, { text: this.text, halo: this.back, hovered: this.hoverName });
  }
  touch() { // something over the points has changed
    this.overTick = (this.overTick ?? 0) + 1;
    this.frame();
  }

  moved() { // the person changed the view
    this.hover = -1;
    this.card.hide();
    this.touch();
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), 140);
    clearTimeout(this.viewTimer);
    this.viewTimer = setTimeout(() => this.ask({ ask: "view", view: this.camera.text() }), 900);
  }

  rest() {
    this.box.dataset.view = this.camera.text();
    this.painter.rest();
    this.frame();
    this.remember();
  }

  resize() {
    const width = this.box.clientWidth, height = this.box.clientHeight;
    if (!width || !height || !this.camera) return;
    this.camera.width = width;
    this.camera.height = height;
    const ratio = devicePixelRatio || 1;
    this.over.width = Math.round(width * ratio);
    this.over.height = Math.round(height * ratio);
    this.painter?.rest();
    this.touch();
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
    this.touch();
  }

  say() {
    saySo(this);
  }
}
