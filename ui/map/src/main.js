// The door for Streamlit: one workbench, reader or list of groups for each place on the page, updated in place. A header says what it `draws`.
import { Groups } from "../../reader/src/groups.js";
import { Reader } from "../../reader/src/reader.js";
import { makeAsker } from "./ask.js";
import { Bench } from "./bench.js";

const VIEWS = { map: Bench, reader: Reader, groups: Groups };
const views = new WeakMap();

export function update(root, header, shared, trigger) {
  let view = views.get(root);
  if (!view) {
    const asker = makeAsker(header.key, shared);
    const kept = shared.kept.get(header.key) ?? {};
    shared.kept.set(header.key, kept);
    view = new VIEWS[header.draws](root, { bytes: (name) => shared.bytes.get(name), ask: asker.ask, kept, Reader });
    view.ends.push(asker.end, () => views.delete(root));
    views.set(root, view);
    shared.maps.set(header.key, view.map ?? view);
  }
  view.send = (event) => trigger("event", event);
  view.update(header);
  return view;
}
