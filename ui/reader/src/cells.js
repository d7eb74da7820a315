// Cells that were corrected, and the editor that corrects one. What came stays, struck out under what the cell says now.
import { make, number } from "../../map/src/dom.js";
import { readName, writeName } from "./tastes.js";
import { value } from "./words.js";

const SHORT = 80;
const words = (text) => (text == null || text === "" ? "(no value)" : text);
const short = (text) => (words(text).length > SHORT ? `${words(text).slice(0, SHORT - 1)}…` : words(text));
const more = (n) => (n ? make("span", { class: "cut" }, ` … ${number(n)} more characters`) : null);

// The column that a correction of a shown column is of; "" where its cells cannot be corrected.
export const columnOf = (reader, key) => reader.header.mend?.columns[key] ?? "";

// What was said of a cell of a row, where it is shown as it came; what a column of corrected cells has stands there.
export const fixedAt = (row, key) => row.fixed?.[key];

export const came = (fixed, number = false) => make("span", { class: "came" }, make("span", { class: "sr" }, "it came as "), make("s", { dir: "auto", title: "As it came" }, number && fixed.came != null ? value(Number(fixed.came)) : short(fixed.came)));

export const isOld = (row, key) => Boolean(row.old?.includes(key));

export const old = (said = "old") => make("span", { class: "old", title: "Measured on a cell as it was before it was corrected" }, said);

export function badge(row) {
  const of = Object.entries(row.fixed ?? {});
  if (!of.length) return [];
  const title = of.map(([key, { by }]) => `${key}${by ? `, by ${by}` : ""}`).join("; ");
  return [make("span", { class: "badge corrected", title: `Corrected: ${title}` }, "✎ ", make("bdi", {}, of.map(([key]) => key).join(", ")))];
}

// The text of a card whose text was corrected.
export const cardText = (fixed) => [
  make("div", { class: "text", dir: "auto" }, words(fixed.value), more(fixed.valueMore)), make("div", { class: "cut" }, came(fixed)),
];

// A cell in the open row: what it says now, who said so and when, the way back, and what came.
export function shown(panel, key, fixed) {
  const { reader } = panel;
  const at = new Date(fixed.at);
  const when = Number.isNaN(at.getTime()) ? fixed.at : at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return [
    make("div", { class: "text", dir: "auto" }, words(fixed.value), more(fixed.valueMore)),
    make("div", { class: "fixed" }, make("span", {}, "Corrected by ", make("bdi", {}, fixed.by || "somebody"), ", ", make("time", { datetime: fixed.at, title: fixed.at }, when), pencil(panel, key)),
      reader.can("correct") ? make("button", { "data-back": key, title: "What was corrected goes; undo brings it back", onclick: () => reader.acts.restore(panel.row, key) }, "Back to the original") : null),
    make("div", { class: "text came", dir: "auto" }, make("span", { class: "sr" }, "It came as "), make("s", {}, words(fixed.came)), more(fixed.cameMore)),
  ];
}

export function pencil(panel, key, word = "") {
  if (!key || !panel.reader.can("correct")) return null;
  return make("button", { class: "pencil quiet", "data-pencil": key, title: `Correct “${key}” of this row; the original stays`, "aria-label": `Correct ${key}`, onclick: () => panel.edit(key) }, `✎${word}`);
}

// The editor of one cell, in its place. What is typed is kept until it is saved or left with Escape.
export async function edit(panel, key) {
  const { reader, row, drafts } = panel, name = `${row}/${key}`;
  const cell = await reader.ask({ ask: "cell", row, column: key });
  const place = panel.place(key); // the row may have been drawn anew meanwhile
  if (panel.row !== row || !place || panel.editing) return;
  const draft = drafts.get(name);
  if (!cell?.column) return void reader.bar.say("The cell did not come: the connection is slow. Try it once more.", true);
  if (cell.text === undefined && draft === undefined) {
    return void reader.bar.say(`This cell has ${number(cell.length)} characters; ${number(cell.most)} is the most that is corrected by hand. Change it in the source, or the whole column by an edit on Open.`, true);
  }
  const field = make("textarea", { class: "cell-text", rows: cell.many ? 6 : 1, maxlength: cell.most, dir: "auto", "aria-label": `Corrected ${key}`, spellcheck: "false" });
  field.value = cell.text ?? "";
  const before = field.value, ends = cell.text?.includes("\r\n"); // a field of the browser holds bare line ends
  if (draft !== undefined) field.value = draft;
  const who = make("input", { type: "text", maxlength: 60, placeholder: "your name", "aria-label": "Your name, which goes out with the correction", value: readName() });
  const close = (kept) => {
    kept === undefined ? drafts.delete(name) : drafts.set(name, kept);
    panel.editing = null;
    panel.draw(true);
    panel.focusCell(key);
  };
  const save = () => {
    writeName(who.value.trim());
    const text = field.value;
    close();
    if (text !== before) reader.acts.correct(row, key, ends ? text.replace(/\n/g, "\r\n") : text, who.value.trim());
  };
  const form = make("form", { class: "editing", "aria-label": `Correct ${key} of row ${number(row)}` }, field,
    make("div", { class: "todo" }, make("button", { type: "submit", title: cell.many ? "Ctrl+Enter" : "Enter" }, "Save"),
      make("button", { type: "button", class: "quiet", title: "Escape", onclick: () => close() }, "Cancel"), who,
      make("span", { class: "quiet" }, draft !== undefined ? "What you had typed is here again." : `${cell.many ? "Ctrl+Enter" : "Enter"} saves, Escape leaves. Empty is no value.`)));
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") { event.preventDefault(); close(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || (!cell.many && !event.shiftKey && event.target === field))) { event.preventDefault(); save(); }
  });
  // keep: what was typed, where the row is left with the editor open.
  panel.editing = { keep: () => { if (field.value !== before) drafts.set(name, field.value); panel.editing = null; } };
  place.closest("details")?.setAttribute("open", "");
  place.replaceChildren(form);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  return undefined;
}
