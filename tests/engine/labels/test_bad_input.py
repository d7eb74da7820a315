"""Labels as they come: each odd column is doubted all the same, or what is wrong is said with the way out."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels import audit, drawn, next_to_label
from engine.signals import CORPUS_SIGNALS
from tests.engine.small import circle, corpus, embedded

AT = [*range(0, 20, 2), *range(100, 120, 2)]
TEN = ["a"] * 10 + ["b"] * 10


@pytest.mark.parametrize(
    ("labels", "names", "unknown"),
    [
        pytest.param([None, *TEN[1:19], "c"], ["a", "b", "c"], {0, 19}, id="a class with one row"),
        pytest.param(
            [None if i % 2 else one for i, one in enumerate(TEN)], ["a", "b"], set(range(1, 20, 2)), id="half"
        ),
        pytest.param([int(one == "b") for one in TEN], ["0", "1"], set(), id="numbers"),
        pytest.param([float("nan"), *(float(one == "b") for one in TEN[1:])], ["0.0", "1.0"], {0}, id="NaN"),
        pytest.param([["x"] if one == "a" else ["x", "y"] for one in TEN], ["['x', 'y']", "['x']"], set(), id="lists"),
    ],
)
def test_odd_labels_are_doubted_all_the_same(
    tmp_path: Path, labels: list[object], names: list[str], unknown: set[int]
) -> None:
    texts = [f"{'left side' if degree < 60 else 'right hand'} {i}" for i, degree in enumerate(AT)]
    data = embedded(corpus(tmp_path, {"label": labels, "text": texts}), circle(AT))
    assert sorted(data.codes("label")[1]) == names
    for name, value, of in (
        ("label_doubt", "self_confidence", {"embedding": "given"}),
        ("label_doubt_by_words", "words_self_confidence", {}),
    ):
        member = CORPUS_SIGNALS[name]
        found = member.function(data, **member.check({"label": "label", **of}))
        assert set(np.flatnonzero(np.isnan(found[value])).tolist()) == unknown, name
        assert (found[value][sorted(set(range(20)) - unknown)] > 0.5).all(), name
    codes = data.codes("label")[0]
    assert audit(codes, drawn(codes, 5), np.zeros(5, bool)).overall.judged == 5
    assert len(next_to_label(data, embedding="given", label="label", budget=1).rows) == ((codes < 0).any())


def test_what_cannot_be_told_says_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = embedded(corpus(tmp_path, {"label": TEN, "ham": [1.0] * 19 + [np.inf], "spam": [2.0] * 20}), circle(AT))
    words = CORPUS_SIGNALS["label_doubt_by_words"]
    same = corpus(tmp_path, {"label": TEN, "text": ["the same"] * 20})
    with pytest.raises(EngineError, match="copies of one text"):
        words.function(same, **words.check({"label": "label"}))
    learning, votes = CORPUS_SIGNALS["label_learning"], CORPUS_SIGNALS["rater_votes"]
    monkeypatch.setattr(sys.modules[learning.function.__module__], "MOST_WORK", 100)
    with pytest.raises(EngineError, match="fewer runs and epochs, or a coarser label"):
        learning.function(data, **learning.check({"label": "label", "embedding": "given"}))
    with pytest.raises(EngineError, match="infinite in ham, spam"):
        votes.function(data, **votes.check({"votes": ("ham", "spam")}))
