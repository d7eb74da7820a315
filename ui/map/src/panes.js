// Panes beside each other with borders that a hand, a finger or the arrow keys can move; what was chosen is remembered.
import { make } from "./dom.js";

const KEY = "winnow.panes";
const STEP = 24; // pixels an arrow key moves a border

export function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return found && typeof found === "object" ? found : {};
  } catch { // no storage here, or not ours
    return {};
  }
}

export function remember(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...remembered(), ...changes }));
  } catch { /* a browser that keeps nothing forgets the sizes, no more */ }
}

// pane: upright() whether the border stands upright, grows 1 when the pane lies before the border and -1 behind it,
// size() in pixels, limits() its least and most, set(pixels), settled(), reset().
export function makeBorder(label, pane) {
  const line = make("div", { class: "border", role: "separator", tabindex: "0", "aria-label": label,
    title: `${label}: drag, or use the arrow keys. Double click: as it was at first.` });
  let from = null;
  const at = (event) => (pane.upright() ? event.clientX : event.clientY);

  function put(pixels) {
    const [least, most] = pane.limits();
    pane.set(Math.max(least, Math.min(most, pixels)));
    say();
  }
  function say() {
    const [least, most] = pane.limits();
    const values = { orientation: pane.upright() ? "vertical" : "horizontal", valuemin: least, valuemax: most, valuenow: pane.size() };
    for (const [name, value] of Object.entries(values)) line.setAttribute("aria-" + name, typeof value === "number" ? Math.round(value) : value);
  }

  line.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    line.focus({ preventScroll: true });
    line.setPointerCapture(event.pointerId);
    from = { at: at(event), size: pane.size() };
  });
  line.addEventListener("pointermove", (event) => from && put(from.size + (at(event) - from.at) * pane.grows));
  for (const end of ["pointerup", "pointercancel"]) line.addEventListener(end, () => {
    if (from) pane.settled();
    from = null;
  });
  line.addEventListener("dblclick", () => { pane.reset(); say(); });
  line.addEventListener("keydown", (event) => {
    const [back, on] = pane.upright() ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const [least, most] = pane.limits();
    const goal = { [back]: pane.size() - STEP * pane.grows, [on]: pane.size() + STEP * pane.grows, Home: least, End: most }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    put(goal);
    pane.settled();
  });
  return { line, say };
}
