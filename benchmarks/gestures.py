"""Twelve lasso drops and their undo on a made set of 60,000 rows with a map, in a browser.

Run by hand: `python -m benchmarks.gestures [--rows 60000] [--shot PICTURE.png]`. Each gesture is timed from the moment
the pointer lets go (or the button is pressed) until the map shows what came of it; beside it stands what the server
worked for it, which does not depend on what else the machine does. Last the size of the recipe after all drops.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from engine import Dataset
from engine.marks import Desk
from engine.recipe import draft
from tests.engine.small import clustered, corpus, embedded, mapped
from ui.frame.browser import COOKIE

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DROPS, GROUPS = 12, 77
MAP = "[...globalThis[Symbol.for('winnow.map')].maps.values()].find((m) => m.camera)"


def made(workspace: Path, rows: int) -> Dataset:
    """Rows in 77 groups on a grid of places, each with words, a label, a vector and a topic."""
    rng = np.random.default_rng(7)
    group = rng.integers(0, GROUPS, rows)
    words = np.array([f"word{i}" for i in range(3000)])
    texts = [
        f"{' '.join(words[(g * 31 + w) % 3000])} {i}"
        for i, (g, w) in enumerate(zip(group, rng.integers(0, 60, (rows, 9)), strict=True))
    ]
    data = corpus(workspace, {"text": texts, "label": [f"label {g}" for g in group]})
    centres = rng.normal(size=(GROUPS, 32))
    data = embedded(data, centres[group] + 0.4 * rng.normal(size=(rows, 32)), k=15)
    place = rng.normal(size=(rows, 2)) * 0.35 + np.stack([group % 11, group // 11], axis=1)
    data = mapped(data, place[:, 0].tolist(), place[:, 1].tolist())
    return clustered(data, group.tolist())


@contextmanager
def app(workspace: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The app on a workspace; gives its address and its process."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    places = {"WINNOW_WORKSPACE": str(workspace), "WINNOW_FOLDERS": str(workspace), "WINNOW_TOKEN": ""}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **places}, stdout=quiet, stderr=quiet)
    try:
        for _ in range(240):
            try:
                urlopen(f"http://localhost:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.25)
        yield f"http://localhost:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def browser_of(page: Page) -> str:
    """The id that the door gave the browser."""
    return next(str(c["value"]) for c in page.context.cookies() if c["name"] == COOKIE)


def counts(page: Page) -> tuple[int, int]:
    """Rows that pass, and rows selected, as the map has them."""
    shown, selected = page.evaluate(f"() => {{ const c = {MAP}.counts; return [c.shown, c.selected]; }}")
    return int(shown), int(selected)


def lasso(page: Page, at: int) -> None:
    """Draw around one group of the map."""
    over = page.locator(".over").bounding_box()
    assert over is not None
    x, y = at % 11, at // 11
    corners = [[x + a, y + b] for a, b in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))]
    camera = f"const c = {MAP}.camera"
    spots = page.evaluate(
        f"(corners) => {{ {camera}; return corners.map((p) => c.toScreen(...c.fromData(...p))); }}", corners
    )
    spots = [(over["x"] + a, over["y"] + b) for a, b in spots]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=5)


class Watch:
    """Times gestures: seconds on the clock, and seconds that the server worked."""

    def __init__(self, page: Page, server: psutil.Process) -> None:
        self.page, self.server = page, server
        self.took: dict[str, list[tuple[float, float]]] = {}

    def __call__(self, name: str, act: Callable[[], object], done: str) -> None:
        """Time an act until something holds of the map, which `done` sees as `m`; then let the page come to rest."""
        before, start = self.worked(), time.perf_counter()
        act()
        self.page.wait_for_function(f"() => {{ const m = {MAP}; return m && ({done}); }}", timeout=120_000, polling=20)
        seconds = time.perf_counter() - start
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_timeout(400)
        self.took.setdefault(name, []).append((seconds, self.worked() - before))

    def worked(self) -> float:
        """Seconds that the server worked until now."""
        return sum(self.server.cpu_times()[:2])


def main() -> None:
    """Make the set, drop twelve times, take all back; print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--shot", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        data = made(Path(place), asked.rows)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(Path(place)) as (address, server):
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.set_default_timeout(120_000)
            page.goto(f"{address}/explore?dataset={data.name}")
            page.wait_for_selector(".map[data-drawn]")
            page.locator("[data-tool=lasso]").click()
            page.wait_for_timeout(2000)
            watch = Watch(page, server)
            for at in range(DROPS):
                left = counts(page)[0]
                lasso(page, 5 * at + at % 5)
                watch("lasso", page.mouse.up, "m.counts.selected > 0")
                watch("drop", page.get_by_role("button", name="Drop these").click, f"m.counts.shown < {left}")
            size = len(draft(Desk(data.store, browser_of(page))).recipe.text().encode())
            if asked.shot:
                page.screenshot(path=asked.shot)
            while counts(page)[0] < data.n:
                left, chosen = counts(page)
                back = page.locator(".st-key-drawer-undo button").first.click
                watch("undo", back, f"m.counts.shown > {left} || m.counts.selected !== {chosen}")
        print(f"{asked.rows:,} rows, {DROPS} drops: recipe {size:,} bytes")
        for name, each in watch.took.items():
            clock, work = zip(*each, strict=True)
            print(f"{name:<6} median {median(clock):.2f} s, worst {max(clock):.2f} s; server {median(work):.2f} s")


if __name__ == "__main__":
    main()
