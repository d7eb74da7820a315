"""A share of the budget for each topic, and inside a topic the good, the typical or the untypical rows."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked, Vectors
from engine.errors import EngineError
from engine.recipe.selectors._groups import groups_of
from engine.recipe.selectors._nodes import LATER, filled, leaders
from engine.recipe.selectors._progress import tell
from engine.recipe.selectors._shares import allocate, in_turns
from engine.recipe.selectors.spread._quality import best_first, mean_of
from engine.recipe.selectors.spread._rounds import in_odds, next_shares
from engine.registry import (
    About,
    Amounts,
    Bounds,
    Budget,
    CategoryColumn,
    Cost,
    Counted,
    Embedding,
    Figure,
    Help,
    Json,
    Load,
    Names,
    NumberColumn,
)
from indexes import Means, kmeans

MOST_NAMED = 50
SAMPLE = 256
"""Texts a group that k-means finds its middles on."""
ROUNDS = 25
BLOCK = 8192
START, A_ROW, PRODUCTS_A_SECOND = 0.001, 5e-7, 4e9


def _grouping(load: Load) -> Cost:
    """k-means on a sample, then each text beside each middle."""
    if load.params.get("column"):
        return Cost(START + load.rows * A_ROW)
    clusters = int(float(str(load.params.get("clusters", 50))))
    texts = min(load.texts, load.rows)
    looks = min(texts, SAMPLE * clusters) * ROUNDS + texts
    return Cost(START + looks * clusters * load.dimension / PRODUCTS_A_SECOND + load.rows * A_ROW)


def _words(values: Mapping[str, object]) -> Mapping[str, str]:
    return {"column": f"“{values['column']}”" if values["column"] else f"{values['clusters']} groups of its own"}


ABOUT = About(
    purpose="balance",
    short="{budget}, {shares} across {column}, {inside}",
    title="Some of each topic",
    words=_words,
    cost=_grouping,
    evidence={
        "groups": Amounts("Rows of each group", "Group", "Rows"),
        "short_groups": Names("Too small for their share, so they give all they have"),
        "shares_before": Amounts("Shares before the rewards", "Group", "Percent"),
        "shares_after": Amounts("Shares after the rewards", "Group", "Percent"),
        "mean": Figure("Mean quality of the picks", "Of the values of the rows picked", "{:,.6g}"),
        "left_mean": Figure("Mean quality of all rows left", "What random rows are expected to have", "{:,.6g}"),
        "without_value": Counted("picks have no quality", "pick has no quality"),
        **LATER,
    },
)


def per_topic(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    column: Annotated[
        CategoryColumn | None, Help("The groups, such as topics. Left out: groups are found by k-means.")
    ] = None,
    embedding: Annotated[
        Embedding | None, Help("For groups of its own, and for typical and untypical rows. With it repeats come last.")
    ] = None,
    clusters: Annotated[int, Bounds(2, 1000), Help("How many groups k-means finds, where no column is given.")] = 50,
    shares: Annotated[
        Literal["equal", "proportional", "square root"],
        Help("Equal lifts small groups, proportional keeps the mix, square root lies between."),
    ] = "equal",
    inside: Annotated[
        Literal["by quality", "best first", "at random", "typical", "untypical"],
        Help("By quality: at random, good ones more often. Typical: most like the mean of their group."),
    ] = "by quality",
    quality: Annotated[NumberColumn | None, Help("Which rows of a group are good; left out, all alike.")] = None,
    order: Annotated[Literal["high first", "low first"], Help("Which end of the quality is good.")] = "high first",
    rewards: Annotated[
        NumberColumn | None,
        Help("From a training run: what there is still to gain from each row. Groups with more get more rows."),
    ] = None,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget}, {shares} across {column}, inside each {inside}{quality: (quality “…”)} (seed {seed}).

    Groups are the values of a column (rows without one are a group named "(missing)"), or found by k-means on the
    embedding, by seed: its middles on a sample of 256 texts a group. Rows kept by hand count toward their group. A
    group that is too small gives all it has, and what it lacks goes to the others in the same shares. Groups take turns
    in the pick order, so that the first k rows have the mix of all.

    Inside a group, "by quality" draws rows one after the other with odds of e^q, where q is the quality in standard
    deviations of the rows left (or all alike, where no quality is given); "best first" takes the best; "typical" those
    most similar to the mean of their group, "untypical" those least similar. Ties go to the lower row, rows without a
    quality come last in their group.

    With rewards, shares move as in rounds of training: each is multiplied by the softmax of the mean reward of its
    group, over its rows that have one. Give the scores of a run, pick, train, and give the next. With an embedding,
    repeats and then rows without a vector come last, at random.

    notes: groups, rows kept of each; short_groups, those with less than their share; shares_before and shares_after the
    rewards, in percent; mean quality of the picks and left_mean of all rows left; without_value, repeats,
    without_vectors: how many such rows were picked. Source: Yu and others 2024 (Diversify and Conquer).
    """
    _check(column, embedding, inside, quality)
    vectors = data.embedding(embedding) if embedding else None
    values = data.numbers(quality, rows) if quality else np.zeros(len(rows))
    good = values if order == "high first" else -values
    at = np.arange(len(rows))
    repeats = bare = np.empty(0, np.int64)
    if vectors is not None:
        ranked = best_first(rows, good) if quality else at
        found = leaders(vectors.texts, rows[ranked], kept)
        at = np.searchsorted(rows, np.sort(found.rows))
        repeats, bare = np.sort(found.repeats), np.sort(found.bare)
    pool, good = rows[at], good[at]
    names, of_all = _groups(data, vectors, column, np.concatenate([pool, kept]), clusters, seed)
    here, there = of_all[: len(pool)], of_all[len(pool) :]
    size, by_hand = (np.bincount(part[part >= 0], minlength=len(names)) for part in (here, there))
    weights = _weights(shares, size + by_hand)
    after = weights
    if rewards:
        both = np.concatenate([pool, kept])[of_all >= 0]
        after = next_shares(of_all[of_all >= 0], data.numbers(rewards, both), weights)
    total = min(int(budget.amount), len(pool)) + int(by_hand.sum())
    counts = allocate(total, after, low=by_hand, high=by_hand + size)
    rng = np.random.default_rng(seed)
    if inside in ("typical", "untypical"):
        assert vectors is not None
        likeness = _likeness(vectors, pool, here, len(names))
        inner = best_first(pool, likeness if inside == "typical" else -likeness)
    elif inside == "best first":
        inner = best_first(pool, good)
    else:
        inner = in_odds(_standard(good) if inside == "by quality" else np.zeros(len(pool)), rng)
    picks = pool[in_turns(inner, here, counts - by_hand)]
    exact = total * after / after.sum() if after.sum() else np.zeros(len(names))
    short = [names[g] for g in np.flatnonzero((counts == by_hand + size) & (exact > counts + 0.5))]
    largest = np.argsort(-counts, kind="stable")[:MOST_NAMED]
    notes: dict[str, Json] = {
        "groups": {names[g]: int(counts[g]) for g in largest if counts[g]},
        "short_groups": list(short[:MOST_NAMED]),
    }
    if rewards:
        notes |= {"shares_before": _percent(names, weights, largest), "shares_after": _percent(names, after, largest)}
    if quality:
        of_picks = data.numbers(quality, picks)
        notes |= {
            "mean": mean_of(of_picks),
            "left_mean": mean_of(values),
            "without_value": int(np.isnan(of_picks).sum()),
        }
    return filled(picks, [("repeats", repeats), ("without_vectors", bare)], int(budget.amount), seed, notes)


def _check(column: str | None, embedding: str | None, inside: str, quality: str | None) -> None:
    if not column and not embedding:
        raise EngineError("Say which groups: give a column, or an embedding to find groups on.")
    if inside in ("typical", "untypical") and not embedding:
        raise EngineError(f"{inside.capitalize()} rows are told by their vectors: give an embedding.")
    if inside == "best first" and not quality:
        raise EngineError("Best first needs a quality: give a number column, or take rows at random.")


def _groups(
    data: Dataset, vectors: Vectors | None, column: str | None, rows: np.ndarray, clusters: int, seed: int
) -> tuple[list[str], np.ndarray]:
    """Names of the groups, and the group of each row, int64; -1 for a row without a vector, where k-means groups."""
    if column:
        groups = groups_of(data, column)
        return [*groups.names], groups.of[rows]
    assert vectors is not None
    of_row = vectors.texts.of_row[rows].astype(np.int64)
    nodes, place = np.unique(of_row, return_inverse=True)
    held = nodes >= 0
    grid = vectors.grid if held.sum() == len(vectors.grid) else np.ascontiguousarray(vectors.grid[nodes[held]])
    found: Means = kmeans(grid, clusters, seed=seed, rounds=ROUNDS, sample=SAMPLE * clusters, progress=tell)
    of_node = np.full(len(nodes), -1, np.int64)
    of_node[held] = found.labels
    return [f"group {g + 1}" for g in range(len(found.centroids))], of_node[place]


def _weights(shares: str, size: np.ndarray) -> np.ndarray:
    """float64, adding up to 1 where there are any rows: the part of each group before caps."""
    power = {"equal": 0.0, "proportional": 1.0, "square root": 0.5}[shares]
    weights = np.where(size > 0, size.astype(np.float64) ** power, 0.0)
    return np.asarray(weights / weights.sum()) if weights.sum() else weights


def _standard(values: np.ndarray) -> np.ndarray:
    """In standard deviations from the mean, NaN where missing; all 0 where they are equal. Infinite ones count as the
    least or greatest finite one."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return np.where(np.isnan(values), np.nan, 0.0)
    held, spread = np.clip(values, finite.min(), finite.max()), finite.std()
    return np.asarray((held - finite.mean()) / spread) if spread > 0 else np.where(np.isnan(values), np.nan, 0.0)


def _likeness(vectors: Vectors, rows: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """float64: similarity of each row to the mean direction of its group, up to a factor a group. Sums of grid values
    are exact, so the order of rows decides nothing."""
    nodes = vectors.texts.of_row[rows]
    found = np.zeros(len(rows))
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    for g in range(groups):
        part = order[bounds[g] : bounds[g + 1]]
        total = np.zeros(vectors.grid.shape[1])
        for first in range(0, len(part), BLOCK):
            total += vectors.floats(nodes[part[first : first + BLOCK]]).sum(axis=0, dtype=np.float64)
        for first in range(0, len(part), BLOCK):
            some = part[first : first + BLOCK]
            found[some] = vectors.floats(nodes[some]).astype(np.float64) @ total
        tell(g, groups)
    return found


def _percent(names: list[str], shares: np.ndarray, which: np.ndarray) -> dict[str, Json]:
    return {names[g]: round(100 * float(shares[g]), 2) for g in which if shares[g]}
