"""What a reader answers, on a handful of rows: pages, folded texts, marks in the browser's own count, acts."""

from pathlib import Path

import numpy as np
import pytest

from engine import build
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.marks import answer as answer_label
from tests.engine.small import corpus
from ui.frame import reading
from ui.reader.answers import MOST_ROWS, MOST_TEXT, answer
from ui.reader.book import Act, Alike, Beside, Hooks, Standing, act_from
from ui.reader.parts import FOLD, Text, folded, part
from ui.reader.reader import answer_to, header_of, make_book


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return corpus(tmp_path, {"text": ["a", "bb", "ccc", "dddd"], "n": [1, 2, None, 4], "x": [0.5, np.inf, np.nan, 2.0]})


def test_a_page_has_the_rows_of_the_list_in_its_order_with_the_columns_asked_for(data):
    book = make_book(data, np.array([3, 1, 0]), extra={"Similarity": [0.9, 0.8, 0.7]})
    found = answer({"ask": "page", "from": 1, "to": 9, "columns": ["n", "Similarity", "gone"]}, book)
    assert (found["list"], found["from"], found["columns"]) == (book.digest, 1, ["n", "Similarity"])
    assert [(row["row"], row["text"], row["cells"]) for row in found["rows"]] == [
        (1, "bb", [2, 0.8]),
        (0, "a", [1, 0.7]),
    ]


def test_numbers_that_json_lacks_become_words_or_nothing(data):
    found = answer({"ask": "page", "from": 0, "to": 4, "columns": ["n", "x"]}, make_book(data, np.arange(4)))
    assert [row["cells"] for row in found["rows"]] == [[1, 0.5], [2, "∞"], [None, None], [4, 2]]


def test_marks_reasons_and_spans_come_with_their_rows(data):
    hooks = Hooks(standing=lambda rows: [Standing("keep", ("t",), "", "") if r == 2 else Standing() for r in rows])
    book = make_book(data, np.array([2, 3]), hooks=hooks, why=lambda rows: [f"why {r}" for r in rows],
                     spans=lambda rows: [[(0, 2, "kind")] for _ in rows])  # fmt: skip
    first, second = answer({"ask": "page", "from": 0, "to": 2, "columns": []}, book)["rows"]
    assert (first["stand"], first["why"], first["spans"]) == (
        {"verdict": "keep", "tags": ["t"]},
        ["why 2"],
        [[0, 2, "kind"]],
    )
    assert "stand" not in second


def test_what_a_shown_column_counts_is_marked_in_the_list_and_in_the_open_row(tmp_path):
    data = build(corpus(tmp_path, {"text": ["mail a@b.com now", "none"]}), ["personal_data"])
    book = make_book(data, np.arange(2))
    shown = {"columns": ["emails"]}
    assert "spans" not in answer({"ask": "page", "from": 0, "to": 1}, book)["rows"][0]
    assert [s[:2] for s in answer({"ask": "page", "from": 0, "to": 1, **shown}, book)["rows"][0]["spans"]] == [[5, 12]]
    assert [s[:2] for s in answer({"ask": "row", "row": 0, **shown}, book)["spans"]] == [[5, 12]]
    assert [s[:2] for s in answer({"ask": "text", "row": 0, "from": 0, "to": 99, **shown}, book)["spans"]] == [[5, 12]]


@pytest.mark.parametrize(
    "question",
    [
        {}, {"ask": "row"}, {"ask": "row", "row": 4}, {"ask": "row", "row": "1"}, {"ask": "row", "row": True},
        {"ask": "row", "at": 0, "list": "another"}, {"ask": "text", "row": -1},
        {"ask": "focus", "row": 1}, {"ask": "?"},
    ],
)  # fmt: skip
def test_a_question_about_nothing_has_an_empty_answer(data, question):
    assert answer(question, make_book(data, np.arange(4))) == {}


def test_no_answer_is_longer_than_the_browser_can_take(tmp_path):
    data = corpus(tmp_path, {"text": ["a" * (MOST_TEXT + 5)] + ["b"] * (MOST_ROWS + 5)})
    book = make_book(data, np.arange(data.n))
    assert len(answer({"ask": "page", "from": 0, "to": 10**9, "columns": []}, book)["rows"]) == MOST_ROWS
    assert len(answer({"ask": "text", "row": 0, "from": 0, "to": 10**9}, book)["text"]) == MOST_TEXT
    assert answer({"ask": "page", "from": 10**9, "to": 10**9, "columns": []}, book)["rows"] == []


def test_a_row_is_found_in_the_list_or_not(data):
    book = make_book(data, np.array([3, 1]))
    assert answer({"ask": "where", "row": 1}, book) == {"at": 1}
    assert answer({"ask": "where", "row": 0}, book) == {"at": -1}


def test_an_opened_row_comes_with_its_columns_its_reason_and_its_neighbours(data):
    hooks = Hooks(about=lambda row: f"Kept {row}.", near=lambda row: Alike(np.array([2]), np.array([0.75]), 1))
    found = answer({"ask": "row", "at": 1, "list": make_book(data, np.array([3, 0])).digest},
                   make_book(data, np.array([3, 0]), hooks=hooks))  # fmt: skip
    assert (found["row"], found["text"], found["why"], found["repeats"]) == (0, "a", ["Kept 0."], 1)
    assert found["near"] == [[2, 0.75, "ccc", ""]]
    assert found["columns"] == [["n", "1", 0], ["x", "0.5", 0]]


def test_a_long_text_is_folded_and_says_how_long_it_is():
    found = folded(Text("a" * 5_000_000))
    assert (len(found["text"]), found["shown"], found["length"], found["at"]) == (FOLD, FOLD, 5_000_000, 0)


def test_a_text_of_many_lines_is_folded_after_a_dozen():
    assert folded(Text("x\n" * 500))["text"] == "x\n" * 11 + "x"
    assert folded(Text("\n" * 500))["text"] == "\n" * 11


def test_a_folded_text_begins_before_its_first_mark():
    found = folded(Text("a" * 5000 + "hit" + "b" * 5000), [(5000, 5003)])
    assert found["at"] == 4880
    assert found["text"][120:123] == "hit"
    assert found["spans"] == [[120, 123]]


def test_places_count_as_the_browser_counts_past_signs_that_it_counts_twice():
    found = part(Text("😀a😀b"), 1, 4, [(0, 1), (2, 3, "face"), (3, 4)])
    assert (found["text"], found["spans"]) == ("a😀b", [[1, 3, "face"], [3, 4]])


def test_a_chat_is_parted_into_its_turns_and_a_part_of_it_names_who_began_there(tmp_path):
    chat = Text("User: hi\n\nAssistant: ho", (("user", 6, 8), ("assistant", 21, 23)))
    assert part(chat, 0, 100)["turns"] == [["user", 6, 8], ["assistant", 21, 23]]
    assert part(chat, 7, 100)["turns"] == [["", 0, 1], ["assistant", 14, 16]]


def test_an_act_is_of_the_rows_at_these_places_of_the_list_that_was_seen(data):
    book = make_book(data, np.array([3, 2, 1, 0]))
    act = act_from({"kind": "drop", "at": [[0, 2], [3, 9]], "list": book.digest}, book)
    assert (act.kind, act.rows.tolist()) == ("drop", [3, 2, 0])
    assert act_from({"kind": "note", "row": 1, "text": "n"}, book).rows.tolist() == [1]
    with pytest.raises(EngineError, match="changed in the meantime"):
        act_from({"kind": "drop", "at": [[0, 2]], "list": "another"}, book)
    with pytest.raises(EngineError, match="nothing that can be done"):
        act_from({"kind": "explode"}, book)


def test_an_act_that_is_sent_twice_is_done_once(data):
    done: list[Act] = []
    hooks = Hooks(act=lambda act: done.append(act) or f"done {len(done)}")
    book = make_book(data, np.arange(4), hooks=hooks)
    question = {"ask": "act", "act": {"kind": "undo", "id": "7"}}
    known: list[tuple[object, str]] = []
    assert [answer_to(question, book, known) for _ in range(2)] == [{"said": "done 1"}] * 2


def test_what_goes_wrong_is_an_answer_too(data):
    assert answer_to({"ask": "act", "act": {"kind": "?"}}, make_book(data, np.arange(4)), [])["wrong"] is True


def test_acts_that_waited_are_done_in_order_each_once_and_one_that_is_wrong_stops_none(data):
    seen: list[tuple[str, list[int]]] = []
    hooks = Hooks(act=lambda act: str(seen.append((act.kind, act.rows.tolist())) or act.kind))
    book, done = make_book(data, np.arange(4), hooks=hooks), []
    acts = [{"kind": "keep", "row": 1, "id": "1"}, {"kind": "?", "id": "2"}, {"kind": "drop", "row": 2, "id": "3"}]
    assert answer_to({"ask": "act", "acts": acts}, book, done)["wrong"] is True
    assert answer_to({"ask": "act", "acts": [acts[0], acts[2]]}, book, done) == {"said": "drop"}
    assert seen == [("keep", [1]), ("drop", [2])]


def test_other_rows_or_another_order_are_another_list(data):
    digests = {make_book(data, np.array(rows)).digest for rows in ([0, 1], [1, 0], [0, 1, 2])}
    assert len(digests) == 3


def test_the_label_comes_first_then_what_the_page_wants_then_the_rest(data):
    book = make_book(data, np.arange(4), extra={"Similarity": np.ones(4)})
    header = header_of(book, columns=["x"])
    assert [column["key"] for column in header["all"]] == ["Similarity", "x", "n"]
    assert (header["first"], header["n"], header["can"]["keep"]) == (["Similarity", "x"], 4, False)
    with pytest.raises(EngineError, match="No column named 'xx'"):
        header_of(book, columns=["xx"])


def test_a_text_beside_a_row_comes_with_its_marks_folded_in_the_list_and_longer_in_the_open_row(data):
    long = "x" * 1000 + "same" + "y" * 1000
    asked = lambda rows: [Beside("Item 7", long, [(1000, 1004)]) if r == 2 else None for r in rows]  # noqa: E731
    book = make_book(data, np.array([2, 3]), beside=asked)
    first, second = answer({"ask": "page", "from": 0, "to": 2, "columns": []}, book)["rows"]
    there = first["beside"]
    assert (there["title"], there["length"], there["at"], there["spans"]) == ("Item 7", 2004, 880, [[120, 124]])
    assert "beside" not in second
    assert answer({"ask": "row", "row": 2}, book)["beside"]["text"] == long
    assert "beside" not in answer({"ask": "row", "row": 0}, book)  # a row of the dataset that is not in the list


def test_a_cell_is_corrected_shown_beside_what_came_and_what_stands_on_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(reading.state, "who", lambda: "a1b2c3")
    monkeypatch.setattr(reading.state, "was_told", lambda: None)
    data = build(corpus(tmp_path, {"text": ["a", "x" * 200_001], "n": [1, 2]}), ["characters"])
    hooks = Hooks(cells=reading.cells(data), act=lambda act: reading.by_hand(data, act))
    book, done = make_book(data, np.arange(2), hooks=hooks), []
    assert header_of(book)["mend"] == {"columns": {"text": "text", "n": "n"}, "text": "text", "shown": "text",
                                       "first": "text"}  # fmt: skip
    lines = {"most": 200_000, "many": True}
    assert answer({"ask": "cell", "row": 0, "column": "text"}, book) == {
        "row": 0, "column": "text", "length": 1, "text": "a", **lines}  # fmt: skip
    assert "text" not in answer({"ask": "cell", "row": 1, "column": "text"}, book)  # longer than one corrects by hand
    assert answer({"ask": "cell", "row": 0, "column": "characters"}, book) == {}
    said = [
        answer_to({"ask": "act", "act": {"id": i, "kind": "correct", "row": 0, **act}}, book, done)
        for i, act in enumerate(
            [{"column": "text", "text": "<b>b</b> שלום", "by": "ada" * 99}, {"column": "n", "text": "many"},
             {"column": "n", "text": "7"}]
        )
    ]  # fmt: skip
    assert [one.get("wrong", False) for one in said] == [False, True, False] and "whole number" in said[1]["said"]
    row, other = answer({"ask": "page", "from": 0, "to": 2, "columns": ["n", "characters"]}, book)["rows"]
    fixed = row["fixed"]["text"]
    assert (fixed["value"], fixed["came"], fixed["by"]) == ("<b>b</b> שלום", "a", "ada" * 20)
    assert (row["fixed"]["n"]["value"], row["fixed"]["n"]["by"]) == ("7", "browser a1b2")
    assert (row["old"], row["cells"], row["text"]) == (["characters"], [1, 1], "a") and not {"fixed", "old"} & {*other}
    assert answer({"ask": "row", "row": 0}, book)["old"] == ["", "characters"]
    assert [answer({"ask": "cell", "row": 0, "column": "n"}, book)[what] for what in ("text", "many")] == ["7", False]
    answer_to({"ask": "act", "act": {"id": 9, "kind": "restore", "row": 0, "column": "text", "text": ""}}, book, done)
    assert list(answer({"ask": "row", "row": 0}, book)["fixed"]) == ["n"]
    answer_label(data, np.array([0]), "n", "3", annotator="ada")
    told = {"id": 10, "kind": "correct", "row": 0, "column": "n", "text": "8"}
    assert "an answer on Review counts above" in answer_to({"ask": "act", "act": told}, book, done)["said"]


@pytest.mark.parametrize(
    "wire",
    [
        {}, {"column": "characters"}, {"column": "id"}, {"column": ["n"]}, {"text": None}, {"text": 3}, {"row": None},
    ],
)  # fmt: skip
def test_a_correction_of_no_cell_is_refused_and_a_reader_without_the_hook_only_shows(data, wire):
    told = {"kind": "correct", "row": 0, "column": "n", "text": "7"}
    cells = reading.cells(data) if wire else None
    with pytest.raises(EngineError, match="cannot be corrected here|The rows changed"):
        act_from(told | wire, make_book(data, np.arange(4), hooks=Hooks(cells=cells)))
    assert act_from(told, make_book(data, np.arange(4), hooks=Hooks(cells=reading.cells(data)))).column == "n"
    plain = make_book(data, np.arange(4))
    assert header_of(plain)["can"]["correct"] is False and answer({"ask": "cell", "row": 0, "column": "n"}, plain) == {}


def test_rows_come_with_their_names_where_a_column_names_them(tmp_path):
    data = corpus(tmp_path, {"title": ["vlc", "mpv"], "text": ["a player", "another"]})
    book = make_book(data, np.arange(2), hooks=Hooks(near=lambda row: Alike(np.array([1 - row]), np.array([0.5]))))
    assert header_of(book)["named"] is True
    assert [row["name"] for row in answer({"ask": "page", "from": 0, "to": 2, "columns": []}, book)["rows"]] == [
        "vlc",
        "mpv",
    ]
    found = answer({"ask": "row", "row": 1}, book)
    assert (found["name"], found["near"]) == ("mpv", [[0, 0.5, "a player", "vlc"]])
    plain = make_book(corpus(tmp_path, {"title": ["a", "b"]}, text="title"), np.arange(2))
    assert (header_of(plain)["named"], "name" in answer({"ask": "row", "row": 1}, plain)) == (False, False)
