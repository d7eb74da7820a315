"""The map beside st.plotly_chart on the same points: python benchmarks/map.py 100000 [1000000 5000000] [--no-plotly].

Headless Chromium with software drawing, one run each: bytes, first picture, panning, another colour, a lasso.
Ratios, not seconds, are what another machine can compare.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import FloatRect, Page, WebSocket, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    *("--ignore-gpu-blocklist", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--enable-precise-memory-info"),
]
# The time from the last move of the pointer to a card with a text of its own.
WATCH = """() => {
 const all = [...document.querySelectorAll('*')].map((e) => e.shadowRoot);
 const root = all.find((r) => r?.querySelector('.over'));
 let moved = 0; root.querySelector('.over').addEventListener('pointermove', () => { moved = performance.now(); }, true);
 new MutationObserver(() => { const text = root.querySelector('.card .text');
  if (text && !root.querySelector('.card').hidden && !globalThis.read) globalThis.read = performance.now() - moved;
 }).observe(root.querySelector('.card'), { childList: true, attributes: true }); }"""
LASSO = [(0.35, 0.25), (0.7, 0.2), (0.75, 0.55), (0.6, 0.8), (0.35, 0.6), (0.35, 0.25)]
FRAMES = """() => { const gaps = []; let last = performance.now();
 const step = (now) => { gaps.push(now - last); last = now; globalThis.frames = gaps; requestAnimationFrame(step); };
 requestAnimationFrame(step); }"""


@contextmanager
def serving(app: str, rows: int) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAP_ROWS": str(rows)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    time.sleep(6)
    try:
        yield f"http://localhost:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def until(true: Callable[[], bool], patience: float = 120) -> float:
    """Seconds until something is true; infinity when it never is."""
    start = time.perf_counter()
    while time.perf_counter() - start < patience:
        if true():
            return time.perf_counter() - start
        time.sleep(0.02)
    return float("inf")


def lasso(page: Page, area: FloatRect) -> None:
    spots = [(area["x"] + fx * area["width"], area["y"] + fy * area["height"]) for fx, fy in LASSO]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=8)


def hover(page: Page, area: FloatRect) -> float:
    """Milliseconds from the pointer's move to the text on the card, median of twelve places, timed in the page."""
    page.evaluate(WATCH)
    times = []
    for step in range(24):
        page.evaluate("() => { globalThis.read = 0; }")
        x, y = area["x"] + area["width"] * (0.3 + 0.017 * step), area["y"] + area["height"] * (0.35 + 0.013 * step)
        page.mouse.move(x, y)
        time.sleep(0.4)
        if found := page.evaluate("() => globalThis.read"):
            times.append(found)
    return sorted(times)[len(times) // 2] if times else float("nan")


def measure(page: Page, address: str, ready: str, area: str, drawn: Callable[[Page], int]) -> dict[str, float]:
    traffic = {"down": 0, "up": 0}

    def listen(channel: WebSocket) -> None:
        channel.on("framereceived", lambda frame: traffic.update(down=traffic["down"] + len(frame)))
        channel.on("framesent", lambda frame: traffic.update(up=traffic["up"] + len(frame)))

    page.on("websocket", listen)
    page.goto(address)
    page.wait_for_selector(ready, timeout=180_000)
    page.reload()  # the first visit also makes the corpus and fills the caches
    traffic.update(down=0, up=0)
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(ready, timeout=180_000)
    result = {"first_picture_s": time.perf_counter() - start, "first_bytes": traffic["down"]}
    time.sleep(2)
    before, bytes_before = drawn(page), traffic["down"]
    page.get_by_text("score", exact=True).first.click()
    result["colour_s"] = until(lambda: drawn(page) > before)
    result["colour_bytes"] = traffic["down"] - bytes_before
    time.sleep(2)
    box = page.locator(area).first.bounding_box()
    assert box is not None
    page.evaluate(FRAMES)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    start = time.perf_counter()
    for step in range(60):
        page.mouse.move(middle[0] + step * 2, middle[1] + step)
    spent = time.perf_counter() - start
    page.mouse.up()
    gaps = sorted(page.evaluate("() => globalThis.frames"))
    result["pan_frames_per_s"] = len(gaps) / max(spent, 1e-9)
    result["pan_p95_ms"] = gaps[int(len(gaps) * 0.95)] if gaps else 0.0
    time.sleep(2)
    if page.locator(".map").count():
        result["hover_ms"] = hover(page, box)
    for name in ("[data-tool=lasso]", "[data-title='Lasso Select']"):
        if page.locator(name).count():
            page.locator(name).first.click()
    small: FloatRect = {**box, "width": box["width"] / 2, "height": box["height"] / 2}
    for around in (small, box):  # the first one also imports what answers it
        lasso(page, around)
        sent, said = traffic["up"], page.get_by_text("picked ").first.inner_text()
        page.mouse.up()
        result["lasso_s"] = until(lambda: page.get_by_text("picked ").first.inner_text() != said, 60)  # noqa: B023
        result["lasso_bytes"] = traffic["up"] - sent
    result["browser_heap_mb"] = page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[100_000])
    parser.add_argument("--no-plotly", action="store_true")
    options = parser.parse_args()
    apps = {"map": ("tests/ui/map/map_app.py", ".map[data-drawn]", ".over")}
    if not options.no_plotly:
        apps["plotly"] = ("benchmarks/map_plotly_app.py", ".js-plotly-plot .gl-canvas", ".js-plotly-plot .nsewdrag")

    def drawn(page: Page) -> int:
        own = page.locator(".map")
        if own.count():
            return int(own.get_attribute("data-drawn") or 0)
        return int(page.evaluate("() => globalThis.plotlyDrawn ?? 0"))

    with sync_playwright() as playwright:
        for rows in options.rows:
            for name, (app, ready, area) in apps.items():
                with serving(app, rows) as (address, server):
                    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                    page = browser.new_page(viewport={"width": 1200, "height": 900})
                    page.add_init_script(COUNT_PLOTLY)
                    result = measure(page, address, ready, area, drawn)
                    result["server_mb"] = server.memory_info().rss / 1e6
                    browser.close()
                rounded = {key: round(value, 2) for key, value in result.items()}
                print(json.dumps({"rows": rows, "chart": name, **rounded}), flush=True)


# Plotly says "afterplot" on its own element only, so each new element is told to count.
COUNT_PLOTLY = """setInterval(() => { for (const plot of document.querySelectorAll('.js-plotly-plot')) {
  if (plot.counted || !plot.on) continue; plot.counted = true;
  globalThis.plotlyDrawn = (globalThis.plotlyDrawn ?? 0) + 1;
  plot.on('plotly_afterplot', () => { globalThis.plotlyDrawn++; }); } }, 10);"""


if __name__ == "__main__":
    main()
