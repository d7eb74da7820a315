"""Soft labels are told by other rows, with the weight that was best for the share kept."""

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.labels import advised_weight, soft_labels
from tests.engine.small import circle, corpus, embedded


def test_no_row_gets_its_soft_label_from_itself(tmp_path: Path) -> None:
    angles = [*range(0, 20, 2), *range(90, 110, 2), 5.0]
    data = embedded(corpus(tmp_path, {"label": ["a"] * 10 + ["b"] * 11}), circle(angles))
    found = soft_labels(data, "label", "given", by="linear")
    # The last row lies among those of a and says b: all others tell it, and it tells no other so.
    assert found.probability.argmax(axis=1).tolist() == [0] * 10 + [1] * 10 + [0]


def test_the_fewer_rows_are_kept_the_more_the_soft_labels_weigh_within_what_was_measured() -> None:
    weights = [advised_weight(share).weight for share in (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)]
    assert weights == sorted(weights, reverse=True) and weights[0] == pytest.approx(0.83)
    assert advised_weight(0.2).low <= advised_weight(0.2).weight <= advised_weight(0.2).high
    assert not advised_weight(0.01).known and "nothing was measured" in advised_weight(0.01).words()
    with pytest.raises(EngineError, match="above 0"):
        advised_weight(0)
