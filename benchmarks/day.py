"""A person's day: a set with planted faults is opened, cleaned, cut to 3,000 rows, exported and replayed, in a browser.

Run by hand: `python -m benchmarks.day PLANTED.parquet TRUTH.csv [--rows 3000] [--shots DIR]`. The set has the
columns `id`, `text`, `label`; the truth has `id` and `kind`, `clean` for a row without a fault. What the person does is
what the pages offer today. Prints the clicks (keys typed into one field count as one), the faults that are left by kind
beside what chance would leave, and whether the replay gave the same rows. `docs/day.md` keeps the figures.
"""

import argparse
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pyarrow.parquet as pq
from playwright.sync_api import Page, sync_playwright

import engine
from engine import Manifest

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def app(workspace: Path, source: Path) -> Iterator[str]:
    """The app on an empty workspace; gives its address."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    places = {"WINNOW_WORKSPACE": str(workspace), "WINNOW_FOLDERS": str(source.parent), "WINNOW_TOKEN": ""}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **places}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(240):
        try:
            urlopen(f"http://localhost:{port}/_stcore/health", timeout=2).close()
            break
        except OSError:
            time.sleep(0.25)
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait(20)


class Person:
    """What a person does, counted; after each page a picture of it."""

    def __init__(self, page: Page, address: str, shots: Path | None) -> None:
        self.page, self.shots, self.clicks = page, shots, 0
        page.set_default_timeout(120_000)
        page.goto(address)
        self.rest()

    def rest(self) -> None:
        """Until the script has run and nothing changes for a moment."""
        self.page.wait_for_selector(RESTS)
        self.page.wait_for_timeout(500)
        self.page.wait_for_selector(RESTS)

    def shot(self, name: str) -> None:
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def go(self, name: str) -> None:
        self.did(lambda: self.page.get_by_role("link", name=name, exact=True).first.click())

    def press(self, name: str, at: int = 0) -> None:
        """Press the button of that name; at: which one, -1 for the last."""
        self.did(lambda: self.page.get_by_role("button", name=name).nth(at).click())

    def fill(self, label: str, value: str) -> None:
        box = self.page.locator("input, textarea").and_(self.page.get_by_label(label, exact=True)).first
        box.fill(value)
        self.did(lambda: box.press("Enter"))

    def choose(self, label: str, value: str) -> None:
        box = self.page.locator("[data-testid=stSelectbox]").filter(has_text=label).locator("input").first
        self.did(box.click)
        self.did(lambda: self.page.get_by_role("option", name=value).first.click())

    def sees(self, text: str, seconds: int = 120) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=seconds * 1000)

    def did(self, what: Callable[[], object]) -> None:
        """Do one thing, and count it."""
        what()
        self.clicks += 1
        self.rest()


def lived(me: Person, source: Path, rows: int, out: Path) -> None:
    """Open, prepare, drop what repeats, cut what is odd, choose, export, verify."""
    me.fill("Path, pattern, or folder", str(source))
    me.sees("The first rows")
    me.shot("1-open")
    me.did(lambda: me.page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click())
    me.page.get_by_role("heading", name="Overview", exact=True).wait_for()
    me.go("Open")
    me.press("Prepare")
    me.sees("Everything is prepared", 900)
    me.shot("2-prepared")
    me.go("Overview")
    me.sees("as an earlier row")
    me.rest()
    me.shot("3-overview")
    for at in range(me.page.get_by_role("button", name="Show").count()):
        if at:
            me.go("Overview")
            me.sees("as an earlier row")
        me.press("Show", at)
        me.page.wait_for_selector(".map[data-drawn]")
        me.rest()
        me.shot(f"4-finding-{at}")
        me.press("Drop these")
    me.go("Clean")
    me.choose("Score", "outlier")
    me.shot("5-clean")
    me.fill("At most", "0.75")
    me.press("Add this cut")
    me.go("Choose")
    me.fill("Budget", str(rows))
    me.shot("6-choose")
    me.press("Choose")
    me.sees("rows chosen in", 600)
    me.rest()
    me.shot("7-chosen")
    me.go("Export")
    me.fill("Folder to write", str(out))
    me.shot("8-export")
    me.press("Export", -1)
    me.sees("Verify now", 300)
    me.press("Verify now")
    me.sees("Everything holds", 300)
    me.shot("9-proof")


def main() -> None:
    """Live the day; print what is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()
    with asked.truth.open(encoding="utf-8") as file:
        kinds = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        workspace, out, again = (Path(place) / name for name in ("workspace", "out", "again"))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(workspace, asked.source.resolve()) as address:
            page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            me = Person(page, address, asked.shots)
            started = time.perf_counter()
            try:
                lived(me, asked.source.resolve(), asked.rows, out)
            finally:
                me.shot("last")
            minutes = (time.perf_counter() - started) / 60
        made = Manifest.read(out)
        kept = [str(i) for i in pq.read_table(out / made.data_file, columns=["id"])["id"].to_pylist()]
        left, planted, share = Counter(kinds[i] for i in kept), Counter(kinds.values()), len(kept) / len(kinds)
        print(f"{me.clicks} clicks, {minutes:.1f} min, {len(kept):,} of {len(kinds):,} rows")
        for kind, count in planted.items():
            print(f"{kind:<18}{left[kind]:>7,}   by chance {count * share:>9,.1f}")
        replayed = engine.replay(out / "recipe.json", [asked.source], again)
        print(f"replayed from the source: same rows {replayed.rows.digest == made.rows.digest}")


if __name__ == "__main__":
    main()
