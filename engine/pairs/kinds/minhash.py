"""Pairs of texts that share most of their runs of words, characters or code: near repeats."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, cast

import numpy as np

from engine.dataset import Dataset, Pairs
from engine.dataset import texts as texts_of
from engine.pairs.shingles.forecast import forecast
from engine.pairs.shingles.lsh import Bands, Expected, wished
from engine.pairs.shingles.near import between, near, recall_of
from engine.pairs.shingles.shingling import Of, Shingling
from engine.pairs.tick import Tick, silent
from engine.registry import MEGABYTE, About, Bounds, Cost, Help, Json, Load, TextColumn, Value


def _cost(load: Load) -> Cost:
    characters = load.rows * load.characters(1 << 20)
    return Cost(2.0 + load.rows / 300_000 + characters / 8e7, 400 * MEGABYTE + load.rows * 900, load.rows * 40)


def _expects(data: Dataset, params: Mapping[str, object]) -> Expected:
    """What a run with these parameters can be expected to find."""
    threshold, how, bands = _asked(params)
    return forecast(partial(texts_of, data, cast(str | None, params["column"])), data.n, how, bands, threshold)


def _asked(params: Mapping[str, object]) -> tuple[float, Shingling, Bands]:
    """The lowest similarity, what texts are compared by, and the bands that fulfil the wish."""
    threshold, find = cast(float, params["threshold"]), cast(float, params["find"])
    how = Shingling(cast(Of, params["of"]), cast(int, params["size"]), bool(params["any_digits"]))
    return threshold, how, wished(threshold, find)


def _again(
    data: Dataset, params: Mapping[str, object], rows: np.ndarray, threshold: float, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs among some rows, the most wanted first: in a crowd each meets the first `most`, and more."""
    _, how, _ = _asked(params)
    column, probes = cast(str | None, params["column"]), max(cast(int, params["probes"]), 2 * most)
    bands = wished(threshold, cast(float, params["find"]))
    found = near(
        lambda places: texts_of(data, column, rows[places]), len(rows), how, bands, lowest=threshold, probes=probes,
        tick=silent,
    )  # fmt: skip
    return rows[found.first[found.a]], rows[found.first[found.b]], found.similarity


def _across(
    data: Dataset, params: Mapping[str, object], least: float, rows: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """Every pair of one of some rows and one of others, exactly."""
    texts = partial(texts_of, data, cast(str | None, params["column"]))
    return between(texts, rows, others, _asked(params)[1], least)


ABOUT = About(
    title="Near repeats",
    cost=_cost,
    values={"near_copies": Value("integer", "rows of the group")},
    expects=_expects,
    again=_again,
    across=_across,
)


def minhash(
    data: Dataset,
    tick: Tick = silent,
    *,
    threshold: Annotated[
        float, Bounds(0.2, 1), Help("Pairs are kept down to this similarity; a step can ask for any above it.")
    ] = 0.7,
    of: Annotated[
        Of,
        Help(
            "Words for long texts; characters for short ones and typing errors; code: names and literals do not count."
        ),
    ] = "words",
    size: Annotated[int, Bounds(1, 32), Help("Few: order hardly matters. Many: one change touches many runs.")] = 5,
    find: Annotated[
        float, Bounds(0.5, 0.9999), Help("The share of the pairs at the lowest similarity that is to be found.")
    ] = 0.99,
    column: Annotated[TextColumn | None, Help("The text of this column. Left out: the text of the row.")] = None,
    any_digits: Annotated[bool, Help("Numbers count as the same number.")] = False,
    probes: Annotated[
        int,
        Bounds(2, 100_000),
        Help("Where many texts share a band each is compared with so many of them; more finds more, and takes longer."),
    ] = 16,
) -> Pairs:
    """Find rows that share {threshold} of their runs of {size} {of} or more.

    Similarity is the exact Jaccard similarity of the two sets of runs (shingles), 0…1. Candidates come from MinHash
    signatures of 128 slots, cut into as many bands and rows as the wish asks for; each is verified. Case, punctuation,
    spaces and Unicode's compatibility forms do not count; in scripts without spaces each sign is a word. A text shorter
    than a run is one run of all that it has. Rows of the same words in the same order share a node.

    Pairs never grow with the square of a group: in a band shared by more than four times `probes` texts, each meets
    `probes` others, the first ones and those that stand beside it in the next band. How many were not looked at is
    said, and the step `dedup` looks again at those of such a crowd that would stay. Recall is measured against exact
    search on 2,000 sampled texts. The result does not depend on the number of threads.

    Source: Broder 1997; fast similarity sketches of Dahlgaard, Knudsen and Thorup 2017.
    """
    texts = partial(texts_of, data, column)
    shingling, bands = Shingling(of, size, any_digits), wished(threshold, find)
    found = near(texts, data.n, shingling, bands, lowest=threshold, probes=probes, tick=tick)
    recall = recall_of(texts, found, shingling, threshold, tick)
    notes: dict[str, Json] = {
        "lowest": threshold,
        "bands": bands.bands,
        "rows_of_a_band": bands.rows,
        "candidates": found.candidates,
        "not_looked_at": found.left,
        "recall": recall.json(),
    }
    return Pairs(found.of_text, found.a, found.b, found.similarity, crowded=found.crowded, notes=notes)
