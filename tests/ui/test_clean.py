"""What the page Clean offers."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from engine.building import build
from engine.dataset.dataset import Dataset
from engine.dataset.record import change_record
from engine.text.row_text import TextView
from tests.engine.small import corpus
from tests.ui.served import ask_why, rest
from ui.clean.signals import begins, scores

expect.set_options(timeout=30_000)  # a machine that tests two things at once answers late


def test_real_numbers_are_offered_before_whole_ones_and_what_names_rows_comes_last(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"id": [1, 2], "text": ["a", "b"], "turns": [3, 4], "price": [0.5, 1.5], "user_id": [7, 7]})
    assert scores(data) == ["price", "turns", "id", "user_id"]


def test_sizes_of_groups_come_after_what_the_corpus_says_itself(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"id": [1, 2], "text": ["a", "a"], "price": [0.5, 1.5]}), ["exact", "characters"])
    assert scores(data) == ["characters", "price", "exact_copies", "id"]


def test_a_page_where_every_score_is_cut_begins_with_a_score_and_not_with_the_id(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"id": [1, 2], "text": ["a", "b"], "turns": [3, 4], "price": [0.5, 1.5]})
    ordered = scores(data)
    assert [ordered[begins(data, ordered, cut)] for cut in ((), ("price",), ("price", "turns"))] == [
        "price",
        "turns",
        "price",
    ]


LONG = "The first line of what was asked, which has many words. " * 20


@pytest.mark.browser
@pytest.mark.slow
def test_beside_a_cut_what_the_score_counts_is_marked_in_the_texts(shared: tuple[Path, str], chromium: Browser) -> None:
    workspace, address = shared
    texts = ["Click <b>here</b> to log in\nNews\nClick <b>here</b> to log in", "The first line\nand the second"]
    data = build(corpus(workspace, {"text": texts}), ["repeated_share"])
    pairs = corpus(workspace, {"prompt": [LONG + "\nYours truly", LONG], "answer": ["Yes\nYours truly", "No"]})
    view = TextView("pair", ("prompt", "answer"))
    change_record(pairs.store, lambda record: replace(record, text_view=view))
    pairs = build(Dataset.load(pairs.store), ["repeated_share"])
    page = chromium.new_page(viewport={"width": 1440, "height": 1300})
    below(page, f"{address}/clean?dataset={data.name}", "0.2")
    page.locator(".reader .row", has_text="The first line").first.wait_for()
    expect(page.locator(".reader mark")).to_have_text(["Click <b>here</b> to log in"])
    assert page.locator(".reader .row", has_text="News").inner_text().count("to log in") == 2
    below(page, f"{address}/clean?dataset={pairs.name}", "0.001")
    expect(page.locator(".reader mark")).to_have_text(["Yours truly"])
    # Where a text begins with a part of a turn, who speaks is not said there; the part is as wide as the others.
    turns = page.locator(".reader .row", has_text="Yes").locator(".turn .text").all()
    assert len({turn.bounding_box()["x"] for turn in turns}) == 1 and len(turns) == 2
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_cut_follows_the_pointer_becomes_a_step_is_taken_back_and_goes_into_an_export(
    tmp_path: Path, shared: tuple[Path, str], page: Page
) -> None:
    workspace, address = shared
    rows = {
        "text": [f"row number {i}" for i in range(201)],
        "score": list(range(201)),
        "fine": [i > 90 for i in range(201)],
    }
    data = corpus(workspace, rows)
    said, handle = page.locator(".cut .said"), page.get_by_role("slider", name="Lower cut")
    sidebar = page.get_by_test_id("stSidebar")
    page.goto(f"{address}/clean?dataset={data.name}")
    rest(page)
    page.get_by_text("Good and bad rows").click()
    page.get_by_text("It parts them best with at least 91").wait_for()
    rest(page)
    plot = page.locator(".cut .plot").bounding_box()
    middle = plot["x"] + 46 + (plot["width"] - 60) / 2, plot["y"] + 100
    page.mouse.move(plot["x"] + 46, middle[1])
    page.mouse.down()
    page.mouse.move(*middle, steps=4)
    # Before the pointer lets go: the field does not know yet, the chart counts already.
    expect(said).to_contain_text("101 of the 201 rows left would stay (50%); 100 would go.")
    expect(said).to_contain_text("good rows lost 8.2% (4.4% to 15%) · bad rows kept 0% (0% to 4.1%)")
    assert page.get_by_role("spinbutton", name="At least").input_value() == ""
    page.mouse.up()
    expect(page.get_by_role("spinbutton", name="At least")).to_have_value("100")
    rest(page)
    for name, row in (("Just above, would stay", "row number 100"), ("Just below, would go", "row number 99")):
        expect(page.get_by_text(name)).to_be_visible()
        expect(page.locator(".reader .row", has_text=row).first).to_be_visible()
    handle.press("ArrowRight")
    expect(page.get_by_role("spinbutton", name="At least")).to_have_value("101")
    rest(page)
    page.get_by_role("button", name="Add this cut").click()
    sidebar.get_by_text("100 of 201 rows kept").wait_for()
    rest(page)
    page.get_by_role("button", name="Ctrl + Z").click()
    sidebar.get_by_text("201 of 201 rows kept").wait_for()
    rest(page)
    page.get_by_role("button", name="Ctrl + Y").click()
    sidebar.get_by_text("100 of 201 rows kept").wait_for()
    rest(page)
    page.get_by_role("link", name="Export").click()
    rest(page)
    page.get_by_role("textbox", name="Folder to write").fill(str(tmp_path / "out"))
    page.get_by_role("textbox", name="Folder to write").press("Enter")
    rest(page)
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_text("Everything holds").first.wait_for()
    assert pq.read_table(tmp_path / "out" / "kept.parquet").num_rows == 100


@pytest.mark.browser
@pytest.mark.slow
def test_several_signals_are_found_ticked_and_measured_at_once_and_weighed_into_one(
    shared: tuple[Path, str], page: Page
) -> None:
    workspace, address = shared
    data = corpus(workspace, {"text": [f"{'word ' * i}of {i * i}" for i in range(30)]})
    dialog = page.get_by_role("dialog")
    page.goto(f"{address}/clean?dataset={data.name}")
    page.get_by_role("button", name="Measure signals").click()
    expect(dialog.get_by_text("Needs an embedding: embed the corpus on Open first.").first).to_be_visible()
    expect(dialog.get_by_role("checkbox", name="Density")).to_be_disabled()
    dialog.get_by_role("checkbox", name="UTF-8 bytes").press("Space")
    dialog.get_by_role("button", name="Measure 1 signal, under a second").wait_for()
    dialog.get_by_role("textbox", name="Search").fill("bits a word")
    dialog.get_by_role("textbox", name="Search").press("Enter")
    expect(dialog.get_by_role("checkbox")).to_have_count(2)  # what is ticked stays in sight
    dialog.get_by_role("checkbox", name="Entropy").press("Space")
    dialog.get_by_role("button", name="Measure 2 signals, under a second").click()
    expect(page.get_by_role("combobox", name="Score")).to_have_value("word_entropy", timeout=60_000)
    rest(page)
    page.get_by_role("tab", name="Trade-offs").click()
    page.get_by_text("Weighted score", exact=True).click()
    page.get_by_role("slider", name="word_entropy").press("Home")
    page.get_by_role("textbox", name="Name of the score").fill("mine")
    page.get_by_role("textbox", name="Name of the score").press("Enter")
    rest(page)
    page.get_by_role("button", name="Save as a signal").click()
    page.get_by_text("It is there as weighted_score(called=mine)").wait_for()
    made = Dataset.load(data.store)
    params = made.added["weighted_score(called=mine)"].spec.params
    assert dict(zip(params["columns"], params["weights"], strict=True))["word_entropy"] == -1
    assert scores(made)[0] == "weighted_score(called=mine)"


PROSE = (
    "The house that stands at the end of the road was built by a man of whom nobody knows much. He came with a cart "
    "and two dogs, and had the walls up before the first snow. In the village people say that he never spoke to them. "
    "They would see smoke in the evening, and hear him at work in the morning. That is all there is to tell of it."
)
CODE = "def add(a, b):\n    return a + b\n\nclass Sum:\n    total = 0\n\n    def put(self, n):\n        self.total += n"


@pytest.mark.browser
@pytest.mark.slow
def test_limits_that_are_known_are_measured_looked_at_changed_and_taken_back(
    shared: tuple[Path, str], page: Page
) -> None:
    workspace, address = shared
    texts = [f"{PROSE} {i} <b>times</b>." for i in range(6)] + [CODE.replace("add", f"add{i}") for i in range(5)]
    data = corpus(workspace, {"text": [*texts, "Too short."]})
    page.goto(f"{address}/clean?dataset={data.name}")
    rest(page)
    page.get_by_role("tab", name="Rules").click()
    page.get_by_text("Limits that are known").click()
    page.get_by_role("button", name="Measure what it counts").click()
    page.get_by_text("6 of 12 rows would stay; 6 would go (50.0%).").wait_for()
    rest(page)
    page.get_by_text("they would drop 100% of code, beside 0% of prose").wait_for()
    page.locator(".reader .row", has_text="too short or too long: gopher_words is").first.wait_for()
    page.get_by_role("button", name="Add it, sparing code").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("11 of 12 rows kept").wait_for()
    rest(page)
    page.get_by_role("button", name="Ctrl + Z").click()
    sidebar.get_by_text("12 of 12 rows kept").wait_for()
    rest(page)
    page.get_by_role("button", name="Add as a step").click()
    sidebar.get_by_text("6 of 12 rows kept").wait_for()
    assert page.get_by_role("button", name="Step 1 does this").is_disabled()
    ask_why(page, 11)
    sidebar.get_by_text("too short or too long: gopher_words is 2").wait_for()


def below(page: Page, address: str, most: str) -> None:
    """The cut at most so high, with the rows on both its sides."""
    page.goto(address)
    rest(page)
    page.get_by_role("spinbutton", name="At most").fill(most)
    page.get_by_role("spinbutton", name="At most").press("Enter")
    page.get_by_text("Just above, would go").wait_for()
    page.get_by_text("What the score counts is marked in the texts.").wait_for()
    page.locator(".reader mark").first.wait_for()
