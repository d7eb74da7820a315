// What the map says in words: the line at its foot, the note in it, and the same for those who listen.
import { make, number } from "./dom.js";

export function saySo(map) {
  const { rows, placed, shown, selected } = map.counts;
  const words = [`${number(rows)} ${rows === 1 ? "row" : "rows"}`];
  if (shown < rows) words.push(`${number(shown)} pass`);
  const lost = `${number(rows - placed)} without a place`;
  if (rows > placed) words.push(lost);
  if (map.sampled) words.push(`a sample of ${number(map.header.drawn)} is drawn`);
  if (!map.webgl) words.push(map.offline ? "drawn without WebGL" : "drawn by the server");
  map.status.replaceChildren(...words.flatMap((word, i) => [i ? " · " : "", word === lost && !map.offline
    ? make("button", { title: "Select the rows that no map can show: they have no text, or no vector", onclick: () => map.tell({ kind: "placeless" }) }, word)
    : word]));
  if (selected && !map.offline) map.status.append(" · ", make("b", {}, `${number(selected)} selected`));
  map.box.dataset.selected = selected;
  const { colour, note, noteAction } = map.header;
  map.said.textContent = `Map: ${words.join(", ")}, ${number(selected)} selected. ` +
    (colour ? `Coloured by ${colour.name}. ` : "") + (map.hidden.size ? `${map.hidden.size} legend lines hidden. ` : "") + (note ?? "");
  map.note.hidden = !note;
  map.note.replaceChildren(make("span", { title: note ?? "" }, note ?? ""));
  if (noteAction) map.note.append(make("button", { title: note ?? "", onclick: () => map.tell({ kind: "take_in" }) }, noteAction));
}
