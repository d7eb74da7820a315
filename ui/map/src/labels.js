// Names on the map: the coarse ones first, finer ones on zooming in, never one over another.
const measure = document.createElement("canvas").getContext("2d");

export function shorten(text, most = 42) {
  const letters = [...String(text).replace(/\s+/g, " ").trim()];
  return letters.length > most ? letters.slice(0, most - 1).join("").trimEnd() + "…" : letters.join("");
}

// One or two lines, broken near the middle.
function lines(text) {
  if (text.length < 20 || !text.includes(" ")) return [text];
  let best = -1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === " " && Math.abs(i - text.length / 2) < Math.abs(best - text.length / 2)) best = i;
  }
  return [text.slice(0, best), text.slice(best + 1)];
}

export function makeLabels(rows, camera, family) {
  const biggest = Math.max(1, ...rows.map((r) => r[4]));
  const labels = rows
    .filter((r) => Number.isFinite(r[1]) && Number.isFinite(r[2]) && String(r[0]).trim())
    .map(([text, x, y, level, size, value]) => {
      const [nx, ny] = camera.fromData(x, y);
      const share = Math.sqrt(size / biggest);
      const height = level === 0 ? 14 + 7 * share : level === 1 ? 11.5 + 4 * share : 11;
      const font = `${level === 0 ? 700 : level === 1 ? 600 : 500} ${height.toFixed(1)}px ${family}`;
      measure.font = font;
      const split = lines(shorten(text));
      const width = Math.max(...split.map((line) => measure.measureText(line).width));
      return { full: String(text), split, x: nx, y: ny, level, size, value, font, height, width, tall: split.length * height * 1.18 };
    });
  labels.sort((a, b) => a.level - b.level || b.size - a.size || (a.full < b.full ? -1 : 1));
  let placedAt = NaN;
  let placed = [];
  return {
    all: labels,
    // Placed for a zoom, not for a position: so that no name jumps while the map is dragged.
    at(zoom, scale) {
      const step = Math.round(Math.log2(zoom) * 4) / 4;
      const key = step + ":" + Math.round(Math.log2(scale / zoom) * 8);
      if (key === placedAt) return placed;
      placedAt = key;
      placed = [];
      const k = (scale / zoom) * 2 ** step;
      const cells = new Map();
      const cell = 64;
      const depth = Math.max(0, ...labels.map((l) => l.level));
      for (const label of labels) {
        if (label.level > 0 && step < (label.level - 1) * 1.5 + (depth > 1 ? 0.5 : 0.25)) continue;
        if (label.level < depth && step > (label.level + 1) * 2.2 + 0.5) continue;
        const pad = label.level === 0 ? 6 : 4;
        // In its place if there is room, else a little above or below it.
        for (const shift of [0, -0.7, 0.7, -1.3, 1.3]) {
          const x = label.x * k, y = -label.y * k + shift * label.tall;
          const box = [x - label.width / 2 - pad, y - label.tall / 2 - pad, x + label.width / 2 + pad, y + label.tall / 2 + pad];
          const mine = [];
          let free = true;
          for (let cx = Math.floor(box[0] / cell); cx <= Math.floor(box[2] / cell); cx++) {
            for (let cy = Math.floor(box[1] / cell); cy <= Math.floor(box[3] / cell); cy++) {
              const id = cx + "," + cy;
              mine.push(id);
              for (const other of cells.get(id) ?? []) {
                if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) free = false;
              }
            }
          }
          if (!free) continue;
          for (const id of mine) cells.set(id, [...(cells.get(id) ?? []), box]);
          label.shift = shift * label.tall;
          placed.push(label);
          break;
        }
      }
      return placed;
    },
  };
}

export function drawLabels(context, placed, camera, { text, halo, hovered, ratio = 1 }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of placed) {
    const [middle, at0] = camera.toScreen(label.x, label.y);
    const edge = label.width / 2 + 4; // a name whose place is in sight is not cut by the edge
    const px = middle < 0 || middle > camera.width ? middle : Math.max(edge, Math.min(camera.width - edge, middle));
    const rim = label.tall / 2 + 2;
    const own = at0 + label.shift;
    const py = at0 < 0 || at0 > camera.height ? own : Math.max(rim, Math.min(camera.height - rim, own));
    label.screen = [px - label.width / 2 - 4, py - label.tall / 2 - 2, px + label.width / 2 + 4, py + label.tall / 2 + 2];
    if (label.screen[2] < 0 || label.screen[0] > camera.width || label.screen[3] < 0 || label.screen[1] > camera.height) continue;
    context.font = label.font;
    const step = label.height * 1.18;
    label.split.forEach((line, i) => {
      const at = py + (i - (label.split.length - 1) / 2) * step;
      context.globalAlpha = 0.82;
      context.strokeStyle = halo;
      context.lineWidth = label.level === 0 ? 5 : 4;
      context.strokeText(line, px, at);
      context.globalAlpha = label === hovered ? 1 : label.level === 0 ? 0.96 : 0.86;
      context.fillStyle = text;
      context.fillText(line, px, at);
    });
    if (label === hovered) {
      context.globalAlpha = 0.9;
      context.fillRect(px - label.width / 2, label.screen[3] - 2, label.width, 1.5);
    }
  }
  context.globalAlpha = 1;
}

export const labelAt = (placed, px, py) =>
  placed.find((l) => l.screen && px >= l.screen[0] && px <= l.screen[2] && py >= l.screen[1] && py <= l.screen[3]);
