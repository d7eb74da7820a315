"""A choice seen on a sample before it is made."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.look.choices.preview import preview
from engine.recipe.recipe import Step
from tests.engine.small import circle, corpus, embedded

NONE = np.empty(0, np.int64)


def test_of_few_rows_the_preview_is_the_choice_itself(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"score": [5.0, 1.0, 3.0, 9.0, None, 7.0]}), circle([0, 60, 120, 180, 240, 300]))
    found = preview(data, Step("top", {"budget": "50%", "column": "score"}), data.rows(), NONE)
    assert found.whole and found.picks.tolist() == [3, 5, 0]
    assert found.means[0].value == 7 and found.means[0].title == "Mean of score"
    assert found.covering is not None and found.covering.figure("within").of is None
    nothing = preview(data, Step("top", {"budget": 0, "column": "score"}), data.rows(), NONE)
    assert nothing.covering is None and not len(nothing.picks)


def test_the_largest_sample_that_is_quick_enough_is_taken_and_chance_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"score": [float(i) for i in range(1500)]})
    monkeypatch.setattr(sys.modules[preview.__module__], "picking_seconds", lambda data, step, rows: len(rows) / 1000)
    step = Step("top", {"budget": 150, "column": "score"})
    found = preview(data, step, data.rows(), NONE, seconds=0.6)
    assert (len(found.rows), found.of, found.whole) == (1000, 1500, False)
    assert found.picks.tolist() == found.rows[:-101:-1].tolist()
    assert found.means[0].verdict == "better than random" and found.means[0].chance.high < 1000
    assert len(preview(data, step, data.rows(), NONE, seconds=0.1).rows) == 500
    again = preview(data, step, data.rows(), NONE, seconds=0.6)
    assert again.picks.tolist() == found.picks.tolist() and again.means == found.means
