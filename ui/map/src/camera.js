// Where the person looks: a centre and a zoom. Units: the whole map lies in -1..1; zoom 1 shows all of it.
const MARGIN = 0.92;

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
  const half = Math.max(x1 - x0, y1 - y0) / 2 || 1;
  const home = middle(x, y, (x0 + x1) / 2, (y0 + y1) / 2, half);
  const share = (from, to) => Math.max((to - from) / 2 / half, 0.05); // of the square -1..1 that is really used
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, half, wide: share(x0, x1), tall: share(y0, y1), home };
}

// Where 98 of 100 points lie, in units: a few far points must not make the rest small. Null where that is all the same.
function middle(x, y, mx, my, half) {
  const some = [[], []];
  const step = Math.max(1, Math.floor(x.length / 20000));
  for (let i = 0; i < x.length; i += step) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    some[0].push((x[i] - mx) / half);
    some[1].push((y[i] - my) / half);
  }
  const [a, b] = some.map((values) => {
    values.sort((p, q) => p - q);
    const at = (share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
    const low = at(0.01), high = at(0.99), room = (high - low) * 0.09;
    return [Math.max(-1, low - room), Math.min(1, high + room)];
  });
  return { x: (a[0] + a[1]) / 2, y: (b[0] + b[1]) / 2, wide: Math.max(0.02, (a[1] - a[0]) / 2), tall: Math.max(0.02, (b[1] - b[0]) / 2) };
}

export class Camera {
  constructor(frame, width, height) {
    Object.assign(this, { frame, width, height });
    this.reset();
  }
  reset() {
    const { home, wide, tall } = this.frame;
    this.x = this.y = 0;
    this.zoom = 1;
    if (!home) return;
    const all = Math.min(this.width / wide, this.height / tall);
    const most = Math.min(this.width / home.wide, this.height / home.tall);
    if (most < all * 1.15) return;
    this.x = home.x;
    this.y = home.y;
    this.zoom = Math.min(6, most / all);
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
    this.zoom = Math.min(2000, Math.max(0.5, this.zoom * factor));
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
    this.zoom = Math.min(60, Math.max(0.5, 0.43 * Math.min(this.width / Math.max(across, 1e-3), this.height / Math.max(up, 1e-3))));
    this.keepIn();
  }
  text() {
    const [x, y] = this.toData(this.x, this.y);
    return [x, y].map((v) => Number(v.toPrecision(5))).concat(Number(this.zoom.toFixed(2))).join(",");
  }
  read(text) {
    const parts = String(text || "").split(",").map(Number);
    if (parts.length !== 3 || !parts.every(Number.isFinite) || parts[2] <= 0) return false;
    [this.x, this.y] = this.fromData(parts[0], parts[1]);
    this.zoom = Math.min(2000, Math.max(0.5, parts[2]));
    this.keepIn();
    return true;
  }
}
