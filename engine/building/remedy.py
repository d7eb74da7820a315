"""What mends a broken step by building: the things that it lacks, what that is called, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.building.cost import cost_of_all
from engine.building.key_names import spec_of, thing_of
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.recipe import Broken, Recipe
from engine.registry import Cost
from engine.store import Spec

_CALLED = {
    "embedding": "embed the texts",
    "graph": "find the neighbours",
    "index": "build the index",
    "map": "draw the map",
    "topics": "prepare topics",
    "signal": "measure {}",
    "edit": "make {}",
    "pairs": "find the repeats",
}


@dataclass(frozen=True)
class Remedy:
    """What to build for a broken step. label: of the button that starts it; specs: by key."""

    label: str
    specs: Mapping[str, Spec]
    cost: Cost


def remedy(data: Dataset, recipe: Recipe, broken: Broken) -> Remedy | None:
    """What to build so that a step runs, with its cost; None where something that it lacks cannot be built."""
    described = {**recipe.needs, **recipe.edits}
    specs: dict[str, Spec] = {}
    for key in broken.lacks:
        thing = key if key in described else thing_of(key)
        made = described.get(thing) or spec_of(thing)
        if made is None:
            return None
        specs[thing] = made
    if not specs:
        return None
    try:
        cost = cost_of_all(data, specs)
    except EngineError:  # it stands on what nobody can build
        return None
    words = " and ".join(dict.fromkeys(_CALLED[made.family].format(key) for key, made in specs.items()))
    return Remedy(words[:1].upper() + words[1:], specs, cost)
