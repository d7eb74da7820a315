"""Texts inside others: only the shorter goes, every true pair is found, and its share is exact."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build, key_of, spec
from engine.dataset import Pairs
from engine.dataset.dataset import Dataset
from engine.pairs import PAIRS, contained, grouped
from engine.recipe import ByHand, Recipe, Step, listed_ref, run
from tests.engine.small import corpus

QUOTE = "call me ishmael some years ago never mind how long precisely having little or no money in my purse"


def found(data: Dataset, **params: object) -> Pairs:
    return PAIRS["contained"].function(data, **PAIRS["contained"].check(params))


def runs(text: str, size: int) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)} or ({tuple(words)} if words else set())


@given(
    st.lists(st.lists(st.sampled_from("a b c d e".split()), max_size=12).map(" ".join), max_size=10), st.integers(1, 3)
)
@settings(max_examples=60, deadline=None)
def test_every_text_that_stands_in_a_longer_one_is_found_with_its_exact_share(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int
) -> None:
    data = corpus(tmp_path_factory.mktemp("inside"), {"text": texts or [""]})
    pairs = found(data, threshold=0.6, size=size, shortest=1)
    stored = dict(zip(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True), pairs.similarity, strict=True))
    expected = {}
    for i, j in permutations(range(len(texts)), 2):
        a, b = int(pairs.of_row[i]), int(pairs.of_row[j])
        one, other = runs(texts[i], size), runs(texts[j], size)
        if a >= 0 and b >= 0 and a != b and (len(one), -a) < (len(other), -b):
            share = len(one & other) / len(one)
            if share >= 0.6:
                expected[min(a, b), max(a, b)] = np.float32(share)
    assert stored == expected


def test_only_the_shorter_goes_whatever_is_wanted_more_and_whatever_is_always_kept(tmp_path: Path) -> None:
    texts = [QUOTE, f"he wrote {QUOTE} and nothing particular to interest me on shore", "something else altogether"]
    data = build(corpus(tmp_path, {"text": texts}), ["contained"])
    for keep in ("first", "last"):
        step = Step("dedup", {"pairs": "contained", "threshold": 0.9, "keep": keep}).checked()
        assert run(data, Recipe(steps=(step,))).rows.tolist() == [1, 2]
        kept = ByHand(keep=listed_ref(data, np.array([0])))
        assert run(data, Recipe(steps=(step,), by_hand=kept)).rows.tolist() == [0, 1, 2]
    assert grouped(data.pairs("contained"), 0.9).sizes == {1: 2}


def test_of_a_chain_of_longer_and_longer_texts_the_longest_is_left(tmp_path: Path) -> None:
    words = QUOTE.split()
    texts = [" ".join(words[:n]) for n in (14, 19, 16, 15)]
    data = build(corpus(tmp_path, {"text": texts}), {"contained": spec("pairs", "contained")})
    step = Step("dedup", {"pairs": "contained", "threshold": 1.0}).checked()
    assert run(data, Recipe(steps=(step,))).rows.tolist() == [1]


def test_short_texts_are_not_looked_for_unless_asked(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["thank you very much indeed", "well thank you very much indeed my friend"]})
    assert len(found(data).first) == 0
    assert found(data, shortest=1).similarity.tolist() == [1.0]


def test_runs_that_very_many_share_are_passed_over_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.modules[contained.__module__], "CROWD", 3)
    texts = [f"{QUOTE} {i}" for i in range(6)]
    pairs = found(corpus(tmp_path, {"text": texts}), threshold=0.5)
    assert pairs.notes["passed_over"] == 6 and len(pairs.first) < 15


def test_the_key_says_what_differs(tmp_path: Path) -> None:
    assert key_of(spec("pairs", "contained", {"threshold": 0.8})) == "contained(threshold=0.8)"


def test_rows_without_any_text_all_stay(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"text": ["", None, " "], "n": [1, 2, 3]}), ["contained"])
    step = Step("dedup", {"pairs": "contained", "threshold": 0.9}).checked()
    assert run(data, Recipe(steps=(step,))).rows.tolist() == [0, 1, 2]
    assert data.numbers("inside_copies").tolist() == [0, 0, 0]
