"""A cut lived through in a browser: measured, dragged, read, a group spared, taken back, exported and replayed.

Run by hand: `python -m benchmarks.cut_day SOURCE --title Words --column words --least 40 --by source
[--shots DIR]`. Nothing is embedded. Prints clicks and keys job by job, who loses, and whether the replay gave the same
rows.
"""

import argparse
import re
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, sync_playwright

import engine
from benchmarks.day import FLAGS, Person, account, app, opened_only


def measured(me: Person, title: str, column: str) -> None:
    """Measure one signal from the dialog of all."""
    me.begins("measure a signal")
    me.go("Clean")
    me.press("Measure signals")
    dialog = me.page.get_by_role("dialog")
    me.did(lambda: dialog.get_by_role("checkbox", name=title, exact=True).press("Space"))
    me.did(lambda: dialog.get_by_role("button", name="Measure 1 signal").click())
    me.sees("1 finished", 600)
    me.rest()
    if me.page.get_by_role("combobox", name="Score").input_value() != column:
        me.choose("Score", column)


def cut(me: Person, least: float) -> None:
    """Drag the lower cut up to a number, read five rows beside it by keys, make it a step."""
    me.begins("drag, read, make it a step")
    me.did(lambda: dragged(me, me.page.get_by_role("slider", name="Lower cut"), least))
    me.shot("1-cut")
    below = me.page.locator(".reader").nth(1)
    below.locator("article.row").first.wait_for()
    me.did(below.locator("article.row").first.click)
    for _ in range(4):
        me.key("j")
    me.shot("2-read")
    me.press("Add this cut")
    me.sees("rows kept")


def dragged(me: Person, handle: Locator, least: float) -> None:
    """Drag a handle to the right until it stands at a number or more."""
    box, mouse = handle.bounding_box(), me.page.mouse
    assert box
    x, y, at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, -np.inf
    mouse.move(x, y)
    mouse.down()
    while at < least:
        x += 2
        mouse.move(x, y)
        me.page.wait_for_timeout(16)
        found = re.search(r"[\d.,]+", handle.locator("output").inner_text())
        at = float(found[0].replace(",", "")) if found else at
    mouse.up()


def spared(me: Person, by: str) -> None:
    """See who loses, spare the group hit hardest, take it back and do it again."""
    me.begins("see who loses, spare one, undo, redo")
    me.did(lambda: me.page.get_by_role("tab", name="Who loses").click())
    me.choose("Groups by", by)
    me.shot("3-who-loses")
    sidebar = me.page.get_by_test_id("stSidebar")
    said = sidebar.get_by_text("rows kept").first
    before = said.inner_text()
    me.press("Spare it from")
    me.page.wait_for_timeout(1500)
    after = said.inner_text()
    me.shot("4-spared")
    me.press("Ctrl + Z")
    me.page.wait_for_timeout(1500)
    taken_back = said.inner_text()
    me.press("Ctrl + Y")
    me.page.wait_for_timeout(1500)
    print(f"cut: {before}; spared: {after}; undone: {taken_back}; again: {said.inner_text()}")
    assert taken_back == before != after == said.inner_text()


def exported(me: Person) -> Path:
    """Export and see it verified; returns the folder."""
    me.begins("export and verify")
    me.go("Export")
    me.shot("5-export")
    out = Path(me.page.get_by_label("Folder to write", exact=True).input_value())
    me.press("Export", -1)
    me.sees("Everything holds", 300)
    me.shot("6-proof")
    return out


def main() -> None:
    """Live it; print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--title", default="Words")
    parser.add_argument("--column", default="words")
    parser.add_argument("--least", type=float, default=40)
    parser.add_argument("--by", default="source")
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()
    source = asked.source.resolve()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        workspace, again = (Path(place) / name for name in ("workspace", "again"))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(workspace, source) as address:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            me, started = Person(page, address, asked.shots), time.perf_counter()
            try:
                opened_only(me, [source])
                measured(me, asked.title, asked.column)
                cut(me, asked.least)
                spared(me, asked.by)
                out = exported(me)
            finally:
                me.shot("last")
            minutes = (time.perf_counter() - started) / 60
        made = account(me, minutes, out)
        replayed = engine.replay(out / "recipe.json", [source], again)
        print(f"replayed from the source: same rows {replayed.rows.digest == made.rows.digest}")


if __name__ == "__main__":
    main()
