"""A gesture on the map becomes a change of the selection; the row in focus is one, whoever brought it there."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from engine.dataset.dataset import Dataset
from engine.look import search
from engine.look.selection import Selection
from tests.engine.small import clustered, corpus, embedded, mapped, with_topics
from ui.explore import explore, focus, found, gestures, histograms, reading, topics
from ui.frame import state
from ui.map.points import MISSING, OTHER, SCALE_MISSING
from ui.map.scatter import MapEvent, by_category
from ui.widgets.say import plain

ROOT = Path(__file__).resolve().parents[2]
MAP = "flat"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the browser's session holds: the selection, and the row that is open."""
    held: dict[str, object] = {"selection": Selection()}
    for module in (gestures, histograms):
        monkeypatch.setattr(module, "current", lambda: held["selection"])
        monkeypatch.setattr(module, "take", lambda changed: held.update(selection=changed))
    monkeypatch.setattr(gestures.st, "session_state", held)
    return held


def test_a_shift_click_adds_a_point_and_an_alt_click_takes_it_away(session: dict, tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    for operation, row, selected in (("add", 2, [2]), ("add", 0, [0, 2]), ("subtract", 2, [0]), ("intersect", 0, [0])):
        gestures.on_event(data, MAP, None, None, MapEvent("click", operation=operation, row=row))
        assert session["selection"].rows(data).tolist() == selected
    assert "row" not in session


def test_a_stretch_of_a_histogram_and_the_legend_of_a_search_are_plain_steps(session: dict, tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c", "d b"], "n": [0, 1, 2, 3], "kind": ["x", "y", "x", "y"]})
    gestures.on_event(data, MAP, None, None, MapEvent("columns", columns=("n", "gone", "kind", "n")))
    assert histograms.shown(data) == ["n", "kind"]
    gestures.on_event(data, MAP, None, None, MapEvent("brush", columns=("n",), bars=(1, 3)))
    gestures.on_event(data, MAP, None, None, MapEvent("brush", columns=("kind",), bars=(1,)))
    assert session["selection"].rows(data).tolist() == [1, 3]
    gestures.on_event(data, MAP, None, None, MapEvent("brush", columns=("text",), bars=(1,)))
    hits = search.words(data, "b")
    colour = found.colour(data, hits)
    assert (colour.legend_codes, colour.labels) == ((254,), ("not found",))
    assert (colour.codes == 254).tolist() == [True, False, True, False]
    gestures.on_event(data, MAP, None, None, MapEvent("legend", value=254), hits)
    assert session["selection"].rows(data).tolist() == [0, 2]


SQUARE = np.array([[-0.5, -0.5], [1.5, -0.5], [1.5, 1.5], [-0.5, 1.5]])


def four(tmp_path: Path, later: tuple[int, ...] = ()) -> Dataset:
    """Four rows on a line, two of each kind."""
    data = corpus(tmp_path, {"text": ["a", "b", "c", "d"], "kind": ["x", "y", "x", None]})
    return mapped(embedded(data, np.eye(4)), [0, 1, 2, 3], [0, 1, 2, 3], later=later)


def test_a_lasso_is_one_region_and_what_the_legend_hides_one_step_beside_it(session: dict, tmp_path: Path) -> None:
    data = four(tmp_path)
    gestures.on_event(data, MAP, None, "kind", MapEvent("lasso", polygon=SQUARE))
    assert session["selection"].step.do == "region"
    assert session["selection"].rows(data).tolist() == [0, 1]
    gestures.on_event(data, MAP, None, "kind", MapEvent("lasso", polygon=SQUARE, hidden=(0,)))
    assert [step.do for step in session["selection"].step.steps] == ["region", "values"]
    assert session["selection"].rows(data).tolist() == [1]


def test_the_line_of_rows_that_came_later_selects_them(session: dict, tmp_path: Path) -> None:
    data = four(tmp_path, later=(1, 3))
    gestures.on_event(data, MAP, None, "kind", MapEvent("later"))
    assert session["selection"].rows(data).tolist() == [1, 3]


@pytest.mark.parametrize(
    ("codes", "drop", "rows"),
    [
        ([0], False, [0, 2]),
        ([0], True, [1, 3]),
        ([MISSING], False, [3]),
        ([0, MISSING], True, [1]),
        ([OTHER], False, None),
        ([OTHER], True, None),
    ],
)
def test_lines_of_the_legend_mean_their_rows(codes: list, drop: bool, rows: list, tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c", "d"], "kind": ["x", "y", "x", None]})
    colour = by_category("d", "kind", *data.codes("kind"))
    step = gestures.of_colours(data, "kind", colour, codes, drop=drop)
    assert (Selection(step).rows(data).tolist() if step else None) == rows


def test_a_value_under_other_is_promoted_for_its_column_alone(session: dict, tmp_path: Path) -> None:
    kinds = [f"k{i:03}" for i in range(252)] + [f"k{i:03}" for i in range(250)]
    data = corpus(tmp_path, {"text": [str(i) for i in range(len(kinds))], "kind": kinds})
    data = mapped(embedded(data, np.eye(len(kinds))), range(len(kinds)), range(len(kinds)))
    assert gestures.colours_of(data, MAP, "kind").codes[251] == OTHER
    gestures.on_event(data, MAP, None, "kind", MapEvent("promote", value=251))
    assert gestures.colours_of(data, MAP, "kind").codes[251] == 249
    assert "selection" in session and not session["selection"].rows(data).size


def test_the_card_of_a_topic_says_how_large_it_is_and_shows_its_central_rows(tmp_path: Path) -> None:
    key = "topics@given"
    data = clustered(embedded(corpus(tmp_path, {"text": ["a", "b", "c", "d"]}), np.eye(4)), [0, 0, 0, 1], key=key)
    said = topics.about(data, key, 0, 1)
    assert said is not None and said["said"] == "3 rows, 3 distinct texts, 75.0% of all"
    assert {text for _, text in said["rows"]} == {"a", "b", "c"}
    assert topics.about(data, key, 7, 1) is None and topics.about(data, key, "0", 0) is None


def test_the_name_of_a_group_selects_its_topics_and_its_card_says_its_area(session: dict, tmp_path: Path) -> None:
    key = "topics@given"
    data = embedded(corpus(tmp_path, {"text": ["a", "b", "c", "d"]}), np.eye(4))
    data = with_topics(data, [0, 1, 2, 2], {0: "cats", 1: "dogs", 2: "cars"}, groups={0: 7, 1: 7, 2: 8})
    for level, value, rows in ((0, 0, [0, 1, 2, 3]), (1, 7, [0, 1]), (2, 1, [1])):
        gestures.on_event(data, MAP, key, None, MapEvent("topic", value=value, level=level))
        assert session["selection"].rows(data).tolist() == rows
    step = gestures.step_of(data, MAP, key, None, MapEvent("topic", value=7, level=1))
    assert step is not None and step.sentence() == "Keep rows of group “group 7”."
    said = topics.about(data, key, 7, 1)
    assert said is not None and (said["name"], said["area"], said["said"][:6]) == ("group 7", "all", "2 rows")


def test_the_line_of_other_values_means_all_that_have_no_line_of_their_own(tmp_path: Path) -> None:
    kinds = [f"k{i:03}" for i in range(252)] + [f"k{i:03}" for i in range(250)] + [None]
    data = corpus(tmp_path, {"text": [str(i) for i in range(len(kinds))], "kind": kinds})
    colour = by_category("d", "kind", *data.codes("kind"))
    assert Selection(gestures.of_colours(data, "kind", colour, [OTHER])).rows(data).tolist() == [250, 251]
    assert len(Selection(gestures.of_colours(data, "kind", colour, [OTHER], drop=True)).rows(data)) == 501
    assert len(Selection(gestures.of_colours(data, "kind", colour, [OTHER, 0], drop=True)).rows(data)) == 499


def test_a_value_with_blanks_around_it_is_meant_as_it_stands(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"], "kind": [" x ", "x", ""]})
    colour = by_category("d", "kind", *data.codes("kind"))
    for code in range(3):
        assert Selection(gestures.of_colours(data, "kind", colour, [code])).rows(data).tolist() == [code]


@pytest.mark.parametrize(
    ("sizes", "label"),
    [
        ([1.0, float("nan"), 2.0, 3.0], "none"),
        ([1.0, 0.0, None, 900.0], "0 or none"),
        ([1.0, float("inf"), None, 2.0], "none"),
    ],
)
def test_a_lasso_leaves_out_numbers_that_the_legend_hides(
    session: dict, sizes: list, label: str, tmp_path: Path
) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c", "d"], "size": sizes})
    data = mapped(embedded(data, np.eye(4)), [0, 1, 0, 1], [0, 1, 0, 1])
    colour = gestures.colours_of(data, MAP, "size")
    assert colour.labels == (label,)
    without = np.flatnonzero(colour.codes == SCALE_MISSING).tolist()
    gestures.on_event(data, MAP, None, "size", MapEvent("legend", value=SCALE_MISSING))
    assert session["selection"].rows(data).tolist() == without
    gestures.on_event(data, MAP, None, "size", MapEvent("lasso", polygon=SQUARE, hidden=(SCALE_MISSING,)))
    assert session["selection"].rows(data).tolist() == [row for row in range(4) if row not in without]
    assert "size" in session["selection"].step.sentence()


def test_two_topics_of_one_name_are_two_lines_and_each_is_meant_by_its_number(session: dict, tmp_path: Path) -> None:
    key, column = "topics@given", "topic@given"
    data = embedded(corpus(tmp_path, {"text": ["a", "b", "c", "d"]}), np.eye(4))
    data = with_topics(mapped(data, [0, 0, 1, 1], [0, 1, 0, 1]), [0, 0, 1, -1], {0: "cats", 1: "cats"})
    colour = gestures.colours_of(data, MAP, column)
    assert (colour.labels, colour.counts) == (("cats", "cats", "none"), (2, 1, 1))
    assert len(set(colour.inks or colour.paints)) == 2
    for code, rows in ((0, [0, 1]), (1, [2]), (MISSING, [3])):
        gestures.on_event(data, MAP, key, column, MapEvent("legend", value=code))
        assert session["selection"].rows(data).tolist() == rows
    gestures.on_event(data, MAP, key, column, MapEvent("lasso", polygon=SQUARE, hidden=(1, MISSING)))
    assert session["selection"].rows(data).tolist() == [0, 1]


def drawn(page: AppTest) -> AppTest:
    page.run()
    assert [error.message for error in page.exception] == []
    return page


def held(page: AppTest, name: str, otherwise: object = None) -> object:
    return page.session_state[name] if name in page.session_state else otherwise


def test_the_row_that_the_address_names_is_in_focus_and_one_that_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    data = four(tmp_path)
    for key, row, toasts in ((data.keys(np.array([2]))[0], 2, 0), ("<b>nobody</b>", None, 1)):
        page = AppTest.from_file(str(ROOT / "pages/explore.py"), default_timeout=60)
        page.query_params["dataset"], page.query_params["row"] = data.name, key
        drawn(page)
        assert held(page, "row") == row
        assert len(page.toast) == toasts
        assert page.query_params.get("row", "") == (key if row is not None else "")


def test_a_slip_is_mended_by_a_click_and_any_word_is_found_where_no_row_has_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    data = corpus(tmp_path, {"text": ["films in a terminal", "a player", "films"]})
    page = AppTest.from_file(str(ROOT / "pages/explore.py"), default_timeout=60)
    page.query_params["dataset"] = data.name
    drawn(page)
    page.text_input(key="search/words").set_value("flims player")
    drawn(page)
    page.button(key="search/instead").click()
    drawn(page)
    assert page.text_input(key="search/words").value == "films player"
    said = "No row has all of “films” and “player”; these have any of them, best first."
    assert plain(said) in [c.value for c in page.caption]
    assert any("**3** rows “films player” · " in m.value for m in page.markdown)


def test_an_older_focus_never_takes_the_place_of_a_newer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    data, kept = four(tmp_path), {"dataset": ""}
    monkeypatch.setattr(focus.st, "session_state", kept)
    monkeypatch.setattr(focus.st, "query_params", {})
    monkeypatch.setattr(state, "dataset", lambda: data)
    assert focus.now() == (-1, 0)
    assert focus.heard(data, 3, 2) == 2 and focus.now() == (3, 2)
    assert focus.heard(data, 1, 1) == 2 and focus.now() == (3, 2)  # came late
    state.focus(0)  # by a button of the page: one turn more, so that the browser takes it
    assert focus.now() == (0, 3)
    assert focus.heard(data, 2, 2) == 3 and focus.now() == (0, 3)
    assert focus.heard(data, 99, 4) == 4 and focus.now() == (-1, 4)


def test_what_was_asked_for_last_is_read_and_an_empty_list_never(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reading.st, "session_state", {})
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})

    def lists(selected: list[int], found: list[int]) -> dict[str, reading.Book]:
        rows = {"left": [0, 1, 2], "selected": selected, "found": found}
        return {name: reading.make_book(data, np.array(r, np.int64)) for name, r in rows.items()}

    def chosen(selected: list[int], found: list[int], area: str = "", words: str = "") -> str:
        return reading.chosen(lists(selected, found), {"selected": area, "found": words})

    assert chosen([], []) == "left"
    assert chosen([1], [], "here") == "selected"
    assert chosen([1], [0, 2], "here", "bank") == "found"
    reading.answer({"ask": "list", "name": "left"}, lists([1], [0, 2]))
    assert chosen([1], [0, 2], "here", "bank") == "left"
    assert chosen([2], [0, 2], "there", "bank") == "selected"
    assert chosen([2], [0, 2], "there", "banks") == "found"
    assert chosen([1, 2], [0, 2], "there", "banks") == "found"  # a verdict: the same selection has other rows
    assert chosen([1, 2], [], "there") == "selected"
    assert chosen([], []) == "left"


acts = st.lists(
    st.one_of(
        st.tuples(st.just("focus"), st.integers(-2, 5), st.integers(0, 6)),
        st.tuples(st.just("gesture"), st.sampled_from(["lasso", "click", "legend", "invert", "clear", "placeless"]),
                  st.sampled_from(["new", "add", "subtract", "intersect"])),
        st.tuples(st.just("search"), st.sampled_from(["a", "b c", "", "zzz"])),
        st.tuples(st.just("list"), st.sampled_from(["left", "selected", "found", "nothing"])),
        st.tuples(st.just("drop")),
        st.tuples(st.just("open"), st.integers(0, 3)),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=acts)
def test_any_sequence_of_acts_leaves_one_row_in_focus_and_a_page_that_rests(
    done: list, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path_factory.mktemp("acts")
    monkeypatch.setattr(state, "WORKSPACE", place)
    data = four(place)
    keys = data.keys(data.rows())
    runs: list[int] = []
    last: dict = {}
    wish: list = []
    draw, scatter = EXPLORE

    def workbench(data: Dataset) -> None:
        """As Streamlit does it: what the browser sent is heard first, then the page is drawn."""
        runs.append(1)
        for act in [wish.pop() for _ in wish]:
            hear(act, last)
        draw(data)

    def scatter_map(points: object, **given: object) -> None:
        last.update(given)
        scatter(points, **given)

    monkeypatch.setattr(explore, "workbench", workbench)
    monkeypatch.setattr(explore, "scatter_map", scatter_map)
    monkeypatch.setattr(explore.undoing, "with_page", lambda fragment: None)  # only a callback may ask for it
    page = AppTest.from_file(str(ROOT / "pages/explore.py"), default_timeout=60)
    page.session_state["dataset"] = data.name
    drawn(page)
    for kind, *more in done:
        runs.clear()
        if kind == "search":
            page.text_input(key="search/words").set_value(more[0])
        elif kind == "drop":
            for button in page.button:
                if button.label == "Drop these":
                    button.click()
                    break
        else:
            wish.append((kind, *more))
        drawn(page)
        assert len(runs) <= (2 if kind == "drop" else 1), "the page ran again by itself"
        row = held(page, "row")
        assert row is None or row in range(4)
        assert last["focus"][0] == (-1 if row is None else row)
        assert page.query_params.get("row", "") == ("" if row is None else keys[row])
        lists = {each["name"]: each["rows"] for each in last["reading"]["lists"]}
        assert last["reading"]["list"] == "left" or lists[last["reading"]["list"]] > 0


EXPLORE = explore.workbench, explore.scatter_map


def hear(act: tuple, last: dict) -> None:
    """Hand one act to what the page gave the map: a question, or a gesture."""
    kind, *more = act
    if kind == "focus":
        last["answers"]({"ask": "focus", "row": more[0], "turn": more[1]})
    elif kind == "list":
        last["answers"]({"ask": "list", "name": more[0]})
    elif kind == "open":
        state.focus(more[0])
    else:
        gesture, operation = more
        last["on_event"](MapEvent(gesture, operation=operation, polygon=SQUARE, row=1, value=0))
