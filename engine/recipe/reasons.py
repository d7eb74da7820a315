"""Why rows went or stayed: the funnel, and the reason for each row in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.recipe.recipe import Step
from engine.recipe.stages import Run, Stage, count, rows_of, unpacked, verdict, verdict_among
from engine.registry import Json

NEAREST_MOST = 100_000_000
"""Comparisons at a time to name the picked row most like a dropped one: about a second."""


@dataclass(frozen=True)
class FunnelLine:
    """One step's effect, in rows.

    in_order: removed at its turn. For a filter also total: removed by itself; only: by no other filter;
    shared: by others too.
    """

    step: Step
    before: int
    kept: int
    in_order: int
    total: int
    only: int
    shared: int
    notes: Mapping[str, Json]


@dataclass(frozen=True)
class Why:
    """Why a row stays or goes. at: index into `Run.stages` of the step that dropped it, None if kept."""

    row: int
    kept: bool
    at: int | None
    text: str


def funnel(done: Run) -> list[FunnelLine]:
    """For each step: rows removed at its turn, and for filters also alone and together with the others."""
    filters = [s for s in done.stages[1:] if s.alone is not None]
    start = done.stages[0].bits
    drops = [start & ~cast(np.ndarray, s.alone) for s in filters]
    lines = []
    for stage in done.stages[1:]:
        total = only = 0
        if stage.alone is not None:
            mine = start & ~stage.alone
            others = np.zeros_like(mine)
            for other, drop in zip(filters, drops, strict=True):
                if other is not stage:
                    others |= drop
            total, only = count(mine), count(mine & ~others)
        lines.append(
            FunnelLine(
                stage.step, stage.before, stage.kept, stage.before - stage.kept, total, only, total - only, stage.notes
            )
        )
    return lines


def dropped(done: Run, at: int) -> np.ndarray:
    """Rows that the stage at this index removed, int64 ascending."""
    before = done.stages[at - 1].bits if at else np.packbits(np.ones(done.data.n, bool))
    return np.flatnonzero(unpacked(before & ~done.stages[at].bits, done.data.n))


def why(done: Run, row: int) -> Why:
    """Why one row stays or goes: the step that dropped it, and the value it was judged on."""
    return whys(done, np.array([row], np.int64))[0]


def whys(done: Run, rows: np.ndarray) -> list[Why]:
    """Why each of these rows stays or goes, in the order given."""
    at = dropped_at(done, rows)
    texts: dict[int, str] = {}
    for stage_at in np.unique(at):
        mine = rows[at == stage_at]
        for row, text in zip(mine, reasons_at(done, int(stage_at), mine), strict=True):
            texts[int(row)] = text
    return [Why(int(r), int(a) < 0, None if a < 0 else int(a), texts[int(r)]) for r, a in zip(rows, at, strict=True)]


def dropped_at(done: Run, rows: np.ndarray) -> np.ndarray:
    """int32: index of the stage that dropped each row, -1 for a row that stays."""
    at = np.full(len(rows), -1, np.int32)
    for i, stage in reversed(list(enumerate(done.stages))):
        at[~unpacked(stage.bits, done.data.n)[rows]] = i
    return at


def reasons_at(done: Run, at: int, rows: np.ndarray) -> list[str]:
    """Why each of these rows went at one stage, or with -1 why each stays, in words."""
    if at < 0:
        always = set(done.kept_by_hand.tolist())
        last = "no step drops it" if len(done.stages) > 1 else "the recipe has no steps yet"
        rank = {int(r): i + 1 for i, r in enumerate(done.rows)} if done.stages[-1].order is not None else {}
        return [
            "Kept by hand."
            if int(r) in always
            else f"Kept: {last}{f', picked as number {rank[int(r)]:,}' if rank else ''}."
            for r in rows
        ]
    stage = done.stages[at]
    if at == 0:
        return ["Dropped by hand."] * len(rows)
    sentence = f"Dropped by step {at}, “{stage.step.label()}”"
    if stage.step.selects:
        return [f"{sentence}: not picked{extra}." for extra in _nearest_picked(done, stage, rows)]
    judged = done.judged.get(at)
    if judged:
        return [f"{sentence}: {judged.words(int(row))}." for row in rows]
    if not stage.step.alone:
        left = np.sort(rows_of(done.stages[at - 1], done.data.n))
        among = verdict_among(done.data, stage.step, left, done.kept_by_hand)
        return [f"{sentence}: {among.words(int(row))}." for row in rows]
    of_these = verdict(done.data, stage.step, rows)
    return [f"{sentence}: {of_these.words(i)}." for i in range(len(rows))]


def _nearest_picked(done: Run, stage: Stage, rows: np.ndarray) -> list[str]:
    """For a selector on an embedding: the picked row most similar to each row left out; unsaid where it costs much."""
    keys = list(stage.step.names("embedding"))
    if not keys or stage.order is None or not len(stage.order):
        return [""] * len(rows)
    vectors = done.data.embedding(keys[0])
    of_row = vectors.texts.of_row
    kept = np.sort(stage.order[of_row[stage.order] >= 0])
    if not len(kept) or len(rows) * len(kept) > NEAREST_MOST:
        return [""] * len(rows)
    there = vectors.floats(of_row[kept]).T
    words = [", it has no text to compare"] * len(rows)
    with_text = np.flatnonzero(of_row[rows] >= 0)
    for start in range(0, len(with_text), 1024):
        part = with_text[start : start + 1024]
        similarity = vectors.floats(of_row[rows[part]]) @ there  # exact on the grid, whatever the block
        best = similarity.argmax(axis=1)
        for i, at, value in zip(part.tolist(), best.tolist(), similarity.max(axis=1).tolist(), strict=True):
            words[i] = f", the picked row most like it is row {kept[at]:,} (similarity {value:.3f})"
    return words
