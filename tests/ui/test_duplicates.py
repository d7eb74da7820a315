"""Duplicates in a real browser: found, cut by a threshold, read in groups, judged by keys with undo, made a step."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.dataset.dataset import Dataset
from engine.marks import judged_pairs, rows_with
from engine.pairs import PAIRS
from tests.engine.small import corpus, with_pairs
from tests.ui.served import ask_why, rest, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "<img src=x onerror=alert(1)> pay <b>{}</b> [x](javascript:alert(2))"
TEXTS = [
    "book a table for two tonight", "book a table for two today", "book me a table for two tonight please",
    "play jazz", "play some jazz", EVIL.format("bills"), EVIL.format("rent"), "how far is the moon",
]  # fmt: skip
FOUND = [(0, 1, 0.92), (0, 2, 0.8), (3, 4, 0.85), (5, 6, 0.75)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Dataset, Dataset]]:
    """The app on a set with pairs and one without; gives its address and both."""
    workspace = tmp_path_factory.mktemp("workspace")
    paired = with_pairs(corpus(workspace, {"text": TEXTS}), FOUND, lowest=0.7)
    bare = corpus(workspace, {"text": ["a b", "c", "a b", "A b"]})
    with served(workspace, workspace) as address:
        yield address, paired, bare


def opened(page: Page, address: str, data: Dataset) -> None:
    page.goto(f"{address}/clean?dataset={data.name}")
    rest(page)
    page.get_by_role("tab", name="Duplicates").click()
    rest(page)


def at_group(page: Page, number: int, of: int) -> None:
    page.locator(".groups .count", has_text=re.compile(rf"^Group {number} of {of}$")).wait_for()


def stays(page: Page, row: int) -> None:
    page.locator(f".groups .stays .row[data-row='{row}']").wait_for()


def until(holds, what: str) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


def test_where_nothing_was_found_a_form_finds_it_as_a_job(page: Page, app: tuple[str, Dataset, Dataset]) -> None:
    address, _, bare = app
    opened(page, address, bare)
    page.get_by_text("Nothing was looked for yet.").wait_for()
    page.get_by_role("button", name="Find them").click()
    at_group(page, 1, 1)
    stays(page, 0)
    assert page.locator(".groups .column .row").count() == 2
    page.get_by_role("button", name="Add as a step").click()
    page.get_by_test_id("stSidebar").get_by_text("3 of 4 rows kept").wait_for()
    page.get_by_role("button", name="Step 1 does this").wait_for()
    rest(page)
    page.get_by_role("button", name="Find others").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Find them").click()
    found = page.locator("[data-testid=stSelectbox]").filter(has_text="Found").first.locator("input")
    expect(found).to_have_value(PAIRS["minhash"].title, timeout=120_000)  # what was just found is what the page shows
    page.get_by_test_id("stPopoverBody").wait_for(state="hidden")  # and nothing lies over it


def test_groups_are_judged_by_keys_and_one_undo_takes_each_back(page: Page, app: tuple[str, Dataset, Dataset]) -> None:
    address, data, _ = app
    opened(page, address, data)
    at_group(page, 1, 3)
    stays(page, 0)
    marks = page.locator(".groups mark").all_inner_texts()
    assert "today" in " ".join(marks) or "please" in " ".join(marks)
    page.locator(".reader.groups").focus()
    page.keyboard.press("k")
    at_group(page, 2, 3)
    stays(page, 3)
    page.keyboard.press("d")
    at_group(page, 2, 2)  # it is no group any more: the next one has its place
    stays(page, 5)
    assert page.locator(".groups .stays .text").inner_text() == TEXTS[5]  # markup is text
    assert judged_pairs(data).same.sum() == 2 and judged_pairs(data).stays.tolist() == [0]
    page.get_by_text("Of 3 judged pairs at 0.70 or above, 2 are duplicates").wait_for()
    page.keyboard.press("a")
    until(lambda: rows_with(data, "always keep").tolist() == [5, 6], "both are always kept")
    at_group(page, 1, 1)
    page.keyboard.press("u")
    stays(page, 5)
    page.keyboard.press("u")
    stays(page, 3)
    at_group(page, 2, 3)
    page.keyboard.press("u")
    until(lambda: len(judged_pairs(data).same) == 0, "nothing is judged")
    assert rows_with(data, "always keep").tolist() == []


def test_the_row_in_focus_can_be_kept_instead_and_rows_not_verified_to_be_like_it_stay(
    page: Page, app: tuple[str, Dataset, Dataset]
) -> None:
    address, data, _ = app
    opened(page, address, data)
    stays(page, 0)
    page.locator(".reader.groups").focus()
    page.keyboard.press("j")
    page.locator(".groups .row.focused[data-row='2']").wait_for()
    page.keyboard.press("k")
    page.locator(".groups .words", has_text="Row 2 stays; 2 are its duplicates. One is not verified").wait_for()
    until(lambda: judged_pairs(data).stays.tolist() == [2], "row 2 is chosen")
    page.get_by_role("button", name="Undo", exact=True).first.click()
    until(lambda: judged_pairs(data).stays.tolist() == [], "none is chosen")


def test_the_slider_moves_counts_and_the_step_does_what_is_seen(page: Page, app: tuple[str, Dataset, Dataset]) -> None:
    address, data, _ = app
    opened(page, address, data)
    at_group(page, 1, 3)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(13):
        slider.press("ArrowRight")
    at_group(page, 1, 2)
    page.get_by_test_id("stMetric").filter(has_text="Would go").get_by_text("2", exact=True).wait_for()
    rest(page)
    page.get_by_role("button", name="Add as a step").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("6 of 8 rows kept").wait_for()
    rest(page)
    page.locator(".reader.groups").focus()
    page.keyboard.press("ArrowRight")
    at_group(page, 2, 2)
    page.keyboard.press("d")
    page.get_by_role("button", name="Change step 1 to this").click()
    sidebar.get_by_text("7 of 8 rows kept").wait_for()
    at_group(page, 1, 1)
    page.locator(".reader.groups").focus()
    page.keyboard.press("s")
    page.get_by_text("2 rows selected").wait_for()
    ask_why(page, 1)
    sidebar.get_by_text("repeats row 0, similarity 0.920: −today +tonight").wait_for()


def test_a_click_in_the_moment_of_a_question_is_not_lost(page: Page, app: tuple[str, Dataset, Dataset]) -> None:
    address, paired, _ = app
    data = with_pairs(corpus(paired.store.folder.parent, {"text": TEXTS, "n": list(range(8))}), FOUND, lowest=0.7)
    opened(page, address, data)
    at_group(page, 1, 3)
    sidebar = page.get_by_test_id("stSidebar")
    moments = (("Add as a step", 4, True), ("Ctrl + Z", 8, True), ("Ctrl + Y", 4, False), ("Ctrl + Z", 8, False))
    for name, kept, question_first in moments:
        beside_a_question(page.get_by_role("button", name=name), first=question_first)
        sidebar.get_by_text(f"{kept} of 8 rows kept").wait_for()
        rest(page)


def beside_a_question(button: Locator, *, first: bool) -> None:
    """Click a button in the same moment in which the groups ask something, before or after it."""
    button.evaluate(
        """(button, first) => {
            const ask = globalThis[Symbol.for("winnow.map")].asked.get("duplicates/groups");
            if (first) ask({ ask: "find", stays: 0, id: Math.random() });
            button.click();
            if (!first) ask({ ask: "find", stays: 0, id: Math.random() });
        }""",
        first,
    )


def test_a_page_that_was_asked_for_comes_whatever_is_asked_meanwhile(
    page: Page, app: tuple[str, Dataset, Dataset]
) -> None:
    address, data, _ = app
    opened(page, address, data)
    page.locator(".groups .count").wait_for()
    page.get_by_role("link", name="Choose", exact=True).first.evaluate(
        """(link) => {
            const ask = globalThis[Symbol.for("winnow.map")].asked.get("duplicates/groups");
            ask({ ask: "find", stays: 0, id: Math.random() });
            link.click();
            ask({ ask: "find", stays: 0, id: Math.random() });
        }"""
    )
    page.get_by_role("heading", name="Choose", exact=True).first.wait_for()
    page.wait_for_url(re.compile("/choose"))
    # The same where a widget of Streamlit's own says something in that moment.
    opened(page, address, data)
    page.get_by_role("link", name="Choose", exact=True).first.evaluate(
        """(link) => {
            const buttons = [...document.querySelectorAll("button")];
            const button = buttons.find((one) => one.innerText.includes("Select all that go"));
            button.click();
            link.click();
            button.click();
        }"""
    )
    page.get_by_role("heading", name="Choose", exact=True).first.wait_for()
    page.wait_for_url(re.compile("/choose"))


def test_repeats_are_counted_by_source_and_the_cap_becomes_a_step_in_the_place_of_the_one_that_drops_all(
    page: Page, app: tuple[str, Dataset, Dataset]
) -> None:
    address, paired, bare = app
    sources = ["web", "web", "web", "book", "web", "book", "book", "book"]
    data = with_pairs(corpus(paired.store.folder.parent, {"text": TEXTS, "source": sources}), FOUND, lowest=0.7)
    opened(page, address, data)
    page.get_by_text("By source").click()
    page.get_by_text("With this cap 4 of 8 rows would go (50.0%).").wait_for()
    assert page.get_by_role("combobox", name="Source").count() == 1
    page.get_by_text("Repeat each other most: “web” and “book” (1 row)").wait_for()
    percent = page.get_by_role("spinbutton", name="Repeats that may stay")
    percent.fill("50")
    percent.press("Enter")
    page.get_by_text("With this cap 2 of 8 rows would go (25.0%).").wait_for()  # room for 1 of web, 3 of book
    page.get_by_role("button", name="Add the cap as a step").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("6 of 8 rows kept").wait_for()
    page.get_by_role("button", name="Step 1 does this").wait_for()
    ask_why(page, 4)
    sidebar.get_by_text("repeats row 3, similarity 0.850; repeats of “web” that may stay: 1").wait_for()
    page.get_by_role("button", name="Change step 1 to this").click()
    sidebar.get_by_text("4 of 8 rows kept").wait_for()
    page.get_by_role("button", name="Change step 1 to the cap").wait_for()
