// The only script that rides in every message: it keeps the bytes, and loads the map's code from them once.
const shared = (globalThis[Symbol.for("winnow.map")] ??= {
  bytes: new Map(), // name -> ArrayBuffer, oldest first
  modules: new Map(), // name of code -> promise of its module
  kept: new Map(), // key of a map -> what outlives a page change: view, mode, hidden legend lines
  maps: new Map(), // key of a map -> the map, for a look from outside
  asked: new Map(), // key of a map -> how to ask the server something
  waiting: new Map(), // key of a map -> how to hand an answer in
  flushes: [], // what Streamlit has gathered and not sent yet: how to send it
});
const ROOM = 768 * 2 ** 20;

function unpack(data) {
  const size = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + size)));
  for (const [name, start, length] of header.parts) {
    const from = 4 + size + start;
    header.body = data.slice(from, from + length).buffer; // a copy: aligned, and it lets go of the message
    shared.bytes.delete(name);
    shared.bytes.set(name, header.body);
  }
  return header;
}

function makeRoom(needed) {
  let used = 0;
  for (const buffer of shared.bytes.values()) used += buffer.byteLength;
  for (const [name, buffer] of shared.bytes) {
    if (used <= ROOM) return;
    if (needed.includes(name)) continue;
    shared.bytes.delete(name);
    used -= buffer.byteLength;
  }
}

function code(name) {
  if (!shared.modules.has(name)) {
    const url = URL.createObjectURL(new Blob([shared.bytes.get(name)], { type: "text/javascript" }));
    shared.modules.set(name, import(url));
  }
  return shared.modules.get(name);
}

// Streamlit gathers what widgets say until a timer of 0 ms, and sends it as one message for one part of the page: a
// click on another part in that moment changes nothing. So what we say goes alone: before it what waits, then it at once.
// And it forgets a page that was asked for by its link when anything is said before the server turned to it: what waits
// goes before the link's click, what comes after it waits until the page has changed.
const PATIENCE = 5_000;
const sendWaiting = () => [...shared.flushes].forEach((flush) => flush());

if (!shared.later) {
  shared.later = globalThis.setTimeout.bind(globalThis);
  globalThis.setTimeout = (run, wait, ...given) => {
    if (wait !== 0 || !String(run).includes("sendUpdateWidgetsMessage")) return shared.later(run, wait, ...given);
    const flush = () => {
      const at = shared.flushes.indexOf(flush);
      if (at < 0) return;
      if (leaving()) shared.later(flush, 50);
      else shared.flushes.splice(at, 1).forEach(() => run());
    };
    shared.flushes.push(flush);
    return shared.later(flush, 0);
  };
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target === "_blank" || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.protocol !== location.protocol || link.origin !== location.origin) return;
    shared.leaving = null;
    sendWaiting();
    if (link.pathname !== location.pathname) shared.leaving = { from: location.pathname, until: performance.now() + PATIENCE };
  }, true);
  globalThis.addEventListener("popstate", () => { shared.leaving = null; });
}

function leaving() {
  const { from, until } = shared.leaving ?? {};
  if (from !== location.pathname || performance.now() > until) shared.leaving = null; // it has turned, or never will
  return Boolean(shared.leaving);
}

function alone(trigger, place) {
  const say = (name, value) => {
    if (leaving()) {
      shared.later(() => place.isConnected && say(name, value), 50);
      return;
    }
    sendWaiting();
    trigger(name, value);
    sendWaiting();
  };
  return say;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!(data instanceof Uint8Array) || data.length < 4) return;
  const header = unpack(data);
  const say = alone(setTriggerValue, parentElement);
  if (header.answers) {
    shared.asked.set(header.answers, (question) => say("question", question));
    shared.waiting.get(header.answers)?.(header);
    for (const [name] of header.parts) shared.bytes.delete(name); // an answer is used once
    return;
  }
  const missing = header.needs.filter((name) => !shared.bytes.has(name) && !shared.modules.has(name));
  if (missing.length) {
    say("want", missing);
    return;
  }
  for (const name of header.needs) {
    const buffer = shared.bytes.get(name);
    if (buffer && shared.bytes.delete(name)) shared.bytes.set(name, buffer);
  }
  makeRoom(header.needs);
  let instance;
  const ready = code(header.code).then((module) => {
    instance = module.update(parentElement, header, shared, say);
  });
  ready.catch((error) => console.error(error));
  // Streamlit also calls this when only the data changed: end the map only when it has really left the page.
  return () => setTimeout(() => parentElement.isConnected || instance?.end(), 0);
}
