"""WEAT and SEAT on made vectors, against the formulas written out once more."""

from itertools import combinations

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.audits import association
from engine.look.audits.association import _measured, dealt
from tests.engine.small import circle, corpus, embedded


def cosine(u, v):
    return float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))


def weat(x, y, a, b):
    """Effect size and two-sided p, as Caliskan and others write them, word by word."""
    s = lambda w: np.mean([cosine(w, v) for v in a]) - np.mean([cosine(w, v) for v in b])  # noqa: E731
    values = [s(w) for w in [*x, *y]]
    effect = (np.mean(values[: len(x)]) - np.mean(values[len(x) :])) / np.std(values, ddof=1)
    stat = abs(sum(values[: len(x)]) - sum(values[len(x) :]))
    ways = [
        abs(sum(values[i] for i in some) - sum(v for i, v in enumerate(values) if i not in some))
        for some in combinations(range(len(values)), len(x))
    ]
    return effect, np.mean([way >= stat - 1e-12 for way in ways])


def words(folder, seed, towards):
    """Four lists of five vectors: x leans towards a, y towards b, by so much."""
    rng = np.random.default_rng(seed)
    a, b = np.eye(6)[0] * 3 + rng.normal(size=(5, 6)), np.eye(6)[1] * 3 + rng.normal(size=(5, 6))
    x, y = (towards * np.eye(6)[i] + rng.normal(size=(5, 6)) for i in (0, 1))
    return [part / np.linalg.norm(part, axis=1, keepdims=True) for part in (x, y, a, b)]


def test_effect_and_p_are_those_of_the_formulas(tmp_path):
    for seed, towards in ((0, 2.0), (1, 0.0)):
        parts = words(tmp_path, seed, towards)
        names = [tuple(f"{of}{i}" for i in range(5)) for of in "xyab"]
        found = _measured([part[:, None] for part in parts], names, "given", (), (), 0)
        effect, p = weat(*parts)
        assert (found.effect, found.p) == (pytest.approx(effect), pytest.approx(p)) and found.exact
        assert found.deals == 252 and found.low < found.effect < found.high
        assert (found.p < 0.05) == (towards > 0) == (found.low > 0)
        assert found.nearer[0][2] > found.nearer[-1][2]
    assert "Chance alone may" in found.markdown()[0]


def test_a_word_in_two_sentences_counts_as_one(tmp_path):
    # Two sentences of each word, alike: the effect is that of one, and so is p.
    parts = [part[:, None] for part in words(tmp_path, 0, 2.0)]
    names = [tuple(f"{of}{i}" for i in range(5)) for of in "xyab"]
    once, twice = (_measured([np.repeat(part, n, 1) for part in parts], names, "given", (), (), 0) for n in (1, 2))
    assert (once.p, once.deals) == (twice.p, twice.deals) and once.effect == pytest.approx(twice.effect)


def test_many_words_are_dealt_out_at_random():
    s = np.random.default_rng(0).normal(size=30)
    p, exact, deals = dealt(s, 15, 0)
    assert (exact, deals) == (False, 10_000) and dealt(s, 15, 1)[0] == pytest.approx(p, abs=0.03)
    assert dealt(np.sort(s), 15, 0)[0] == 1 / 10_001


def test_lists_that_meet_and_vectors_without_a_model_are_refused(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3]}), circle([0, 1, 2]))
    with pytest.raises(EngineError, match="stands in both lists"):
        association(data, ["he", "she"], ["she"], ["a"], ["b"], embedding="given")
    with pytest.raises(EngineError, match="no {} where"):
        association(data, ["he"], ["she"], ["a"], ["b"], embedding="given", templates=["This is it."])
