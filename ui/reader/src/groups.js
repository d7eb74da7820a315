// Groups of rows that are alike: a list of them, and of one group the row that stays beside those that go for it, the
// words that the other has not marked. A person judges by keys, and goes on to the next group.
import style from "./reader.css";
import groupStyle from "./groups.css";
import { make, number } from "../../map/src/dom.js";
import { paintTheme, readTheme } from "../../map/src/theme.js";
import { Acts } from "./acts.js";
import { standing } from "./card.js";
import { difference } from "./difference.js";
import { rowName, value } from "./words.js";

const PAGE = 60; // groups of the list that come at a time
const PART = 30; // rows of a group that come at a time

const KEYS = [
  ["→ or Enter", "the next group"], ["←", "the group before"], ["Home, End", "the first, the last group"],
  ["J or ↓", "the next row of the group"], ["Shift+J or ↑", "the row before"],
  ["K", "keep this: the row in focus stays, the others are its duplicates; on to the next group"],
  ["D", "not duplicates: the row in focus and the one that stays; on the row that stays: it and all others"],
  ["A", "keep all: every row of the group is always kept; on to the next group"],
  ["S", "select the rows of the group, for the map"], ["U", "undo"], ["?", "this sheet"],
];

export class Groups {
  constructor(root, { ask, send = () => {}, kept = {} }) {
    Object.assign(this, { root, ask, send, kept });
    this.ends = [];
    this.n = 0;
    this.at = 0; // the group
    this.goal = kept.stays; // the row that stays of the group that is shown or, once it is known, that one goes to
    this.on = 0; // the row of it in focus, 0 for the one that stays
    this.past = []; // groups judged, so that undo goes back to them
    this.names = make("ol", { class: "index", "aria-label": "Groups" });
    this.line = make("div", { class: "bar" });
    this.bench = make("div", { class: "bench" });
    this.words = make("div", { class: "words", hidden: true });
    this.said = make("div", { class: "sr", "aria-live": "polite" });
    this.box = make("div", { class: "reader groups", role: "group", "aria-label": "Groups of repeats", tabindex: "0" },
      this.line, make("div", { class: "main" }, this.names, this.bench), this.words, this.said);
    this.holder = make("div", { class: "holder" }, make("style", {}, style + groupStyle), this.box);
    root.append(this.holder);
    this.acts = new Acts(this);
    this.bar = { say: (...told) => this.say(...told) };
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.names.addEventListener("scroll", () => this.fill(), { passive: true });
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.kept.stays = this.goal;
    this.ends.forEach((end) => end());
    clearTimeout(this.fading);
    this.acts.end();
    this.holder.remove();
  }

  can(what) { return this.header.can?.includes(what); }

  tellAloud(words) { this.said.textContent = words; }

  // ---- what Python says -------------------------------------------------------------------------------------------

  update(header) {
    const old = this.header;
    this.header = header;
    const theme = readTheme(this.root.host ?? this.root);
    this.box.classList.toggle("dark", theme.dark);
    paintTheme(this.box, theme);
    this.box.style.setProperty("--tall", header.height + "px");
    if (old && header.list === old.list && header.version === old.version) return;
    const other = old && (header.order !== old.order || header.pairs !== old.pairs);
    this.n = header.n;
    this.listed = [];
    this.ahead = null;
    this.names.replaceChildren();
    if (!old && this.kept.held) {
      this.kept.held = false;
      this.box.focus({ preventScroll: true });
    }
    this.settled = this.settle(header, other);
  }

  // Finds the group that is shown, or that one goes to, in another list, and shows it there; where one goes waits for it.
  async settle(header, other) {
    const stays = this.wanted ?? (other ? undefined : this.goal);
    let at = other ? 0 : Math.min(this.at, this.n - 1);
    if (stays !== undefined) {
      const found = await this.ask({ ask: "find", stays });
      if (this.header !== header) return;
      if (found?.at >= 0) {
        at = found.at;
        if (this.wanted === stays) this.wanted = undefined; // else it comes with what is still on its way
      }
    }
    this.show(Math.max(0, at), stays);
  }

  // ---- one group --------------------------------------------------------------------------------------------------

  // where: gives the place in the list; it is asked once the list is settled.
  async go(where) {
    this.leaving = true; // until the other one is there, keys that judge say nothing of it
    for (let settled; settled !== this.settled;) await (settled = this.settled);
    this.wanted = undefined;
    const place = Math.max(0, Math.min(this.n - 1, where()));
    this.show(place, this.listed[place]?.stays);
  }

  async show(place, stays) {
    if (!this.n) return;
    const wish = this.wish = {};
    this.at = place; // what stands above says it once its rows are there
    this.goal = stays;
    const group = await this.fetch(place);
    if (this.wish !== wish) return;
    this.leaving = false;
    if (!group?.rows) return;
    const same = this.group?.stays === group.stays;
    this.group = group;
    this.goal = group.stays;
    this.on = same ? Math.min(this.on, group.rows.length - 1) : 0;
    this.head();
    this.draw();
    if (!same) this.bench.scrollTop = 0;
    await this.fill();
    this.lit();
    if (place + 1 < this.n) this.ahead = { place: place + 1, list: this.header.list, group: this.fetch(place + 1) };
  }

  // A group; the next one is fetched while one reads, so that the keys never wait.
  fetch(place) {
    const { ahead, header: { list } } = this;
    this.ahead = null;
    if (ahead?.place === place && ahead.list === list) return ahead.group.then((group) => group ?? this.fetch(place));
    return this.ask({ ask: "group", at: place, list, to: PART });
  }

  async more() {
    const { group } = this;
    const next = await this.ask({ ask: "group", at: this.at, list: this.header.list, from: group.rows.length, to: group.rows.length + PART });
    if (this.group !== group || !next?.rows) return;
    group.rows.push(...next.rows);
    this.draw();
  }

  head() {
    const { group } = this;
    const held = this.line.contains(this.inside()) ? this.inside().dataset.name : null;
    const button = (name, word, help, onclick, more = {}) => make("button", { "data-name": name, title: help, onclick, ...more }, word);
    this.line.replaceChildren(
      make("div", { class: "left" },
        button("back", "‹ Previous", "The group before (←)", () => this.go(() => this.at - 1), { disabled: this.at === 0 }),
        button("next", "Next ›", "The next group (→)", () => this.go(() => this.at + 1), { disabled: this.at >= this.n - 1 }),
        make("span", { class: "count" }, "Group ", make("b", {}, number(this.at + 1)), ` of ${number(this.n)}`),
        make("span", { class: "quiet" }, `${number(group.size)} rows, ${number(group.size - 1)} ${group.size === 2 ? "goes" : "go"}`)),
      make("div", { class: "right" },
        button("apart", "Not duplicates", "The row that stays and all others are no duplicates: none goes for it (D on the row that stays)", () => this.act("apart", 0)),
        button("all", "Keep all", "Every row of the group is always kept (A)", () => this.act("all", 0)),
        button("select", "Select", "Select the rows of the group: the map on Explore lights them (S)", () => this.act("select", 0)),
        button("undo", "Undo", "Take back what you did last (U)", () => this.undo()),
        button("help", "?", "Keys (?)", () => this.help(), { "aria-label": "Keys" })));
    if (held) this.line.querySelector(`[data-name="${held}"]`)?.focus();
  }

  draw() {
    const { group } = this;
    const held = this.bench.contains(this.inside());
    const [stays, ...others] = group.rows;
    this.cards = group.rows.map((row, i) => this.card(row, i));
    const left = group.size - group.rows.length;
    this.bench.replaceChildren(
      make("div", { class: "column stays" }, make("h3", {}, "Stays"), this.cards[0]),
      make("div", { class: "column" },
        make("h3", {}, others.length === 1 ? "Goes for it" : "Go for it", make("span", { class: "quiet" }, others.length > 1 ? "the least similar first" : null)),
        ...this.cards.slice(1),
        left ? make("button", { class: "more", onclick: () => this.more() }, `${number(Math.min(left, PART))} more of ${number(left)}`) : null));
    others.forEach((row, i) => { row.parts ??= difference(row.text, stays.text); this.write(i + 1, row.parts.left, row); });
    this.dress();
    if (held) this.cards[this.on].focus({ preventScroll: true });
  }

  card(row, i) {
    const first = i === 0;
    const labels = row.labels.map(([key, text]) => make("span", {
      class: text === this.group.rows[0].labels.find(([other]) => other === key)?.[1] ? "chip label" : "chip label other", title: key }, make("bdi", {}, value(text))));
    return make("article", { class: "row", tabindex: "-1", "aria-label": `${rowName(row)}, ${first ? "stays" : `similarity ${row.similarity.toFixed(3)}`}`,
      "data-row": row.row, onclick: () => { if (!getSelection()?.toString()) this.focus(i); } },
      make("div", { class: "head" },
        first ? null : make("span", { class: "similarity", title: "Similarity to the row that stays, at most 1" }, row.similarity.toFixed(3)),
        row.name ? make("b", {}, make("bdi", {}, row.name)) : null,
        make("span", { class: "number" }, `${row.name ? "row" : "Row"} ${number(row.row)}`), ...labels,
        make("div", { class: "badges" }, ...standing(this, row.stand ?? {}), row.said ? make("span", { class: `badge ${row.said === "different" ? "drop" : "keep"}` }, row.said === "different" ? "not a duplicate" : "judged a duplicate") : null,
          row.chosen ? make("span", { class: "badge keep" }, "chosen by hand") : null)),
      make("div", { class: row.length > 700 ? "text long" : "text", dir: "auto", ...(row.length > 700 && { tabindex: "0", role: "region", "aria-label": `The text of ${rowName(row)}` }) }, row.text || "(no text)"),
      row.length > row.shown ? make("div", { class: "cut" }, `The first ${number(row.shown)} of ${number(row.length)} characters are compared.`) : null,
      make("div", { class: "todo" },
        make("button", { title: "This row stays, the others are its duplicates (K)", onclick: (event) => { event.stopPropagation(); this.act("keep", i); } }, first ? "Keep this" : "Keep this instead"),
        first ? null : make("button", { title: "This row and the one that stays are no duplicates (D)", onclick: (event) => { event.stopPropagation(); this.act("apart", i); } }, "Not a duplicate")));
  }

  // A text with the words marked that the other has not; a long one shows the first of them.
  write(i, parts, row) {
    const text = this.cards[i].querySelector(".text");
    if (!row.text) return;
    text.replaceChildren(...parts.map(([part, differs]) => (differs ? make("mark", { class: "differs" }, part) : part)));
    const mark = text.querySelector("mark");
    if (mark && text.classList.contains("long")) text.scrollTop = Math.max(0, mark.offsetTop - text.offsetTop - 60);
  }

  dress() {
    const { group } = this;
    const beside = group.rows[Math.max(1, this.on)];
    if (beside) this.write(0, beside.parts.right, group.rows[0]);
    this.cards.forEach((card, i) => {
      card.classList.toggle("focused", i === this.on);
      card.tabIndex = i === this.on ? 0 : -1;
    });
  }

  focus(i) {
    if (!this.group || i < 0 || i >= this.group.rows.length) return;
    this.on = i;
    this.dress();
    const card = this.cards[i];
    if (!card.contains(this.inside())) card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  inside() { return this.box.getRootNode().activeElement; }

  // ---- the list ---------------------------------------------------------------------------------------------------

  // The groups around the one that is shown, and those that are scrolled to.
  async fill() {
    const low = this.listed.length, box = this.names;
    const near = box.scrollTop + box.clientHeight > box.scrollHeight - 400;
    const wanted = Math.min(this.n, Math.max(near ? low + PAGE : low, this.at + 20));
    if (this.filling || wanted <= low) return;
    this.filling = true;
    const { list } = this.header;
    const answer = await this.ask({ ask: "groups", from: low, to: Math.min(wanted, low + 300), list });
    this.filling = false;
    if (this.header.list !== list || this.listed.length !== low || !answer?.groups?.length) return;
    for (const [stays, size, least, text, judged] of answer.groups) {
      const at = this.listed.length;
      const item = make("li", {}, make("button", { title: `Group ${number(at + 1)}: ${number(size)} rows, the least similar ${least.toFixed(3)}`, tabindex: "-1", onclick: () => this.go(() => at), "data-stays": stays },
        make("span", { class: "size" }, number(size)), make("span", { class: "snippet", dir: "auto" }, text || "(no text)"),
        make("span", { class: "least" }, judged ? "✓ " : "", least.toFixed(2))));
      this.listed.push(Object.assign(item, { stays }));
    }
    box.append(...this.listed.slice(low));
    this.lit();
    if (this.listed.length <= this.at) this.fill();
  }

  lit() {
    this.listed.forEach((item, at) => item.classList.toggle("focused", at === this.at));
    const item = this.listed[this.at], box = this.names;
    if (!item || !box.clientHeight) return;
    const top = item.offsetTop - box.offsetTop;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + item.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + item.offsetHeight - box.clientHeight;
  }

  // ---- what a person does -----------------------------------------------------------------------------------------

  act(kind, i) {
    const { group } = this;
    if (!group) return;
    if (this.leaving) { // what is shown is judged, never one that nobody has seen
      this.say("The next group is still on its way: nothing was said of it. Press again.", true);
      return;
    }
    this.acts.tell({ kind, stays: group.stays, row: group.rows[i].row });
    if (kind === "select") {
      this.kept.held = true; // the selection's bar comes above: the place is made anew, and the keys go on in it
      return;
    }
    this.past.push(group.stays);
    const judged = kind === "apart" && i ? [group.rows[i]] : group.rows.slice(1);
    for (const row of judged) row.said = { keep: "duplicates", apart: "different" }[kind] ?? row.said;
    const sign = this.listed[this.at]?.querySelector(".least");
    if (sign && !sign.textContent.startsWith("✓")) sign.prepend("✓ ");
    if (judged.length < group.size - 1 && judged.length === 1 || this.at >= this.n - 1) this.draw();
    else this.go(() => this.at + 1);
  }

  undo() {
    this.wanted = this.past.pop();
    this.acts.undo();
  }

  say(text, wrong, done = false) {
    clearTimeout(this.fading);
    this.words.hidden = !text;
    this.words.classList.toggle("wrong", wrong);
    this.words.replaceChildren(make("span", {}, text));
    if (done && !wrong) this.words.append(make("button", { onclick: () => this.undo() }, "Undo"));
    this.fading = setTimeout(() => { this.words.hidden = true; }, wrong ? 12000 : 5000);
  }

  help() {
    const there = this.box.querySelector(".sheet");
    if (there) return there.remove();
    const close = make("button", { onclick: () => { sheet.remove(); this.box.focus(); } }, "Close");
    const sheet = make("div", { class: "sheet", role: "dialog", "aria-label": "Keys" },
      make("dl", {}, ...KEYS.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])), close);
    this.box.append(sheet);
    close.focus();
    return undefined;
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.composedPath()[0];
    const key = event.key.toLowerCase();
    if (target.matches("button") && (key === "enter" || key === " ")) return;
    if (target.closest(".text.long") && ["arrowdown", "arrowup", "home", "end"].includes(key)) return;
    const keys = {
      arrowright: () => this.go(() => this.at + 1), enter: () => this.go(() => this.at + 1), arrowleft: () => this.go(() => this.at - 1),
      home: () => this.go(() => 0), end: () => this.go(() => this.n - 1),
      j: () => this.focus(this.on + (event.shiftKey ? -1 : 1)), arrowdown: () => this.focus(this.on + 1), arrowup: () => this.focus(this.on - 1),
      k: () => this.act("keep", this.on), a: () => this.act("all", 0), d: () => this.act("apart", this.on),
      s: () => this.act("select", 0), u: () => this.undo(), "?": () => this.help(),
      escape: () => (this.box.querySelector(".sheet") ? this.help() ?? this.box.focus() : false),
    };
    if (!keys[key] || keys[key]() === false) return;
    event.preventDefault();
    event.stopPropagation(); // C and R mean something to the page around
  }
}
