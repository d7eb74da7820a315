"""Why a row is in, and who stands for one that is out."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.choices.in_or_out import in_or_out, stood_for
from engine.registry import Curve
from tests.engine.small import circle, corpus, embedded


def test_a_row_is_in_at_its_place_or_the_nearest_pick_stands_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.recipe.reasons.BLOCK", 1)
    # On the grid a vector at 61° is shorter than 1.
    vectors = np.vstack([circle([0, 61, 61, 20, 100]), np.full((1, 2), np.nan)])
    data = embedded(corpus(tmp_path, {"n": list(range(6))}), vectors)
    notes = {"curve": [[0, 0.0], [1, 0.5], [3, 0.7]]}
    evidence = {"curve": Curve("Covered", "picks", "covered", "of the whole")}
    rows, picks = np.array([5, 0, 1, 2, 3, 4]), np.array([1, 0, 5])
    found = in_or_out(data, picks, rows, embedding="given", notes=notes, evidence=evidence)
    assert [(one.row, one.place, one.stands) for one in found] == [
        (5, 3, None), (0, 2, None), (1, 1, None), (2, None, 1), (3, None, 0), (4, None, 1)
    ]  # fmt: skip
    assert [one.gain for one in found[:3]] == [pytest.approx(0.1), pytest.approx(0.1), 0.5]
    assert [one.about for one in found[:3]] == [True, True, False]
    assert found[3].similarity == 1 and found[4].similarity == pytest.approx(0.9397, abs=1e-3)
    assert found[2].words(data) == "Row 1 is in: picked as number 1, adding 50% of the whole."
    assert found[1].words(data) == "Row 0 is in: picked as number 2, adding about 10% of the whole."
    assert found[5].words(data) == "Row 4 is out: row 1 stands for it, the picked row most like it (similarity 0.777)."
    assert (
        in_or_out(data, np.array([0]), np.array([5]), embedding="given")[0].words(data).endswith("no text to compare.")
    )


def test_a_curve_of_something_else_says_nothing_of_what_a_pick_adds(tmp_path):
    data = corpus(tmp_path, {"n": [0, 1]})
    notes, rows = {"curve": [[1, 0.9], [2, 0.7]]}, np.array([0])
    (one,) = in_or_out(data, np.array([1, 0]), rows, notes=notes, evidence={"curve": Curve("Pull", "pick", "pull")})
    assert one.words(data) == "Row 0 is in: picked as number 2."


def test_what_hardly_adds_anything_says_so_and_without_a_pick_nothing_can_be_asked(tmp_path):
    data = corpus(tmp_path, {"n": [0, 1]})
    rows, evidence = np.array([0, 1]), {"curve": Curve("Covered", "picks", "covered", "of it")}
    notes = {"curve": [[0, 0.5], [1, 0.500001], [2, 0.500001]]}
    found = in_or_out(data, rows, rows, notes=notes, evidence=evidence)
    assert [one.words(data).partition(", ")[2] for one in found] == [
        "adding under 0.001% of it.",
        "adding nothing of it.",
    ]
    with pytest.raises(EngineError, match="Nothing is picked"):
        in_or_out(data, rows[:0], rows)


def test_of_picks_that_are_equally_alike_the_lower_row_stands_for_a_row(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([90, 0, 45]))
    (one,) = in_or_out(data, np.array([1, 0]), np.array([2]), embedding="given")
    assert (one.stands, one.gain) == (0, None)


def test_each_pick_stands_for_itself_and_the_rows_that_are_most_like_it(tmp_path):
    data = embedded(corpus(tmp_path, {"text": list("abcdef")}), circle([0, 10, 20, 91, 100, 180]))
    assert stood_for(data, np.array([4, 1, 5]), np.arange(6), "given").tolist() == [2, 3, 1]
