"""A cell is corrected in the reader, becomes a column on Open, and the text is read from it; what came stays."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from engine.building import build
from engine.dataset.dataset import Dataset
from tests.engine.small import corpus
from tests.ui.served import rest, served

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.browser
@pytest.mark.slow
def test_a_cell_is_corrected_by_keys_and_the_corrected_text_is_used(tmp_path: Path, page: "Page") -> None:
    data = corpus(tmp_path, {"text": ["one", "too <b>", "three"], "stars": [1, 2, 3]})
    build(data, ["characters"])
    with served(tmp_path, tmp_path) as address:
        page.goto(f"{address}/explore?dataset={data.name}")
        rest(page)
        page.locator(".reader .row[data-row='1']").click()
        page.keyboard.press("m")
        editor = page.get_by_label("Corrected text")
        expect(editor).to_have_value("too <b>")
        editor.fill("left")
        editor.press("Escape")
        expect(editor).to_have_count(0)
        page.keyboard.press("m")
        editor.fill("<i>two</i> שלום 😀")
        page.get_by_placeholder("your name").fill("ada")
        editor.press("Control+Enter")
        row = page.locator(".reader .open")
        expect(row.locator(".fixed")).to_contain_text("Corrected by ada")
        expect(row.locator(".body")).to_contain_text("<i>two</i> שלום 😀")
        expect(row.locator(".body s")).to_have_text("too <b>")
        expect(row.get_by_text("of the cell as it was before")).to_be_visible()  # how many characters it has
        stars = page.get_by_role("button", name="Correct stars")
        stars.click()
        page.get_by_label("Corrected stars").fill("five")
        page.keyboard.press("Enter")
        expect(page.locator(".reader .words")).to_contain_text("not a whole number")
        expect(row.locator("dd[data-cell='stars']")).to_contain_text("2")
        stars.click()
        expect(page.get_by_label("Corrected stars")).to_have_value("five")  # what was typed is not lost
        page.get_by_label("Corrected stars").press("Escape")
        page.goto(f"{address}/open?dataset={data.name}")
        rest(page)
        page.get_by_role("tab", name="Text and edits").click()
        page.get_by_text("1 cell corrected by ada").wait_for()
        page.get_by_role("button", name="Use the corrected text").click()
        page.get_by_text("Now: the column 'text (corrected)'").wait_for()
        expect(page.get_by_role("button", name="Read the text this way")).to_have_count(0)
        page.get_by_text("1 finished").wait_for()
    made = Dataset.load(data.store)
    assert made.texts(made.rows()) == ["one", "<i>two</i> שלום 😀", "three"]
    assert made.column("text").to_pylist() == ["one", "too <b>", "three"]
    assert made.numbers("characters").tolist() == [3, 17, 5]
