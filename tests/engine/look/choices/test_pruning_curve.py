"""What a probe learns when one end of a score is dropped: verdicts that are known beforehand."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look import pruning_curve
from tests.engine.small import corpus, embedded


def noisy(folder, n=400):
    """Two clouds; four in ten labels are wrong, and the score says which, but for ten rows that have none."""
    rng = np.random.default_rng(0)
    kind, wrong = np.arange(n) % 2, rng.random(n) < 0.4
    score = [None if i < 10 else float(w) for i, w in enumerate(wrong)]
    given, true = ["ab"[k] for k in kind ^ wrong], ["ab"[k] for k in kind]
    data = corpus(folder, {"kind": given, "true": true, "wrong": score})
    return embedded(data, rng.normal(size=(n, 24)) + 4 * (kind[:, None] - 0.5) * np.eye(24)[0])


@pytest.mark.parametrize("probe", ["logistic", "discriminant"])
def test_dropping_wrong_labels_beats_dropping_at_random_and_dropping_right_ones_loses(tmp_path, probe):
    data = noisy(tmp_path)
    found = pruning_curve(data, "wrong", "kind", embedding="given", truth="true", dropped=(0, 60), seeds=5, probe=probe)
    all_, kept = found.of("highest")
    assert all_.mean == found.of("lowest")[0].mean == found.of("random")[0].mean  # nothing is dropped yet
    assert all_.verdict == "no better than random on this" and all_.gain == 0
    # Of 40 % that stay the one has none that is wrong, the other nearly nothing else.
    assert kept.verdict == "better than random" and found.of("lowest")[1].verdict == "worse than random"
    assert (found.unscored, found.held_out, found.rows, kept.rows) == (10, 78, 312, 125)
    assert found.worth()[0] == "Dropping the highest: better than at random at 60 %."
    assert "(better)" in "\n".join(found.text())
    assert found.of("lowest")[1].mean < 0.3 < 0.8 < kept.mean


def test_a_score_by_chance_is_no_better_than_random(tmp_path):
    data = noisy(tmp_path)
    chance = np.random.default_rng(5).random(data.n).tolist()
    other = corpus(tmp_path, {"kind": data.column("kind").to_pylist(), "chance": chance})
    vectors = data.embedding("given")
    other = embedded(other, vectors.floats(vectors.texts.of_row))
    found = pruning_curve(other, "chance", "kind", embedding="given", dropped=(30, 50), seeds=4)
    assert found.probe == "logistic"
    assert {one.verdict for one in found.points} == {"no better than random on this"}
    with pytest.raises(EngineError, match="0 rows have a score in 'chance', a label in 'kind' and a vector"):
        pruning_curve(other, "chance", "kind", embedding="given", rows=np.empty(0, np.int64))
