"""The steps of the recipe in the drawer: what each line says, what comes back, and all of it in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.marks import Desk
from engine.recipe import Recipe, Step, change_draft, draft, run
from engine.store import Store
from tests.engine.small import SIX, corpus
from tests.ui.served import served
from ui.frame import steps
from ui.frame.browser import COOKIE
from ui.frame.steps_list import Event, ids, read

WHO = "a-browser-of-tests"

ROOT = Path(__file__).resolve().parents[3]
SHORT = Step("number_range", {"column": "length", "high": 350}).checked()
ENGLISH = Step(
    "values", {"column": "language", "values": ["en"], "do": "drop"}, name="no **English** <b>x</b>"
).checked()
TOKENS = Step("number_range", {"column": "tokens", "high": 5}).checked()
TWO = Step("random", {"budget": 2}).checked()


def test_an_event_of_the_browser_is_read_and_anything_else_is_none() -> None:
    assert read({"do": "move", "id": "a", "to": 2}) == Event("move", "a", 2)
    assert read({"do": "rename", "id": "a", "text": "x"}) == Event("rename", "a", text="x")
    for wrong in (None, "move", {"do": "fly", "id": "a"}, {"do": "move"}, {"do": "move", "id": "a", "to": True},
                  {"do": "rename", "id": "a", "text": 3}):  # fmt: skip
        assert read(wrong) is None


def test_equal_steps_have_names_of_their_own() -> None:
    one, two, other = ids(["a", "a", "b"])
    assert len({one, two, other}) == 3 and ids(["b", "a"]) == [other, one]


def test_a_step_keeps_its_name_in_the_list_while_it_is_switched_and_renamed() -> None:
    recipe = Recipe(steps=(SHORT, ENGLISH))
    changed = Recipe(steps=(ENGLISH, replace(SHORT, on=False, name="short ones")))
    assert [steps.place(changed, name) for name in steps._ids(recipe)] == [1, 0]


def test_each_line_says_what_its_step_did(tmp_path: Path) -> None:
    data = corpus(tmp_path, SIX)
    recipe = Recipe(steps=(TOKENS, replace(SHORT, on=False), ENGLISH, TWO))
    found = steps.lines(data, recipe, run(data, recipe, pick=False, strict=False))
    assert [(line.number, line.verb, line.removed, line.left) for line in found] == [
        ("", "Keep", None, None), ("", "Keep", None, None), ("1", "Drop", 2, 4), ("2", "Pick", None, None)
    ]  # fmt: skip
    assert found[0].broken and found[0].note == "It needs tokens: not here yet."
    assert [way.way for way in found[0].remedies] == ["build", "off"]
    assert found[0].remedies[0].label == "Measure tokens (a moment)"
    assert found[3].note == "waits: press Pick now"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    """The app on a workspace with one small dataset."""
    workspace = tmp_path_factory.mktemp("workspace")
    store = corpus(workspace, SIX).store
    with served(workspace, workspace) as address:
        yield f"{address}/?dataset={store.folder.name}", store


@pytest.mark.browser
def test_steps_are_dragged_switched_renamed_and_removed_by_pointer_and_keys(chromium, server) -> None:
    address, store = server
    recipe = Recipe(steps=(SHORT, ENGLISH, TOKENS))
    context = chromium.new_context(viewport={"width": 1024, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": WHO, "url": address}])
    change_draft(Desk(store, WHO), recipe, "three steps")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    lines = page.locator(".steps li")
    lines.nth(2).wait_for()

    def what(at: int):
        return lines.nth(at).locator(".what")

    def until(*wanted: str) -> None:
        """Wait until the lines begin like this, on the server too."""
        for at, words in enumerate(wanted):
            page.locator(f".steps ol:not(.busy) li:nth-child({at + 1})", has_text=words).wait_for()

    until("1 Keep · −2", "2 Drop · 2", "⚠ Keep")
    assert "no **English** <b>x</b>" in what(1).inner_text() and page.locator(".steps li b b, .steps a").count() == 0
    assert what(0).get_attribute("title").startswith("Keep rows whose length is at most 350.")

    start, end = page.locator(".grip").nth(0).bounding_box(), lines.nth(1).bounding_box()
    page.mouse.move(start["x"] + 4, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] - 3, steps=4)
    page.mouse.up()
    until("1 Drop · 2", "2 Keep · −2", "⚠ Keep")

    what(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    until("1 Keep · −2", "2 Drop · 2")
    what(0).focus()
    page.keyboard.press("F2")
    page.keyboard.type("short ones")
    page.keyboard.press("Enter")
    until("short ones")
    page.get_by_label("Step 1 is on: short ones").click()
    page.locator(".steps ol:not(.busy) li.off").wait_for()
    until("Keep · short ones", "1 Drop · 2")
    page.get_by_role("button", name="Switch it off").click()
    until("Keep · short ones", "1 Drop · 2", "Keep · “tokens” at most 5")
    page.locator(".steps ol:not(.busy) li.off").nth(1).wait_for()
    what(1).focus()
    page.keyboard.press("Delete")
    lines.nth(2).wait_for(state="detached")
    page.locator(".steps ol:not(.busy)").wait_for()
    page.keyboard.press("Control+z")
    until("Keep · short ones", "1 Drop · 2", "Keep · “tokens” at most 5")

    made = [(step.label(), step.on) for step in draft(Desk(store, WHO)).recipe.steps]
    assert made == [
        ("short ones", False), ("no **English** <b>x</b>", True), ("Keep rows whose tokens is at most 5", False)
    ]  # fmt: skip
