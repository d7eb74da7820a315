"""Evidence of a choice, kept beside it: measured once when asked, then the same on pages, in exports and elsewhere."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import cast, get_args

import numpy as np

from engine.building import Took, factor, picking_seconds, remember
from engine.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.look.kept.asked import Asked, Found, Kind, Measure, Stands
from engine.look.kept.of_audits import OF_AUDITS
from engine.look.kept.of_choices import OF_CHOICES, rows_at
from engine.progress import Progress, quiet
from engine.recipe import Run, Stage, identities
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, digest_of, plain, read_stored

MEASURES: Mapping[Kind, Measure] = {**OF_CHOICES, **OF_AUDITS}
"""Every kind of evidence, in the order in which they are told."""
FILE = "found"


@dataclass(frozen=True)
class Kept:
    """Evidence of a choice as it was measured."""

    asked: Asked
    found: Found


def choice_at(done: Run) -> int | None:
    """The last stage of a run that is a choice, which is what goes out; None where there is none."""
    return next((at for at in range(len(done.stages) - 1, 0, -1) if done.stages[at].step.selects), None)


def place_of(done: Run) -> int:
    """The stage of the choice, or the one that it would be where nothing is chosen yet."""
    at = choice_at(done)
    return len(done.stages) if at is None else at


def kept(done: Run, at: int, asked: Asked) -> Found | None:
    """What was measured of the choice at a stage; None where it was not, or where what it reads has changed since."""
    there = done.data.store.made(_origin(done, at, asked))
    return None if there is None else _read(done.data, there, asked)


def all_kept(done: Run, at: int) -> list[Kept]:
    """All evidence of the choice at a stage that still holds, in the order of the kinds, the oldest first."""
    there = [one for one in done.data.store.artefacts("evidence") if one.spec.member in MEASURES]
    held = [_held_for(done, at, stands) for stands in get_args(Stands) if stands != "choice" or at < len(done.stages)]
    found = []
    for kind in MEASURES:
        for one in there:
            if one.spec.member != kind or one.origin.facts.get("choice") not in held:
                continue
            asked = _asked_by(one)
            if _holds(done, at, asked, one) and (value := _read(done.data, one, asked)):
                found.append(Kept(asked, value))
    return found


def measure(done: Run, at: int, asked: Asked, progress: Progress = quiet) -> Found:
    """Measure a choice and keep what was found; what is kept already is not measured again.

    Raises `EngineError` where it cannot be measured, as the function of its kind does.
    """
    there = kept(done, at, asked)
    if there is not None:
        return there
    start = time.perf_counter()
    found = MEASURES[asked.kind].make(done, at, asked, progress)
    remember(done.data.store, _timed_as(done, at, asked), Took(_guess(done, at, asked), time.perf_counter() - start))
    _keep(done, at, asked, found)
    return found


def seconds(done: Run, at: int, asked: Asked) -> float:
    """How long a measurement takes: as long as here the last times."""
    _checked(done, at, asked)
    guess = _guess(done, at, asked)
    return guess * (factor(done.data.store, _timed_as(done, at, asked), guess) or 1.0)


def _guess(done: Run, at: int, asked: Asked) -> float:
    """Seconds on one core, roughly: what was really needed is learned."""
    measure = MEASURES[asked.kind]
    pick = picking_seconds(done.data, done.stages[at].step, rows_at(done, at - 1)) if measure.by_selector else 0.0
    return measure.seconds(done, at, asked, pick)


def _timed_as(done: Run, at: int, asked: Asked) -> Spec:
    measure = MEASURES[asked.kind]
    by = done.stages[at].step.do if measure.by_selector else str(asked.knobs.get("probe", ""))
    return Spec("evidence", asked.kind, measure.version, {"by": by, "words": not asked.label})


def _held_for(done: Run, at: int, stands: Stands) -> str:
    """What evidence holds for, as a digest: a choice is its rows in their order, those chosen from, and the step with
    what it reads."""
    if stands == "corpus":
        return ""
    before = _digest(done.stages[at - 1])
    if stands == "left":
        return digest_of([before])
    stage = done.stages[at]
    said = {k: v for k, v in stage.step.json().items() if k != "name"}
    return digest_of([said, sorted(identities(done.data, stage.step).items()), _digest(stage), before, _sha(done)])


def _digest(stage: Stage) -> str:
    return sha256((stage.bits if stage.order is None else stage.order).tobytes()).hexdigest()


def _sha(done: Run) -> str:
    return sha256(done.kept_by_hand.tobytes()).hexdigest()


def _checked(done: Run, at: int, asked: Asked) -> Stands:
    """What a measurement holds for; raises `EngineError` where there is no such one, or no choice to measure."""
    if asked.kind not in MEASURES:
        raise EngineError(f"There is no evidence called {asked.kind!r}. There is: {', '.join(MEASURES)}.")
    stands = MEASURES[asked.kind].stands_for(asked)
    if (stands == "choice" or MEASURES[asked.kind].by_selector) and at == len(done.stages):
        raise EngineError("Nothing is chosen yet, so no choice can be measured. Add one to the recipe on Choose.")
    return stands


def _origin(done: Run, at: int, asked: Asked) -> Origin:
    data, stands, measure = done.data, _checked(done, at, asked), MEASURES[asked.kind]
    facts: dict[str, Json] = {"choice": _held_for(done, at, stands), **measure.facts(data)}
    read = [*measure.reads(data, asked), *([asked.label] if asked.label else [])]
    columns = {key: data.info(key).identity for key in read if key not in data.added}
    vectors = [*(key for key in read if key in data.added), *([asked.embedding] if asked.embedding else [])]
    on = [key for one in vectors for key in (one, f"graph@{one}") if key in data.added]
    params: dict[str, Json] = {"embedding": asked.embedding, "label": asked.label, **asked.knobs}
    return Origin(
        Spec("evidence", asked.kind, measure.version, params), data.fingerprint, data.text_view.json(),
        {key: data.added[key].identity for key in on}, columns, facts,
    )  # fmt: skip


def _holds(done: Run, at: int, asked: Asked, there: Artefact) -> bool:
    """Whether all that it was told from is as it was; what is gone is not."""
    try:
        return there.origin == _origin(done, at, asked)
    except EngineError:
        return False


def _asked_by(there: Artefact) -> Asked:
    """What was asked, of evidence that is kept."""
    knobs = dict(there.spec.params)
    embedding, label = str(knobs.pop("embedding")), str(knobs.pop("label"))
    return Asked(cast(Kind, there.spec.member), embedding, label, knobs)


def _keep(done: Run, at: int, asked: Asked, found: Found) -> None:
    """Write it down; a full disk, or a workspace that may only be read, loses nothing but the time next time."""
    store = done.data.store
    arrays = {name: value for name, value in vars(found).items() if isinstance(value, np.ndarray)}
    said = {name: plain(value) for name, value in vars(found).items() if name not in arrays}
    with suppress(EngineError), store.drafting("evidence") as draft:
        (draft / f"{FILE}.json").write_text(json.dumps(said))  # NaN stands in it as such
        for name, value in arrays.items():
            np.save(draft / f"{name}.npy", value, allow_pickle=False)
        store.publish(asked.kind, _origin(done, at, asked), {}, {}, draft)


def _read(data: Dataset, there: Artefact, asked: Asked) -> Found | None:
    """What was kept; None for what cannot be read, which is measured again."""
    try:
        there.verify()
        there.used_now()
        said = json.loads(there.file(f"{FILE}.json").read_text())
        arrays = {name: np.asarray(there.array(name)) for name in there.arrays if not name.endswith(".json")}
        return read_stored(MEASURES[asked.kind].found, {**said, **arrays}, "the evidence that was kept")
    except (Damaged, OSError, ValueError):
        data.store.remove("evidence", there.identity)
        return None
