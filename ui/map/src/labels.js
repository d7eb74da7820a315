// Names on the map: each stands where its topic is densest, or beside it where fewer points are covered.
import { rgb } from "./colours.js";
import { hasBit } from "./states.js";
import { lines, shorten } from "./words.js";

const FAR = [22, 38, 60, 85]; // pixels from the place of a name at which it is tried, in 16 directions each
const TURNS = 16;
const SPOTS = [[0, 0], ...FAR.flatMap((r) => Array.from({ length: TURNS }, (_, i) => {
  const turn = (i / TURNS) * 2 * Math.PI;
  return [r * Math.cos(turn), r * Math.sin(turn) * 0.7]; // names are wide: less far up and down
}))];
const HERE = 160; // pixels within which a name of an area is not said again by a topic
const LEADER = 44; // pixels beyond which a thin line leads from a name to its place
// What names of areas, of groups between, and of topics have: pixels within which 28 of 100 rows must lie; size of the
// letters for no rows, and what the most rows add; weight, and that of the largest.
const AREA = { near: 140, least: 14, more: 6, weight: [700, 700] };
const GROUP = { near: 100, least: 12.5, more: 4, weight: [600, 600] };
const TOPIC = { near: 70, least: 11, more: 4.5, weight: [450, 650] };
const kindOf = (level, depth) => (level >= depth ? TOPIC : level ? GROUP : AREA);
const CLOSER = 1.6; // times that one has zoomed in: from there a name also stands where most points are its own
const OWN = 0.28;
const COVER = 16, WAY = 60, LEAST = 7; // the price of covered points, of pixels away, and the most that is paid
const HIDE = 1; // the price of lying on a place so small that nothing of it is seen any more
const STAY = 0.5; // what it is worth that a name stays where it was
const ROOM = 25_000; // pixels of the screen for a name
const EDGE = 6;
const measure = document.createElement("canvas").getContext("2d");

export function makeLabels(rows, camera, family) {
  const biggest = [];
  for (const [, , , level, size] of rows) biggest[level] = Math.max(biggest[level] ?? 1, size);
  const depth = Math.max(0, ...rows.map((r) => r[3]));
  const labels = rows
    .map((r, number) => [...r, number])
    .filter((r) => Number.isFinite(r[1]) && Number.isFinite(r[2]) && String(r[0]).trim())
    .map(([text, x, y, level, size, value, near, own, inks, number]) => {
      const [nx, ny] = camera.fromData(x, y);
      const share = Math.sqrt(size / biggest[level]), kind = kindOf(level, depth);
      const height = kind.least + kind.more * share;
      const label = written(text, `${kind.weight[share > 0.72 ? 1 : 0]} ${height.toFixed(1)}px ${family}`, height);
      return { ...label, x: nx, y: ny, level, size, value, near: near / camera.frame.half, own, inks, number, spot: -1, offset: [0, 0] };
    });
  labels.sort((a, b) => a.level - b.level || b.size - a.size || (a.full < b.full ? -1 : 1));
  return { all: labels, depth };
}

function written(text, font, height) {
  measure.font = font;
  const split = lines(shorten(text));
  const width = Math.max(...split.map((line) => measure.measureText(line).width));
  return { full: String(text), split, font, height, width, tall: split.length * height * 1.18 };
}

export const rowLabel = (row, text, x, y, family) => ({ ...written(text, `450 11px ${family}`, 11), row, x, y, level: 9, spot: -1, offset: [0, 0] });

// Which names can stand in this view, the most telling first.
function wanted({ all, depth }, camera, faded) {
  const closer = camera.zoom / camera.home.zoom;
  const least = Math.min(camera.scale, camera.scale / closer);
  const found = [];
  for (const label of all) {
    if (label.level < depth && closer > 2.2 ** (label.level + 2)) continue; // within an area its name says nothing
    if (label.level > 1 && closer < 1.6 ** (label.level - 1)) continue;
    const most = kindOf(label.level, depth).near, near = label.near * least;
    if (near > most && !(closer > CLOSER && label.own >= OWN)) continue;
    const [px, py] = camera.toScreen(label.x, label.y);
    if (px < 0 || py < 0 || px > camera.width || py > camera.height) continue;
    label.faded = Boolean(faded && hasBit(faded, label.number));
    found.push([label.level, -Math.sqrt(label.size) / (1 + (near / most) ** 2), label, px, py]);
  }
  return found.sort((a, b) => a[2].faded - b[2].faded || a[0] - b[0] || a[1] - b[1]);
}

// The box of a name with its middle at a place, with some room beside and above; and whether two boxes share anything.
const around = ({ width, tall }, px, py, beside, above) => [px - width / 2 - beside, py - tall / 2 - above, px + width / 2 + beside, py + tall / 2 + above];
const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

// Finds a place for each name. ink: how much of a box points cover, 0 to 1; taken: boxes that stay free.
export function placeLabels(labels, camera, { ink, faded, taken = [], titles = [] }) {
  const boxes = [...taken];
  const placed = [];
  const most = Math.max(8, (camera.width * camera.height) / ROOM);
  const put = (label, px, py, least, spots) => {
    const small = label.near > 0 && label.near * camera.scale < label.tall / 2;
    let best = null;
    for (let k = 0; k < spots.length; k++) {
      const [dx, dy] = spots[k];
      const way = Math.hypot(dx, dy) / WAY;
      if (best && way - STAY >= best.price) continue;
      const box = around(label, px + dx, py + dy, 5, 3);
      if (box[0] < EDGE || box[1] < EDGE || box[2] > camera.width - EDGE || box[3] > camera.height - EDGE) continue;
      if (boxes.some((other) => overlap(box, other))) continue;
      const hides = small && box[0] < px && px < box[2] && box[1] < py && py < box[3];
      const price = COVER * ink(...box) + way + (hides ? HIDE : 0) - (label.spot === k ? STAY : 0);
      if (!best || price < best.price) best = { price, k, box };
    }
    if (!best || best.price > least) {
      label.spot = -1;
      return;
    }
    label.spot = best.k;
    label.offset = spots[best.k];
    boxes.push(best.box);
    placed.push(label);
  };
  let tried = 0;
  for (const [, , label, px, py] of wanted(labels, camera, faded)) {
    if (placed.length >= most || tried++ > 5 * most) break;
    const said = (other) => {
      const [x, y] = camera.toScreen(other.x, other.y);
      return other.full === label.full && other.level < label.level && Math.hypot(x - px, y - py) < HERE;
    };
    if (placed.some(said)) continue;
    put(label, px, py, kindOf(label.level, labels.depth) === AREA ? Infinity : LEAST, SPOTS);
  }
  for (const title of titles) {
    const [px, py] = camera.toScreen(title.x, title.y);
    const side = title.width / 2 + 10, up = title.tall / 2 + 8;
    put(title, px, py, Infinity, [[side, 0], [-side, 0], [0, -up], [0, up], ...SPOTS.slice(1)]);
  }
  return placed;
}

const dim = (label) => label.faded || label.unlit; // left out, or without points of the colour that is pointed at

const darkened = (ink, dark) => {
  const [r, g, b] = rgb(ink).map((v) => Math.round(dark ? Math.min(255, v * 0.8 + 64) : v * 0.52));
  return `rgb(${r} ${g} ${b})`;
};

export function drawLabels(context, placed, camera, { text, halo, hovered, dark, tinted }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const inkOf = (label) => (tinted && label.inks ? darkened(label.inks[dark ? 1 : 0], dark) : text);
  const seen = [];
  for (const label of placed) { // while the map is zoomed names keep their place; one that would lie on another waits
    const [ax, ay] = camera.toScreen(label.x, label.y);
    const px = ax + label.offset[0], py = ay + label.offset[1];
    label.screen = null;
    const box = around(label, px, py, 4, 2);
    if (box[2] < 0 || box[0] > camera.width || box[3] < 0 || box[1] > camera.height) continue;
    if (seen.some((other) => overlap(box, other.screen))) continue;
    Object.assign(label, { screen: box, at: [px, py], from: [ax, ay] });
    seen.push(label);
  }
  for (const label of seen) {
    if (label.row >= 0 || Math.hypot(...label.offset) <= LEADER) continue;
    const [ax, ay] = label.from, [x0, y0, x1, y1] = label.screen;
    context.globalAlpha = dim(label) ? 0.25 : 0.8;
    context.strokeStyle = inkOf(label);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(ax, ay);
    context.lineTo(Math.max(x0 + 4, Math.min(x1 - 4, ax)), Math.max(y0 + 2, Math.min(y1 - 2, ay)));
    context.stroke();
  }
  for (const label of seen) {
    const [px, py] = label.at;
    context.fillStyle = inkOf(label);
    context.font = label.font;
    const step = label.height * 1.18;
    label.split.forEach((line, i) => {
      const at = py + (i - (label.split.length - 1) / 2) * step;
      context.globalAlpha = dim(label) ? 0.4 : 0.9;
      context.strokeStyle = halo;
      context.lineWidth = 5.5;
      context.strokeText(line, px, at);
    });
    label.split.forEach((line, i) => {
      context.globalAlpha = label === hovered ? 1 : dim(label) ? 0.34 : label.row >= 0 ? 0.8 : 1;
      context.fillText(line, px, py + (i - (label.split.length - 1) / 2) * step);
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
