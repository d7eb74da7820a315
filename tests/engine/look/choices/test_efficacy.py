"""What a choice teaches beside random rows: verdicts that are known beforehand, and no row that was asked about."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.choices.efficacy import efficacy, efficacy_of_words
from engine.look.choices.rivals import Copies
from engine.recipe import Step
from tests.engine.small import circle, corpus, embedded


def labelled(folder, n=240, rare=24):
    """Vectors of two clouds that overlap; every tenth row is of the rare label."""
    rng = np.random.default_rng(0)
    few = (np.arange(n) % (n // rare) == 0).astype(int)
    vectors = rng.normal(size=(n, 8)) + 2.5 * few[:, None] * np.eye(8)[0]
    data = corpus(folder, {"kind": ["rare" if one else "usual" for one in few], "few": few.tolist()})
    return embedded(data, vectors)


def test_a_choice_that_lifts_the_rare_label_teaches_more_and_one_without_it_less(tmp_path):
    data = labelled(tmp_path)
    equal = Step("stratified", {"budget": 12, "column": "kind", "shares": "equal"})
    found = efficacy(data, equal, "kind", embedding="given", seeds=6)
    assert found.trials[0].verdict == "better than random" and found.trials[1].gain > 0.1
    assert {arm.name for arm in found.trials[0].arms} == {"choice", "random", "stratified", "everything"}
    assert (found.held_out, found.trials[0].arm("random").rows) == (48, 12)
    one = efficacy(
        data, Step("top", {"budget": 24, "column": "few", "order": "low first"}), "kind", embedding="given", seeds=3
    )
    assert [arm.mean for arm in one.trials[0].arms if arm.name == "choice"] == [0.5]
    assert found == efficacy(data, equal, "kind", embedding="given", seeds=6)


def test_rows_held_out_are_asked_about_by_their_true_labels(tmp_path):
    data = labelled(tmp_path)
    few = data.numbers("few")
    true = [None if i < 120 else "usual" if f else "rare" for i, f in enumerate(few)]
    other = corpus(tmp_path, {"kind": data.column("kind").to_pylist(), "true": true})
    vectors = data.embedding("given")
    other = embedded(other, vectors.floats(vectors.texts.of_row))
    found = efficacy(other, Step("random", {"budget": "50%"}), "kind", embedding="given", truth="true", seeds=3)
    assert all(arm.mean <= 0.5 for arm in found.trials[0].arms)  # what is learned is turned round where it is asked
    assert found.held_out < 48


def test_random_rows_teach_as_much_as_other_random_rows(tmp_path):
    found = efficacy(labelled(tmp_path), Step("random", {"budget": "20%"}), "kind", embedding="given", seeds=5)
    assert {trial.verdict for trial in found.trials} == {"no better than random on this"}
    assert "random rows are as good" in found.markdown()[1]


def test_copies_of_a_row_held_out_are_never_learned_from(tmp_path):
    # Each row stands twice, with a label by chance: who learns from copies is right, who does not is right by chance.
    rng = np.random.default_rng(1)
    kinds = np.repeat(rng.permutation(["a", "b"] * 30), 2).tolist()
    data = corpus(tmp_path, {"kind": kinds, "text": [f"row {i // 2}" for i in range(120)]})
    data = embedded(data, np.repeat(rng.normal(size=(60, 16)), 2, axis=0))
    found = efficacy(data, Step("random", {"budget": 60}), "kind", embedding="given", seeds=4)
    assert found.trials[1].arm("everything").mean < 0.7 and found.barred > 10


def test_rows_nearly_alike_are_copies_both_ways(tmp_path):
    # 0.95 is the cosine of 18.2°; the second neighbour of row 3 is not among the one nearest that is kept.
    data = embedded(corpus(tmp_path, {"n": list(range(6))}), circle([0, 90, 105, 120, 180, 300]), k=1)
    copies = Copies.of(data, "given")
    assert copies.without(np.arange(6), np.array([1])).tolist() == [0, 3, 4, 5]
    assert copies.without(np.arange(6), np.array([2])).tolist() == [0, 4, 5]


def test_a_model_of_words_learns_most_from_texts_like_those_held_out(tmp_path):
    rng = np.random.default_rng(0)
    chains = [(start, kind) for kind in "ab" for start in rng.integers(0, 60, 160).tolist()]
    texts = [
        " ".join(f"{kind}{(start + i * (1 + n % 3)) % 60}" for i in range(12)) for n, (start, kind) in enumerate(chains)
    ]
    data = corpus(tmp_path, {"text": texts, "rank": list(range(320))})
    found = efficacy_of_words(data, Step("top", {"budget": 40, "column": "rank"}), seeds=3)
    assert found.trials[0].verdict == "worse than random" and found.trials[0].gain > 0
    arms = found.trials[0].arms
    assert [arm.name for arm in arms] == ["choice", "random", "everything", "random, as many words"]
    assert arms[3].words == pytest.approx(arms[0].words, rel=0.05) and arms[2].mean < arms[1].mean
    assert "no neighbour graph" in found.remarks[0]


def test_a_label_that_tells_nothing_and_a_choice_of_nothing_are_refused(tmp_path):
    data = embedded(corpus(tmp_path, {"kind": ["a"] * 12}), circle(range(12)))
    with pytest.raises(EngineError, match="tells too little"):
        efficacy(data, Step("random", {"budget": 3}), "kind", embedding="given")
    data = corpus(tmp_path, {"n": list(range(20))})
    with pytest.raises(EngineError, match="picks nothing"):
        efficacy_of_words(data, Step("random", {"budget": 0}), seeds=2)
