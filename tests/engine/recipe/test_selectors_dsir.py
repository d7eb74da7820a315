"""DSIR: hashed as the public package does, exact weights, drawn as it says, and what is said of a choice."""

import hashlib
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.dataset import Dataset, Picked
from engine.recipe.selectors import SELECTORS
from engine.recipe.selectors.target._importance import Ngrams, divergence, drawn, weights_of
from engine.recipe.snapshots import examples_ref
from engine.registry import Budget
from tests.engine.small import corpus

NONE = np.empty(0, np.int64)
TEXTS = [
    "Alice went to the store.",
    "to the STORE, to the store!! 42 km²",
    "",
    "Ünïcode «İstanbul» ΣΑΣ\u2003日本語 a_b",
    "the store " * 40,
    "x" * 200 + " y" * 70,
]


def plain(text: str, words: int = 2, buckets: int = 10_000) -> np.ndarray:
    """The definition: runs of letters and of signs in lower case, each run of them by SHA-256 of its UTF-8."""
    found = re.findall(r"\w+|[^\w\s]+", text.lower())
    grams = [" ".join(found[i : i + size]) for size in range(1, words + 1) for i in range(len(found) - size + 1)]
    hashes = [int.from_bytes(hashlib.sha256(g.encode()).digest(), "big") % buckets for g in grams]
    return np.bincount(hashes, minlength=buckets)


def counts(text: str, words: int = 2, buckets: int = 10_000) -> np.ndarray:
    return Ngrams(words, buckets, known=64).weighed([[text]]).totals


def test_buckets_are_those_of_the_public_package():
    assert counts("Alice")[6720] == 1 and counts("alice went")[114] == 1
    assert counts("Alice went to the store").sum() == 9


@pytest.mark.parametrize(("words", "buckets"), [(1, 100), (2, 10_000), (3, 999_983)])
def test_counts_are_those_of_the_definition(words, buckets):
    # 64 places known: more runs of words than are remembered.
    ngrams = Ngrams(words, buckets, known=64)
    for again in range(2):
        found = ngrams.weighed([TEXTS[:3], TEXTS[3:]])
        assert (found.totals == sum(plain(text, words, buckets) for text in TEXTS)).all(), again
    assert found.sizes.tolist() == [plain(text, words, buckets).sum() for text in TEXTS]


def test_weights_are_those_of_the_definition():
    pool, target = sum(map(plain, TEXTS)), plain(TEXTS[1])
    odds = np.log(target / target.sum() + 1e-8) - np.log(pool / pool.sum() + 1e-8)
    weights = weights_of(target, pool)
    found = Ngrams(2, 10_000).weighed([TEXTS], np.stack([weights, 0 * weights])).scores
    assert found[0] == pytest.approx([plain(text) @ odds for text in TEXTS], abs=1e-9, rel=1e-9)
    assert (found[1] == 0).all() and found[0][2] == 0


def test_the_toy_of_two_words_comes_out():
    # Shares of a and b are 3/4 and 1/4 in the target, the other way round in the pool.
    target, pool = counts("a a a b", words=1), counts("a b b b", words=1)
    found = Ngrams(1, 10_000).weighed([["a a", "a b", "b b"]], weights_of(target, pool)[None]).scores[0]
    assert found == pytest.approx([2.1972, 0, -2.1972], abs=1e-4)
    assert divergence(target, pool) == pytest.approx(0.5493, abs=1e-4)
    assert divergence(target, target) == 0 and not weights_of(target, 2 * target).any()
    # Drawn one after the other: chances of being the first, and of being among the first two.
    orders = np.array([drawn(found, seed) for seed in range(4000)])
    first, two = Counter(orders[:, 0].tolist()), Counter(orders[:, :2].ravel().tolist())
    assert [first[i] / 4000 for i in range(3)] == pytest.approx([0.8901, 0.0989, 0.0110], abs=0.02)
    assert [two[i] / 4000 for i in range(3)] == pytest.approx([0.9977, 0.9011, 0.1012], abs=0.02)

    # One of odds 10 among ten of odds 1 comes first in half of the draws.
    assert np.mean([drawn(np.log([1.0] * 10 + [10.0]), seed)[0] == 10 for seed in range(2000)]) == pytest.approx(
        0.5, abs=0.05
    )


def pick(data: Dataset, ref: str, k: int, *, kept: np.ndarray = NONE, **more: object) -> Picked:
    said = SELECTORS["dsir"].check({"target": ref, "budget": k, **more})
    rows = np.setdiff1d(data.rows(), kept)
    picked: Picked = SELECTORS["dsir"].function(data, rows, kept, **said | {"budget": Budget(k)})
    return picked


def test_rows_like_the_target_come_first_repeats_and_blanks_last(tmp_path: Path):
    tax = ["pay the tax office", "the tax office wrote", "pay the tax", "the office of tax"]
    sun = [f"sun on the beach {i}" for i in range(30)]
    data = corpus(tmp_path, {"text": [*sun, *tax, tax[0], "", " "]})
    ref = examples_ref(data, "money", {"money": ["pay tax at the office", tax[2]]}, rows={"mail": np.array([31])})
    found = pick(data, ref, 2, draw="highest")
    assert set(found.rows.tolist()) <= {30, 32, 33}
    notes = found.notes
    assert notes["divergence"] < notes["divergence_of_pool"] and notes["divergence"] < notes["divergence_of_random"]
    assert notes["covered"] > notes["covered_by_random"]
    assert notes["tiny"] and notes["little_text"] and notes["narrow"]
    assert (notes["examples_in_pool"], notes["equal_texts"], notes["equal_texts_picked"]) == (1, 1, 32 in found.rows)
    everything = pick(data, ref, 99)
    assert len(everything.rows) == 36 and 31 not in everything.rows
    assert everything.rows[33:].tolist()[0] == 34 and set(everything.rows[34:].tolist()) == {35, 36}
    assert (everything.notes["repeats"], everything.notes["empty"]) == (1, 2)
    assert 34 not in pick(data, ref, 32, kept=np.array([30])).rows  # repeats what is kept
    assert everything.rows.tolist() != pick(data, ref, 99, seed=1).rows.tolist()


def test_targets_by_turns_and_weights_by_length(tmp_path: Path):
    data = corpus(tmp_path, {"text": ["tax tax tax tax", "tax", "sun", "sun sun", *["moon"] * 9, "moon night"]})
    ref = examples_ref(data, "both", {"money": ["tax"], "weather": ["sun"]})
    turns = pick(data, ref, 2, by="by turns", draw="highest", words=1)
    assert turns.rows.tolist() == [0, 3] and turns.notes["picks_by_set"] == {"money": 1, "weather": 1}
    assert pick(data, ref, 2, by="by turns", draw="highest", words=1, per_length=True).rows.tolist() == [0, 2]
    assert math.isclose(turns.notes["covered"], 1)
    assert turns.notes["narrow"] and not pick(data, ref, 1, words=1).notes["narrow"]  # four texts have a weight above 0
