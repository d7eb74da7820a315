// The map in a file of its own: the same drawing, with the bytes written into the page.
import { Bench } from "./bench.js";

async function start() {
  const header = JSON.parse(document.getElementById("winnow-header").textContent);
  const parts = new Map();
  for (const element of document.querySelectorAll("script[type='application/octet-stream']")) {
    parts.set(element.id, await (await fetch("data:application/octet-stream;base64," + element.textContent.trim())).arrayBuffer());
  }
  const texts = parts.has("texts") ? JSON.parse(new TextDecoder().decode(parts.get("texts"))) : null;
  const ask = async (question) => {
    if (!["texts", "titles"].includes(question.ask) || !texts) return null;
    return { rows: question.rows, texts: question.rows.map((row) => texts[row]) };
  };
  const root = document.getElementById("winnow-map");
  const bench = new Bench(root, { bytes: (name) => parts.get(name), ask, kept: {}, offline: true });
  bench.update({ ...header, height: 0, focus: null, reading: null });
  (globalThis[Symbol.for("winnow.map")] ??= { maps: new Map() }).maps.set(header.key, bench.map); // for a look from outside
}

start();
