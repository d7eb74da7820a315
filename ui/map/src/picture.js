// Without WebGL: pictures drawn from counts on the server, moved about until the next one is there.
import { rgb } from "./colours.js";
import { flatPicture } from "./flat.js";

export function picturePainter(map) {
  const canvas = map.pointCanvas;
  let at = null; // where the camera stood for the picture that is shown
  let wanted = 0;
  let lit = -1; // the one colour code that is isolated
  let waiting = 0;

  async function fetchPicture() {
    const mine = ++wanted;
    const { camera } = map;
    const seen = { x: camera.x, y: camera.y, scale: camera.scale };
    const width = Math.round(camera.width), height = Math.round(camera.height);
    const crowd = map.grid ? map.grid.count(...map.viewBox()) : map.counts.placed;
    const room = Math.sqrt((width * height) / Math.max(crowd, 1));
    if (map.offline) return show(flatPicture(map, width, height), seen);
    const answer = await map.ask({
      ask: "picture", box: camera.box(), width, height, hidden: [...map.hidden], lit, grey: map.on.grey,
      trust: Boolean(map.trustCodes), palette: map.colours.map(rgb), radius: Math.max(1, Math.min(4, Math.round(0.25 * room))),
    });
    if (!answer?.body?.byteLength || map.ended || mine !== wanted) return;
    show(await createImageBitmap(new Blob([answer.body], { type: "image/png" })), seen);
  }

  function show(image, seen) {
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d");
    if (image instanceof ImageData) context.putImageData(image, 0, 0);
    else context.drawImage(image, 0, 0);
    at = seen;
    map.drawn();
    map.frame();
  }

  return {
    places() {},
    states: () => void fetchPicture(),
    looks() { map.dot = 4; },
    light(code) { // a picture is a question to the server: only where the pointer stays a moment
      clearTimeout(waiting);
      if (map.offline || code === lit) return;
      waiting = setTimeout(() => { lit = code; fetchPicture(); }, 150);
    },
    rest: () => void fetchPicture(),
    frame() {
      if (!at) return false;
      const { camera } = map;
      const f = camera.scale / at.scale;
      canvas.style.transform = f === 1 && at.x === camera.x && at.y === camera.y
        ? "" : `translate(${(at.x - camera.x) * camera.scale}px,${(camera.y - at.y) * camera.scale}px) scale(${f})`;
      return false;
    },
    snap: () => canvas,
    end: () => clearTimeout(waiting),
  };
}
