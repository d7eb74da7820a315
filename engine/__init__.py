"""Winnow's engine: see a corpus, tune what stays, and export the subset with the proof of how it was made.

>>> import engine
>>> engine.Budget.read("10%")
Budget(amount=10.0, unit='percent')

The names below are the door: pages, the command line and notebooks use these and nothing behind them. Each is loaded
when it is first asked for, so that `import engine` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine import (
        build,
        clean,
        cost,
        dataset,
        demo,
        edits,
        embedding,
        evidence,
        export,
        findings,
        geometry,
        history,
        info,
        jobs,
        lineage,
        manifest,
        maphtml,
        marks,
        opening,
        options,
        overview,
        portable,
        prepare,
        progress,
        raster,
        recipe,
        refs,
        registry,
        rejected,
        replay,
        search,
        selection,
        specs,
        store,
        terms,
        textindex,
        textview,
        topic_card,
        topics,
        trust_region,
        unattended,
        verify,
    )
    from engine.dataset import Dataset
    from engine.errors import Cancelled, Damaged, EngineError, NotFound, Stale
    from engine.recipe import Pins, Recipe, Step
    from engine.registry import Budget
    from engine.store import Store

__all__ = [
    "manifest",
    "lineage",
    "options",
    "topic_card",
    "rejected",
    "refs",
    "progress",
    "dataset",
    "cost",
    "Budget",
    "Cancelled",
    "Damaged",
    "Dataset",
    "EngineError",
    "NotFound",
    "Pins",
    "Recipe",
    "Stale",
    "Step",
    "Store",
    "build",
    "clean",
    "demo",
    "edits",
    "embedding",
    "evidence",
    "export",
    "findings",
    "geometry",
    "history",
    "info",
    "jobs",
    "marks",
    "maphtml",
    "opening",
    "overview",
    "portable",
    "prepare",
    "raster",
    "recipe",
    "registry",
    "replay",
    "search",
    "selection",
    "specs",
    "store",
    "terms",
    "textindex",
    "textview",
    "topics",
    "trust_region",
    "unattended",
    "verify",
]

_HOME = {
    "Budget": "registry",
    "Cancelled": "errors",
    "Damaged": "errors",
    "Dataset": "dataset",
    "EngineError": "errors",
    "NotFound": "errors",
    "Pins": "recipe",
    "Recipe": "recipe",
    "Stale": "errors",
    "Step": "recipe",
    "Store": "store",
}


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"engine.{_HOME[name]}"), name)
    if name in __all__:
        return import_module(f"engine.{name}")
    raise AttributeError(f"module 'engine' has no attribute {name!r}")
