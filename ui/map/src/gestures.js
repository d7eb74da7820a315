// Mouse, touch and keys.
import { labelAt } from "./labels.js";

const LEAST = 3; // pixels between two corners of a lasso: a region then stays under 8 KB

export function addGestures(map) {
  const { over, box } = map;
  let drag = null;
  const fingers = new Map();

  const at = (event) => {
    const rect = over.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };
  // Ctrl-drag draws a lasso from the moving tool as well.
  const toolOf = (event) => (map.offline ? "pan" : map.mode === "pan" && (event.ctrlKey || event.metaKey) ? "lasso" : map.mode);

  over.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    box.focus({ preventScroll: true });
    over.setPointerCapture(event.pointerId);
    const [px, py] = at(event);
    fingers.set(event.pointerId, [px, py]);
    if (fingers.size > 1) map.region = null; // two fingers move the map: what one began to draw is given up
    drag = { tool: fingers.size > 1 ? "pinch" : toolOf(event), start: [px, py], last: [px, py], far: false };
    map.card.hide();
  });

  over.addEventListener("pointermove", (event) => {
    const [px, py] = at(event);
    if (!drag) return point(px, py);
    if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event, [px, py]);
    fingers.set(event.pointerId, [px, py]); // from here a second finger goes on
    const [sx, sy] = drag.start;
    if (!drag.far && Math.hypot(px - sx, py - sy) < 4) return;
    if (!drag.far) {
      drag.far = true;
      if (drag.tool === "pan") box.classList.add("dragging");
      map.regionDone = false;
    }
    if (drag.tool === "pan") {
      map.camera.pan(px - drag.last[0], py - drag.last[1]);
      map.moved();
    } else if (drag.tool === "box") {
      map.region = [[sx, sy], [px, sy], [px, py], [sx, py]];
      map.touch();
    } else if (drag.tool === "lasso") {
      map.region = drag.region ??= [[sx, sy]];
      const [lx, ly] = drag.region.at(-1);
      if (Math.hypot(px - lx, py - ly) >= LEAST) drag.region.push([px, py]);
      map.touch();
    }
    drag.last = [px, py];
  });

  const up = (event) => {
    fingers.delete(event.pointerId);
    if (!drag) return;
    const done = drag;
    drag = null;
    box.classList.remove("dragging");
    const [px, py] = at(event);
    if (event.type === "pointercancel") map.region = null;
    else if (!done.far && done.tool !== "pinch") click(px, py, event);
    else if (map.region && (done.tool === "lasso" || done.tool === "box")) finish(done.tool, event);
    map.touch();
  };
  over.addEventListener("pointerup", up);
  over.addEventListener("pointercancel", up);
  over.addEventListener("pointerleave", () => {
    if (drag) return;
    if (map.hover >= 0) map.onhover(-1);
    map.hover = -1;
    map.hoverName = null;
    map.card.hide();
    map.touch();
  });
  over.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    map.camera.zoomAt(Math.exp(-Math.max(-240, Math.min(240, pixels)) * 0.0022), ...at(event));
    map.moved();
  }, { passive: false });
  over.addEventListener("dblclick", (event) => {
    map.camera.zoomAt(event.shiftKey ? 0.5 : 2, ...at(event));
    map.moved();
  });

  function pinch(event, now) {
    const [a, b] = [...fingers.values()];
    const before = Math.hypot(a[0] - b[0], a[1] - b[1]);
    fingers.set(event.pointerId, now);
    const [c, d] = [...fingers.values()];
    const middle = [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2];
    map.camera.pan(middle[0] - (a[0] + b[0]) / 2, middle[1] - (a[1] + b[1]) / 2);
    map.camera.zoomAt(Math.hypot(c[0] - d[0], c[1] - d[1]) / Math.max(before, 1), ...middle);
    drag.tool = "pinch";
    map.moved();
  }

  let waiting = null;
  function point(px, py) {
    if (!waiting) {
      requestAnimationFrame(() => {
        const [qx, qy] = waiting;
        waiting = null;
        if (!drag && !map.ended && map.camera && box.matches(":hover")) look(qx, qy);
      });
    }
    waiting = [px, py];
  }
  function pick(px, py, around = 8) {
    const [x, y] = map.camera.fromScreen(px, py);
    return map.needGrid().near(x, y, Math.max(around, (map.dot ?? 3) / 2 + 3) / map.camera.scale, map.visible, 1)[0] ?? -1;
  }
  function look(px, py) {
    const name = labelAt(map.standing, px, py) ?? null;
    const row = name ? name.row ?? -1 : pick(px, py);
    if (row !== map.hover || name !== map.hoverName) {
      if (row !== map.hover) map.onhover(row);
      map.hover = row;
      map.hoverName = name;
      box.classList.toggle("pointing", row >= 0 || Boolean(name));
      map.touch();
    }
    if (row >= 0) map.card.show(row, px, py);
    else map.card.hide();
  }

  function click(px, py, event) {
    const name = labelAt(map.standing, px, py);
    if (name && !(name.row >= 0)) {
      if (!map.offline) map.openTopic(name, event);
      return;
    }
    const row = name?.row ?? pick(px, py, event.pointerType === "touch" ? 20 : 8);
    if (row >= 0 || map.active >= 0) map.choose(row, event);
  }

  function finish(tool, event) {
    const data = map.region.map(([x, y]) => map.camera.toData(...map.camera.fromScreen(x, y)));
    if (data.length < 3) {
      map.region = null;
      return;
    }
    map.regionDone = true;
    // Nine digits name a point to far less than a pixel at the deepest zoom, and keep the message small.
    const polygon = data.flat().map((v) => Number(v.toPrecision(9)));
    map.tell({ kind: tool, polygon, operation: map.operationOf(event) });
    setTimeout(() => {
      if (map.regionDone) map.region = null;
      map.touch();
    }, 900);
  }

  const keys = {
    ArrowLeft: () => shift(60, 0), ArrowRight: () => shift(-60, 0), ArrowUp: () => shift(0, 60), ArrowDown: () => shift(0, -60),
    "+": () => map.zoomBy(1.4), "=": () => map.zoomBy(1.4), "-": () => map.zoomBy(1 / 1.4), _: () => map.zoomBy(1 / 1.4), 0: () => map.tools.do("home"),
    v: () => map.tools.do("pan"), l: () => map.tools.do("lasso"), b: () => map.tools.do("box"),
    i: () => map.tools.do("invert"), g: () => map.tools.do("grow"), u: () => map.tools.do("undo"),
    c: () => map.tools.do("contours"), t: () => map.tools.do("trust"), x: () => map.tools.do("grey"), m: () => map.tools.do("names"),
    n: () => map.step(1), p: () => map.step(-1), s: () => map.tools.do("save"), "?": () => map.tools.do("help"),
    Escape: () => {
      if (drag) {
        drag = null;
        map.region = null;
      } else if (map.tools.close() || map.topic.close()) return;
      else if (map.active >= 0) map.choose(-1);
      else map.tools.do("clear");
      map.touch();
    },
  };
  const shift = (dx, dy) => { map.camera.pan(dx, dy); map.moved(); };
  map.pane.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("button") && (event.key === " " || event.key === "Enter")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys[key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
