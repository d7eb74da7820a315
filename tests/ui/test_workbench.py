"""Legend, map and reader in a real browser: one row in focus, nothing over the map, sizes kept, markup as text."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from engine.dataset.dataset import Dataset
from engine.marks import marks
from tests.engine.small import corpus, embedded, mapped
from tests.ui.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
EVIL = "<img src=x onerror=alert(1)> <b>{}</b> [x](javascript:alert(2)) :material/x:"
ROWS, LABELS = 600, 150
MAP = "[...globalThis[Symbol.for('winnow.map')].maps.values()].find((m) => m.camera)"


def grid(workspace: Path) -> Dataset:
    """Rows on a grid of places, with hostile texts and 150 hostile labels."""
    at = np.arange(ROWS)
    texts = [f"{EVIL.format(i)} row {i}" for i in at]
    columns = {"text": texts, "label": [EVIL.format(i % LABELS) for i in at], "size": (at % 30).tolist()}
    data = corpus(workspace, columns)
    data = embedded(data, np.random.default_rng(0).normal(size=(ROWS, 8)), k=5)
    return mapped(data, at % 30, at // 30)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Dataset]]:
    """The app on that set; gives the address of Explore, and the set."""
    workspace = tmp_path_factory.mktemp("workspace")
    data = grid(workspace)
    with served(workspace, workspace) as address:
        yield f"{address}/explore?dataset={data.name}", data


@pytest.fixture(scope="module")
def page(chromium: Browser, app: tuple[str, Dataset]) -> Iterator[Page]:
    """Explore as it was opened first; whatever a text would run is an error."""
    found = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    found.set_default_timeout(60_000)
    found.goto(app[0])
    drawn(found)
    yield found
    assert errors == []
    found.context.close()


def drawn(page: Page) -> None:
    page.wait_for_selector(".map[data-drawn]")
    page.wait_for_selector(".reader .row .text")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def box(page: Page, what: str) -> dict[str, float]:
    found = page.locator(what).first.bounding_box()
    assert found is not None
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


def click(page: Page, row: int) -> None:
    over = box(page, ".over")
    x, y = page.evaluate(f"(row) => {{ const m = {MAP}; return m.camera.toScreen(m.x[row], m.y[row]); }}", row)
    page.mouse.click(over["x"] + x, over["y"] + y)


def test_histograms_follow_each_other_and_a_search_colours_the_map(chromium: Browser, app: tuple[str, Dataset]) -> None:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(app[0])
    drawn(page)
    for column in ("size", "label"):
        page.get_by_label("Add a histogram").select_option(column)
        page.locator(f".chart[data-column={column}]").wait_for()
    counted = page.locator(".chart[data-column=label] .value .rows")
    assert counted.all_inner_texts()[:2] == ["4", "4"]
    plot = box(page, ".chart[data-column=size] .plot")
    at = [plot["x"] + plot["width"] * (bar + 0.5) / 30 for bar in (0, 9)]
    page.mouse.move(at[0], plot["y"] + 20)
    page.mouse.down()
    page.mouse.move(at[1], plot["y"] + 20, steps=5)
    page.locator(".charts .hint", has_text="200 selected").wait_for()  # before the hand lets go
    assert page.evaluate(f"() => {MAP}.counts.selected") == 0
    page.mouse.up()
    page.locator(".status", has_text="200 selected").wait_for()
    values = page.locator(".chart[data-column=label] .value")
    values.nth(1).click()
    page.locator(".status b", has_text=re.compile("^4 selected")).wait_for()
    assert values.count() == 8
    page.get_by_role("button", name="142 more").click()
    values.nth(20).click()
    page.locator(".status b", has_text=re.compile("^8 selected")).wait_for()
    page.get_by_role("button", name="fewer").click()
    assert values.count() == 9  # what is chosen stays in sight
    thumb = page.get_by_role("slider", name="size to")
    for key, selected in (("End", 8), ("Home", 4), ("Escape", 8)):
        thumb.press(key)
        page.locator(".status b", has_text=f"{selected} selected").wait_for()
    page.locator(".st-key-explore-bar").get_by_text("whose label is").wait_for()
    page.get_by_role("button", name="Search").click()
    page.get_by_role("textbox", name="Search", exact=True).fill("77")
    page.keyboard.press("Enter")
    page.locator(".legend h4", has_text="found").wait_for()
    codes = page.evaluate(f"() => [...{MAP}.codes]")
    assert [row for row, code in enumerate(codes) if code == 0] == [77]
    zoom = page.evaluate(f"() => {MAP}.camera.zoom")
    page.get_by_role("button", name="Zoom to it").click()
    page.wait_for_function(f"(zoom) => {MAP}.camera.zoom > 5 * zoom", arg=zoom)
    page.get_by_role("textbox", name="Search", exact=True).fill("")
    page.keyboard.press("Enter")
    page.locator(".legend h4", has_text="label").wait_for()
    page.reload()
    for column in ("size", "label"):  # the browser remembers them
        page.locator(f".chart[data-column={column}]").wait_for()
    page.context.close()


def test_what_is_open_in_the_drawer_stays_open_when_a_line_comes_above_it(page: Page) -> None:
    drawer = page.get_by_test_id("stSidebar")
    drawer.get_by_text("Save or load").click()
    inside = drawer.get_by_role("button", name="Saved recipes and files")
    inside.wait_for()
    page.locator(".reader .row[data-row='2']").click()
    for key, state in (("k", "visible"), ("u", "hidden")):
        page.keyboard.press(key)
        drawer.get_by_text("1 always kept").wait_for(state=state)
        drawn(page)
        assert inside.is_visible()
    drawer.get_by_text("Save or load").click()
    inside.wait_for(state="hidden")


def test_a_click_on_a_point_changes_the_card_always_and_a_verdict_is_of_that_row(
    page: Page, app: tuple[str, Dataset]
) -> None:
    data = app[1]
    page.evaluate(f"() => {{ {MAP}.on.names = false; }}")
    for row in (31, 97, 215, 433):  # faster than the server can answer
        click(page, row)
    page.locator(".open h3", has_text="Row 433").wait_for()
    page.wait_for_url(re.compile(f"row={data.keys(np.array([433]))[0]}"))
    assert page.evaluate(f"() => {MAP}.active") == 433
    page.locator(".open").get_by_role("button", name="Never keep").click()
    for _ in range(400):
        if marks.of_rows(data, np.array([433]))[0].verdict == "drop":
            break
        time.sleep(0.1)
    assert [i for i, mark in enumerate(marks.of_rows(data, data.rows())) if mark.verdict == "drop"] == [433]
    page.locator(".status", has_text="599 pass").wait_for()
    assert page.evaluate(f"() => {MAP}.active") == 433
    page.locator(".open").get_by_role("button", name="Close").click()
    page.locator(".reader .row[data-row='435']").click()  # the list stands where it stood
    page.wait_for_function(f"() => {MAP}.active === 435")
    page.wait_for_url(re.compile(f"row={data.keys(np.array([435]))[0]}"))


def test_a_row_that_was_closed_is_not_opened_by_an_answer_that_came_late(page: Page) -> None:
    page.locator(".reader .row[data-row='435']").get_by_role("button", name="Open").click()
    page.locator(".open h3", has_text="Row 435").wait_for()
    page.locator(".open").get_by_role("button", name="Close").evaluate(
        """(close) => {
          const list = close.getRootNode().querySelector(".reader");
          list.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, composed: true }));
          close.click();
        }"""
    )
    page.wait_for_function(f"() => {MAP}.active === 436")
    page.wait_for_url(re.compile("row="))
    drawn(page)
    page.locator(".reader .row.focused[data-row='436']").wait_for()
    assert page.locator("section.open").is_hidden()


def test_after_a_verdict_by_key_one_reads_on_where_one_was(page: Page, app: tuple[str, Dataset]) -> None:
    page.locator(".reader .row[tabindex='0']").focus()
    page.keyboard.press("Home")
    for _ in range(30):
        page.keyboard.press("j")
    page.locator(".reader .row.focused[data-row='30']").wait_for()
    page.wait_for_timeout(500)
    before = box(page, ".reader .row.focused")
    page.keyboard.press("d")
    page.locator(".status", has_text="598 pass").wait_for()
    page.locator(".reader .row.focused[data-row='31']").wait_for()
    assert page.locator(".reader .row[data-row='30']").count() == 0
    assert before["y"] - 30 < box(page, ".reader .row.focused")["y"] < before["bottom"] + 30
    page.keyboard.press("j")
    page.locator(".reader .row.focused[data-row='32']").wait_for()
    page.keyboard.press("u")
    page.locator(".status", has_text="599 pass").wait_for()
    page.locator(".reader .row.focused[data-row='32']").wait_for()


def test_the_drawer_follows_the_row_in_focus_and_ctrl_z_takes_back_a_gesture(page: Page) -> None:
    drawer = page.get_by_test_id("stSidebar")
    why = drawer.get_by_text("Why this row?")
    why.click()
    page.locator(".reader .row[tabindex='0']").focus()
    page.keyboard.press("Home")
    drawer.get_by_text("Row 0.").wait_for()
    page.keyboard.press("j")
    drawer.get_by_text("Row 1.").wait_for()
    drawer.get_by_label("Go to row").fill("217")
    drawer.get_by_label("Go to row").press("Enter")
    page.wait_for_function(f"() => {MAP}.active === 217")
    drawer.get_by_text("Row 217.").wait_for()
    why.click()
    page.locator("[data-tool=invert]").click()
    page.locator(".status", has_text="599 selected").wait_for()
    page.wait_for_selector(".st-key-drawer-undo button:not([disabled])")
    page.keyboard.press("Control+z")
    page.wait_for_function(f"() => {MAP}.counts.selected === 0")
    page.get_by_test_id("stToast").get_by_text("Taken back: selected").wait_for()


def test_labels_and_texts_with_markup_are_text_and_pointing_at_a_label_isolates_it(page: Page) -> None:
    assert page.locator(".line").count() == LABELS
    assert page.locator(".legend .word").first.inner_text().startswith("<img src=x")
    assert page.locator(".reader .row .text").first.inner_text().startswith("<img src=x")
    colours = page.locator(".line .dot").evaluate_all("(dots) => dots.map((dot) => dot.style.background)")
    assert len(set(colours)) == 20  # 150 labels, and none is grey
    page.locator(".legend input").fill("<b>77</b>")
    line = page.locator(".line:visible")
    assert line.count() == 1
    line.hover()
    page.wait_for_function(f"() => {MAP}.lit >= 0")
    line.locator(".pick").click()
    page.locator(".status", has_text="4 selected").wait_for()
    page.mouse.move(5, 5)
    page.wait_for_function(f"() => {MAP}.lit === -1")
    page.locator(".legend input").fill("")


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900), (2200, 1200), (960, 600)])
def test_nothing_stands_over_the_map_and_selecting_moves_nothing(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(2500)  # the page draws itself for another window
    over = box(page, ".over")
    assert over["width"] >= 240 and over["height"] >= 150
    assert box(page, ".legend")["right"] <= over["x"]
    assert box(page, ".tools")["bottom"] <= over["y"]
    assert box(page, ".foot")["y"] >= over["bottom"] - 1
    reader = box(page, ".reading")
    assert reader["x"] >= over["right"] or reader["y"] >= over["bottom"]
    assert max(over["right"], reader["right"]) <= size[0]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    if page.locator("[data-tool=clear]").is_enabled():
        page.locator("[data-tool=clear]").click()
        page.wait_for_function(f"() => {MAP}.counts.selected === 0")
    page.locator("[data-tool=invert]").click()
    page.locator(".status", has_text="599 selected").wait_for()
    page.locator("[data-list=selected]", has_text="599").wait_for()
    assert box(page, ".over") == over
    page.locator("[data-tool=clear]").click()
    page.wait_for_function(f"() => {MAP}.counts.selected === 0")
    assert box(page, ".over") == over


def test_sizes_are_moved_by_keys_and_by_hand_and_are_there_again(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_timeout(300)
    legend = box(page, ".legend")["width"]
    page.get_by_role("separator", name="Width of the legend").press("ArrowRight")
    assert box(page, ".legend")["width"] == legend + 24
    reader, border = box(page, ".reading")["width"], box(page, ".views > .border")
    page.mouse.move(border["x"] + 3, border["y"] + 200)
    page.mouse.down()
    page.mouse.move(border["x"] - 57, border["y"] + 200, steps=4)
    page.mouse.up()
    assert abs(box(page, ".reading")["width"] - reader - 60) <= 2
    page.reload()
    drawn(page)
    assert box(page, ".legend")["width"] == legend + 24
    assert abs(box(page, ".reading")["width"] - reader - 60) <= 2
    page.get_by_role("button", name="Put the reader under the map").click()
    assert box(page, ".reading")["y"] >= box(page, ".over")["bottom"]
    page.get_by_role("button", name="Fold the legend").click()
    page.reload()
    drawn(page)
    assert box(page, ".reading")["y"] >= box(page, ".over")["bottom"]
    assert box(page, ".legend")["width"] < 40
