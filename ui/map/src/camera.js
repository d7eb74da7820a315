// Where the person looks: a centre and a zoom. Units: the whole map lies in -1..1; zoom 1 shows all of it.
import { bulk } from "./home.js";

const MARGIN = 0.92;
const FARTHEST = 2000; // times that one can zoom in

export function makeFrame(x, y) {
  let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const a = x[i], b = y[i];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    if (a < x0) x0 = a;
    if (a > x1) x1 = a;
    if (b < y0) y0 = b;
    if (b > y1) y1 = b;
  }
  if (x0 > x1) return { x: 0, y: 0, half: 1, wide: 1, tall: 1, home: null };
  // One point, or all points equal: any positive size will do, and they stand in the middle.
  const one = x0 === x1 && y0 === y1;
  const half = Math.max(x1 - x0, y1 - y0) / 2 || 1;
  const share = (from, to) => Math.max((to - from) / 2 / half, 0.05); // of the square -1..1 that is really used
  const mx = (x0 + x1) / 2, my = (y0 + y1) / 2;
  const [a, b, c, d] = bulk(x, y, [x0, y0, x1, y1]);
  const least = 1e-3; // a bulk of one place is shown with some room around it
  const home = {
    x: ((a + c) / 2 - mx) / half, y: ((b + d) / 2 - my) / half,
    wide: Math.max(least, (c - a) / 2 / half), tall: Math.max(least, (d - b) / 2 / half),
  };
  return { x: mx, y: my, half, wide: share(x0, x1), tall: share(y0, y1), home: one ? null : home };
}

export class Camera {
  constructor(frame, width, height) {
    Object.assign(this, { frame, width, height });
    this.reset();
  }
  get home() { // where the bulk lies; all of the map where that is nearly the same
    const { home, wide, tall } = this.frame;
    if (!home) return { x: 0, y: 0, zoom: 1 };
    const all = Math.min(this.width / wide, this.height / tall);
    const most = Math.min(this.width / home.wide, this.height / home.tall);
    return most < all * 1.08 ? { x: 0, y: 0, zoom: 1 } : { x: home.x, y: home.y, zoom: Math.min(FARTHEST / 4, most / all) };
  }
  get isHome() {
    const { x, y, zoom } = this.home;
    return Math.abs(this.zoom / zoom - 1) < 1e-3 && Math.hypot(this.x - x, this.y - y) * this.scale < 1;
  }
  reset() {
    Object.assign(this, this.home);
  }
  all() { // everything, the dust as well
    Object.assign(this, { x: 0, y: 0, zoom: 1 });
  }
  get scale() { // screen pixels to one unit
    const { wide, tall } = this.frame;
    return (this.zoom * MARGIN * Math.min(this.width / wide, this.height / tall)) / 2;
  }
  toScreen(x, y) {
    const k = this.scale;
    return [(x - this.x) * k + this.width / 2, this.height / 2 - (y - this.y) * k];
  }
  fromScreen(px, py) {
    const k = this.scale;
    return [(px - this.width / 2) / k + this.x, (this.height / 2 - py) / k + this.y];
  }
  toData(x, y) {
    const f = this.frame;
    return [x * f.half + f.x, y * f.half + f.y];
  }
  fromData(x, y) {
    const f = this.frame;
    return [(x - f.x) / f.half, (y - f.y) / f.half];
  }
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.keepIn();
  }
  zoomAt(factor, px, py) {
    const [ax, ay] = this.fromScreen(px, py);
    this.zoom = Math.min(FARTHEST, Math.max(0.5, this.zoom * factor));
    const [bx, by] = this.fromScreen(px, py);
    this.x += ax - bx;
    this.y += ay - by;
    this.keepIn();
  }
  keepIn() { // so that nobody gets lost in empty space
    this.x = Math.min(1.5, Math.max(-1.5, this.x));
    this.y = Math.min(1.5, Math.max(-1.5, this.y));
  }
  box() { // of the screen, in map units: x0, y0, x1, y1
    const [a, b] = this.fromScreen(0, this.height);
    const [c, d] = this.fromScreen(this.width, 0);
    return [...this.toData(a, b), ...this.toData(c, d)];
  }
  fit([x0, y0, x1, y1]) { // all of a box in map units, with some room around it
    [this.x, this.y] = this.fromData((x0 + x1) / 2, (y0 + y1) / 2);
    this.zoom = 1;
    const across = ((x1 - x0) / 2 / this.frame.half) * this.scale, up = ((y1 - y0) / 2 / this.frame.half) * this.scale;
    this.zoom = this.within(0.43 * Math.min(this.width / Math.max(across, 1e-3), this.height / Math.max(up, 1e-3)), 60);
    this.keepIn();
  }
  within(zoom, times) { // no nearer than so many times home
    return Math.max(0.5, Math.min(FARTHEST, times * this.home.zoom, zoom));
  }
  text() {
    const [x, y] = this.toData(this.x, this.y);
    return [x, y].map((v) => Number(v.toPrecision(5))).concat(Number(this.zoom.toPrecision(6))).join(",");
  }
  read(text) {
    const parts = String(text || "").split(",").map(Number);
    if (parts.length !== 3 || !parts.every(Number.isFinite) || parts[2] <= 0) return false;
    [this.x, this.y] = this.fromData(parts[0], parts[1]);
    this.zoom = Math.min(FARTHEST, Math.max(0.5, parts[2]));
    this.keepIn();
    return true;
  }
}
