"""Why rows went or stayed: the funnel, and the reason for each row in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.recipe.recipe import Step
from engine.recipe.stages import Run, Stage, count, rows_of, unpacked, verdict, verdict_among
from engine.registry import Json

BLOCK = 4096
NEAREST_MOST = 100_000_000
"""Comparisons to name the picked row most like a dropped one: about a second."""


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
    of_row = done.data.embedding(keys[0]).texts.of_row
    kept = int((of_row[stage.order] >= 0).sum())
    if not kept or len(rows) * kept > NEAREST_MOST:
        return [""] * len(rows)
    nearest, similarity = nearest_picked(done.data, rows, stage.order, keys[0])
    return [
        f", the picked row most like it is row {near:,} (similarity {value:.3f})"
        if near >= 0
        else ", it has no text to compare"
        for near, value in zip(nearest.tolist(), similarity.tolist(), strict=True)
    ]


def nearest_picked(data: Dataset, rows: np.ndarray, picks: np.ndarray, embedding: str) -> tuple[np.ndarray, np.ndarray]:
    """The pick most like each row, int64, -1 for a row without a vector; and how like, float32. Ties: the lower row."""
    vectors = data.embedding(embedding)
    of_row = vectors.texts.of_row
    picks = np.sort(picks[of_row[picks] >= 0])
    found, like = np.full(len(rows), -1, np.int64), np.full(len(rows), np.nan, np.float32)
    at = np.flatnonzero(of_row[rows] >= 0) if len(picks) else np.zeros(0, np.int64)
    nodes, first = np.unique(of_row[picks], return_index=True)
    for low in range(0, len(at), BLOCK):
        some = at[low : low + BLOCK]
        there = vectors.floats(of_row[rows[some]])
        best, most = np.zeros(len(some), np.int64), np.full(len(some), -np.inf, np.float32)
        for start in range(0, len(picks), BLOCK):
            similarity = there @ vectors.floats(of_row[picks[start : start + BLOCK]]).T  # exact on the grid
            near = similarity.argmax(axis=1)
            value = similarity[np.arange(len(some)), near]
            better = value > most
            best[better], most[better] = near[better] + start, value[better]
        found[some], like[some] = picks[best], np.minimum(most, 1)
        same = np.searchsorted(nodes, of_row[rows[some]])
        same = np.where(same < len(nodes), same, 0)
        equal = nodes[same] == of_row[rows[some]]  # a text of its own is nearer than its rounded vector says
        found[some[equal]], like[some[equal]] = picks[first[same[equal]]], 1
    return found, like
