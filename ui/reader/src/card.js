// One row of the list, as a card or as a line.
import { make, number } from "../../map/src/dom.js";
import { badge, came, cardText, fixedAt, isOld, old } from "./cells.js";
import { act, decided, rowName, value, written } from "./words.js";

const ACTS = [
  ["keep", "", "K", "this row"],
  ["drop", "", "D", "this row"],
  ["tag", "Tag", "T", "this row"],
  ["note", "Note", "N", "on this row"],
  ["open", "Open", "↵", "the whole row: text, columns, why, its neighbours"],
];

export function makeCard(reader, at) {
  const article = make("article", {
    class: "row", tabindex: "-1", "aria-posinset": at + 1, "aria-setsize": reader.n,
    onpointerenter: () => reader.hovered(at),
    onpointerleave: () => reader.hovered(-1),
    onclick: (event) => {
      if (!event.defaultPrevented && !reader.chosenText()) reader.setFocus(at, { keys: event });
    },
    ondblclick: (event) => event.target.closest("button, input") || reader.open(at),
    onfocus: () => reader.setFocus(at, { scroll: false }),
  });
  fillCard(reader, at, article);
  return article;
}

export function fillCard(reader, at, article) {
  const row = reader.pages.get(at);
  article.setAttribute("aria-busy", String(!row));
  article.classList.toggle("waiting", !row);
  if (!row) {
    article.replaceChildren(make("div", { class: "bones" }, make("i"), make("i")));
    return;
  }
  const stand = row.stand ?? {};
  article.dataset.row = row.row;
  article.classList.toggle("gone", Boolean(stand.gone) || stand.verdict === "drop");
  article.setAttribute("aria-label", `${rowName(row)}${stand.verdict ? `, ${decided(reader, stand.verdict)}` : ""}`);
  const tick = make("input", {
    type: "checkbox", class: "tick", "aria-label": `Tick ${row.name ?? `row ${number(row.row)}`}`, tabindex: "-1",
    onclick: (event) => { event.stopPropagation(); reader.tick(at, event.shiftKey, event.target.checked); },
  });
  tick.checked = reader.ticks.has(at);
  const name = row.name ? make("span", { class: "number named", title: rowName(row) }, make("bdi", {}, row.name), ...(row.name === String(row.row) ? [] : [" ", make("span", {}, number(row.row))]))
    : make("span", { class: "number" }, number(row.row));
  const acts = make("div", { class: "acts" }, ...(reader.can("answer") && reader.aside.there ? ACTS.filter(([what]) => what === "open") : ACTS).map(([what, name, key, help]) => [what, act(reader, what, name), key, help]).map(([what, word, key, help]) => reader.can(what) && make("button", {
    title: `${word}: ${help} (${key === "↵" ? "Enter" : key})`, "aria-label": word, "aria-pressed": what === stand.verdict ? "true" : null,
    onclick: (event) => { event.preventDefault(); reader.setFocus(at, { scroll: false }); reader.do(what, [at]); },
  }, make("span", { class: "word" }, word), make("span", { class: "key" }, key))).filter(Boolean));
  const badges = make("div", { class: "badges" }, ...standing(reader, stand), ...badge(row));
  if (reader.can("answer") && row.choices && !reader.aside.there) acts.prepend(...choices(reader, at, row.choices, stand));
  const line = reader.view === "lines";
  article.replaceChildren(...(line ? asLine(reader, row, tick, name, badges) : asCard(reader, at, row, tick, name, badges)), acts);
}

function asCard(reader, at, row, tick, name, badges) {
  const cells = reader.columns.map((column) => [column, cell(row, column.key)]).filter(([{ key }, v]) => v != null || fixedAt(row, key));
  const own = [
    make("div", { class: "body" }, ...(textFixed(reader, row) ? cardText(textFixed(reader, row)) : reader.texts.draw(at, row))),
    ...(row.why?.length ? [make("div", { class: "why" }, ...row.why.map((why) => make("div", { dir: "auto" }, why)))] : []),
  ];
  return [
    make("div", { class: "head" }, tick, name,
      ...cells.map(([column, v]) => make("span", { class: column.label ? "chip label" : "chip", title: `${column.key}${column.unit ? `, ${column.unit}` : ""}` },
        column.label ? null : make("span", { class: "what" }, column.key), ...inCell(row, column, v))),
      badges),
    ...(row.beside ? [make("div", { class: "sides" }, make("div", { class: "side" }, ...own), beside(reader, row.beside))] : own),
  ];
}

// A text that stands beside the row's own: folded in the list, from its first mark on; whole where the row is open.
export function beside(reader, other) {
  const cut = (n, where) => (n > 0 ? make("div", { class: "cut" }, `… ${number(n)} characters ${where}`) : null);
  return make("div", { class: "side" }, cut(other.at, "before"), ...written(other, reader.kinds),
    cut(other.length - other.at - other.shown, "after"), make("div", { class: "why" }, make("bdi", {}, other.title)));
}

function asLine(reader, row, tick, name, badges) {
  const spot = make("div", { class: "spot" }), fixed = textFixed(reader, row);
  const at = Math.max(0, (row.spans?.[0]?.[0] ?? 0) - 30); // so that what is marked is seen
  const cut = (n) => Math.max(0, n - at);
  const part = { text: (row.at || at ? "…" : "") + row.text.slice(at, at + 400) };
  const more = part.text.length - Math.min(400, row.text.length - at);
  part.spans = (row.spans ?? []).map(([from, to, kind]) => [cut(from) + more, cut(to) + more, kind]);
  spot.append(...(fixed ? [make("bdi", {}, fixed.value?.slice(0, 400) ?? "(no value)")] : written(part, reader.kinds)), ...(row.why ?? []).map((why) => make("span", { class: "why" }, why)));
  return [tick, name, ...reader.columns.map((column) => make("bdi", {
    class: column.number ? "cell figure" : "cell", title: String(value(cell(row, column.key))),
  }, ...inCell(row, column, cell(row, column.key)))), spot, badges];
}

// A cell as it is now, what it came as, and whether it stands on a cell as it was.
function inCell(row, { key, number }, v) {
  const fixed = fixedAt(row, key);
  return [make("bdi", {}, fixed ? fixed.value ?? "–" : value(v)), ...(fixed ? [" ", came(fixed, number)] : []), ...(isOld(row, key) && !fixed ? [" ", old()] : [])];
}

const textFixed = (reader, row) => (reader.header.mend?.text ? fixedAt(row, reader.header.mend.text) : undefined);

const cell = (row, key) => row.cells[row.of.indexOf(key)];

// The labels that are offered for a row, then one that is typed, then none.
function choices(reader, at, labels, stand) {
  const button = (key, label, title, pressed, act) => make("button", {
    title, "aria-pressed": pressed ? "true" : null, class: "choice",
    onclick: (event) => { event.preventDefault(); reader.setFocus(at, { scroll: false }); act(); },
  }, make("b", {}, key), make("bdi", {}, label));
  return [
    ...labels.slice(0, 9).map((label, i) => button(String(i + 1), label, `Its label is ${label} (${i + 1})`, stand.answer === label, () => reader.acts.do("answer", [at], { text: label }))),
    button("E", "other", "Type another label (E)", stand.answer && !labels.includes(stand.answer), () => reader.bar.ask("answer", [at])),
    button("S", "unsure", "It cannot be told (S)", stand.unsure, () => reader.acts.do("unsure", [at])),
  ];
}

export function standing(reader, stand) {
  const badges = [];
  if (stand.answer) badges.push(make("span", { class: "badge answer" }, make("bdi", {}, stand.answer)));
  if (stand.unsure) badges.push(make("span", { class: "badge" }, "unsure"));
  if (stand.verdict) badges.push(make("span", { class: `badge ${stand.verdict}` }, decided(reader, stand.verdict)));
  if (stand.gone) badges.push(make("span", { class: "badge gone" }, stand.gone));
  for (const tag of stand.tags ?? []) badges.push(make("span", { class: "badge tag" }, make("bdi", {}, tag)));
  if (stand.note) badges.push(make("span", { class: "badge note", title: stand.note }, "note: ", make("bdi", {}, stand.note.slice(0, 60))));
  return badges;
}
