"""Leaks become a step: the one that drops what words give away, where a recipe has it, and which rows it leaves."""

import numpy as np

from engine.dataset import Dataset
from engine.look.leaks import Leaks, Part
from engine.recipe import Recipe, Step, overlaps_step
from engine.registry import Json

PARTS = ("split", "part", "subset", "fold", "partition")
HELD_OUT = ("test", "eval", "evaluation", "heldout", "holdout", "validation", "valid", "val", "dev")
MOST_PARTS = 12


def leaks_step(found: Leaks) -> Step:
    """The step that drops the rows that share words with the set; those found by meaning alone it leaves.

    Raises `EngineError` for a set too large to go with a recipe.
    """
    if found.part is None:
        return overlaps_step(
            found.data, found.other, least=found.least, unit=found.unit, edited=found.edited, column=found.column
        )
    part = found.part
    params: dict[str, Json] = {
        "by": part.by,
        "values": list[Json](sorted(part.values)),
        "least": found.least,
        "unit": found.unit,
        "edited": found.edited,
        "column": found.column,
    }
    return Step("overlaps_part", params).checked()


def leaks_place(found: Leaks, recipe: Recipe) -> int | None:
    """Where a recipe has that step, None where it has not."""
    named = ("overlaps", "label", found.other.name) if found.part is None else ("overlaps_part", "by", found.part.by)
    if not any((s.do, s.params.get(named[1])) == (named[0], named[2]) for s in recipe.steps):
        return None  # the texts of a set are written only for a recipe that may hold them
    made = leaks_step(found)
    return next((i for i, s in enumerate(recipe.steps) if (s.do, s.checked().params) == (made.do, made.params)), None)


def part_columns(data: Dataset) -> list[str]:
    """The columns that part the rows into 2 to 12, those named as one names splits first."""
    fit = [c for c in data.columns.values() if c.type in ("category", "text", "boolean", "integer") and c.role != "id"]
    fit = [c for c in fit if c.key not in data.text_view.columns and 2 <= _values(data, c.key) <= MOST_PARTS]
    return [c.key for c in sorted(fit, key=lambda c: c.key.lower() not in PARTS)]


def held_out(data: Dataset, by: str) -> Part:
    """The part that others should share nothing with: as it is called (test before validation), else the smallest."""
    codes, labels = data.codes(by)
    for name in HELD_OUT:
        for label in labels:
            if label.lower() == name:
                return Part(by, (label,))
    sizes = np.bincount(codes[codes >= 0], minlength=len(labels))
    return Part(by, (labels[int(sizes.argmin())],) if labels else ())


def _values(data: Dataset, key: str) -> int:
    """Different values, or too many to be parts where rows taken evenly say so already."""
    some = np.unique(np.linspace(0, data.n - 1, min(data.n, 500)).astype(np.int64)) if data.n else data.rows()
    if len(set(data.strings(key, some))) > MOST_PARTS + 1:
        return MOST_PARTS + 1
    return len(data.codes(key)[1])
