"""Texts drawn so that their words are spread as those of a target (DSIR)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked, distinct, examples, hashes_of
from engine.recipe.selectors._nodes import filled
from engine.recipe.selectors.target._examples import TINY, texts_wanted
from engine.recipe.selectors.target._importance import Ngrams, divergence, drawn, weights_of
from engine.recipe.selectors.target._toward import NARROW, SAID, by_turns
from engine.registry import About, Amounts, Bounds, Budget, Cost, Counted, ExamplesRef, Figure, Help, Json, Load, Remark

ROWS_AT_ONCE = 16384
LITTLE_TEXT = 1000
START, AN_EXAMPLE, CHARACTERS_A_SECOND = 0.02, 2e-5, 1.5e7


def _counting(load: Load) -> Cost:
    """All texts are read and counted, then read and weighed."""
    read = (2 * load.rows + load.kept) * load.characters(10_000)
    return Cost(START + AN_EXAMPLE * load.examples + read / CHARACTERS_A_SECOND, 100 << 20)


ABOUT = About(
    purpose="target",
    title="Words as in a target (DSIR)",
    short="{budget} whose words are as in {label}",
    cost=_counting,
    evidence={
        "divergence_of_pool": Figure(
            "Divergence before",
            "KL divergence of the target's n-grams from those of all rows left; 0 is equal",
            "{:.3f}",
        ),
        "divergence": Figure("Divergence after", "The same from those of the picks", "{:.3f}"),
        "divergence_of_random": Figure("Of random rows", "The same from those of as many random rows", "{:.3f}"),
        "covered": Figure("Target covered", "Share of the target's n-grams that stand in a pick too", "{:.1%}"),
        "covered_by_random": Figure("Covered by random rows", "The same for as many random rows", "{:.1%}"),
        "little_text": Remark(
            "The target has fewer than about 1,000 words: a few of them decide. Add examples, or take fewer buckets."
        ),
        **SAID,
        "equal_texts": Counted(
            "rows of the pool have the very text of an example: a likely leak",
            "row of the pool has the very text of an example: a likely leak",
        ),
        "equal_texts_picked": Counted("of them are picked", "of them is picked"),
        "picks_by_set": Amounts("Picks of each target", "target", "picks"),
        "repeats": Counted("picks repeat the text of another pick", "pick repeats the text of another pick"),
        "empty": Counted("picks have no text", "pick has no text"),
    },
)


def dsir(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    target: ExamplesRef,
    by: Annotated[
        Literal["together", "by turns"],
        Help("Of several targets: one of all, or each by itself, taking rows by turns."),
    ] = "together",
    draw: Annotated[
        Literal["at random", "highest"],
        Help(
            "At random: rows are drawn by their weight, so that the words come out spread as in the target. Highest: "
            "the rows of the highest weight, which are often alike."
        ),
    ] = "at random",
    per_length: Annotated[
        bool, Help("On: the weight is the mean over a text's n-grams. Off: their sum, where long texts lead or trail.")
    ] = False,
    words: Annotated[int, Bounds(1, 3), Help("Longest run of words that is counted.")] = 2,
    buckets: Annotated[
        int, Bounds(100, 1_000_000), Help("That runs of words are hashed into: fewer say less, and need less target.")
    ] = 10_000,
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} whose words are spread as in {label}, {draw} (runs of up to {words} words{per_length:, by length}).

    Texts alone: no embedding is needed. Words in lower case and runs of them are hashed into buckets. The weight of a
    text is the sum over its runs of ln(share in the target) - ln(share in all rows left). Rows are drawn without
    replacement in proportion to their weight (Gumbel noise by the seed, the highest sums win), or simply the highest.
    Rows that are examples themselves are never picked. Repeats of a text, then rows without text, come last at random.
    Source: Xie et al. 2023; weights are those of its public package at 2 words and 10,000 buckets.

    notes: divergence of the target's n-grams from those of the pool, the picks and as many random rows, in nats (0 is
    equal); covered, the share of the target's n-grams that stand in a pick, and covered_by_random; little_text, tiny,
    narrow (fewer than three times the budget have a weight above 0): warnings; equal_texts: rows with the very text of
    an example.
    """
    asked, names = examples(data, target), list(examples(data, target).set_names())
    left = rows[~np.isin(rows, texts_wanted(data, target)[1])]
    k, ngrams = int(budget.amount), Ngrams(words, buckets)
    by_set = [[text for text, of in zip(asked.texts, asked.sets, strict=True) if of == name] for name in names]
    wanted = [ngrams.weighed([some]).totals for some in (by_set if by == "by turns" else [list(asked.texts)])]
    hashes = np.zeros((len(left), 2), np.uint64)
    pool = ngrams.weighed(_read(data, left, hashes), total=2 * len(left)).totals
    found = _first(hashes, _hashes(data, kept))
    lead = left[found.first]
    weighed = ngrams.weighed(_read(data, lead), np.stack([weights_of(one, pool) for one in wanted]), 2 * len(left))
    weight = weighed.scores / np.maximum(1, weighed.sizes) if per_length else weighed.scores
    orders = [drawn(one, seed) if draw == "at random" else np.argsort(-one, kind="stable") for one in weight]
    picks, turns = by_turns(orders, len(lead), k)
    equal = np.isin(hashes[:, 0], hashes_of(list(asked.texts))[:, 0]) & hashes.any(axis=1)
    later = [("repeats", left[found.repeats]), ("empty", left[found.empty])]
    picked = filled(lead[picks], later, k, seed, {})
    chance = np.random.default_rng(0).permutation(left)[: len(picked.rows)]
    ours, theirs = (ngrams.weighed(_read(data, some)).totals for some in (picked.rows, chance))
    whole = np.sum(wanted, axis=0)
    notes: dict[str, Json] = {
        "divergence_of_pool": divergence(whole, pool),
        "divergence": divergence(whole, ours),
        "divergence_of_random": divergence(whole, theirs),
        "covered": _covered(whole, ours),
        "covered_by_random": _covered(whole, theirs),
        "little_text": int(whole.sum()) < LITTLE_TEXT * words,
        "tiny": len(set(asked.texts)) < TINY,
        "narrow": k > 0 and NARROW * min(k, len(lead)) > int((weighed.scores > 0).any(axis=0).sum()),
        "examples_in_pool": len(rows) - len(left),
        "equal_texts": int(equal.sum()),
        "equal_texts_picked": int(np.isin(left[equal], picked.rows).sum()),
    }
    if by == "by turns" and len(names) > 1:
        notes["picks_by_set"] = dict(zip(names, np.bincount(turns, minlength=len(names)).tolist(), strict=True))
    return Picked(picked.rows, {**notes, **picked.notes})


@dataclass(frozen=True)
class _Texts:
    """Places in the rows left, int64: the first row of each text that no kept row has, repeats, rows without text."""

    first: np.ndarray
    repeats: np.ndarray
    empty: np.ndarray


def _first(hashes: np.ndarray, kept: np.ndarray) -> _Texts:
    """Split rows by the hashes of their texts, uint64 (n, 2); those of kept rows come as they are."""
    of, first, _ = distinct(np.concatenate([kept, hashes]))
    mine = of[len(kept) :]
    lead = first[first >= len(kept)] - len(kept)
    leads = np.zeros(len(hashes), bool)
    leads[lead] = True
    return _Texts(np.sort(lead), np.flatnonzero(~leads & (mine >= 0)), np.flatnonzero(mine < 0))


def _read(data: Dataset, rows: np.ndarray, hashes: np.ndarray | None = None) -> Iterator[list[str]]:
    """The texts of some rows, block by block; their hashes go into an array, uint64 (len(rows), 2), if there is one."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        texts = data.texts(rows[start : start + ROWS_AT_ONCE])
        if hashes is not None:
            hashes[start : start + len(texts)] = hashes_of(texts)
        yield texts


def _hashes(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """uint64 (len(rows), 2): hashes of their texts."""
    found = np.zeros((len(rows), 2), np.uint64)
    for _ in _read(data, rows, found):
        pass
    return found


def _covered(target: np.ndarray, picks: np.ndarray) -> float | None:
    """The share of the target's n-grams whose bucket the picks have too, from the counts of both."""
    return float(target[picks > 0].sum() / target.sum()) if target.any() else None
