// What the colours mean, in a pane beside the map: pointing isolates a label, a click selects it, the eye hides it.
import { icon, make, number, short } from "./dom.js";
import { hasBit } from "./states.js";
import { LATER, laterLine } from "./later.js";
import { percent, trustEnds } from "./trust.js";

const OTHER = 250; // the code of all values without a colour of their own
const FEW = 8; // so many lines need no search

export class Legend {
  constructor(map, fold) {
    this.map = map;
    this.name = make("h4", {});
    this.all = make("button", { class: "all", title: "Show all labels", onclick: () => this.hide([]) }, "Show all");
    this.find = make("input", { type: "search", placeholder: "Find a label", "aria-label": "Find a label", oninput: () => this.filter() });
    this.body = make("div", { class: "meaning" });
    this.full = make("div", { class: "open" },
      make("header", {}, this.name, make("button", { class: "fold", title: "Fold the legend", "aria-label": "Fold the legend", onclick: () => fold(true) }, icon("fold"))),
      this.find, this.body);
    this.strip = make("button", { class: "strip", title: "Unfold the legend", onclick: () => fold(false) }, icon("unfold"), make("span", {}, "Legend"));
    this.element = make("aside", { class: "legend", "aria-label": "Legend", onmouseleave: () => map.isolate(-1) }, this.full, this.strip);
    this.lines = new Map(); // code -> its line
    this.rest = make("div", { class: "others", hidden: true }); // values without a colour of their own
  }

  draw() {
    const { header, trustCodes, colours } = this.map;
    const colour = header.colour;
    this.element.hidden = !colour && !trustCodes && !header.later;
    const now = JSON.stringify([Boolean(trustCodes), colour?.codes, colour?.name, colour?.lines, colour?.hint, header.later?.rows, colours]);
    if (now !== this.drawn) {
      this.drawn = now;
      this.build(colour, Boolean(trustCodes), colours);
      if (header.later) this.body.append(laterLine(this.map));
    }
    this.mark();
  }

  build(colour, trust, colours) {
    this.lines.clear();
    this.body.replaceChildren();
    this.find.value = "";
    this.find.hidden = trust || (colour?.lines.length ?? 0) <= FEW;
    const name = trust ? "True neighbours kept near" : colour?.name ?? LATER;
    this.name.textContent = name;
    this.name.title = name;
    if (trust) {
      this.body.append(ramp(colours.slice(0, 254)), ends(...trustEnds(this.map.header.trust)),
        make("div", { class: "hint" }, `${percent(this.map.header.trust.mean)} of all true neighbours are among the ${this.map.header.trust.among} nearest drawn. Red, by this map's own range: the rows that belong beside these points lie elsewhere.`));
      return;
    }
    if (!colour) return;
    if (colour.kind === "number") {
      this.body.append(ramp(colours.slice(0, 254)), ends("≤ " + short(colour.low), (colour.log ? "log scale   " : "") + "≥ " + short(colour.high)));
    }
    if (colour.hint) this.body.append(make("div", { class: "hint" }, colour.hint));
    const list = make("div", { class: "lines", role: "list" });
    this.others = colour.lines.some(([, code]) => code === OTHER) && !this.map.offline;
    this.rest.hidden = true;
    this.rest.replaceChildren();
    for (const [label, code, rows] of colour.lines) {
      const line = this.line(label, code, rows, colours[code]);
      this.lines.set(code, { ...line, rows, words: label.toLowerCase() });
      list.append(line.element);
      if (code === OTHER && this.others) {
        line.eye.before(make("button", { class: "more", title: "Which values these are; a click gives one a colour", "aria-label": "Values without a colour",
          onclick: (event) => { event.stopPropagation(); this.rest.hidden = !this.rest.hidden; this.showOthers(); } }, "list"));
        list.append(this.rest);
      }
    }
    if (colour.lines.length) this.body.append(this.all, list);
  }

  line(label, code, rows, colour) {
    const { map } = this;
    const count = make("span", { class: "rows" }, number(rows));
    const eye = make("button", { class: "eye", title: "Hide or show these points. Alt: show only these.", "aria-label": `show ${label}`,
      onclick: (event) => this.toggle(code, event.altKey) }, icon("eye"));
    const pick = make("button", { class: "pick", title: `${label}\nClick: select these rows (shift: add, alt: take away).`,
      onclick: (event) => map.tell({ kind: "legend", value: code, operation: map.operationOf(event) }),
      onfocus: () => map.isolate(code), onblur: () => map.isolate(-1) },
    make("span", { class: "dot", style: `background:${colour}` }), make("span", { class: "word" }, label), count);
    const element = make("div", { class: "line", role: "listitem", onmouseenter: () => map.isolate(code) }, pick, eye);
    return { element, eye, count };
  }

  toggle(code, only) {
    const hidden = new Set(this.map.hidden);
    if (only) {
      const others = [...this.lines.keys()].filter((c) => c !== code);
      const alone = !hidden.has(code) && others.every((c) => hidden.has(c));
      return this.hide(alone ? [] : others);
    }
    if (!hidden.delete(code)) hidden.add(code);
    this.hide(hidden);
  }

  hide(codes) {
    this.map.hidden = new Set(codes);
    this.map.isolate(-1);
    this.map.repaint();
    this.map.say();
  }

  mark() {
    const { hidden } = this.map;
    const left = this.passing();
    for (const [code, { element, eye, count, rows }] of this.lines) {
      count.textContent = number(left ? left[code] : rows);
      count.title = left ? `${number(left[code])} of ${number(rows)} rows pass the filters` : "";
      element.classList.toggle("gone", Boolean(left) && !left[code]);
      element.classList.toggle("off", hidden.has(code));
      eye.setAttribute("aria-pressed", String(!hidden.has(code)));
    }
    this.all.disabled = !hidden.size;
  }

  rowsOf(code) { // of a line, as far as they pass the filters
    return this.passing()?.[code] ?? this.lines.get(code)?.rows ?? 0;
  }

  passing() { // rows that pass the filters, by code, null where all do; counted once for these arrays
    const { codes, shown, n } = this.map;
    if (!shown) return null;
    if (codes === this.passingOf?.codes && shown === this.passingOf.shown) return this.passed;
    this.passingOf = { codes, shown };
    this.passed = new Uint32Array(256);
    for (let i = 0; i < n; i++) if (codes && hasBit(shown, i)) this.passed[codes[i]]++;
    return this.passed;
  }

  async showOthers() {
    if (this.rest.hidden) return;
    const find = this.find.value.trim();
    const of = this.map.header.colour?.codes;
    const answer = await this.map.ask({ ask: "others", find });
    if (!answer?.others || of !== this.map.header.colour?.codes || find !== this.find.value.trim()) return;
    this.rest.replaceChildren(...answer.others.map(([label, value, rows]) => make("button", { class: "other", title: `${label}\nGive it a colour of its own`,
      onclick: () => this.map.tell({ kind: "promote", value }) }, make("span", { class: "word" }, label), make("span", { class: "rows" }, number(rows)))),
    ...(answer.more ? [make("div", { class: "hint" }, `and ${number(answer.more)} more: find one by its name`)] : []),
    ...(answer.others.length ? [] : [make("div", { class: "hint" }, "No other value has these words.")]));
  }

  filter() {
    if (this.others) {
      if (this.find.value.trim()) this.rest.hidden = false;
      clearTimeout(this.finding);
      this.finding = setTimeout(() => this.showOthers(), 150);
    }
    const wanted = this.find.value.trim().toLowerCase();
    for (const { element, words } of this.lines.values()) element.hidden = !words.includes(wanted);
  }
}

const ramp = (colours) => {
  const stops = [0, 0.17, 0.33, 0.5, 0.67, 0.83, 1].map((t) => colours[Math.round(t * (colours.length - 1))]);
  return make("div", { class: "ramp", style: `background:linear-gradient(90deg,${stops.join(",")})` });
};
const ends = (low, high) => make("div", { class: "ends" }, make("span", {}, low), make("span", {}, high));
