"""Evidence of a choice, kept beside it: measured once when asked, then the same on pages, in exports and elsewhere."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias, get_args

import numpy as np

from engine.building import Took, factor, picking_seconds, remember
from engine.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.look.choices.covering import DRAWS, STRATIFIED_DRAWS, Covering, covering
from engine.look.choices.efficacy import SEEDS, Efficacy, efficacy, efficacy_of_words
from engine.look.choices.loss_audit import LossAudit, loss_audit
from engine.look.choices.scorecard import Scorecard, scorecard
from engine.look.choices.stability import RUNS, Stability, stability
from engine.look.evidence import SAMPLE
from engine.look.groups import group_columns
from engine.marks import summary
from engine.progress import Progress, quiet
from engine.recipe import Run, Stage, identities, rows_of, unpacked
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, digest_of, plain, read_stored

Kind = Literal["coverage", "losses", "shifts", "stability", "teaching"]
Found: TypeAlias = Covering | LossAudit | Scorecard | Stability | Efficacy

CLASSES: Mapping[Kind, type[Found]] = {
    "coverage": Covering, "losses": LossAudit, "shifts": Scorecard, "stability": Stability, "teaching": Efficacy,
}  # fmt: skip
TITLES: Mapping[Kind, str] = {
    "coverage": "Beside random choices",
    "losses": "Groups that lose",
    "shifts": "Chosen beside left out",
    "stability": "How much is luck",
    "teaching": "What it teaches",
}
VERSIONS: Mapping[Kind, int] = {"coverage": 1, "losses": 1, "shifts": 1, "stability": 1, "teaching": 1}
"""To be raised where the same choice would be measured otherwise."""
FILE = "found"


@dataclass(frozen=True)
class Asked:
    """What is to be known of a choice. embedding: that it is measured on, "" for none.

    label: the column that probes learn, "" for the words of the texts.
    """

    kind: Kind
    embedding: str = ""
    label: str = ""

    @staticmethod
    def read(value: object) -> "Asked":
        """What was asked as it stands in a job; raises `EngineError` for a kind that there is not."""
        return read_stored(Asked, value, "the evidence that is asked for")


@dataclass(frozen=True)
class Kept:
    """Evidence of a choice as it was measured."""

    asked: Asked
    found: Found


def choice_at(done: Run) -> int | None:
    """The last stage of a run that is a choice, which is what goes out; None where there is none."""
    return next((at for at in range(len(done.stages) - 1, 0, -1) if done.stages[at].step.selects), None)


def kept(done: Run, at: int, asked: Asked) -> Found | None:
    """What was measured of the choice at a stage; None where it was not, or where what it reads has changed since."""
    there = done.data.store.made(_origin(done, at, asked))
    return None if there is None else _read(done.data, there, asked)


def all_kept(done: Run, at: int) -> list[Kept]:
    """All evidence of the choice at a stage that still holds, in the order of the kinds, the oldest first."""
    choice = _choice(done, at)
    there = [one for one in done.data.store.artefacts("evidence") if one.origin.facts.get("choice") == choice]
    found = []
    for kind in CLASSES:
        for one in there:
            asked = Asked(kind, str(one.spec.params["embedding"]), str(one.spec.params["label"]))
            if (
                one.spec.member == kind
                and one.origin == _origin(done, at, asked)
                and (value := _read(done.data, one, asked))
            ):
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
    found = MEASURES[asked.kind](done, at, asked, progress)
    remember(done.data.store, _timed_as(done, at, asked), Took(_guess(done, at, asked), time.perf_counter() - start))
    _keep(done, at, asked, found)
    return found


def seconds(done: Run, at: int, asked: Asked) -> float:
    """How long a measurement takes: as long as here the last times."""
    guess = _guess(done, at, asked)
    return guess * (factor(done.data.store, _timed_as(done, at, asked), guess) or 1.0)


def _coverage(done: Run, at: int, asked: Asked, progress: Progress) -> Covering:
    return covering(done.data, _rows(done, at), _rows(done, at - 1), embedding=asked.embedding, progress=progress)


def _losses(done: Run, at: int, asked: Asked, progress: Progress) -> LossAudit:
    before, after = (unpacked(done.stages[one].bits, done.data.n) for one in (at - 1, at))
    return loss_audit(done.data, before, after)


def _shifts(done: Run, at: int, asked: Asked, progress: Progress) -> Scorecard:
    chosen, before = _rows(done, at), _rows(done, at - 1)
    left = np.setdiff1d(before, chosen)
    if not len(left):
        raise EngineError("Every row is chosen, so there is nothing to lay beside the choice. Choose fewer.")
    return scorecard(done.data, chosen, left, names=("chosen", "left out"), progress=progress)


def _stability(done: Run, at: int, asked: Asked, progress: Progress) -> Stability:
    before = np.sort(_rows(done, at - 1))
    return stability(done.data, done.stages[at].step, before, done.kept_by_hand, progress=progress)


def _teaching(done: Run, at: int, asked: Asked, progress: Progress) -> Efficacy:
    step, rows = done.stages[at].step, np.sort(_rows(done, at - 1))
    if asked.label:
        return efficacy(
            done.data, step, asked.label, embedding=asked.embedding, rows=rows, keep=done.kept_by_hand,
            progress=progress,
        )  # fmt: skip
    return efficacy_of_words(
        done.data, step, rows=rows, keep=done.kept_by_hand, embedding=asked.embedding, progress=progress
    )


MEASURES: Mapping[Kind, Callable[[Run, int, Asked, Progress], Found]] = {
    "coverage": _coverage, "losses": _losses, "shifts": _shifts, "stability": _stability, "teaching": _teaching,
}  # fmt: skip


def _rows(done: Run, at: int) -> np.ndarray:
    return rows_of(done.stages[at], done.data.n)


def _guess(done: Run, at: int, asked: Asked) -> float:
    """Seconds on one core, roughly: what was really needed is learned."""
    before, chosen = done.stages[at - 1].kept, done.stages[at].kept
    pick = picking_seconds(done.data, done.stages[at].step, _rows(done, at - 1))
    if asked.kind == "coverage":
        return 0.3 + (DRAWS + STRATIFIED_DRAWS) * chosen * min(before, SAMPLE) * 2e-9 + 1e-4 * min(before, 40_000)
    if asked.kind == "stability":
        return (RUNS + 1) * pick
    if asked.kind == "teaching":
        return SEEDS * (pick + 0.2 + 2e-4 * min(before, 20_000) + 1e-4 * chosen)
    return 0.3 + 2e-5 * before + (1e-4 * min(before, 40_000) if asked.kind == "shifts" else 0)


def _timed_as(done: Run, at: int, asked: Asked) -> Spec:
    by = done.stages[at].step.do if asked.kind in ("stability", "teaching") else ""
    return Spec("evidence", asked.kind, VERSIONS[asked.kind], {"by": by, "words": not asked.label})


def _choice(done: Run, at: int) -> str:
    """What the choice is: its rows in their order, those chosen from, and the step with what it reads."""
    stage, before = done.stages[at], done.stages[at - 1]
    said = {k: v for k, v in stage.step.json().items() if k != "name"}
    return digest_of(
        [said, sorted(identities(done.data, stage.step).items()), _digest(stage), _digest(before), _sha(done)]
    )


def _digest(stage: Stage) -> str:
    return sha256((stage.bits if stage.order is None else stage.order).tobytes()).hexdigest()


def _sha(done: Run) -> str:
    return sha256(done.kept_by_hand.tobytes()).hexdigest()


def _origin(done: Run, at: int, asked: Asked) -> Origin:
    data, kind = done.data, asked.kind
    if kind not in get_args(Kind):
        raise EngineError(f"There is no evidence called {kind!r}. There is: {', '.join(get_args(Kind))}.")
    facts: dict[str, Json] = {"choice": _choice(done, at)}
    if kind == "losses":
        facts["tags"] = digest_of(plain(summary(data)))
    columns = {key: data.info(key).identity for key in _read_columns(data, asked)}
    on = [key for key in (asked.embedding, f"graph@{asked.embedding}") if asked.embedding and key in data.added]
    pairs = data.keys_of("pairs") if kind == "shifts" else []
    params: dict[str, Json] = {"embedding": asked.embedding, "label": asked.label}
    return Origin(
        Spec("evidence", kind, VERSIONS[kind], params), data.fingerprint, data.text_view.json(),
        {key: data.added[key].identity for key in (*on, *pairs)}, columns, facts,
    )  # fmt: skip


def _read_columns(data: Dataset, asked: Asked) -> list[str]:
    """The columns that evidence is told from. What was kept of a choice itself is none of them."""
    if asked.kind in ("losses", "shifts"):
        return [key for key in data.columns if not _of_a_choice(data, key)]
    if asked.kind == "coverage":
        return [key for key in group_columns(data) if not _of_a_choice(data, key)]
    return [asked.label] if asked.kind == "teaching" and asked.label else []


def _of_a_choice(data: Dataset, key: str) -> bool:
    thing = data.columns[key].thing
    return thing in data.added and data.added[thing].spec.member == "kept_numbers"


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
        return read_stored(CLASSES[asked.kind], {**said, **arrays}, "the evidence that was kept")
    except (Damaged, OSError, ValueError):
        data.store.remove("evidence", there.identity)
        return None
