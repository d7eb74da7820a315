"""Choosing in a browser: two ways side by side, why a row is out, lost groups kept, a share dragged, replayed."""

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import TimeoutError as TimeoutError_
from playwright.sync_api import expect

from engine.commands.cli import main
from engine.exporting import Manifest
from tests.engine.small import corpus, embedded
from tests.ui.served import rest, served

if TYPE_CHECKING:
    from playwright.sync_api import Page


def of_three(folder: Path) -> str:
    """120 rows of three groups that the vectors tell apart; the score has the first group on top."""
    rows = {
        "group": ["sun"] * 40 + ["tax"] * 40 + ["jazz"] * 40,
        "score": [float(-i) for i in range(120)],
        "text": [f"text {i}" for i in range(120)],
    }
    vectors = np.eye(64)[np.repeat([0, 1, 2], 40)] + np.random.default_rng(0).normal(0, 0.1, (120, 64))
    return embedded(corpus(folder, rows), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).name


@pytest.mark.browser
@pytest.mark.slow
def test_two_ways_beside_each_other_a_lost_group_kept_a_share_dragged_and_out(tmp_path: Path, page: "Page") -> None:
    name = of_three(tmp_path)

    def press(button: str) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        rest(page)

    def view(name: str) -> None:
        page.locator("[data-testid=stButtonGroup] button", has_text=name).first.click()
        rest(page)

    def choose(button: str, seen: str) -> None:
        """Press until it is done: a click while the page is drawn again is lost."""
        for _ in range(4):
            press(button)
            with suppress(TimeoutError_):
                page.get_by_text(seen).first.wait_for(state="attached", timeout=20_000)
                return rest(page)
        raise AssertionError(f"never seen: {seen}")

    def typed(label: str, value: str) -> None:
        box = page.get_by_label(label, exact=True).first
        box.fill(value)
        box.press("Enter")
        rest(page)

    with served(tmp_path, tmp_path) as address:
        page.goto(f"{address}/choose?dataset={name}")
        rest(page)
        press("Thin evenly")
        typed("Budget", "20")
        choose("Choose", "rows chosen in")
        view("Compare")
        press("Put this choice aside")
        press("Keep the best")
        typed("Budget", "20")
        choose("Choose again", "Groups (2 lost)")
        expect(page.locator("table").filter(has_text="In common with this choice")).to_contain_text("Aside 1")
        view("Rows")
        typed("Why is this row in, or out?", "50")
        page.get_by_text("Row 50 is out").wait_for()
        view("Groups (2 lost)")
        press("Keep them")
        expect(page.get_by_text("Groups (2 lost)")).to_have_count(0)
        page.get_by_test_id("stExpander").get_by_text("The mix").first.click()
        share = page.get_by_role("slider", name="Share of tax")
        share.wait_for()
        rest(page)
        for _ in range(5):
            share.press("ArrowRight")
        rest(page)
        expect(page.get_by_text("36.0%").first).to_be_visible()
        choose("Choose again", "36 % “tax”")
        page.goto(f"{address}/export?dataset={name}")
        rest(page)
        typed("Folder to write", str(tmp_path / "out"))
        press("Export")
        page.get_by_text("Everything holds").first.wait_for(timeout=90_000)
    made = Manifest.read(tmp_path / "out")
    assert made.rows.kept == 20
    (step,) = json.loads((tmp_path / "out" / "recipe.json").read_text(encoding="utf-8"))["steps"]
    assert step["params"]["budget"]["mix"]["shares"]["tax"] == 0.36
    again = ["export", name, str(tmp_path / "out" / "recipe.json"), "--out", str(tmp_path / "again")]
    assert main([*again, "--workspace", str(tmp_path), "--quiet"]) == 0
    assert Manifest.read(tmp_path / "again").rows.digest == made.rows.digest
