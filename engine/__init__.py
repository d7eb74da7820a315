"""Winnow's engine: see a corpus, tune what stays, and export the subset with the proof of how it was made.

>>> import engine
>>> print(engine.Budget.read("10%"))
10 %

The names below are the door: six verbs, a dozen types, and the rooms behind them. Each is loaded when it is first
asked for, so that `import engine` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine import (
        building,
        dataset,
        exporting,
        jobs,
        labels,
        look,
        maps,
        marks,
        models,
        opening,
        pairs,
        progress,
        recipe,
        registry,
        signals,
        store,
        text,
        topics,
        vectors,
    )
    from engine.building import build
    from engine.dataset import Dataset
    from engine.errors import Cancelled, Damaged, EngineError, NotFound, Stale
    from engine.exporting import Manifest, export, replay, verify
    from engine.opening import open_source as open
    from engine.recipe import ByHand, Recipe, Run, Step, run
    from engine.registry import Budget
    from engine.store import Key, Spec, Store

_NAMES = {
    "open": "opening.open_source",
    "build": "building.build",
    "run": "recipe.run",
    "export": "exporting.export",
    "verify": "exporting.verify",
    "replay": "exporting.replay",
    "Budget": "registry.Budget",
    "ByHand": "recipe.ByHand",
    "Cancelled": "errors.Cancelled",
    "Damaged": "errors.Damaged",
    "Dataset": "dataset.Dataset",
    "EngineError": "errors.EngineError",
    "Key": "store.Key",
    "Manifest": "exporting.Manifest",
    "NotFound": "errors.NotFound",
    "Recipe": "recipe.Recipe",
    "Run": "recipe.Run",
    "Spec": "store.Spec",
    "Stale": "errors.Stale",
    "Step": "recipe.Step",
    "Store": "store.Store",
}
_ROOMS = (
    *("progress", "registry", "store", "text", "dataset", "marks", "opening", "vectors", "models", "pairs", "signals"),
    "labels",
    *("maps", "topics", "recipe", "building", "look", "exporting", "jobs"),
)
__all__ = [*_NAMES, *_ROOMS]


def __getattr__(name: str) -> object:
    if name in _NAMES:
        room, _, inside = _NAMES[name].partition(".")
        return getattr(import_module(f"engine.{room}"), inside)
    if name in _ROOMS:
        return import_module(f"engine.{name}")
    raise AttributeError(f"module 'engine' has no attribute {name!r}")
