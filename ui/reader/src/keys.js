// The keys of the reader. K means "keep" here, so that moving back is Shift+J, or the arrow.
import { help } from "./help.js";

const VERDICTS = { k: "keep", d: "drop", t: "tag", n: "note" };

export function addKeys(reader) {
  const { box } = reader;

  const at = () => (reader.at < 0 ? reader.list.heights.at(reader.list.y) : reader.at);
  const step = (by) => {
    if (!reader.n) return;
    const next = reader.at < 0 ? at() : Math.max(0, Math.min(reader.n - 1, reader.at + by));
    reader.setFocus(next);
  };
  const page = () => Math.max(1, Math.floor(reader.scroll.clientHeight / Math.max(30, reader.list.heights.guessed)) - 1);

  function escape() {
    const sheet = box.querySelector(".sheet");
    if (sheet) sheet.remove();
    else if (!reader.bar.menu.hidden) reader.bar.columns();
    else if (reader.panel.there) reader.panel.close();
    else if (reader.ticks.count) reader.tickAll(false);
    else return false;
    reader.list.shown.get(reader.at)?.focus({ preventScroll: true });
    return true;
  }

  function act(what) {
    if (!reader.can(what)) return;
    if (reader.panel.there && reader.panel.box.contains(reader.inside())) reader.panel.do(what);
    else if (reader.ticks.count) reader.bar.doTicked(what);
    else if (reader.at >= 0 && reader.row !== null) {
      const decides = ["keep", "drop"].includes(what) && reader.pages.get(reader.at)?.stand?.verdict !== what;
      reader.do(what, [reader.at]);
      if (decides) step(1); // on to the next row, as one decides row by row
    }
  }

  // A label for the row in focus, or that it cannot be told; on to the next, as one answers row by row.
  function say(what, text) {
    if (!reader.can(what) || reader.at < 0 || reader.panel.there && reader.panel.box.contains(reader.inside())) return false;
    if (reader.acts.do(what, [reader.at], { text }) !== "unanswer") step(1);
    return true;
  }

  const keys = {
    j: (event) => step(event.shiftKey ? -1 : 1),
    arrowdown: () => step(1), arrowup: () => step(-1),
    pagedown: () => step(page()), pageup: () => step(-page()),
    home: () => step(-reader.n), end: () => step(reader.n),
    enter: () => reader.at >= 0 && reader.open(reader.at),
    escape,
    u: () => reader.can("undo") && reader.acts.undo(),
    x: (event) => reader.at >= 0 && reader.tick(reader.at, event.shiftKey, event.shiftKey || !reader.ticks.has(reader.at)),
    a: () => reader.tickAll(reader.ticks.count < reader.n),
    c: () => reader.panel.compareTicked(),
    w: () => reader.unfold(),
    m: () => reader.correct(),
    l: () => reader.choose({ view: reader.view === "cards" ? "lines" : "cards" }),
    "?": () => help(reader),
    e: () => reader.can("answer") && reader.at >= 0 && reader.bar.ask("answer", [reader.at]),
    s: () => say("unsure", ""),
  };
  for (let i = 0; i < 9; i++) keys[i + 1] = () => {
    const label = reader.pages.get(reader.at)?.choices?.[i];
    return label !== undefined && say("answer", label);
  };
  keys[" "] = keys.x;
  for (const [key, what] of Object.entries(VERDICTS)) keys[key] = () => act(what);

  box.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = target.matches("textarea, input:not([type=checkbox])");
    if (typing) return;
    const key = event.key.toLowerCase();
    const pressed = target.matches("button, input, a");
    if (pressed && (key === "enter" || key === " ")) return; // a button does what it says
    const own = target.closest(".whole, .open"); // a long text and the open row scroll by the keys themselves
    if (own && ["arrowdown", "arrowup", "pagedown", "pageup", "home", "end", " ", "enter"].includes(key)) return;
    if (!keys[key] || keys[key](event) === false) return;
    event.preventDefault();
    event.stopPropagation(); // C and R mean something to the page around
  });
}
