// The card of a topic, opened by a click on its name: what it is, how it differs, and its central rows.
import { icon, make } from "./dom.js";

export function makeTopic(map) {
  const card = make("div", { class: "panel about", role: "dialog", "aria-label": "Topic", hidden: true });
  map.box.append(card);
  let now = null;

  function close() {
    const there = !card.hidden;
    const held = card.contains(card.getRootNode().activeElement);
    card.hidden = true;
    now = null;
    if (there) map.placeNames();
    if (held) map.box.focus({ preventScroll: true });
    return there;
  }

  async function show(label) {
    if (!map.header.can.topics) return;
    const byKey = map.topics.contains(map.topics.getRootNode().activeElement);
    close();
    now = label;
    const answer = await map.ask({ ask: "topic", value: label.value, level: label.level });
    if (now !== label || !answer?.topic) return;
    const { name, area, said, terms, differences, rows } = answer.topic;
    card.replaceChildren(
      make("header", {}, make("h4", { dir: "auto" }, name), make("button", { class: "shut", title: "Close (Esc)", "aria-label": "Close the card", onclick: close }, icon("clear"))),
      make("div", { class: "rest" }, said + (area ? ` · in ${area}` : "")),
      make("div", { class: "chips" }, ...terms.map((term) => make("bdi", {}, term))),
      ...differences.map((words) => make("div", { class: "rest" }, words)),
      make("div", { class: "central" }, ...rows.map(([row, text]) => make("button", { title: "Open this row", dir: "auto", onclick: () => map.onfocus(row) }, text))),
      make("footer", {}, make("button", { class: "go", onclick: () => map.zoomTo(label) }, "Zoom to it")),
    );
    card.hidden = false;
    map.placeNames();
    if (byKey) card.querySelector(".shut").focus({ preventScroll: true });
  }

  return {
    show, close,
    place() { // the box that names leave free
      return card.hidden ? null : [card.offsetLeft, card.offsetTop, card.offsetLeft + card.offsetWidth, card.offsetTop + card.offsetHeight];
    },
  };
}
