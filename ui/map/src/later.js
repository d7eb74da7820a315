// Rows that came after the map was drawn: a ring around each, a line in the legend.
import { make, number } from "./dom.js";
import { CONTEXT, HIDDEN, hasBit } from "./states.js";

const MOST = 2_000; // rings in one view; of more, some at even steps

export const LATER = "Came after the map";

export const laterRows = (bits, n) => {
  const rows = [];
  for (let i = 0; i < n; i++) if (hasBit(bits, i)) rows.push(i);
  return Int32Array.from(rows);
};

export function drawLater(context, map) {
  const { camera, later, x, y, w } = map;
  if (!later?.length) return;
  const seen = [], k = camera.scale, left = camera.width / 2 - camera.x * k, top = camera.height / 2 + camera.y * k;
  for (const row of later) {
    if (w[row] === HIDDEN || w[row] === CONTEXT) continue;
    const px = x[row] * k + left, py = top - y[row] * k;
    if (px >= 0 && py >= 0 && px <= camera.width && py <= camera.height) seen.push(px, py);
  }
  const step = 2 * Math.ceil(seen.length / 2 / MOST);
  const radius = Math.max(4, (map.dot ?? 3) / 2 + 2.2);
  context.beginPath();
  for (let i = 0; i < seen.length; i += step) {
    context.moveTo(seen[i] + radius, seen[i + 1]);
    context.arc(seen[i], seen[i + 1], radius, 0, 7);
  }
  for (const [colour, width] of [[map.back, 3], [map.text, 1.2]]) {
    context.globalAlpha = 0.85;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
  context.globalAlpha = 1;
}

export function laterLine(map) {
  const rows = number(map.header.later.rows);
  return make("div", { class: "line later" }, make("button", { class: "pick",
    title: `${LATER}\nThese rows lie where their neighbours lie. Click: select them (shift: add, alt: take away).`,
    onclick: (event) => map.tell({ kind: "later", operation: map.operationOf(event) }) },
  make("span", { class: "ringed" }), make("span", { class: "word" }, LATER), make("span", { class: "rows" }, rows)));
}
