"""The whole journey in a real browser: open, prepare, lasso, tag, cut, choose, export; then the file is read back."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engine.commands.cli import main
from tests.ui.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent.parent
THEMES = {
    "sea": "wave tide harbour sail anchor salt gull reef deck storm".split(),
    "kitchen": "flour oven butter yeast knead bread crust sugar bake dough".split(),
    "sky": "star comet orbit planet lens night moon nebula dust light".split(),
    "garden": "soil seed root leaf bloom prune hedge rain worm spade".split(),
}
ROWS = 400


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of four themes as JSON lines, 100 rows each, every text of another length."""
    draw = random.Random(0)
    path = tmp_path_factory.mktemp("source") / "themes.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for i in range(ROWS):
            theme = list(THEMES)[i % 4]
            words = [draw.choice(THEMES[theme]) for _ in range(5 + i % 40)]
            file.write(json.dumps({"name": f"row {i}", "theme": theme, "body": " ".join(words) + f" {i}"}) + "\n")
    return path


@pytest.fixture(scope="module")
def server(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The app on an empty workspace; gives its address and the workspace."""
    workspace = tmp_path_factory.mktemp("workspace")
    with served(workspace, source.parent) as address:
        yield address, workspace


class Person:
    """What a person does in the browser, in the words of the screen."""

    def __init__(self, browser, address):
        self.page = browser.new_context(viewport={"width": 1500, "height": 1100}).new_page()
        self.page.set_default_timeout(60_000)
        self.asked = set()
        self.page.on("request", lambda request: self.asked.add(request.url.split("/")[2]))
        self.page.goto(address)
        self.rest()

    def rest(self):
        """Until the script has run and nothing changes for a moment."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_timeout(400)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")

    def go(self, name):
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.get_by_role("heading", name=name, exact=True).first.wait_for()
        self.rest()

    def press(self, name, nth=0):
        self.page.get_by_role("button", name=name).nth(nth).click()
        self.rest()

    def fill(self, label, value):
        box = self.page.locator("input, textarea").and_(self.page.get_by_label(label, exact=True)).first
        box.fill(value)
        box.press("Enter")
        self.rest()

    def choose(self, label, value):
        self.page.locator("[data-testid=stSelectbox]").filter(has_text=label).locator("input").first.click()
        self.page.get_by_role("option", name=value).first.click()
        self.rest()

    def sees(self, text, seconds=60):
        self.page.get_by_text(text).first.wait_for(timeout=seconds * 1000)


def test_the_whole_journey(chromium, server: tuple[str, Path], source: Path, tmp_path: Path, capsys) -> None:
    address, workspace = server
    me = Person(chromium, address)
    me.fill("Path, pattern, or folder", str(source))
    me.sees("The first rows")
    me.page.get_by_test_id("stBaseButton-primary").filter(has_text="Open").click()
    me.page.get_by_role("heading", name="Overview", exact=True).wait_for(timeout=90_000)
    me.sees("Next: prepare the corpus")
    me.go("Open")
    me.choose("Embed with", "Lexical")
    me.press("Prepare")
    me.sees("Everything is prepared", 240)

    me.go("Explore")
    me.page.wait_for_selector(".map[data-drawn]")
    area = me.page.locator(".map canvas").first.bounding_box()
    me.page.keyboard.press("Escape")
    me.page.get_by_role("button", name="Lasso").first.click()
    middle = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    corners = [(-0.45, -0.3), (0.2, -0.3), (0.2, 0.45), (-0.45, 0.45), (-0.45, -0.3)]
    me.page.mouse.move(middle[0] - 0.45 * area["width"], middle[1] - 0.3 * area["height"])
    me.page.mouse.down()
    for dx, dy in corners:
        me.page.mouse.move(middle[0] + dx * area["width"], middle[1] + dy * area["height"], steps=6)
    me.page.mouse.up()
    me.sees("rows selected")
    me.rest()
    selected = int(me.page.get_by_text("rows selected").first.inner_text().split(" rows")[0].replace(",", ""))
    assert 0 < selected < ROWS
    me.press("Tag")
    me.fill("Tag", "mine")
    me.press("Tag these rows")
    me.page.keyboard.press("Escape")
    me.press("Keep only these")
    me.sees(f"{selected} left")

    me.go("Clean")
    me.choose("Score", "characters")
    me.fill("At least", "40")
    me.press("Add this cut")
    me.page.locator(".steps li", has_text="at least 40").wait_for()

    me.go("Choose")
    me.press("Keep the best")
    me.choose("How to choose", "Cover everything with good rows")
    me.sees("Preview on all")
    preview = me.page.locator(".st-key-preview table").first
    before = preview.inner_text()
    me.page.get_by_role("slider").first.press("End")
    me.page.wait_for_function(
        "([was]) => document.querySelector('.st-key-preview table')?.innerText !== was", arg=[before]
    )
    me.press("Cover everything")
    me.choose("How to choose", "Farthest")
    me.fill("Budget", "20")
    me.press("Choose")
    me.sees("rows chosen in")

    me.go("Export")
    out = tmp_path / "out"
    me.choose("Format", "JSON lines")
    me.fill("Folder to write", str(out))
    me.press("Export")
    me.sees("Everything holds", 90)  # it is verified as soon as it is written
    me.press("Verify again")
    me.sees("Everything holds")
    assert me.asked <= {address.removeprefix("http://")}, "the browser asked somebody else"

    manifest = json.loads((out / "manifest.json").read_text())
    rows = [json.loads(line) for line in (out / manifest["data_file"]).read_text().splitlines()]
    assert len(rows) == manifest["rows"]["kept"] == 20
    lines = {json.dumps(json.loads(line), sort_keys=True) for line in source.read_text().splitlines()}
    assert {json.dumps(row, sort_keys=True) for row in rows} <= lines
    assert min(len(row["body"]) for row in rows) >= 40
    assert pq.read_table(out / "dropped.parquet").num_rows == ROWS - 20

    again = tmp_path / "again"
    assert main(["export", "themes", str(out / "recipe.json"), "--out", str(again), "--workspace", str(workspace)]) == 0
    capsys.readouterr()
    repeated = json.loads((again / "manifest.json").read_text())
    assert repeated["rows"]["digest"] == manifest["rows"]["digest"]
