"""Choices that were made, on disk under the digest of all that they depend on: none is made twice."""

import time
from collections.abc import Callable, Mapping
from typing import cast

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import Damaged, EngineError
from engine.recipe.recipe import Step
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, digest_of

NOTES = 2
"""Of what a choice notes besides the rows: rises when readers need what older ones do not say."""


def kept(step: Step) -> bool:
    """Whether what a selector picks is worth keeping: where it costs nothing to speak of, picking is quicker."""
    return step.selects and step.member.about.cost is not None


def stored(data: Dataset, step: Step, stage: str) -> Artefact | None:
    """The choice that was made for this very stage, each byte as it was written; None where there is none.

    stage: the digest of the rows, of the steps up to this one, and of everything that they read.
    """
    if not kept(step):
        return None
    asked = _origin(data, step, stage)
    try:
        there = data.store.made(asked)
        if there is None:
            return None
        there.verify()
        if (there.origin, there.identity) == (asked, asked.identity) and there.notes["digest"] == _digest(there.notes):
            return there
    except Damaged:
        pass
    data.store.remove("picks", asked.identity)  # not what was written there: it is picked again
    return None


def picked(data: Dataset, step: Step, stage: str, choose: Callable[[], Picked], *, anew: bool) -> tuple[Picked, float]:
    """What a selector picks at a stage, and the seconds that it took: from the disk, else chosen now and kept.

    anew: choose also where it is on the disk, and keep nothing, as a check does.
    """
    there = None if anew else stored(data, step, stage)
    if there is not None:
        there.used_now()
        notes = cast(dict[str, Json], there.notes["evidence"])
        return Picked(np.asarray(there.array("rows")), notes), cast(float, there.notes["seconds"])
    start = time.perf_counter()
    found = choose()
    seconds = time.perf_counter() - start
    if kept(step) and not anew:
        _keep(data, step, stage, found, seconds)
    return found, seconds


def _keep(data: Dataset, step: Step, stage: str, found: Picked, seconds: float) -> None:
    notes: dict[str, Json] = {"evidence": dict(found.notes), "seconds": round(seconds, 3)}
    notes["digest"] = _digest(notes)
    try:
        data.store.publish(step.do, _origin(data, step, stage), {"rows": found.rows}, notes)
    except EngineError:
        return  # a full disk, or a workspace that may only be read: what was chosen is not lost by it


def _origin(data: Dataset, step: Step, stage: str) -> Origin:
    return Origin(
        Spec("picks", step.do, step.version, dict(step.params)),
        data.fingerprint,
        facts={"stage": stage, "notes": NOTES},
    )


def _digest(notes: Mapping[str, Json]) -> str:
    return digest_of([notes["evidence"], notes["seconds"]])
