// What the map says in words: the line at its foot, the note in it, and the same for those who listen.
import { make, number } from "./dom.js";

export function saySo(map) {
  const { rows, placed, shown, selected } = map.counts;
  const words = [`${number(rows)} ${rows === 1 ? "row" : "rows"}`];
  if (shown < rows) words.push(`${number(shown)} pass`);
  const lost = `${number(rows - placed)} without a place`;
  if (rows > placed) words.push(lost);
  if (map.sampled) words.push(`a sample of ${number(map.header.drawn)} is drawn`);
  const dust = map.outside ? `${number(map.outside)} ${map.outside === 1 ? "point lies" : "points lie"} outside` : "";
  if (dust) words.push(dust);
  const buttons = new Map([[dust, ["Show all of the map, down to the last point", () => { map.camera.all(); map.moved(); }]]]);
  if (!map.offline) buttons.set(lost, ["Select the rows that no map can show: they have no text, or no vector", () => map.tell({ kind: "placeless" })]);
  map.status.replaceChildren(...words.flatMap((word, i) => {
    const [title, onclick] = buttons.get(word) ?? [];
    return [i ? " · " : "", onclick ? make("button", { title, onclick }, word) : word];
  }));
  if (selected && !map.offline) map.status.append(" · ", make("b", {}, `${number(selected)} selected`));
  map.box.dataset.selected = selected;
  const { colour, note, noteAction } = map.header;
  map.said.textContent = `Map: ${words.join(", ")}, ${number(selected)} selected. ` +
    (colour ? `Coloured by ${colour.name}. ` : "") + (map.hidden.size ? `${map.hidden.size} legend lines hidden. ` : "") + (note ?? "");
  map.note.hidden = !note;
  map.note.replaceChildren(make("span", { title: note ?? "" }, note ?? ""));
  if (noteAction) map.note.append(make("button", { title: note ?? "", onclick: () => map.tell({ kind: "take_in" }) }, noteAction));
}
