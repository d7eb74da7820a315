"""What InstructMining tells instructions by: the numbers, the published line, and a line fitted to losses."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.signals import CORPUS_SIGNALS
from engine.signals.instructions._linear import fitted, predicted
from tests.engine.small import circle, corpus, embedded

measure = CORPUS_SIGNALS["instruction_indicators"].function


def test_the_published_line_is_drawn_through_words_distance_and_reward(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["one two", "three", "four five six"], "liked": [1.0, 2.0, None]})
    data = embedded(data, circle([0, 60, 120]))
    found = measure(data, embedding="given", k=1, reward="liked")
    assert found["answer_words"].tolist() == [2, 1, 3]
    assert found["neighbour_distance"].tolist() == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)
    assert found["expected_log_loss"][:2].tolist() == pytest.approx(
        [1.0694 + 2 * 8.257e-5 - 0.935 - 0.1498, 1.0694 + 8.257e-5 - 0.935 - 0.2996], abs=1e-3
    )
    assert np.isnan(found["expected_log_loss"][2])  # its reward is missing
    alone = measure(data, embedding="given", k=1)["expected_log_loss"]
    assert alone[2] == pytest.approx(1.0694 + 3 * 8.257e-5 - 0.935, abs=1e-3)


def test_the_line_is_fitted_to_losses_and_told_for_every_row(tmp_path: Path) -> None:
    n = 60
    texts = [" ".join(["word"] * (i + 1)) for i in range(n)]
    loss = [None if i % 2 else 2.0 + 0.5 * (i + 1) for i in range(n)]
    data = embedded(corpus(tmp_path, {"text": texts, "loss": loss}), circle([i * 6 for i in range(n)]))
    found = measure(data, embedding="given", k=1, shortest=1000, losses="loss")["expected_log_loss"]
    assert found.tolist() == pytest.approx([2.0 + 0.5 * (i + 1) for i in range(n)], rel=1e-5)


def test_too_few_losses_are_refused(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a", "b"], "loss": [1.0, 2.0]}), circle([0, 90]))
    with pytest.raises(EngineError, match="2 rows have the number to fit and all indicators; 30 are needed"):
        measure(data, embedding="given", k=1, losses="loss")


def test_a_number_that_is_missing_spoils_only_lines_that_weigh_it() -> None:
    columns = np.array([[1.0, np.nan], [2.0, 5.0]])
    assert predicted(columns, np.array([1.0, 2.0, 0.0])).tolist() == [3.0, 5.0]
    assert np.isnan(predicted(columns, np.array([1.0, 0.0, 2.0]))).tolist() == [True, False]
    with pytest.raises(EngineError):
        fitted(columns, np.array([1.0, 2.0]))
