// A list of which only what is near the window is in the page: any number of rows, each as high as it is.
// `y` is the height of the list that stands at the window's top. The browser's own scroll bar goes only so far: past
// that the bar stands for the share of the list, a small movement still moves as many pixels, and the difference
// (`shift`) is made good as soon as scrolling rests. Who drags the bar to rows that are not here yet (`wish`) sees those
// that are until the others come, never a blank.
import { Heights } from "./heights.js";

const LONGEST = 8e6;

export class List {
  constructor(scroll, feed, { make, seen, guess, ready }) {
    Object.assign(this, { scroll, feed, make, seen, guess, ready, wish: null, n: 0, y: 0, shift: 0, down: true, pinned: -1 });
    this.shown = new Map(); // place -> element
    this.heights = new Heights(0, 1);
    scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  end() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
  }

  // Another list, or the same drawn in another way: the row at the top stays there.
  reset(n, { keep = false } = {}) {
    const [at, part] = keep && this.n ? this.anchor() : [0, 0];
    for (const element of this.shown.values()) element.remove();
    this.shown.clear();
    this.n = n;
    this.heights = new Heights(n, this.guess());
    this.fresh = true;
    this.go(Math.min(at, Math.max(0, n - 1)), part);
  }

  get view() { return this.scroll.clientHeight; }
  get lowest() { return Math.max(0, this.heights.total - this.view); }
  get length() { return Math.min(this.heights.total, LONGEST); }
  get ratio() { return this.heights.total <= LONGEST ? 1 : this.lowest / (LONGEST - this.view); }

  anchor() {
    const at = this.heights.at(this.y);
    return [at, this.y - this.heights.top(at)];
  }

  go(at, part = 0) {
    this.ending = false;
    this.wish = null;
    this.y = this.heights.top(at) + part;
    this.draw();
    // What was above the row may have been measured just now, or the row itself.
    this.y = Math.max(0, Math.min(this.lowest, this.heights.top(at) + part));
    this.align();
    this.draw();
  }

  // Bring a row into the window with as little movement as possible.
  show(at) {
    if (at < 0 || at >= this.n) return;
    for (let round = 0; round < 3; round++) { // its own height, and that of rows above it, is a guess at first
      const top = this.heights.top(at), tall = this.heights.each[at];
      if (top < this.y || tall > this.view) return this.go(at);
      if (top + tall <= this.y + this.view) return;
      this.go(at, tall - this.view);
    }
  }

  seesWhole(at) {
    const top = this.heights.top(at);
    return top >= this.y && top + this.heights.each[at] <= this.y + this.view;
  }

  scrolled() {
    const place = this.scroll.scrollTop, moved = place - this.place;
    if (!moved) return;
    this.down = moved > 0;
    this.place = place;
    const jumps = Math.abs(moved) > 2 * this.view;
    const exact = this.ratio === 1 && Math.abs(this.shift) < 1;
    const to = jumps || exact ? place * this.ratio : (this.wish ?? this.y) + moved;
    this.head(Math.max(0, Math.min(this.lowest, to)), jumps);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.rested(), 140);
    this.touch();
  }

  head(to, jumps) {
    const waits = (jumps || this.wish !== null) && !this.ready(this.heights.at(to));
    this.wish = waits ? to : null;
    if (!waits) this.y = to;
    this.shift = this.y - this.place;
    this.ending = !waits && this.down && (this.place >= this.length - this.view - 1 || to >= this.lowest);
    if (waits) return;
    if (this.ending) this.y = this.lowest;
    if (this.ending || this.place <= 0 || !this.y) this.align();
  }

  rested() {
    if (this.wish !== null) return;
    if (this.scroll.scrollTop !== this.place) this.scrolled(); // its event is still on the way
    else this.align();
    this.place_all();
  }

  // Rows came: those that were wished for, or some on the way there.
  came(from) {
    if (this.wish === null) return;
    const there = this.ready(this.heights.at(this.wish));
    this.y = there ? this.wish : Math.min(this.lowest, this.heights.top(from));
    this.shift = this.y - this.place;
    if (!there) return;
    this.wish = null;
    this.ending = this.y >= this.lowest - 1;
  }

  // The scroll bar says where one is.
  align() {
    this.feed.style.height = this.length + "px";
    this.scroll.scrollTop = this.y / this.ratio;
    this.place = this.scroll.scrollTop;
    this.shift = this.y - this.place;
  }

  touch() { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); }); }

  draw() {
    if (!this.n || !this.view) return;
    const over = Math.max(240, this.view * 0.6);
    let first = 0, last = 0;
    for (let round = 0; round < 5; round++) {
      if (this.ending) this.y = this.lowest; // the end stays the end while its rows turn out higher than guessed
      first = this.heights.at(this.y - over);
      last = this.heights.at(this.y + this.view + over);
      if (!this.measure(this.fill(first, last))) break;
    }
    for (const [at, element] of this.shown) {
      if ((at < first || at > last) && at !== this.pinned) {
        element.remove();
        this.shown.delete(at);
      }
    }
    if (this.ending) this.align();
    this.feed.style.height = this.length + "px";
    this.place_all();
    const aim = this.wish ?? this.y;
    this.seen(this.heights.at(aim), this.heights.at(aim + this.view), this.down, this.wish !== null);
  }

  fill(first, last) {
    const made = [];
    let next = null;
    for (let at = last; at >= first; at--) {
      let element = this.shown.get(at);
      if (!element) {
        element = this.make(at);
        this.shown.set(at, element);
        made.push(at);
        this.feed.insertBefore(element, next);
      }
      next = element;
    }
    return made;
  }

  // Measure rows; what lies above the window moves it along, so that nothing jumps. Returns whether anything changed.
  measure(places) {
    const top = this.heights.at(this.y);
    let changed = false;
    const sizes = places.map((at) => this.shown.get(at)?.getBoundingClientRect().height ?? 0);
    places.forEach((at, i) => {
      if (!sizes[i]) return;
      const more = this.heights.set(at, sizes[i]);
      if (Math.abs(more) < 0.01) return;
      changed = true;
      if (at < top) {
        this.y += more;
        this.shift += more;
      }
    });
    return changed;
  }

  // Rows that look different now.
  changed(places) {
    const there = places.filter((at) => this.shown.has(at));
    const held = this.pinned >= 0 && this.pinned < this.n && this.wish === null && this.seesWhole(this.pinned);
    this.measure(there);
    if (this.fresh && there.length) this.learn(there);
    this.rested();
    this.draw();
    if (held) this.show(this.pinned); // the row in focus stays in sight while the rows above it come in
  }

  // The first rows say how high the others may be.
  learn(places) {
    this.fresh = false;
    const [at, part] = this.anchor();
    this.heights.guess(places.reduce((sum, i) => sum + this.heights.each[i], 0) / places.length);
    this.y = this.heights.top(at) + part;
  }

  resized() {
    const [at, part] = this.anchor();
    this.measure([...this.shown.keys()]);
    this.go(at, part);
  }

  place_all() {
    const places = [...this.shown.keys()].sort((a, b) => a - b);
    let before = -2, top = 0;
    for (const at of places) {
      top = at === before + 1 ? top + this.heights.each[before] : this.heights.top(at);
      before = at;
      this.shown.get(at).style.transform = `translateY(${top - this.shift}px)`;
    }
  }
}
