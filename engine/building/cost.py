"""What slow work will cost in time, memory and disk, said before it starts, by what each member says of itself.

The time is what such work took here the last times; until it was done once, it is a guess, and said to be one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import numpy as np

from engine.building.plan import plan
from engine.building.spec import member_of
from engine.building.speeds import factor
from engine.dataset import Dataset, distinct_count
from engine.registry import Cost, Load
from engine.store import Spec
from engine.vectors import GRAPH, INDEX


def cost(data: Dataset, made: Spec) -> Cost:
    """The cost of one spec, without what it stands on."""
    guess = guessed(data, made)
    times = factor(data.store, made, guess.seconds)
    if times is None:
        return replace(guess, guessed=guess.seconds)
    return replace(guess, seconds=guess.seconds * times)


def guessed(data: Dataset, made: Spec) -> Cost:
    """The cost of one spec as its member guesses it, for any machine."""
    shared = {"graph": GRAPH, "index": INDEX}
    about = shared[made.family] if made.family in shared else member_of(made.family, made.member).about
    return about.cost(load_of(data, made)) if about.cost else Cost(0.0)


def cost_of_all(data: Dataset, wanted: Mapping[str, Spec]) -> Cost:
    """The cost of some specs and of all that they stand on, one after the other, without what is there."""
    todo = plan(wanted, {**data.columns, **data.added})
    return sum((cost(data, made) for key, made in todo if key not in data.added), Cost(0.0))


def load_of(data: Dataset, made: Spec) -> Load:
    """How much there is to do for a spec on this dataset."""
    if made.family == "embedding":
        ran = [a for a in data.store.artefacts("embedding") if a.spec.member == made.member]
        below = ran[-1] if ran else None
    else:
        below = data.added.get(made.embedding)
    return Load(
        rows=data.n,
        texts=distinct_count(data),
        dimension=cast(int, below.notes.get("dimension", 384)) if below else 384,
        characters=lambda most: mean_characters(data, most),
        params=made.params,
    )


def mean_characters(data: Dataset, most: int = 1 << 40) -> float:
    """Mean length of a text, from 256 rows spread evenly; longer ones count as `most`."""
    if not data.n:
        return 0.0
    rows = np.unique(np.linspace(0, data.n - 1, 256).astype(np.int64))
    return float(np.mean([min(len(t), most) for t in data.texts(rows)]))
