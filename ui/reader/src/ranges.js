// The rows that are ticked, as ranges of places in the list: a tick on a million rows is two numbers.
export class Ranges {
  constructor() { this.parts = []; } // [from, to) in order, none touching the next

  has(i) { return this.parts.some(([from, to]) => from <= i && i < to); }
  get count() { return this.parts.reduce((sum, [from, to]) => sum + to - from, 0); }
  clear() { this.parts = []; }

  add(from, to) {
    const before = this.parts.filter((part) => part[1] < from);
    const after = this.parts.filter((part) => part[0] > to);
    for (const part of this.parts.slice(before.length, this.parts.length - after.length)) {
      from = Math.min(from, part[0]);
      to = Math.max(to, part[1]);
    }
    this.parts = [...before, [from, to], ...after];
  }

  remove(from, to) {
    this.parts = this.parts.flatMap((part) => [[part[0], Math.min(part[1], from)], [Math.max(part[0], to), part[1]]])
      .filter((part) => part[0] < part[1]);
  }

  first(most) {
    const found = [];
    for (const [from, to] of this.parts) for (let i = from; i < to && found.length < most; i++) found.push(i);
    return found;
  }
}
