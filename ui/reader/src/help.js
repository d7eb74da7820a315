// The keys, on a small sheet over the list.
import { make } from "../../map/src/dom.js";
import { act } from "./words.js";

const keys = (reader) => [
  ["J or ↓", reader.can("answer") ? "the next row: this one is skipped" : "the next row"], ["Shift+J or ↑", "the row before"], ["Page keys, Home, End", "further"],
  ["Enter", "open the row: all of it"], ["W", "unfold its text, fold it again"], ["Escape", "close, untick"],
  ["1 to 9", "the label that stands there, and on to the next; again takes it back"], ["E", "type another label"], ["S", "unsure, and on to the next"],
  ...[["K", "keep"], ["D", "drop"]].map(([key, what]) => [key, `${reader.header.words ? act(reader, what) : act(reader, what).toLowerCase()}, and on to the next; again takes it back`]),
  ["T", "tag"], ["N", "note"], ["M", "mend: correct the text; in the open row ✎ corrects any cell"], ["U", "undo"],
  ["X or Space", "tick; with Shift all rows since the last tick"], ["A", "tick all, or none"],
  ["C", "side by side: two ticked rows, or the ticked one and this"], ["L", "cards or lines"], ["?", "this sheet"],
];

export function help(reader) {
  const there = reader.box.querySelector(".sheet");
  if (there) return there.remove();
  const close = make("button", { onclick: () => { sheet.remove(); reader.list.shown.get(reader.at)?.focus(); } }, "Close");
  const sheet = make("div", { class: "sheet", role: "dialog", "aria-label": "Keys" },
    make("dl", {}, ...keys(reader).filter(([key]) => reader.can({ T: "tag", N: "note", M: "correct", K: "keep", D: "drop", E: "answer", S: "answer", "1 to 9": "answer" }[key] ?? "open")).flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])),
    make("div", { class: "quiet" }, "K, D, T and N act on the rows that are ticked; where none is, on the row in focus."), close);
  reader.box.append(sheet);
  close.focus();
  return undefined;
}
