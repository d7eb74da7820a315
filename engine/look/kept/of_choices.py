"""Kinds of evidence that are told of a choice: chance, losses, shifts, luck, teaching, and what could go unseen."""

from collections.abc import Mapping
from typing import Literal, cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices import (
    Covering,
    Efficacy,
    LossAudit,
    PruningCurve,
    Scorecard,
    Stability,
    covering,
    efficacy,
    efficacy_of_words,
    loss_audit,
    pruning_curve,
    scorecard,
    stability,
)
from engine.look.choices.covering import DRAWS, STRATIFIED_DRAWS
from engine.look.choices.efficacy import SEEDS
from engine.look.choices.stability import RUNS
from engine.look.evidence import SAMPLE
from engine.look.groups import group_columns
from engine.look.kept.asked import Asked, Kind, Measure
from engine.marks import summary
from engine.progress import Progress
from engine.recipe import Run, rows_of, unpacked
from engine.registry import Json
from engine.store import digest_of, plain


def _coverage(done: Run, at: int, asked: Asked, progress: Progress) -> Covering:
    return covering(done.data, rows_at(done, at), rows_at(done, at - 1), embedding=asked.embedding, progress=progress)


def _losses(done: Run, at: int, asked: Asked, progress: Progress) -> LossAudit:
    before, after = (unpacked(done.stages[one].bits, done.data.n) for one in (at - 1, at))
    return loss_audit(done.data, before, after)


def _shifts(done: Run, at: int, asked: Asked, progress: Progress) -> Scorecard:
    chosen, before = rows_at(done, at), rows_at(done, at - 1)
    left = np.setdiff1d(before, chosen)
    if not len(left):
        raise EngineError("Every row is chosen, so there is nothing to lay beside the choice. Choose fewer.")
    return scorecard(done.data, chosen, left, names=("chosen", "left out"), progress=progress)


def _stability(done: Run, at: int, asked: Asked, progress: Progress) -> Stability:
    over = cast(Literal["resamples", "seeds"], asked.knobs.get("over", "resamples"))
    before = np.sort(rows_at(done, at - 1))
    return stability(done.data, done.stages[at].step, before, done.kept_by_hand, over=over, progress=progress)


def _teaching(done: Run, at: int, asked: Asked, progress: Progress) -> Efficacy:
    step, rows = done.stages[at].step, np.sort(rows_at(done, at - 1))
    if asked.label:
        return efficacy(
            done.data, step, asked.label, embedding=asked.embedding, rows=rows, keep=done.kept_by_hand,
            progress=progress,
        )  # fmt: skip
    return efficacy_of_words(
        done.data, step, rows=rows, keep=done.kept_by_hand, embedding=asked.embedding, progress=progress
    )


def _pruning(done: Run, at: int, asked: Asked, progress: Progress) -> PruningCurve:
    return pruning_curve(
        done.data, str(asked.knobs["column"]), asked.label, embedding=asked.embedding,
        rows=np.sort(rows_at(done, at - 1)), progress=progress,
    )  # fmt: skip


def rows_at(done: Run, at: int) -> np.ndarray:
    """int64: the rows after a stage, in its order."""
    return rows_of(done.stages[at], done.data.n)


def _coverage_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    """Random choices beside it, and runs of words of all."""
    before, chosen = done.stages[at - 1].kept, done.stages[at].kept
    return 0.3 + (DRAWS + STRATIFIED_DRAWS) * chosen * min(before, SAMPLE) * 2e-9 + 1e-4 * min(before, 40_000)


def _losses_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return 0.3 + 2e-5 * done.stages[at - 1].kept


def _shifts_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return _losses_seconds(done, at, asked, pick) + 1e-4 * min(done.stages[at - 1].kept, 40_000)


def _stability_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return (RUNS + 1) * pick


def _teaching_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    before, chosen = done.stages[at - 1].kept, done.stages[at].kept
    return SEEDS * (pick + 0.2 + 2e-4 * min(before, 20_000) + 1e-4 * chosen)


def _pruning_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    labels = len(done.data.codes(asked.label)[1])
    return 2 + 1e-4 * min(done.stages[at - 1].kept, 10_000) * min(labels, 50)


def _every(data: Dataset, asked: Asked) -> list[str]:
    return [key for key in data.columns if not _of_a_choice(data, key)]


def _groups(data: Dataset, asked: Asked) -> list[str]:
    return [key for key in group_columns(data) if not _of_a_choice(data, key)]


def _of_a_choice(data: Dataset, key: str) -> bool:
    """Whether a column was kept of a choice itself: a choice is not told from it."""
    thing = data.columns[key].thing
    return thing in data.added and data.added[thing].spec.member == "kept_numbers"


def _and_pairs(data: Dataset, asked: Asked) -> list[str]:
    return [*_every(data, asked), *data.keys_of("pairs")]


def _tags(data: Dataset) -> Mapping[str, Json]:
    return {"tags": digest_of(plain(summary(data)))}


OF_CHOICES: Mapping[Kind, Measure] = {
    "coverage": Measure("Beside random choices", Covering, _coverage, _coverage_seconds, _groups),
    "losses": Measure("Groups that lose", LossAudit, _losses, _losses_seconds, _every, quotes=True, facts=_tags),
    "shifts": Measure("Chosen beside left out", Scorecard, _shifts, _shifts_seconds, _and_pairs, quotes=True),
    "stability": Measure("How much is luck", Stability, _stability, _stability_seconds, by_selector=True),
    "teaching": Measure("What it teaches", Efficacy, _teaching, _teaching_seconds, by_selector=True),
    "pruning": Measure(
        "What dropping from an end costs", PruningCurve, _pruning, _pruning_seconds,
        lambda data, asked: [str(asked.knobs["column"])], "left",
    ),
}  # fmt: skip
