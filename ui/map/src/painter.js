// Draws the points in parts, a part a frame: where drawing a million takes a second, the hand still never waits.
import { all, sample } from "./order.js";
import { looks } from "./states.js";

const MOVING = 45, RESTING = 110, ANEW = 180; // milliseconds a frame: the last for what a click has changed

const ENOUGH = 50_000; // points from which the time that they took says how long more would

export function partsPainter(map, drawer) {
  let order = new Uint32Array(0);
  let dirty = true;
  let seen = "";
  let gathered = "";
  let done = 0;
  let speed = 150_000 / MOVING; // points a millisecond, as the last full parts took
  let drawn = 0; // points of the last frame, where it was a full part, and only the time until the next one is known
  let last = 0;
  let moved = 0;
  let lookNow = "";
  let thinNow = null;

  function gather() { // the rows to draw, where they are not the same as before
    const { header, hidden, on, trustCodes } = map;
    const sampled = map.sampled ? [...map.viewBox(0.2), header.shown, ...(trustCodes ? [] : hidden), on.grey] : [];
    const now = [header.points, ...sampled].join();
    if (now === gathered) return;
    gathered = now;
    order = map.sampled ? sample(map.x, map.y, map.visible, map.header.drawn, map.viewBox(0.2)) : all(map.n);
    drawer.places(map.x, map.y, order);
  }

  return {
    places: () => { if (!map.sampled) gather(); },
    states() {
      if (map.sampled) gather();
      drawer.states(map.z, map.w, order);
      drawer.palette(map.colours);
      if (map.thin !== thinNow) drawer.thin((thinNow = map.thin));
      dirty = true;
    },
    looks() {
      const look = looks(map, order.length);
      map.dot = look.size[2];
      const text = JSON.stringify(look);
      if (text === lookNow) return;
      lookNow = text;
      drawer.looks(look.opacity, look.size);
      dirty = true;
    },
    light(code) {
      drawer.light(code);
      dirty = true;
    },
    rest() { // the view has come to rest
      if (map.sampled) this.states();
      this.looks();
    },
    frame(now) { // returns whether there is more to draw
      const { camera } = map;
      const view = [camera.x, camera.y, camera.scale, camera.width, camera.height].join();
      const anew = dirty || view !== seen;
      const gap = now - last;
      last = now;
      if (!anew && done >= order.length) return false;
      if (view !== seen) moved = now;
      const goal = now - moved < 250 ? MOVING : anew ? ANEW : RESTING;
      const learn = (points, milliseconds) => { speed = Math.max(speed * 0.4, Math.min(speed * 2, points / milliseconds)); };
      if (gap < 2000 && drawn) learn(drawn, gap);
      const part = Math.max(20_000, Math.min(4_000_000, speed * goal));
      if (anew) done = 0;
      dirty = false;
      seen = view;
      const next = Math.min(order.length, Math.round(done + part));
      const took = drawer.draw(camera, done, next, anew); // milliseconds, where the drawing is done by then
      drawn = !took && next < order.length ? next - done : 0;
      if (took && next - done > ENOUGH) learn(next - done, took);
      done = next;
      if (done === order.length) map.drawn();
      return done < order.length;
    },
    snap: () => map.pointCanvas,
    end: () => drawer.end(),
  };
}
