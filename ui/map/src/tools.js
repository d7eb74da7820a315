// The buttons above the map: one for everything that a key or a modifier can do.
import { factsMenu } from "./card.js";
import { icon, make } from "./dom.js";
import { saveMenu } from "./save.js";

const HELP = [
  ["drag", "move the map (tool V), or draw with the lasso (L) or box (B)"], ["wheel", "zoom; double click zooms in"],
  ["shift", "add to the selection"], ["alt", "take away"], ["shift alt", "keep only what is in both"],
  ["ctrl drag", "lasso from the moving tool"], ["click", "open a row, or a topic by its name"],
  ["arrows + −", "move and zoom"], ["0", "back to where nearly all points lie"], ["N P", "next, previous row of the selection"],
  ["I G U", "invert, grow to neighbours, undo"], ["C M X T", "contours, names, grey rows, trust"], ["S", "save"], ["Esc", "clear"],
];

export function addTools(map) {
  const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "Map tools" });
  const zooms = make("div", { class: "zooms" });
  const buttons = {};
  const acts = {};
  let open = null;

  function button(where, name, title, act) {
    buttons[name] = make("button", { title, "aria-label": title, "data-tool": name, onclick: () => run(name) }, icon(name));
    acts[name] = act;
    where.append(buttons[name]);
  }
  const line = () => bar.append(make("i"));
  const mode = (name) => () => { map.mode = name; map.box.dataset.mode = name; };
  const operation = (name) => () => { map.operation = name; };
  const flag = (name) => () => {
    map.on[name] = !map.on[name];
    if (name === "grey") map.repaint();
    if (name === "names") map.findTitles().then(() => map.placeNames());
    map.touch();
  };
  const tell = (kind) => () => map.tell({ kind });

  if (!map.offline) {
    button(bar, "pan", "Move (V)", mode("pan"));
    button(bar, "lasso", "Lasso: draw around points (L)", mode("lasso"));
    button(bar, "box", "Box: drag a rectangle (B)", mode("box"));
    line();
    button(bar, "new", "New selection", operation("new"));
    button(bar, "add", "Add to the selection (shift)", operation("add"));
    button(bar, "subtract", "Take away from the selection (alt)", operation("subtract"));
    button(bar, "intersect", "Keep only what is in both (shift and alt)", operation("intersect"));
    line();
    button(bar, "grow", "Grow to neighbours (G)", tell("grow"));
    button(bar, "invert", "Invert the selection (I)", tell("invert"));
    button(bar, "undo", "Undo (U)", tell("undo"));
    button(bar, "clear", "Clear the selection (Esc)", tell("clear"));
    line();
  }
  button(bar, "names", "Names (M)", flag("names"));
  button(bar, "contours", "Lines of density (C)", flag("contours"));
  button(bar, "grey", "Rows that do not pass, in grey (X)", flag("grey"));
  if (!map.offline) button(bar, "trust", "How far can this place be trusted? (T)", () => map.toggleTrust());
  if (!map.offline) button(bar, "card", "Columns on the card of a point", () => toggle("card", () => factsMenu(map)));
  button(bar, "save", "Save the picture (S)", () => toggle("save", () => saveMenu(map, close)));
  button(bar, "help", "Keys (?)", () => toggle("help", help));
  button(zooms, "out", "Zoom out (−)", () => map.zoomBy(1 / 1.5));
  button(zooms, "in", "Zoom in (+)", () => map.zoomBy(1.5));
  button(zooms, "home", "Home: where nearly all points lie (0)", () => { map.camera.reset(); map.moved(); });
  map.pane.prepend(make("div", { class: "edge" }, bar));
  map.foot.append(zooms);

  function help() {
    return make("div", { class: "panel help" },
      ...HELP.map(([keys, what]) => make("div", {}, ...keys.split(" ").map((k) => make("kbd", {}, k)), what)));
  }
  function toggle(name, makeIt) {
    const was = open?.name;
    close();
    if (was === name) return;
    open = { name, element: makeIt() };
    map.box.append(open.element);
  }
  function close() {
    const there = Boolean(open);
    open?.element.remove();
    open = null;
    return there;
  }
  function run(name) {
    if (!buttons[name] || buttons[name].disabled) return;
    if (!["save", "help", "card"].includes(name)) close();
    acts[name]();
    show();
    map.remember();
  }
  function show() {
    const press = (name, on) => buttons[name]?.setAttribute("aria-pressed", String(Boolean(on)));
    for (const name of ["pan", "lasso", "box"]) press(name, map.mode === name);
    for (const name of ["new", "add", "subtract", "intersect"]) press(name, map.operation === name);
    for (const name of ["names", "contours", "grey"]) press(name, map.on[name]);
    press("trust", map.trustCodes);
    map.box.dataset.mode = map.mode;
    const { can, counts, names, shown, facts } = map.header ?? { can: {}, counts: {} };
    const usable = { trust: can.trust, names, grey: shown, grow: counts.selected, clear: counts.selected, card: can.texts && facts?.length };
    for (const [name, yes] of Object.entries(usable)) if (buttons[name]) buttons[name].disabled = !yes;
  }
  return { show, close, do: run };
}
