"""What a choice would be, seen on a sample: picked by the selector itself, and laid beside chance."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from engine.building import picking_seconds
from engine.dataset import Dataset
from engine.look.choices.chance import band, random_draws, verdict
from engine.look.choices.covering import Covering, Measured, covering
from engine.recipe import Step, sampled, select
from engine.registry import Json

SIZES = (10_000, 5_000, 2_000, 1_000, 500)
"""Rows of a sample; the largest is taken that the selector gets through in time."""
SECONDS = 0.48
"""As the members guess it; small choices take up to three times that, and measuring them some tenths more."""
LOOKED, DRAWS = 500, 5
_ALONE = Lock()
"""The limit of threads is the whole process's: of two previews at once, one would keep the limit of the other."""


@dataclass(frozen=True)
class Preview:
    """What was picked of a sample. rows: int64 ascending, the sample; of: how many rows are left.

    picks: int64, those kept by hand and those chosen before first, then in pick order. covering: figures without words,
    None where nothing is picked. means: of each column of numbers that the choice goes by; there “better” is higher.
    notes: what the selector says of what it picked.
    """

    rows: np.ndarray
    of: int
    picks: np.ndarray
    covering: Covering | None
    means: tuple[Measured, ...]
    notes: Mapping[str, Json] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether the sample is all the rows left: then it is the choice itself."""
        return len(self.rows) == self.of


def preview(
    data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray, *, seconds: float = SECONDS, seed: int = 0
) -> Preview:
    """Let a selector pick from as many of the rows left as it gets through in about so many seconds beside its start.

    rows: int64 ascending, those left; keep: int64 ascending, those among them that are kept by hand. Of few rows all
    are taken, else a sample with the budget scaled as `sampled` does. What seconds a choice takes is learned on the
    machine, so another one may take another sample. Raises `EngineError` as the choice itself would.
    """
    from threadpoolctl import threadpool_limits

    # On small matrices threads mostly wait for each other: beside a job that keeps all cores busy, for many seconds.
    with _ALONE, threadpool_limits(1):
        return _seen(data, step, rows, keep, seconds, seed)


def _seen(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray, seconds: float, seed: int) -> Preview:
    small = sampled(data, step, rows, keep, SIZES[-1], seed=seed)
    # Mostly what the first use of a selector takes, of any sample.
    start = picking_seconds(data, small.step, small.rows)
    for size in SIZES[:-1]:
        larger = sampled(data, step, rows, keep, size, seed=seed)
        if picking_seconds(data, larger.step, larger.rows) - start <= seconds:
            small = larger
            break
    picked = select(data, small.step, small.rows, small.keep)
    picks = np.concatenate([small.keep, picked.rows])
    if not len(picks):
        return Preview(small.rows, len(rows), picks, None, ())
    figures = covering(
        data, picks, small.rows, embedding=_measured_on(data, step), strata="", draws=DRAWS, sample=LOOKED,
        words=False, seed=seed,
    )  # fmt: skip
    chance = random_draws(small.rows, len(picks), DRAWS, seed)
    means = tuple(_mean(data, column, picks, chance) for column in _by(step))
    return Preview(small.rows, len(rows), picks, figures, means, picked.notes)


def _measured_on(data: Dataset, step: Step) -> str:
    """The embedding that the choice goes by, else the newest, "" for none."""
    return next(step.names("embedding"), next(reversed(data.keys_of("embedding")), ""))


def _by(step: Step) -> list[str]:
    """The columns of numbers that the choice goes by."""
    named = [p.named(step.params.get(p.name)) for p in step.member.params if (p.kind, p.of) == ("column", "number")]
    return list(dict.fromkeys(column for names in named for column in names))


def _mean(data: Dataset, column: str, picks: np.ndarray, chance: list[np.ndarray]) -> Measured:
    """The mean of a column among the picks and among random ones, rows without a value left out."""
    found = []
    for rows in (picks, *chance):
        values = data.numbers(column, rows)
        values = values[np.isfinite(values)]
        found.append(float(values.mean()) if len(values) else math.nan)
    random = band(found[1:])
    return Measured(column, f"Mean of {column}", found[0], random, None, verdict(found[0], random))
