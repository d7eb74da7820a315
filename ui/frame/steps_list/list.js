// The steps of the recipe: one line a step. Text of a corpus may stand in any of it, so all of it is set as text.
const HINT = "Enter opens, Space switches on or off, Alt with an arrow moves, F2 renames, Delete removes";
const DRAG = 5; // pixels that a pointer moves before it drags
const PATIENCE = 4000; // milliseconds that an answer of the server is waited for, before the next event goes out
const lists = new WeakMap();

function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children.filter((child) => child !== null));
  return made;
}

class List {
  constructor(root) {
    this.lines = [];
    this.seen = null; // ids of the lines drawn before: what is new comes into sight
    this.opened = null;
    this.renaming = null;
    this.active = null; // the line that Tab reaches
    this.queue = [];
    this.list = element("ol");
    this.list.setAttribute("aria-label", "Steps of the recipe");
    this.live = element("div", { className: "hidden" });
    this.live.setAttribute("aria-live", "polite");
    root.append(element("div", { className: "steps" }, this.list, this.live));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => this.grab(event));
  }

  update(lines, send) {
    this.send = send;
    this.answered();
    if (this.drag || this.renaming) return void (this.later = lines); // what is in the hand stays there
    this.lines = lines;
    this.draw();
    const fresh = lines.filter((line) => !this.seen?.has(line.id)).at(-1);
    if (fresh && lines.length > (this.seen?.size ?? 0)) this.show(fresh.id);
    this.seen = new Set(lines.map((line) => line.id));
  }

  // Events go out one at a time: the next one when the server has answered the last.
  tell(event) {
    this.queue.push(event);
    if (this.queue.length === 1) this.out();
  }

  out() {
    this.list.classList.add("busy");
    this.send(this.queue[0]);
    this.timer = setTimeout(() => this.answered(), PATIENCE);
  }

  answered() {
    clearTimeout(this.timer);
    this.queue.shift();
    if (this.queue.length) return this.out();
    this.list.classList.remove("busy");
  }

  // Draw what came in the meantime, unless something newer is on its way.
  caughtUp() {
    if (this.later && !this.queue.length) this.lines = this.later;
    this.later = null;
    this.draw();
  }

  say(words) {
    this.live.textContent = words;
  }

  show(id) {
    const item = this.item(id);
    if (item) this.list.scrollTop = item.offsetTop + item.offsetHeight - this.list.clientHeight / 2;
  }

  item(id) {
    return [...this.list.children].find((one) => one.dataset.id === id);
  }

  at(id) {
    return this.lines.findIndex((line) => line.id === id);
  }

  draw() {
    const root = this.list.getRootNode();
    const held = root.activeElement?.closest?.("li")?.dataset.id;
    const kind = root.activeElement?.dataset?.kind;
    const top = this.list.scrollTop;
    if (this.at(this.active) < 0) this.active = this.lines.at(-1)?.id ?? null;
    this.list.replaceChildren(...this.lines.map((line, at) => this.line(line, at)));
    this.list.scrollTop = top;
    const again = held && this.item(held);
    if (again) (again.querySelector(`[data-kind="${kind}"]`) ?? again.querySelector(".what"))?.focus();
  }

  line(line, at) {
    const reach = line.id === this.active ? 0 : -1;
    const item = element("li", { className: [line.on ? "" : "off", line.broken ? "broken" : ""].join(" ") });
    item.dataset.id = line.id;
    const grip = element("span", { className: "grip", textContent: "⋮⋮", title: "Drag to move" });
    grip.setAttribute("aria-hidden", "true");
    const box = element("input", { type: "checkbox", checked: line.on, tabIndex: reach });
    box.dataset.kind = "box";
    box.setAttribute("aria-label", `Step ${at + 1} is on: ${line.name || line.short}`);
    box.addEventListener("change", () => this.toggle(line.id));
    item.append(element("div", { className: "row" }, grip, box, this.renaming === line.id ? this.field(line) : this.what(line, at, reach)));
    if (line.left !== null) item.append(this.funnel(line));
    else if (line.note && !line.broken) item.append(element("div", { className: "funnel", textContent: line.note }));
    if (line.broken) item.append(this.trouble(line));
    if (this.opened === line.id) item.append(this.more(line, at));
    return item;
  }

  what(line, at, reach) {
    const said = `${line.sentence}${line.name ? `\n“${line.name}”` : ""}`;
    const what = element("button", { className: "what", type: "button", title: `${said}\n${HINT}`, tabIndex: reach });
    what.dataset.kind = "what";
    what.setAttribute("aria-expanded", String(this.opened === line.id));
    what.setAttribute("aria-keyshortcuts", "Alt+ArrowUp Alt+ArrowDown F2 Delete Space");
    const count = line.removed === null ? "" : ` · ${line.verb === "Drop" || !line.removed ? "" : "−"}${line.removed.toLocaleString("en")}`;
    what.append(
      element("span", { className: "number", textContent: line.number ? `${line.number} ` : line.broken ? "⚠ " : "" }),
      element("b", { textContent: line.verb }),
      element("span", { className: "count", textContent: count }),
      ` · ${line.name || line.short}`,
    );
    if (count) what.lastChild.before(element("span", { className: "hidden", textContent: " rows removed" }));
    what.addEventListener("click", () => this.open(line.id));
    what.addEventListener("focus", () => this.reach(line.id));
    return what;
  }

  field(line) {
    const field = element("input", { className: "rename", value: line.name, placeholder: line.short, maxLength: 200 });
    field.dataset.kind = "name";
    field.setAttribute("aria-label", "Name of the step; empty for its own words");
    let over = false;
    const end = (keep) => {
      if (over) return;
      over = true;
      this.renaming = null;
      const name = field.value.trim();
      if (keep && name !== line.name) {
        line.name = name;
        this.tell({ do: "rename", id: line.id, text: name });
      }
      this.caughtUp();
      this.item(line.id)?.querySelector(".what")?.focus();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    queueMicrotask(() => field.isConnected && (field.focus(), field.select()));
    return field;
  }

  funnel(line) {
    const fill = element("div", { className: "fill" });
    fill.style.width = `${(100 * line.share).toFixed(2)}%`;
    const left = element("span", { className: "left", textContent: `${line.left.toLocaleString("en")} left` });
    return element("div", { className: "funnel" }, element("div", { className: "track" }, fill), left);
  }

  trouble(line) {
    const tools = element("div", { className: "tools" });
    for (const { way, label } of line.remedies)
      tools.append(this.tool(label, () => this.tell({ do: "mend", id: line.id, text: way })));
    return element("div", { className: "trouble" }, element("span", { textContent: line.note }), tools);
  }

  more(line, at) {
    const tools = element("div", { className: "tools" },
      this.tool("Edit", () => this.tell({ do: "edit", id: line.id })),
      this.tool("Rename", () => this.rename(line.id)),
      this.tool("Earlier", () => this.move(line.id, at - 1), at === 0),
      this.tool("Later", () => this.move(line.id, at + 1), at + 1 === this.lines.length),
      this.tool("Remove", () => this.remove(line.id)),
    );
    return element("div", { className: "more" }, element("p", { textContent: line.sentence }), tools);
  }

  tool(label, act, disabled = false) {
    const made = element("button", { type: "button", textContent: label, disabled });
    made.dataset.kind = label;
    made.addEventListener("click", act);
    return made;
  }

  reach(id) {
    if (this.active === id) return;
    this.active = id;
    for (const item of this.list.children)
      for (const one of item.querySelectorAll(".what, [type=checkbox]")) one.tabIndex = item.dataset.id === id ? 0 : -1;
  }

  open(id) {
    this.opened = this.opened === id ? null : id;
    this.draw();
    this.item(id)?.scrollIntoView({ block: "nearest" });
  }

  rename(id) {
    this.renaming = id;
    this.draw();
  }

  toggle(id) {
    const line = this.lines[this.at(id)];
    line.on = !line.on;
    this.tell({ do: "toggle", id });
    this.say(`Step is ${line.on ? "on" : "off"}`);
    this.draw();
  }

  move(id, to) {
    const from = this.at(id);
    if (to < 0 || to >= this.lines.length || to === from) return;
    this.lines.splice(to, 0, ...this.lines.splice(from, 1));
    this.tell({ do: "move", id, to });
    this.draw();
    this.item(id).scrollIntoView({ block: "nearest" });
    this.item(id).querySelector(".what")?.focus();
    this.say(`Step moved to place ${to + 1} of ${this.lines.length}`);
  }

  remove(id) {
    const at = this.at(id);
    this.lines.splice(at, 1);
    this.tell({ do: "remove", id });
    this.active = this.lines[Math.min(at, this.lines.length - 1)]?.id ?? null;
    this.draw();
    this.item(this.active)?.querySelector(".what")?.focus();
    this.say("Step removed; undo brings it back");
  }

  key(event) {
    const id = event.target.closest("li")?.dataset.id;
    const at = this.at(id);
    if (at < 0 || event.target.dataset.kind === "name") return;
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const onLine = event.target.dataset.kind === "what";
    if (way && event.altKey) this.move(id, at + way);
    else if (way) this.item(this.lines[at + way]?.id)?.querySelector(".what")?.focus();
    else if (event.key === "F2") this.rename(id);
    else if (event.key === "Delete") this.remove(id);
    else if (event.key === " " && onLine) this.toggle(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  grab(event) {
    const item = event.target.closest("li");
    const handle = event.target.closest(event.pointerType === "mouse" ? ".grip, .what" : ".grip");
    if (!item || !handle || event.button) return;
    const id = item.dataset.id;
    const end = new AbortController();
    const options = { signal: end.signal };
    const from = event.clientY;
    let moved = false;
    const stop = (take) => {
      end.abort();
      clearInterval(this.rolling);
      const to = this.drag?.to;
      this.drag = null;
      for (const one of this.list.children) one.classList.remove("dragged", "before", "after");
      if (moved && take && to !== undefined) this.move(id, to);
      else if (moved || this.later) setTimeout(() => this.caughtUp(), 0); // after the click, which needs its line
    };
    const follow = (y) => {
      const items = [...this.list.children];
      const own = this.at(id);
      let gap = items.findIndex((one) => y < one.getBoundingClientRect().top + one.offsetHeight / 2);
      if (gap < 0) gap = items.length;
      for (const one of items) one.classList.remove("before", "after");
      if (gap < items.length) items[gap].classList.add("before");
      else items.at(-1).classList.add("after");
      this.drag = { to: gap > own ? gap - 1 : gap };
    };
    addEventListener("pointermove", (now) => {
      if (!moved && Math.abs(now.clientY - from) < DRAG) return;
      if (!moved) {
        moved = true;
        item.classList.add("dragged");
        // Near an end of a long list it rolls on by itself.
        this.rolling = setInterval(() => {
          const box = this.list.getBoundingClientRect();
          const way = this.y < box.top + 24 ? -8 : this.y > box.bottom - 24 ? 8 : 0;
          if (way) this.list.scrollTop += way;
          if (way) follow(this.y);
        }, 30);
      }
      this.y = now.clientY;
      follow(this.y);
    }, options);
    addEventListener("pointerup", () => {
      // The click that ends a drag opens nothing.
      const swallow = (click) => click.stopPropagation();
      if (moved) addEventListener("click", swallow, { capture: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
      stop(true);
    }, options);
    addEventListener("pointercancel", () => stop(false), options);
    addEventListener("keydown", (now) => now.key === "Escape" && stop(false), options);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let list = lists.get(parentElement);
  if (!list) lists.set(parentElement, (list = new List(parentElement)));
  list.update(data.lines, (event) => setTriggerValue("event", event));
}
