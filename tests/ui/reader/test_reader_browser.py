"""The reader in a real browser: hostile rows stay text, a list scrolls to its end, keys and ticks do what they say."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.reader.hostile import HOSTILE, LONG, opened
from tests.ui.served import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
ROWS = 100_000
READER = "globalThis[Symbol.for('winnow.map')].maps.get('reader__1')"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """A Streamlit server with the reader's test page; returns its address."""
    folder = opened(tmp_path_factory.mktemp("reader"), ROWS)
    with serving("tests/ui/reader/reader_app.py", READER_FOLDER=str(folder)) as address:
        yield address


class Screen:
    """One page with the reader on it, and the words in which the tests speak."""

    def __init__(self, browser, address, query=""):
        self.context = browser.new_context(viewport={"width": 1200, "height": 900})
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.on("request", self.leaves)
        self.page.goto(f"{address}/{query}")
        self.page.wait_for_selector(".reader .row[data-row]", timeout=60_000)
        self.settle()

    def leaves(self, request):
        if not request.url.startswith(("http://localhost", "data:", "blob:", "ws:")):
            self.errors.append(f"asked for {request.url}")

    def until(self, true, what):
        for _ in range(200):
            if true():
                return
            time.sleep(0.05)
        raise AssertionError(f"never: {what}")

    def settle(self):
        """Until every row in sight is there, and no question is under way."""
        self.until(lambda: self.js("r.box.dataset.waiting === '0' && !r.pages.asking && !r.acts.flying"), "settled")

    def js(self, what):
        return self.page.evaluate(f"() => {{ const r = {READER}; return {what}; }}")

    def row(self, row):
        return self.page.locator(f".row[data-row='{row}']")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def done(self):
        return self.page.get_by_text("done ").first.inner_text()

    def seen(self):
        """The rows in sight, first and last."""
        return self.js("[r.list.heights.at(r.list.y), r.list.heights.at(r.list.y + r.list.view - 1)]")


@pytest.fixture
def screen(chromium, server) -> Iterator[Screen]:
    there = Screen(chromium, server)
    yield there
    errors = there.errors
    there.context.close()
    assert errors == []


def test_hostile_rows_are_text_in_the_list_in_the_open_row_and_side_by_side(screen):
    for row, text in enumerate(HOSTILE):
        if len(text) < 1000:
            screen.page.evaluate(f"() => {READER}.list.show({row})")
            shown = screen.row(row).locator(".text").all_text_contents()
            assert shown == [text.replace("\x00", "\x00")]
    screen.row(0).click()
    screen.press("Enter")
    screen.page.wait_for_selector(".open h3")
    assert screen.page.locator(".open .whole .text").text_content() == HOSTILE[0]
    assert screen.page.locator(".open .why").text_content() == "Kept: no step drops row 0 <i>."
    screen.press("Escape", "x", "j", "x", "c")
    screen.page.wait_for_selector(".sides")
    assert screen.page.locator(".side > .text").all_text_contents() == list(HOSTILE[:2])
    assert screen.page.locator(".reader :is(script, img, b.text, a)").count() == 0
    assert screen.page.evaluate("() => globalThis.harmed") is None


def test_what_is_marked_is_marked_past_signs_that_count_twice(screen):
    screen.page.evaluate(f"() => {READER}.list.show(4)")
    assert screen.row(4).locator("mark").all_text_contents() == ["😀", "script"]
    assert screen.page.locator(".kinds mark").all_text_contents() == ["a word", "a sign"]


def test_a_text_of_five_megabytes_is_folded_and_comes_in_parts(screen):
    screen.page.evaluate(f"() => {READER}.list.show(8)")
    card = screen.row(8)
    assert len(card.text_content()) < 1500
    card.get_by_role("button", name=f"Show all {LONG:,} characters").click()
    whole = card.locator(".whole")
    whole.wait_for()
    assert len(whole.text_content()) < 50_000
    whole.evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    screen.until(lambda: len(whole.text_content()) > 70_000, "the next part")
    card.get_by_role("button", name="Fold").click()
    assert len(card.text_content()) < 1500


def test_the_list_scrolls_to_its_end_and_the_bar_says_where_one_is(screen):
    screen.page.evaluate(f"() => {{ {READER}.scroll.scrollTop = {READER}.scroll.scrollHeight / 2; }}")
    screen.until(lambda: abs(screen.seen()[0] - ROWS / 2) < ROWS * 0.01, "the middle")
    screen.settle()
    before = screen.seen()[0]
    screen.page.mouse.move(400, 400)
    screen.page.mouse.wheel(0, 900)  # a small movement is a small movement, however long the list
    screen.until(lambda: before < screen.seen()[0] < before + 40, "a little further")
    screen.page.evaluate(f"() => {{ {READER}.scroll.scrollTop = {READER}.scroll.scrollHeight; }}")
    screen.until(lambda: screen.seen()[1] == ROWS - 1, "the end")
    screen.settle()
    assert screen.row(ROWS - 1).is_visible()
    screen.press("Tab")
    screen.row(ROWS - 1).click()
    screen.press("Home")
    screen.until(lambda: screen.seen()[0] == 0, "the start")
    assert screen.js("r.scroll.scrollTop") == 0


def test_keys_move_mark_and_undo_and_the_page_hears_of_it_once(screen):
    screen.row(0).click()
    screen.press("j", "ArrowDown", "Shift+J", "k")
    screen.until(lambda: screen.done() == "done keep 1 [1]", "kept")
    assert screen.row(1).locator(".badge.keep").text_content() == "always kept"
    screen.until(lambda: "row 2" in screen.page.get_by_text("runs ").first.inner_text(), "on to the next row")
    screen.press("Shift+J", "k", "u")
    screen.until(lambda: screen.done() == "done keep 1 [1] | undecide 1 [1] | undo 0 []", "undone")
    screen.press("t")
    screen.page.keyboard.type("good one")
    screen.press("Enter")
    screen.until(lambda: screen.done().endswith("| tag 1 [1] good one"), "tagged")
    screen.until(lambda: "row 1" in screen.page.get_by_text("runs ").first.inner_text(), "row 1 in focus")


def test_a_range_is_ticked_with_shift_and_all_with_one_tick(screen):
    screen.row(0).locator(".tick").click()
    screen.row(3).locator(".tick").click(modifiers=["Shift"])
    assert screen.page.locator(".count").text_content() == f"4 of {ROWS:,} ticked"
    screen.press("d")
    screen.until(lambda: screen.done() == "done drop 4 [0, 1, 2, 3]", "dropped")
    assert screen.page.locator(".count").text_content() == f"{ROWS:,} rows"  # decided: none is ticked any more
    screen.page.get_by_label(f"Tick all {ROWS:,} rows shown").click()
    assert screen.page.locator(".count").text_content() == f"{ROWS:,} of {ROWS:,} ticked"
    screen.press("n")
    screen.page.keyboard.type("seen")
    screen.press("Control+Enter")
    screen.until(lambda: f"note {ROWS} [0, 1, 2, 3, 4] seen" in screen.done(), "noted")


def test_what_goes_wrong_is_said_as_text(screen):
    screen.row(0).click()
    screen.press("t")
    screen.page.keyboard.type("bad")
    screen.press("Enter")
    screen.page.wait_for_selector(".words.wrong")
    assert screen.page.locator(".words span").first.text_content() == "No row may be tagged <b>bad</b>."


def test_columns_and_lines_are_chosen_once_and_stay(screen):
    screen.page.get_by_role("button", name="Columns").click()
    screen.page.locator(".menu").get_by_label("label").click()
    screen.until(lambda: "intent 0 <b>" in (screen.row(0).text_content() or ""), "the label")
    screen.press("Escape")
    screen.page.get_by_role("button", name="Lines").click()
    screen.page.reload()
    screen.page.wait_for_selector(".reader[data-view=lines] .row[data-row]", timeout=60_000)
    screen.until(lambda: "intent 0 <b>" in (screen.row(0).text_content() or ""), "the label again")
    assert screen.page.locator(".heads span").all_text_contents()[1:] == ["Row", "Half", "label", "Text"]


def test_other_rows_come_with_their_own_ticks_and_keep_the_row_in_focus(screen):
    screen.row(1).click()
    screen.row(1).locator(".tick").click()
    time.sleep(1)  # the server hears of the focus when it has rested
    screen.page.get_by_text("odd").click()
    screen.until(lambda: screen.js("r.n") == ROWS // 2 and screen.js("r.row") == 1, "the odd rows")
    screen.settle()
    assert screen.js("[r.at, r.ticks.count, r.row]") == [0, 0, 1]
    assert screen.page.locator(".row.focused").get_attribute("data-row") == "1"


def test_a_question_that_a_redrawn_page_swallowed_is_asked_again(screen):
    answer = screen.page.evaluate(f"""async () => {{ const r = {READER};
        const asked = r.ask({{ ask: 'row', row: 3 }}); r.send({{ kind: 'acted' }});
        const start = performance.now(); const found = await asked;
        return [found?.row, performance.now() - start < 7000]; }}""")
    assert answer == [3, True]
