"""Which label a row likely has, where only the totals of groups are known."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import from_totals
from engine.registry import About, CategoryColumn, Embedding, Help, Json, Value, row_cost

TOTAL = re.compile(r"\s*(?P<label>\S.*?)\s+(?P<number>\d+(?:\.\d+)?)\s*(?:,|$)")
"""One label and how many rows have it."""


def names_of(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    """The labels of the totals, as they first stand there."""
    given = params["totals"]
    lines = [str(line) for line in given] if isinstance(given, Sequence) and not isinstance(given, str) else []
    read = totals_in(lines, data.codes(str(params["by"]))[1])
    return list(dict.fromkeys(label for each in read.values() for label in each))


ABOUT = About(
    title="Label by totals of groups",
    values={
        "totals_label": Value("category", names=names_of),
        "totals_confidence": Value("number", "0 to 1; missing where the label was given"),
    },
    cost=row_cost(5_000),
)


def label_by_totals(
    data: Dataset,
    *,
    embedding: Embedding,
    by: Annotated[CategoryColumn, Help("The column of groups: shops, days, districts.")],
    totals: Annotated[
        tuple[str, ...],
        Help("One a group: its name, and how many rows have each label: “en: tea 7, coffee 33”."),
    ],
    label: Annotated[CategoryColumn | None, Help("Labels that some rows have already: they stay, and teach.")] = None,
) -> dict[str, np.ndarray]:
    """The likely label of each row by {embedding}, where {totals} say how many rows of each {by} have it.

    float32 totals_confidence: the probability of that label; shares are as good as numbers. Rows of a group without
    totals are told by what the others taught. A given {label} stays. Missing where the label was given, and without a
    vector. Source: after llp-bp (Havaldar et al. 2023), with the totals held exactly.
    Raises `EngineError` for a total that cannot be read, a group that is not in the column, groups all alike, and a
    given label that is not among the totals.
    """
    read = totals_in(totals, data.codes(by)[1])
    names = list(dict.fromkeys(name for each in read.values() for name in each))
    given = None
    if label:
        codes, there = data.codes(label)
        if strange := [name for name in there if name not in names]:
            raise EngineError(
                f"{label!r} has {strange[0]!r}, of which no total speaks. Name it in the totals, if need be with 0, or "
                f"leave {label!r} out."
            )
        given = np.append([names.index(name) for name in there], -1)[codes].astype(np.int64)
    found = from_totals(data, embedding=embedding, group=by, totals=read, given=given)
    return {"totals_label": found.code, "totals_confidence": found.confidence}


def totals_in(lines: Sequence[str], groups: Sequence[str]) -> dict[str, dict[str, float]]:
    """Group -> label -> how many, as a person writes it.

    >>> totals_in(["en: tea 7, iced tea 3"], ["en"])
    {'en': {'tea': 7.0, 'iced tea': 3.0}}
    """
    found: dict[str, dict[str, float]] = {}
    for line in lines:
        # A name may hold a colon: the longest name of a group that the line begins with.
        name = max((group for group in groups if line.strip().startswith(f"{group}:")), key=len, default=None)
        name = name if name is not None else line.partition(":")[0].strip()
        rest = line.strip().removeprefix(f"{name}:").strip()
        read, at = dict[str, float](), 0
        while at < len(rest) and (total := TOTAL.match(rest, at)):
            read[total["label"]], at = float(total["number"]), total.end()
        if not read or at < len(rest) or name in found:
            said = "stands there twice" if name in found else "cannot be read"
            raise EngineError(f"The total {line!r} {said}. Write one a group, such as “en: tea 7, coffee 33”.")
        found[name] = read
    return found
