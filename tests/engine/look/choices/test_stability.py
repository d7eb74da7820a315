"""How much of a choice is luck: chance is as stable as chance, what must be picked is picked always."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.choices.stability import stability
from engine.recipe import Step
from tests.engine.small import circle, corpus, embedded


@pytest.fixture
def spots(tmp_path):
    """190 rows at one spot, ten spots with a row each."""
    return embedded(
        corpus(tmp_path, {"n": list(range(200))}), circle([*np.linspace(0, 5, 190).tolist(), *range(20, 320, 30)])
    )


def test_random_choices_are_as_stable_as_chance(spots):
    for over in ("seeds", "resamples"):
        found = stability(spots, Step("random", {"budget": "20%"}), spots.rows(), over=over, runs=8)
        assert found.alike == pytest.approx(found.by_chance, abs=0.04) and found.steady < 0.1
        assert np.nanmean(found.picked) == pytest.approx(0.2 if over == "seeds" else 0.2 / 0.632, abs=0.02)


def test_what_stands_alone_is_picked_whenever_it_is_there(spots):
    step = Step("farthest", {"budget": 14, "embedding": "given"})
    found = stability(spots, step, spots.rows(), np.array([3]), runs=6)
    assert (found.picked[190:] == 1).all() and found.picked[3] == 1
    assert found.alike > 4 * found.by_chance and found.steady >= 10 / 13
    assert found.picked.dtype == np.float32 and len(found.picked) == 200


def test_a_seed_that_changes_nothing_is_told_after_three_runs(spots):
    found = stability(spots, Step("top", {"budget": 5, "column": "n"}), spots.rows(), over="seeds")
    assert (found.same, found.alike, found.steady) == (True, 1, 1) and found.runs <= 3
    with pytest.raises(EngineError, match="picks nothing"):
        stability(spots, Step("random", {"budget": 0}), spots.rows())
    with pytest.raises(EngineError, match="does not pick"):
        stability(spots, Step("missing", {"column": "n"}), spots.rows())
