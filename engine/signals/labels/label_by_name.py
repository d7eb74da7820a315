"""Which label a row is nearest to in meaning, by the names of the labels alone."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import by_names, probabilities
from engine.registry import About, CategoryColumn, Embedding, Help, Json, Value, row_cost

ENOUGH = 20
"""Rows with a given label, from which a temperature can be read."""


def names_of(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    """The labels by name: those given, else those of the column."""
    given, column = params["labels"], params["label"]
    if isinstance(given, Sequence) and given:
        return [str(name).strip() for name in given]
    return data.codes(str(column))[1] if column else []


ABOUT = About(
    title="Label by name",
    values={
        "named_label": Value("category", names=names_of),
        "named_confidence": Value("number", "0 to 1; missing where the label was given"),
        "named_margin": Value("number", "more than the next, 0 to 1; missing where the label was given"),
    },
    cost=row_cost(100_000),
)


def label_by_name(
    data: Dataset,
    *,
    embedding: Embedding,
    labels: Annotated[tuple[str, ...], Help("The labels by name; none takes those of the column.")] = (),
    about: Annotated[
        tuple[str, ...], Help("What each label is about, in the same order; an empty one is its name.")
    ] = (),
    label: Annotated[
        CategoryColumn | None, Help("Labels that some rows have already: they stay, and say how sure the others are.")
    ] = None,
    again: Annotated[
        bool, Help("Look a second time, by the texts that stand for each label best. Often better; look at both.")
    ] = False,
) -> dict[str, np.ndarray]:
    """Give each row that label of {labels} whose words are nearest by {embedding}; no row needs a label.

    float32 named_confidence: the share of that label among all, named_margin: how much more than the next one's. Where
    20 rows or more have a given {label}, a temperature makes those labels most likely, so that shares mean what they
    say on rows like these; else they order rows and are no probability. Missing without a vector. A name that says
    little wants a description; a description may hurt too.
    Source: zero-shot by prototypes; the second look is TFUP's (2024); temperature scaling (Guo et al. 2017).
    Raises `EngineError` for fewer than two labels, a given label that is not among them, more descriptions than labels,
    and an embedding that cannot read words.
    """
    codes, there = data.codes(label) if label else (np.full(data.n, -1), list[str]())
    names = names_of(data, {"labels": list(labels), "label": label})
    if len(about) > len(names):
        raise EngineError(
            f"{len(about)} descriptions for {len(names)} labels: give one for each label, in the same order."
        )
    place = {name: at for at, name in enumerate(names)}
    if strange := [name for name in there if name not in place]:
        raise EngineError(
            f"{label!r} has {strange[0]!r}, which is not among the labels. Name it too, or leave {label!r} out."
        )
    given = np.array([place[name] for name in there], np.int64)[codes] if there else codes.astype(np.int64)
    given = np.where(codes >= 0, given, -1)
    of_row = data.embedding(embedding).texts.of_row
    p = by_names(data, embedding, names, [*about, *[""] * (len(names) - len(about))], again=again)
    p = _tempered(p, of_row, given)
    found, (sure, margin) = given.astype(np.int32), np.full((2, data.n), np.nan, np.float32)
    rows = np.flatnonzero((of_row >= 0) & (given < 0))
    two = np.partition(p, -2, axis=1)[:, -2:] if len(p) else p[:, -2:]
    best, node = p.argmax(axis=1), of_row[rows]
    found[rows], sure[rows], margin[rows] = best[node], two[node, 1], two[node, 1] - two[node, 0]
    return {"named_label": found, "named_confidence": sure, "named_margin": margin}


def _tempered(p: np.ndarray, of_row: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Shares by text, by a temperature found on the given labels where there are enough."""
    rows = np.flatnonzero((of_row >= 0) & (given >= 0))
    if len(rows) < ENOUGH:
        return p
    # A text of several labels has one of them: the first that is given.
    code = np.full(len(p), -1, np.int64)
    code[of_row[rows][::-1]] = given[rows][::-1]
    return probabilities(np.log(np.maximum(p, 1e-30)).astype(np.float32), np.maximum(code, 0), code >= 0)[0]
