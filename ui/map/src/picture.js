// Without WebGL: pictures drawn from counts on the server, moved about until the next one is there.
import { rgb } from "./colours.js";
import { looks } from "./states.js";
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
    const look = looks(map), radius = (size) => Math.max(1, Math.round((size - 1) / 2));
    const [x0, y0, side] = map.thin.box;
    if (map.offline) return show(flatPicture(map, width, height), seen);
    const answer = await map.ask({
      ask: "picture", box: camera.box(), width, height, hidden: [...map.hidden], lit, grey: map.on.grey,
      trust: Boolean(map.trustCodes), palette: map.colours.map(rgb), opacity: look.opacity.map((v) => Math.min(1, v)),
      radius: radius(look.size[2]), larger: radius(look.size[4]), home: [...camera.toData(x0, y0), side * camera.frame.half],
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
    looks() { map.dot = looks(map).size[2]; },
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
