// What the colours mean. Click hides a line, alt-click keeps only it, a click on its count selects its rows.
import { make, number, short } from "./dom.js";

export function drawLegend(box, colour, { colours, hidden, trust, changed, choose }) {
  box.replaceChildren();
  box.hidden = !colour && !trust;
  if (box.hidden) return;
  if (trust) {
    box.append(make("h4", {}, "True neighbours kept near"), ramp(colours.slice(0, 254)), ends("0 %", "100 %"),
      make("div", { class: "hint" }, "Red: the rows that belong beside these points lie elsewhere on the map. Do not read its neighbourhood."));
    return;
  }
  box.append(make("h4", { title: colour.name }, colour.name));
  if (colour.kind === "number") {
    box.append(ramp(colours.slice(0, 254)), ends("≤ " + short(colour.low), (colour.log ? "log scale   " : "") + "≥ " + short(colour.high)));
  }
  const list = make("div", { class: "lines" });
  for (const [label, code, rows] of colour.lines) {
    const line = make("div", { class: "line" + (hidden.has(code) ? " off" : "") },
      make("button", {
        class: "toggle", title: `${label}\nClick: hide or show. Alt-click: keep only this.`, "aria-pressed": String(!hidden.has(code)),
        onclick: (event) => {
          const others = colour.lines.map((l) => l[1]).filter((c) => c !== code);
          if (event.altKey) {
            const alone = !hidden.has(code) && others.every((c) => hidden.has(c));
            hidden.clear();
            if (!alone) others.forEach((c) => hidden.add(c));
          } else if (!hidden.delete(code)) hidden.add(code);
          changed();
        },
      }, make("span", { class: "dot", style: `background:${colours[code]}` }), make("span", { class: "word" }, label)),
      make("button", {
        class: "rows", title: "Select these rows (shift: add, alt: take away)", "aria-label": `select ${number(rows)} rows of ${label}`,
        onclick: (event) => choose(code, event),
      }, number(rows)));
    list.append(line);
  }
  if (colour.lines.length) box.append(list);
}

const ramp = (colours) => {
  const stops = [0, 0.17, 0.33, 0.5, 0.67, 0.83, 1].map((t) => colours[Math.round(t * (colours.length - 1))]);
  return make("div", { class: "ramp", style: `background:linear-gradient(90deg,${stops.join(",")})` });
};
const ends = (low, high) => make("div", { class: "ends" }, make("span", {}, low), make("span", {}, high));
