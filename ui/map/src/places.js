// The places of all rows, from bytes to units of the map; a row without a place is marked, not moved.
import { makeFrame } from "./camera.js";

export function readPlaces(buffer, n) {
  const all = new Float32Array(buffer);
  const x = all.slice(0, n), y = all.slice(n, 2 * n);
  const frame = makeFrame(x, y);
  const placed = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const ok = Number.isFinite(x[i]) && Number.isFinite(y[i]);
    placed[i] = ok ? 1 : 0;
    x[i] = ok ? (x[i] - frame.x) / frame.half : 0;
    y[i] = ok ? (y[i] - frame.y) / frame.half : 0;
  }
  return { x, y, placed, frame };
}
