// The map as a picture with its legend and names, and as one file that opens without a server.
import { make, number, short } from "./dom.js";
import { drawLabels } from "./labels.js";
import { LATER } from "./later.js";
import { drawOver } from "./over.js";
import { trustEnds } from "./trust.js";

function download(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveMenu(map, close) {
  const item = (words, act) => make("button", { onclick: () => { close(); act(); } }, words);
  return make("div", { class: "panel menu" },
    item("Picture (PNG)", async () => download(await picture(map), "map.png")),
    map.offline ? null : item(`Whole map, one HTML file (about ${size(map.n * 12 + 60e3)})`, () => whole(map, false)),
    map.offline || !map.header.can.texts ? null
      : item(`The same with hover texts (up to ${size(map.n * 390 + 60e3)})`, () => whole(map, true)));
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${Math.ceil(bytes / 1e6)} MB`);

async function whole(map, texts) {
  map.status.replaceChildren("Writing the file …");
  const answer = await map.ask({ ask: "html", texts, dark: map.dark });
  map.say();
  if (answer?.body?.byteLength) download(new Blob([answer.body], { type: "text/html" }), "map.html");
  else map.status.replaceChildren("The file could not be written. Try again.");
}

export async function picture(map) {
  const { camera, header } = map;
  const wide = header.colour || map.trustCodes || header.later ? 220 : 0;
  const ratio = Math.max(2, devicePixelRatio || 1);
  const canvas = document.createElement("canvas");
  canvas.width = (camera.width + wide) * ratio;
  canvas.height = camera.height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = map.back;
  context.fillRect(0, 0, camera.width + wide, camera.height);
  context.save();
  context.beginPath();
  context.rect(0, 0, camera.width, camera.height);
  context.clip();
  map.glow.paint(context);
  context.drawImage(map.painter.snap(), 0, 0, camera.width, camera.height);
  drawOver(context, map);
  drawLabels(context, map.standing, camera, { ...map.manner(), hovered: null });
  context.restore();
  if (wide) drawKey(context, map, camera.width + 14, wide - 26);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function drawKey(context, map, left, width) {
  const { colour } = map.header;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = map.text;
  context.font = `600 13px ${map.family}`;
  context.fillText(map.trustCodes ? "Trust" : colour?.name ?? "", left, 22, width);
  context.font = `12px ${map.family}`;
  let y = 44;
  if (map.header.later) {
    context.strokeStyle = map.text;
    context.lineWidth = 1.2;
    context.beginPath();
    context.arc(left + 5, y, 4.5, 0, 7);
    context.stroke();
    context.fillText(`${LATER}: ${number(map.header.later.rows)}`, left + 17, y, width - 17);
    y += 24;
  }
  if (map.trustCodes || colour?.kind === "number") {
    for (let i = 0; i < width; i++) {
      context.fillStyle = map.colours[Math.round((i / width) * 253)];
      context.fillRect(left + i, y - 6, 1.5, 11);
    }
    context.fillStyle = map.text;
    context.fillText(map.trustCodes ? trustEnds(map.header.trust)[0] : short(colour.low), left, y + 16);
    context.textAlign = "right";
    context.fillText(map.trustCodes ? trustEnds(map.header.trust)[1] : short(colour.high), left + width, y + 16);
    context.textAlign = "left";
    y += 42;
  }
  if (map.trustCodes || !colour) return;
  for (const [label, code] of colour.lines) {
    if (map.hidden.has(code)) continue;
    context.fillStyle = map.colours[code];
    context.beginPath();
    context.arc(left + 5, y, 5, 0, 7);
    context.fill();
    context.fillStyle = map.text;
    let text = label;
    while (text.length > 2 && context.measureText(text + "…").width > width - 70) text = text.slice(0, -1);
    context.fillText(text === label ? label : text + "…", left + 17, y);
    context.textAlign = "right";
    context.globalAlpha = 0.65;
    context.fillText(number(map.legend.rowsOf(code)), left + width, y);
    context.globalAlpha = 1;
    context.textAlign = "left";
    y += 19;
  }
}
