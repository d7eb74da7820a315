"""The choice of a recipe: what picks, from which rows, and what it picked."""

import argparse
from dataclasses import dataclass

import numpy as np

from engine.building import pick
from engine.commands._recipes import recipe_file
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import fitted
from engine.look import kept
from engine.progress import Progress
from engine.recipe import Step, rows_of


@dataclass(frozen=True)
class Chosen:
    """step: that which picks. rows: int64 in pick order; before: int64 ascending, what it picked from; pins:
    int64, those kept by hand."""

    data: Dataset
    step: Step
    rows: np.ndarray
    before: np.ndarray
    pins: np.ndarray


def chosen(args: argparse.Namespace, data: Dataset, name: str, progress: Progress) -> Chosen:
    """Run a recipe and take its choice; raises `EngineError` where no step of it picks."""
    data, recipe = fitted(data, recipe_file(args, name, data), "refuse", progress)
    done = pick(data, recipe, progress=progress)
    at = kept.choice_at(done)
    if at is None:
        raise EngineError(f"No step of {name!r} picks rows with a budget. Give a recipe that chooses.")
    return Chosen(
        data, done.stages[at].step, rows_of(done.stages[at], data.n), np.sort(rows_of(done.stages[at - 1], data.n)),
        done.kept_by_hand,
    )  # fmt: skip
