// The door for Streamlit: one map for each place on the page, updated in place.
import { makeAsker } from "./ask.js";
import { WinnowMap } from "./map.js";

const maps = new WeakMap();

export function update(root, header, shared, trigger) {
  let map = maps.get(root);
  if (!map) {
    const asker = makeAsker(header.key, shared);
    const kept = shared.kept.get(header.key) ?? {};
    shared.kept.set(header.key, kept);
    map = new WinnowMap(root, { bytes: (name) => shared.bytes.get(name), ask: asker.ask, kept });
    map.ends.push(asker.end, () => maps.delete(root));
    maps.set(root, map);
    shared.maps.set(header.key, map);
  }
  map.send = (event) => trigger("event", event);
  map.update(header);
  return map;
}
