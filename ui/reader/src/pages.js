// The rows that came over the wire, a page at a time: what is seen is fetched first, then what will be seen.
export const PAGE = 60;
const AHEAD = 4, BEHIND = 1, AT_ONCE = 4, KEEP = 300;

export class Pages {
  constructor(ask, arrived, failed) {
    Object.assign(this, { ask, arrived, failed });
    this.end();
  }

  end() {
    this.list = null;
    this.held = new Map(); // page -> {rows, stamp}, the one used longest ago first
    clearTimeout(this.timer);
  }

  // list: which rows; stamp: what is said of them (marks, columns). Old rows are shown until the new ones are there.
  take(list, n, columns, stamp) {
    if (list !== this.list) this.held.clear();
    Object.assign(this, { list, n, columns, stamp });
  }

  // The first rows of a list, which came before they were asked for; columns that the person chose may be lacking.
  start({ rows, columns }) {
    const whole = this.columns.every((key) => columns.includes(key)) && rows.length === Math.min(PAGE, this.n);
    this.store(0, { rows, columns }, whole ? this.stamp : null);
  }

  get(i) { return this.held.get((i / PAGE) | 0)?.rows[i % PAGE]; }

  // A change that is not told to the server's pages yet: what a person just did.
  each(change) {
    for (const [page, { rows }] of this.held) rows.forEach((row, i) => change(row, page * PAGE + i));
  }

  // What is held may be wrong: it is asked for again.
  again() {
    for (const page of this.held.values()) page.stamp = null;
    this.pump();
  }

  want(first, last, down) {
    this.seen = [(first / PAGE) | 0, (last / PAGE) | 0, down];
    this.pump();
  }

  missing() {
    const [first, last, down] = this.seen;
    const most = Math.ceil(this.n / PAGE) - 1;
    const order = [];
    for (let p = first; p <= last; p++) order.push(p);
    for (let k = 1; k <= AHEAD; k++) order.push(down ? last + k : first - k);
    for (let k = 1; k <= BEHIND; k++) order.push(down ? first - k : last + k);
    const lacks = (p) => p >= 0 && p <= most && this.held.get(p)?.stamp !== this.stamp;
    const from = order.find(lacks);
    if (from === undefined) return null;
    let to = from + 1;
    while (to - from < AT_ONCE && to <= last && lacks(to)) to++;
    return [from, to];
  }

  async pump() {
    if (this.asking || !this.seen || !this.list) return;
    const pages = this.missing();
    if (!pages) return;
    const { list, stamp, columns } = this;
    const from = pages[0] * PAGE, to = Math.min(this.n, pages[1] * PAGE);
    this.asking = true;
    const answer = await this.ask({ ask: "page", list, from, to, columns });
    this.asking = false;
    if (list === this.list && answer?.list === list && answer.from === from && answer.rows) {
      this.store(from, answer, stamp);
      this.arrived(from, from + answer.rows.length);
      this.pump();
    } else if (answer?.wrong) {
      this.failed(answer.said);
    } else if (this.list) {
      this.timer = setTimeout(() => this.pump(), list === this.list ? 250 : 0);
    }
  }

  store(from, { rows, columns }, stamp) {
    rows.forEach((row) => { row.of = columns; });
    for (let i = 0; i < rows.length; i += PAGE) {
      const page = (from + i) / PAGE;
      this.held.delete(page);
      this.held.set(page, { rows: rows.slice(i, i + PAGE), stamp });
    }
    const [first, last] = this.seen ?? [0, 0];
    for (const page of this.held.keys()) {
      if (this.held.size <= KEEP) break;
      if (page < first - AHEAD || page > last + AHEAD) this.held.delete(page);
    }
  }
}
