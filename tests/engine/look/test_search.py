"""Search finds what it says, in order, everywhere the same as the step that it becomes."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import engine.vectors
from engine.errors import Cancelled, EngineError
from engine.look import search, word_index
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from tests.engine.small import circle, corpus, embedded

TEXTS = [
    "red panda red",
    "panda and other animals of the forest, none of them is red",
    "New York",
    "York, new",
    "東京タワー",
    "京都",
    "",
    None,
    "<b>red</b> 🐼",
]


@pytest.fixture
def data(tmp_path):
    return corpus(tmp_path, {"text": TEXTS})


@pytest.fixture
def round_(tmp_path):
    """Five rows on a circle, one without text, and row 6 equal to row 1."""
    vectors = np.vstack([circle([0, 10, 45, 90, 180]), [[math.nan, math.nan]], circle([10])])
    return embedded(corpus(tmp_path, {"text": ["a", "b", "c", "d", "e", "", "b"]}), vectors)


def kept(data, step):
    return run(data, Recipe(steps=(step,))).rows.tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("red", [0, 8, 1]),
        ("red panda", [0, 1]),
        ('"new york"', [2]),
        ("new york", [2, 3]),
        ("red -panda", [8]),
        ("-red", [2, 3, 4, 5, 6]),
        ("東京", [4]),
        ("京", [5, 4]),
        ("zebra", []),
    ],
)
def test_words_are_found_best_first_and_as_a_step_the_same(data, text, rows):
    hits = search.words(data, text)
    assert hits.rows.tolist() == rows
    assert kept(data, hits.step()) == sorted(rows)
    assert (np.diff(hits.score) <= 0).all()


def test_search_stays_among_the_rows_given(data):
    assert search.words(data, "red", np.array([1, 2, 8])).rows.tolist() == [8, 1]
    assert search.regex(data, "York", np.array([3, 4])).rows.tolist() == [3]


def test_a_scan_finds_the_same_rows(data, monkeypatch):
    monkeypatch.setattr(word_index, "SCAN_ROWS", 2)
    hits = search.words(data, "red -panda")
    assert (hits.rows.tolist(), hits.unit) == ([8], "match")
    assert word_index.find(data) is None
    word_index.build(data)
    assert search.words(data, "red -panda").unit == "BM25"


def test_highlights_are_characters_of_the_text(data):
    hits = search.words(data, "red")
    assert [TEXTS[8][a:b] for a, b in hits.spans(data, 8)] == ["red"]
    assert hits.spans(data, 0) == [(0, 3), (10, 13)]
    assert search.regex(data, "🐼|p.n").spans(data, 8) == [(11, 12)]


def test_a_pattern_is_found_in_row_order_and_as_a_step_the_same(data):
    hits = search.regex(data, "(?i)^york|new$")
    assert hits.rows.tolist() == [3]
    assert kept(data, hits.step()) == [3]
    assert search.regex(data, "YORK", match_case=False).rows.tolist() == [2, 3]
    with pytest.raises(EngineError, match="regular expression"):
        search.regex(data, "(")


@pytest.fixture
def named(tmp_path):
    texts = [
        "a player of films",
        "films, films and films in the terminal",
        "plays C++ films",
        "a C# thing",
        "in C",
        "colour",
    ]
    titles = ["vlc", "mpv", "films-c++", "mono", "gcc", "films"]
    return corpus(tmp_path, {"title": titles, "id": [11, 12, 13, 14, 15, 16], "text": texts})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("films", [5, 2, 1, 0]),  # in a name before in a text, the whole of a name first
        ("vlc films", [0]),
        ("films -mpv", [5, 2, 0]),
        ("-films", [3, 4]),
        ("14", []),
        ("c++", [2]),
        ("C#", [3]),
        ("c", [2, 4, 3]),
        ("-c++ films", [5, 1, 0]),
        ('"c++ films"', [2]),
    ],
)
def test_names_are_searched_too_and_signs_belong_to_words(named, text, rows, monkeypatch):
    hits = search.words(named, text)
    assert hits.rows.tolist() == rows
    assert kept(named, hits.step()) == sorted(rows)
    monkeypatch.setattr(word_index, "SCAN_ROWS", 2)
    assert sorted(search.words(named, text).rows.tolist()) == sorted(rows)


def test_where_no_row_has_all_words_any_are_found_and_said(named, monkeypatch):
    hits = search.words(named, "terminal vlc -gcc")
    assert hits.rows.tolist() == [0, 1]
    assert hits.said == "No row has all of “terminal” and “vlc”; these have any of them, best first."
    assert kept(named, hits.step()) == [0, 1]
    assert search.words(named, "terminal films").said == ""
    monkeypatch.setattr(word_index, "SCAN_ROWS", 2)
    assert search.words(named, "terminal vlc -gcc").rows.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("typed", "meant"), [("flims terminal", "films terminal"), ("Tremnial", "terminal"), ("vlc", "")]
)
def test_a_slip_is_told_with_a_word_of_the_corpus(named, typed, meant):
    assert search.words(named, typed).instead == meant


def test_nothing_to_look_for_says_so(data):
    with pytest.raises(EngineError, match="holds no word"):
        search.words(data, " !? ")


def test_searching_writes_nothing(data):
    before = sorted(data.store.folder.rglob("*"))
    assert search.words(data, "red").unit == "BM25"
    assert word_index.find(data) is None
    assert sorted(data.store.folder.rglob("*")) == before


def test_a_damaged_index_is_passed_over_until_it_is_built_again(data):
    stored = word_index.build(data)
    assert search.words(data, "red").rows.tolist() == [0, 8, 1]
    word_index._opened.cache_clear()
    (path,) = (stored.folder / word_index.FOLDER).glob("meta.json")
    path.write_bytes(b"{")
    assert search.words(data, "red").rows.tolist() == [0, 8, 1]
    assert path.read_bytes() == b"{"
    assert word_index.find(data) is None
    word_index.build(data)
    assert word_index.find(data) is not None
    assert search.words(data, "red").rows.tolist() == [0, 8, 1]


def test_a_stopped_build_leaves_nothing(data):
    def stop(stage, done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        word_index.build(data, stop)
    assert word_index.find(data) is None
    assert list((data.store.folder / "search").iterdir()) == []


def test_an_empty_corpus_is_searched(tmp_path):
    assert len(search.words(corpus(tmp_path, {"text": []}), "red")) == 0


def test_rows_like_one_row_come_nearest_first_with_ties_by_row(round_):
    hits = search.like(round_, [0], [], "given")
    assert hits.rows.tolist() == [0, 1, 6, 2, 3, 4]
    assert hits.label == "like row 0"
    assert np.round(hits.score.astype(float), 2).tolist() == [1.0, 0.98, 0.98, 0.71, 0.0, -1.0]


def test_less_like_pushes_away(round_):
    assert search.like(round_, [0, 3], [], "given").rows.tolist() == [2, 1, 6, 0, 3, 4]
    assert search.like(round_, [0], [3], "given").rows.tolist()[0] == 0
    assert search.like(round_, [], [0], "given").rows.tolist()[0] == 4


def test_less_like_tells_rows_apart_that_are_alike(tmp_path):
    data = embedded(corpus(tmp_path, {"text": list("abcdef")}), circle([0, 8, 4, -30, 20, 180]))
    hits = search.like(data, [0], [1], "given")
    # The difference of both examples would point to row 3, far from both.
    assert hits.rows.tolist() == [0, 2, 1, 3, 4, 5]
    assert np.round(hits.score, 2).tolist() == pytest.approx([1, 1, 0.97, 0.87, 0.86, -1])
    assert kept(data, hits.step(0.8)) == sorted(hits.above(0.8).rows.tolist())


def test_a_row_without_text_is_no_example(round_):
    with pytest.raises(EngineError, match="Row 5 has no text"):
        search.like(round_, [5], [], "given")


@pytest.mark.parametrize(("least", "count"), [(1.0, 1), (0.98, 3), (0.7, 4), (0.0, 5), (-1.0, 6), (2.0, 0)])
def test_the_slider_counts_what_the_step_keeps(round_, least, count):
    hits = search.like(round_, [0], [], "given")
    assert hits.count(least) == count
    assert sorted(hits.above(least).rows.tolist()) == (kept(round_, hits.step(least)) if least <= 1 else [])


def test_similar_rows_stay_among_those_given(round_):
    hits = search.like(round_, [0], [], "given", np.array([2, 3, 5]))
    assert hits.rows.tolist() == [2, 3]
    assert hits.count(0.5) == 1


def test_meaning_asks_the_model_of_the_embedding(round_, monkeypatch):
    asked = SimpleNamespace(texts=None)

    def embed_texts(data, key, texts):
        asked.texts = (key, texts)
        return np.rint(circle([90]) * 2048).astype(np.int16)

    monkeypatch.setattr(engine.vectors, "embed_texts", embed_texts)
    hits = search.meaning(round_, "upwards", "given")
    assert asked.texts == ("given", ["upwards"])
    assert hits.rows.tolist()[0] == 3
    assert kept(round_, hits.step(0.9)) == [3]
    assert hits.step(0.9).sentence() == "Keep rows like “upwards” (similarity at least 0.9 by given)."


def test_a_typed_text_needs_a_model(round_):
    with pytest.raises(EngineError):
        search.meaning(round_, "upwards", "given")


def test_scores_colour_a_map(round_):
    hits = search.like(round_, [0], [], "given").above(0.9)
    assert np.isnan(search.similarity_to(round_, hits, np.array([2, 5]))).all()
    assert search.similarity_to(round_, hits, np.array([0]))[0] == 1.0
