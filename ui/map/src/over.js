// What lies over the points: contours, lines to neighbours, rings, and the region that is being drawn.
import { drawLater } from "./later.js";

export function drawOver(context, map) {
  const { camera } = map;
  if (map.on.contours && map.contours) {
    context.save();
    const k = camera.scale;
    context.translate(camera.width / 2 - camera.x * k, camera.height / 2 + camera.y * k);
    context.scale(k, -k);
    context.strokeStyle = map.text;
    for (const { share, path } of map.contours) {
      context.globalAlpha = 0.16 + 0.4 * share;
      context.lineWidth = (0.8 + 0.7 * share) / k;
      context.stroke(path);
    }
    context.restore();
  }
  drawLater(context, map);
  if (map.active >= 0 && map.placed[map.active]) {
    const [ax, ay] = camera.toScreen(map.x[map.active], map.y[map.active]);
    context.strokeStyle = map.text;
    context.fillStyle = map.text;
    map.links.forEach((row, i) => {
      const [bx, by] = camera.toScreen(map.x[row], map.y[row]);
      context.globalAlpha = 0.65 - 0.4 * (i / Math.max(1, map.links.length));
      context.lineWidth = 1.1;
      context.beginPath();
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
      context.stroke();
      context.beginPath();
      context.arc(bx, by, 2.6, 0, 7);
      context.fill();
    });
    ring(context, ax, ay, 7, map.back, 4.5);
    ring(context, ax, ay, 7, map.accent, 2.2);
  }
  if (map.hover >= 0) {
    const [px, py] = camera.toScreen(map.x[map.hover], map.y[map.hover]);
    ring(context, px, py, Math.max(5, (map.dot ?? 3) / 2 + 3), map.back, 3.5);
    ring(context, px, py, Math.max(5, (map.dot ?? 3) / 2 + 3), map.text, 1.5);
  }
  const drawn = map.region;
  if (drawn?.length > 1) {
    context.globalAlpha = 1;
    context.beginPath();
    drawn.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.globalAlpha = 0.12;
    context.fillStyle = map.accent;
    context.fill("evenodd");
    context.globalAlpha = 0.95;
    context.strokeStyle = map.accent;
    context.lineWidth = 1.6;
    context.setLineDash(map.regionDone ? [5, 4] : []);
    context.stroke();
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
}

function ring(context, x, y, radius, colour, width) {
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.stroke();
}
