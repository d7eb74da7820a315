"""The reader at a million rows: python -m benchmarks.reader [1000000].

Headless Chromium against a server of its own: the first rows; the longest time that a place in sight stayed blank while
one scrolls, jumps and drags, and how long a jump takes; a text of five megabytes, folded and unfolded. Exit code 1 when
a limit is broken.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.ui.reader.hostile import LONG, opened

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
READER = "globalThis[Symbol.for('winnow.map')]?.maps.get('reader__1')"
FIRST_S, BLANK_S = 0.5, 0.3
# In the page: when the reader and its first rows were there, and the longest time that a place in sight had no row.
WATCH = f"""(() => {{ const seen = globalThis.seen = {{ longest: 0 }}; let since = 0;
 const step = (now) => {{ requestAnimationFrame(step); const r = {READER}; if (!r) return;
  seen.there ??= now; const box = r.scroll.getBoundingClientRect(); let at = box.top, blank = false;
  const rows = [...r.list.shown.values()].map((e) => [e.getBoundingClientRect(), e.classList.contains('waiting')])
   .filter(([b]) => b.bottom > box.top && b.top < box.bottom).sort((a, b) => a[0].top - b[0].top);
  for (const [b, waiting] of rows) {{ if (waiting || b.top > at + 2) blank = true; at = Math.max(at, b.bottom); }}
  if (!rows.length || at < box.bottom - 2 && r.n > 20) blank = true;
  if (!blank) seen.first ??= now;
  if (!blank) since = 0; else {{ since ||= now; if (seen.first) seen.longest = Math.max(seen.longest, now - since); }}
 }}; requestAnimationFrame(step); }})()"""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "tests/ui/reader/reader_app.py", "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "READER_FOLDER": str(folder)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    time.sleep(8)
    try:
        yield f"http://localhost:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def blank(page: Page, doing: str) -> float:
    """Seconds of the longest blank until a second after something was done in the page."""
    page.evaluate("() => { seen.longest = 0; }")
    page.evaluate(f"async () => {{ const r = {READER}; {doing} }}")
    time.sleep(1)
    return page.evaluate("() => seen.longest") / 1000


def wheel(page: Page, seconds: float, pixels: int) -> float:
    """The longest blank while the wheel turns, so many pixels 30 times a second."""
    page.evaluate("() => { seen.longest = 0; }")
    box = page.locator(".scroll").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        page.mouse.wheel(0, pixels)
        time.sleep(1 / 30)
    time.sleep(1)
    return page.evaluate("() => seen.longest") / 1000


def jumped(page: Page, share: float) -> float:
    """Seconds from a jump of the scroll bar until the rows there are seen, where the browser waits for nothing else."""
    return page.evaluate(f"""async () => {{ const r = {READER}, start = performance.now();
        r.scroll.scrollTop = r.scroll.scrollHeight * {share};
        await new Promise((done) => {{ const look = () => (Math.abs(r.list.heights.at(r.list.y) / r.n - {share}) < 0.001
            && r.pages.get(r.list.heights.at(r.list.y)) ? done() : requestAnimationFrame(look)); look();
            setTimeout(done, 20_000); }});
        return (performance.now() - start) / 1000; }}""")


def measure(page: Page, address: str, rows: int) -> dict[str, float]:
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".row[data-row]", timeout=120_000)
    page.reload()  # the first visit also opened the dataset
    page.wait_for_selector(".row[data-row]", timeout=120_000)
    time.sleep(1.5)
    result = {"first_rows_s": page.evaluate("() => seen.first - seen.there") / 1000}
    result["blank_wheel_s"] = wheel(page, 8, 120)
    result["blank_fast_wheel_s"] = wheel(page, 5, 500)
    jump = "r.scroll.scrollTop = r.scroll.scrollHeight"
    result["blank_middle_s"] = blank(page, f"{jump} / 2;")
    assert abs(page.evaluate(f"() => {READER}.list.heights.at({READER}.list.y)") / rows - 0.5) < 0.01
    result["blank_end_s"] = blank(page, f"{jump};")
    assert page.locator(f".row[data-row='{rows - 1}']").is_visible()
    jumps = sorted(jumped(page, share) for share in (0.1, 0.7, 0.3, 0.9, 0.25, 0.61, 0.42))
    result["jump_median_s"], result["jump_longest_s"] = jumps[3], jumps[-1]
    drag = "await new Promise((done) => setTimeout(done, 50));"
    result["blank_dragging_s"] = blank(page, f"for (let i = 40; i >= 0; i--) {{ {jump} * i / 40; {drag} }}")
    result["blank_page_keys_s"] = blank(
        page, "r.setFocus(0); for (let i = 1; i < 60; i++) { r.setFocus(i * 9); " + drag + "}"
    )
    page.evaluate(f"() => {READER}.list.show(8)")
    time.sleep(1)
    card = page.locator(".row[data-row='8']")
    result["folded_characters"] = len(card.text_content() or "")
    start = time.perf_counter()
    card.get_by_role("button", name=f"Show all {LONG:,} characters").click()
    card.locator(".whole").wait_for()
    result["unfold_s"] = time.perf_counter() - start
    result["unfolded_characters"] = len(card.text_content() or "")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = opened(Path(place), rows)
        with serving(folder) as (address, server):
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            result = measure(browser.new_page(viewport={"width": 1200, "height": 900}), address, rows)
            result["server_mb"] = server.memory_info().rss / 1e6
            browser.close()
    print(json.dumps({"rows": rows, "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
                     | {key: round(value, 3) for key, value in result.items()}, indent=1))  # fmt: skip
    slow = [key for key, value in result.items() if key.startswith("blank") and value > BLANK_S]
    slow += ["first_rows_s"] * (result["first_rows_s"] > FIRST_S)
    print("slower than promised: " + ", ".join(slow) if slow else "all within the limits")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
