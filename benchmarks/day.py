"""A person's day: a set with planted faults is opened, cleaned, cut to 3,000 rows, exported and replayed, in a browser.

Run by hand: `python -m benchmarks.day SOURCE… [--truth TRUTH.csv] [--rows 3000] [--labels] [--format Parquet]
[--shots DIR] [--screens DIR]`. The truth has `id` and `kind` for the rows of the source's column `id`, `clean` for a
row without a fault. What the person does is what the pages offer today. Prints clicks and keys job by job (what is
typed into one field counts as one), the faults that are left by kind beside what chance would leave, and whether the
replay gave the same rows. `--labels`: the person reviews labels too. `--screens` takes each page as the person sees it,
at three widths, light and dark. `docs/day.md` keeps the figures.
"""

import argparse
import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pyarrow.parquet as pq
from playwright.sync_api import Locator, Page, sync_playwright

import engine
from engine import Manifest

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"
WIDTHS = (1024, 1440, 2200)
# What a careful person leaves: on requests the one row that it finds gives the assistant a name.
LEFT_ALONE = "hidden_instructions"


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
    """What a person does, counted by job; after each page a picture of it."""

    def __init__(self, page: Page, address: str, shots: Path | None, screens: Path | None = None) -> None:
        self.page, self.shots, self.screens = page, shots, screens
        self.acts: dict[str, int] = {}
        self.job = ""
        self.taken: list[str] = []
        page.set_default_timeout(120_000)
        page.goto(address)
        self.rest()

    def begins(self, job: str) -> None:
        """What is done from now on belongs to this job."""
        self.job = job
        self.acts[job] = 0

    def rest(self) -> None:
        """Until the script has run and nothing changes for a moment."""
        self.page.wait_for_selector(RESTS)
        self.page.wait_for_timeout(500)
        self.page.wait_for_selector(RESTS)

    def shot(self, name: str) -> None:
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def pictured(self, name: str) -> None:
        """The page as it stands now, at three widths, light and dark."""
        if not self.screens:
            return
        self.screens.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": round(0.62 * width)})
                self.page.wait_for_timeout(2500)
                self.rest()
                self.page.screenshot(path=self.screens / f"{name}-{width}-{scheme}.png")
        if before:
            self.page.set_viewport_size(before)
            self.rest()

    def go(self, name: str) -> None:
        self.did(lambda: self.page.get_by_role("link", name=name, exact=True).first.click())

    def press(self, name: str, at: int = 0) -> None:
        """Press the button of that name; at: which one, -1 for the last."""
        self.did(lambda: self.page.get_by_role("button", name=name).nth(at).click())

    def key(self, name: str) -> None:
        self.did(lambda: self.page.keyboard.press(name))

    def fill(self, label: str, value: str) -> None:
        box = self.page.locator("input, textarea").and_(self.page.get_by_label(label, exact=True)).first
        box.fill(value)
        self.did(lambda: box.press("Enter"))

    def choose(self, label: str, value: str) -> None:
        named = self.page.get_by_text(label, exact=True)
        box = self.page.locator("[data-testid=stSelectbox]").filter(has=named).locator("input").first
        self.did(box.click)
        box.fill(value)  # a long list holds only those in view
        self.did(lambda: self.page.get_by_role("option", name=value).first.click())

    def sees(self, text: str, seconds: int = 120) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=seconds * 1000)

    def did(self, what: Callable[[], object]) -> None:
        """Do one thing, and count it."""
        what()
        self.acts[self.job] = self.acts.get(self.job, 0) + 1
        self.rest()


def opened_only(me: Person, source: Sequence[Path]) -> None:
    """Open the files."""
    me.begins("open")
    me.fill("Path, pattern, or folder", ", ".join(map(str, source)))
    me.sees("The first rows, as their text will be")
    me.shot("1-open")
    me.pictured("open")
    me.did(lambda: me.page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click())
    me.page.get_by_role("heading", name="Overview", exact=True).wait_for()
    me.rest()


def opened(me: Person, source: Sequence[Path]) -> None:
    """Open the files, and have everything prepared."""
    opened_only(me, source)
    me.begins("prepare")
    me.press("Prepare")
    me.sees("Next: look at the map", 1500)
    me.rest()
    me.shot("2-prepared")


def cleaned(me: Person, words: str) -> None:
    """Make a rule of every finding that has one, read twenty rows that a search finds, drop ten."""
    me.begins("findings become rules")
    me.sees("Drop as a rule", 300)
    me.rest()
    me.shot("3-overview")
    me.pictured("overview")
    while me.page.get_by_role("button", name="Drop as a rule").count():
        me.press("Drop as a rule")
    me.shot("4-inbox-empty")
    me.begins("read 20 rows, drop 10 by hand")
    me.go("Explore")
    me.page.wait_for_selector(".map[data-drawn]")
    me.press("Search")
    me.did(lambda: _searched(me.page, words))
    for at in range(1, 21, 2):
        me.did(_row(me.page, at).locator(".tick").check)
    me.shot("5-read")
    me.key("d")
    if me.screens:
        me.page.keyboard.press("Escape")  # what is open stands over the map in the picture
        me.pictured("explore")


def suggestions_taken(me: Person) -> None:
    """Measure what the suggestions look at, read the rows of each, and take all but what would drop good ones."""
    me.begins("read what is suggested, take what is right")
    me.go("Clean")
    me.did(lambda: me.page.get_by_role("tab", name="Suggested").click())
    measure = me.page.get_by_role("button", name="Measure what they look at")
    if measure.count():
        me.did(measure.click)
        measure.wait_for(state="detached", timeout=900_000)
        me.rest()
    me.shot("6-suggested")
    passed = 0
    while me.page.get_by_role("button", name="Add this step").count() > passed:
        said = me.page.get_by_text("rows would go (").nth(passed).inner_text()
        me.did(me.page.get_by_text("of the rows that would go").nth(passed).click)
        me.page.locator("article.row:not(.waiting):visible").first.wait_for()
        me.shot(f"6-suggested-{len(me.taken) + 1}-{passed}")
        if LEFT_ALONE in said:
            passed += 1
        else:
            me.press("Add this step", passed)
            me.taken.append(said)
    me.shot("6-taken")


def labels_reviewed(me: Person, true: dict[str, str]) -> None:
    """Look for doubtful labels, answer the first twenty by keys, then drop all that are wrong and all like no label."""
    me.begins("answer 20 doubtful labels by keys")
    me.go("Review")
    me.press("Look for doubtful labels")
    me.sees("rows answered", 900)
    me.rest()
    me.shot("6-review-begun")
    me.did(me.page.locator("article.row").first.click)
    for place in range(1, 21):
        row = me.page.locator(f'article.row[aria-posinset="{place}"].focused')
        row.wait_for()
        offered = me.page.locator(".pad .labels bdi").all_text_contents()
        wanted = true.get(row.locator(".body").inner_text().strip(), "")
        me.page.keyboard.press(str(offered.index(wanted) + 1) if wanted in offered else "s")
        me.acts[me.job] += 1
        me.page.locator(f'article.row[aria-posinset="{place}"] .badge').first.wait_for()
    me.rest()
    me.shot("6-review")
    me.pictured("review")
    me.begins("drop labels that are wrong, and like none")
    for kind in ("", "Like no label"):
        if kind:
            for one in ("Wrong ·", f"{kind} ·"):
                me.did(me.page.locator(".st-key-review-kinds button").filter(has_text=one).click)
        me.did(me.page.locator(".st-key-review-select button").first.click)
        me.press("Drop these")
    me.shot("6-review-dropped")


def cut_by_hand(me: Person, least: float) -> None:
    """Drag the upper cut of the score of outliers down to a number, and make it a step."""
    me.begins("drag a cut through a score")
    me.did(lambda: me.page.get_by_role("tab", name="Scores and cuts").click())
    if "outlier" not in me.page.get_by_role("combobox", name="Score").input_value():
        me.choose("Score", "outlier")
    handle = me.page.get_by_role("slider", name="Upper cut")
    me.did(lambda: _dragged(me, handle, least))
    me.shot("6-clean")
    me.pictured("clean")
    me.press("Add this cut")


def _dragged(me: Person, handle: Locator, least: float) -> None:
    """Drag a handle to the left until it stands at a number or less."""
    box, mouse = handle.bounding_box(), me.page.mouse
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    at = np.inf
    while at > least:
        x -= 2
        mouse.move(x, y)
        me.page.wait_for_timeout(16)
        found = re.search(r"[\d.]+", handle.locator("output").inner_text())
        at = float(found[0]) if found else at
    me.shot("6-dragging")
    mouse.up()


def deduplicated(me: Person) -> None:
    """Find near repeats by characters, judge ten groups by key, take the last back and do it again, make it a step."""
    me.begins("near repeats become a step")
    me.did(lambda: me.page.get_by_role("tab", name="Duplicates").click())
    me.press("Find others")
    me.choose("Of", "Characters")
    me.press("Find them")
    me.sees("Look below", 600)
    me.rest()
    me.begins("judge 10 groups by key")
    me.did(lambda: me.page.get_by_text("Random", exact=True).click())
    me.did(lambda: me.page.locator(".reader.groups").focus())
    for key in "kkkkkkkkkd":
        me.key(key)
    me.key("u")
    me.key("d")
    me.shot("6-duplicates")
    me.pictured("duplicates")
    me.begins("the step of near repeats")
    me.press("Add as a step")


def chosen(me: Person, rows: int) -> None:
    """Choose so many rows, so that they cover everything."""
    me.begins(f"choose {rows:,}")
    me.go("Choose")
    me.fill("Budget", str(rows))
    me.press("Choose", -1)
    me.sees("rows chosen in", 900)
    me.rest()
    me.shot("7-chosen")
    me.pictured("choose")


def exported(me: Person, written: str) -> Path:
    """Export and see it verified; returns the folder. written: the format, "" for the one that is offered."""
    me.begins("export and verify")
    me.go("Export")
    if written:
        me.choose("Format", written)
    me.shot("8-export")
    out = Path(me.page.get_by_label("Folder to write", exact=True).input_value())
    me.press("Export", -1)
    me.sees("Everything holds", 300)
    me.shot("9-proof")
    me.pictured("export")
    return out


def _searched(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Search", exact=True)
    box.fill(words)
    box.press("Enter")


def _row(page: Page, at: int) -> Locator:
    """The row at a place of the reader, counted from 1; it is scrolled to, as a person does."""
    row = page.locator(f'article.row[aria-posinset="{at}"]')
    page.locator(".reader .scroll").first.hover()
    while not row.count():
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(200)
    row.scroll_into_view_if_needed()
    return row


def account(me: Person, minutes: float, out: Path) -> Manifest:
    """Print what was done, job by job; gives the manifest of what came of it."""
    for job, count in me.acts.items():
        print(f"{job:<40}{count:>4}")
    made = Manifest.read(out)
    print(f"{sum(me.acts.values())} clicks and keys, {minutes:.1f} min, {made.rows.kept:,} rows")
    return made


def lived_on_copy(
    source: Path, workspace: Path, dataset: str, shots: Path | None, live: Callable[[Person], Path],
    then: Callable[[Path, Manifest], None] = lambda _out, _made: None,
) -> None:  # fmt: skip
    """Live on a copy of a dataset that is opened and mapped; print the acts, and replay on the command line what came.

    live: what the person does; gives the folder of the export. then: what else is told of it.
    """
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        here, again = (Path(place) / name for name in ("workspace", "again"))
        shutil.copytree(workspace / dataset, here / dataset)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(here, source.resolve()) as address:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            me, started = Person(page, f"{address}/?dataset={dataset}", shots), time.perf_counter()
            try:
                out = live(me)
            finally:
                me.shot("last")
            minutes = (time.perf_counter() - started) / 60
        made = account(me, minutes, out)
        command = [str(Path(sys.executable).with_name("winnow")), "run", str(out), str(source.resolve())]
        more = ["--out", str(again), "--workspace", str(here), "--quiet"]
        subprocess.run([*command, *more], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        print(f"replayed on the command line: same rows {Manifest.read(again).rows.digest == made.rows.digest}")
        then(out, made)


def main() -> None:
    """Live the day; print what is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="+")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--search", default="bank")
    parser.add_argument("--format", default="")
    parser.add_argument("--labels", action="store_true", help="the person reviews the labels")
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--screens", type=Path)
    asked = parser.parse_args()
    source = [path.resolve() for path in asked.source]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        workspace, again = (Path(place) / name for name in ("workspace", "again"))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(workspace, source[0]) as address:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            me = Person(page, address, asked.shots, asked.screens)
            started = time.perf_counter()
            try:
                opened(me, source)
                cleaned(me, asked.search)
                suggestions_taken(me)
                cut_by_hand(me, 0.75)
                deduplicated(me)
                if asked.labels:
                    labels_reviewed(me, true_labels(asked.truth, source))
                chosen(me, asked.rows)
                out = exported(me, asked.format)
            finally:
                me.shot("last")
            minutes = (time.perf_counter() - started) / 60
        made = account(me, minutes, out)
        print(*(f"taken: {said}" for said in me.taken), sep="\n")
        if asked.truth:
            judged(asked.truth, out, made)
        replayed = engine.replay(out / "recipe.json", source, again)
        print(f"replayed from the source: same rows {replayed.rows.digest == made.rows.digest}")


def true_labels(truth: Path | None, source: Sequence[Path]) -> dict[str, str]:
    """The true label of each text, for a person who knows it: of the truth, else the one that came."""
    found, told = dict[str, str](), dict[str, str]()
    if truth is not None:
        with truth.open(encoding="utf-8") as file:
            told = {row["id"]: row["true_label"] for row in csv.DictReader(file)}
    for path in source:
        table = pq.read_table(path, columns=["id", "text", "label"]).to_pylist()
        found |= {" ".join(str(row["text"]).split()): told.get(str(row["id"]), "") or row["label"] for row in table}
    return found


def judged(truth: Path, out: Path, made: Manifest) -> None:
    """Print the faults that are left by kind, beside what chance would; of copies also those beside their twin."""
    with truth.open(encoding="utf-8") as file:
        planted_rows = list(csv.DictReader(file))
    kinds = {row["id"]: row["kind"] for row in planted_rows}
    kept = [str(i) for i in pq.read_table(out / made.data_file, columns=["id"])["id"].to_pylist()]
    left, planted, share = Counter(kinds[i] for i in kept), Counter(kinds.values()), len(kept) / len(kinds)
    for kind, count in planted.items():
        print(f"{kind:<18}{left[kind]:>7,}   by chance {count * share:>9,.1f}")
    there = set(kept)
    twins = Counter(row["kind"] for row in planted_rows if row["duplicate_of"] in there and row["id"] in there)
    for kind in sorted({row["kind"] for row in planted_rows if row["duplicate_of"]}):
        print(f"{kind:<18}{twins[kind]:>7,}   with their twin, by chance {planted[kind] * share**2:>9,.1f}")


if __name__ == "__main__":
    main()
