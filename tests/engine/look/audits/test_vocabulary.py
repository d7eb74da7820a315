"""Words of a target in a choice: shares counted by hand, in pick order, beside random choices."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.audits import vocabulary
from tests.engine.small import corpus


def test_the_words_of_a_target_are_counted_in_pick_order(tmp_path):
    # The target says red 3 times, green twice, blue and violet once: 4 words, 7 in all.
    data = corpus(tmp_path, {"text": ["a RED house", "green and red!", "nothing", "blue", "grey"] + ["dust"] * 395})
    target = ["Red red red", "green green", "blue, violet"]
    found = vocabulary(data, np.array([2, 0, 1]), data.rows(), target, longest=2)
    words = found.of("words")
    assert [(one.rows, one.types, round(one.mass * 7)) for one in words.curve] == [(1, 0, 0), (2, 0.25, 3), (3, 0.5, 5)]
    assert (words.types, words.all_types, round(words.all_mass * 7), words.enough) == (4, 0.75, 6, None)
    assert words.verdicts == ("better than random", "better than random")
    assert found.missing == (("blue", 1), ("violet", 1)) and not found.inside
    runs = found.of("runs")  # "red red" twice, "green green", "blue violet": none stands in a row
    assert (runs.types, runs.end.mass, runs.enough) == (3, 0.0, None)
    whole = vocabulary(data, np.array([0, 1, 3]), data.rows(), target, longest=1)
    assert whole.of("words").enough == 3 and "no pick has" in whole.markdown()[-1]


def test_random_picks_hold_no_more_words_than_random_picks_and_the_target_itself_is_told(tmp_path):
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{i}" for i in rng.integers(0, 400, 6)) for _ in range(300)]
    data = corpus(tmp_path, {"text": texts})
    picks = np.random.default_rng(5).permutation(300)[:40]
    found = vocabulary(data, picks, data.rows(), texts[:100], longest=1)
    assert found.of("words").verdicts == ("no better than random on this",) * 2
    assert found.inside == int((picks < 100).sum())
    first = found.of("words").curve
    assert all(a.mass <= b.mass for a, b in zip(first, first[1:], strict=False))


def test_a_target_without_a_word_is_refused(tmp_path):
    data = corpus(tmp_path, {"text": ["a", "b"]})
    with pytest.raises(EngineError, match="holds no word"):
        vocabulary(data, np.array([0]), data.rows(), ["…"])
