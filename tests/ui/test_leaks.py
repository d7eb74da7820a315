"""Leaks in a real browser: compared with a file and between parts, read beside the item, dropped, reported."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from engine.dataset.dataset import Dataset
from tests.engine.small import corpus
from tests.ui.served import ask_why, rest, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ITEM = "which of these two trains arrives first at the station in the old town"
EVIL = f"<img src=x onerror=alert(1)> {ITEM} [x](javascript:alert(2)) **b**"
COLUMNS = {
    "text": ["nothing of it", EVIL, ITEM.replace("first", "last"), "how far is the moon from here today"],
    "split": ["train", "train", "train", "test"],
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Dataset, Path]]:
    """The app on a set of four rows; gives its address, the set, and a folder with sets to compare with."""
    folder = tmp_path_factory.mktemp("leaks")
    data = corpus(folder / "workspace", COLUMNS)
    (folder / "exam.jsonl").write_text(json.dumps({"text": f"{ITEM} <script>alert(3)</script>"}) + "\n")
    (folder / "german.jsonl").write_text('{"text": "Welcher der beiden Züge kommt zuerst an"}\n')
    (folder / "short.jsonl").write_text('{"text": "yes or no"}\n{"text": "the second one"}\n')
    with served(folder / "workspace", folder) as address:
        yield address, data, folder


def opened(page: Page, address: str, data: Dataset) -> None:
    page.goto(f"{address}/clean?dataset={data.name}")
    rest(page)
    page.get_by_role("tab", name="Leaks").click()
    rest(page)


def compared(page: Page, path: Path) -> None:
    """Look for the items of a file."""
    page.get_by_role("radio", name="A file").click()
    rest(page)
    box = page.get_by_role("combobox", name="Path of the set")
    box.fill(str(path))
    page.wait_for_timeout(500)
    box.press("Enter")
    page.get_by_text("Its first text").wait_for()
    rest(page)
    page.get_by_role("button", name="Look for leaks").click()


def test_parts_are_compared_and_where_nothing_is_found_it_is_said_what_was_looked_for(
    page: Page, app: tuple[str, Dataset, Path]
) -> None:
    address, data, _ = app
    opened(page, address, data)
    page.get_by_role("button", name="Look for leaks").click()  # split and test are guessed
    page.get_by_text("None of 3 rows holds one of the 1 items that were looked for.").wait_for()
    page.get_by_text("Between all parts of split").wait_for()


def test_rows_are_read_beside_the_item_dropped_as_a_step_and_reported(
    page: Page, app: tuple[str, Dataset, Path], tmp_path: Path
) -> None:
    address, data, folder = app
    opened(page, address, data)
    compared(page, folder / "exam.jsonl")
    first = page.locator(".reader .row[data-row='1']")
    first.wait_for()
    assert first.locator(".side .body .text").inner_text() == EVIL  # markup is text
    assert first.locator(".side mark").all_inner_texts() == [ITEM, ITEM]
    edited = page.locator(".reader .row[data-row='2']")
    assert edited.locator(".side").nth(1).locator("mark").all_inner_texts() == [
        "which of these two trains arrives", "at the station in the old town",
    ]  # fmt: skip
    with page.expect_download() as got:
        page.get_by_role("button", name="Download the report").click()
    got.value.save_as(tmp_path / "leaks.html")
    said = (tmp_path / "leaks.html").read_text()
    assert "&lt;img src=x" in said and "<script" not in said
    page.get_by_role("button", name="Drop as a step").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("2 of 4 rows kept").wait_for()
    page.get_by_role("button", name="Step 1 drops them").wait_for()
    ask_why(page, 2)
    sidebar.get_by_text("shares 13 words (in pieces").wait_for()
    page.get_by_role("button", name="Select them").click()
    page.get_by_text("2 rows selected").wait_for()


def test_another_language_too_short_items_and_a_path_outside_are_said_with_the_way_out(
    page: Page, app: tuple[str, Dataset, Path]
) -> None:
    address, data, folder = app
    opened(page, address, data)
    compared(page, folder / "german.jsonl")
    page.get_by_text("Only 0% of the set's words occur in the rows at all.").wait_for()
    compared(page, folder / "short.jsonl")
    page.get_by_text("All 2 items have fewer than 5 words").wait_for()
    box = page.get_by_role("combobox", name="Path of the set")
    box.fill("/etc/hosts")
    page.wait_for_timeout(500)
    box.press("Enter")
    page.get_by_text("is outside the allowed folders").wait_for()


def test_a_cap_on_the_rows_of_each_value_can_be_added_as_a_rule(page: Page, app: tuple[str, Dataset, Path]) -> None:
    address, data, _ = app
    page.goto(f"{address}/clean?dataset={data.name}")
    rest(page)
    page.get_by_role("tab", name="Rules").click()
    page.get_by_role("radio", name="Rows among the others").click()
    rest(page)
    page.get_by_text("once duplicates are found").wait_for()
    box = page.locator("[data-testid=stSelectbox]").filter(has_text="Column").locator("input").first
    box.click()
    page.get_by_role("option", name="split").first.click()
    rest(page)
    most = page.get_by_role("spinbutton", name="Most")
    most.fill("1")
    most.press("Enter")
    page.get_by_text("rows would stay").wait_for()
    page.get_by_role("button", name="Add this rule").click()
    page.get_by_test_id("stSidebar").get_by_text("2 of 4 rows kept").wait_for()
