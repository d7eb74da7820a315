"""Kinds of evidence that audits find: groups, words of a target, ties, weights, leanings, who drives an answer."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

import numpy as np

from engine.dataset import Dataset, examples, listed_rows
from engine.look.audits import (
    Association,
    Dependence,
    GroupGap,
    Influences,
    Undone,
    Vocabulary,
    association,
    dependence,
    group_gap,
    influence,
    undone,
    vocabulary,
)
from engine.look.kept.asked import Asked, Kind, Measure, Stands
from engine.look.kept.of_choices import rows_at
from engine.progress import Progress
from engine.recipe import Run
from engine.registry import Json

NONE = np.zeros(0, np.int64)
TAUGHT = 20_000
LISTS = ("x", "y", "a", "b")


def _gap(done: Run, at: int, asked: Asked, progress: Progress) -> GroupGap:
    probe = cast(Literal["logistic", "nearest"], asked.knobs["probe"])
    return group_gap(
        done.data, done.stages[at].step, str(asked.knobs["column"]), asked.label, embedding=asked.embedding,
        rows=np.sort(rows_at(done, at - 1)), keep=done.kept_by_hand, probe=probe, seeds=_int(asked, "seeds"),
        progress=progress,
    )  # fmt: skip


def _vocabulary(done: Run, at: int, asked: Asked, progress: Progress) -> Vocabulary:
    target = examples(done.data, str(asked.knobs["target"]))
    before = np.sort(rows_at(done, at - 1))
    return vocabulary(done.data, rows_at(done, at), before, target.texts, name=target.name, progress=progress)


def _dependence(done: Run, at: int, asked: Asked, progress: Progress) -> Dependence:
    return dependence(done.data, _texts(asked, "columns"), progress=progress)


def _weights(done: Run, at: int, asked: Asked, progress: Progress) -> Undone:
    a, b = _texts(asked, "columns")
    return undone(done.data, a, b, evenness=float(cast(float, asked.knobs["evenness"])), progress=progress)


def _association(done: Run, at: int, asked: Asked, progress: Progress) -> Association:
    lists = [_texts(asked, name) for name in LISTS]
    return association(done.data, *lists, embedding=asked.embedding, templates=_texts(asked, "templates"))


def _influence(done: Run, at: int, asked: Asked, progress: Progress) -> Influences:
    out = asked.knobs.get("out")
    learned = rows_at(done, at) if _learned_from(asked) == "choice" else done.data.rows()
    return influence(
        done.data, np.array(cast(list[Json], asked.knobs["rows"]), np.int64), learned, asked.label,
        embedding=asked.embedding,
        probe=cast(Literal["ridge", "nearest"], asked.knobs["probe"]),
        out=np.flatnonzero(listed_rows(done.data, str(out))) if out else NONE, progress=progress,
    )  # fmt: skip


def _learned_from(asked: Asked) -> Stands:
    """Whether a probe learns from the choice, or from all rows, whatever is chosen."""
    return "choice" if asked.knobs.get("from") == "choice" else "corpus"


def _texts(asked: Asked, name: str) -> Sequence[str]:
    return cast(Sequence[str], asked.knobs.get(name, ()))


def _int(asked: Asked, name: str) -> int:
    return int(cast(int, asked.knobs[name]))


def _gap_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    before, chosen = (min(done.stages[one].kept, TAUGHT) for one in (at - 1, at))
    probe = 4e-4 if asked.knobs["probe"] == "logistic" else 3e-5
    return _int(asked, "seeds") * (pick + 0.1 + probe * (before + 2 * chosen))


def _vocabulary_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return 0.3 + 1e-4 * min(done.stages[at - 1].kept, 40_000)


def _dependence_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    many = len(_texts(asked, "columns"))
    return 0.2 + 0.3 * many * (many - 1) / 2


def _weights_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return 0.5 + 2e-4 * done.data.n


def _association_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    return 1.0 + 0.01 * sum(len(_texts(asked, name)) for name in LISTS) * max(len(_texts(asked, "templates")), 1)


def _influence_seconds(done: Run, at: int, asked: Asked, pick: float) -> float:
    learned = min(done.stages[at].kept if _learned_from(asked) == "choice" else done.data.n, 50_000)
    return 0.3 + 2e-5 * learned * len(cast(list[Json], asked.knobs["rows"]))


def _columns(data: Dataset, asked: Asked) -> Sequence[str]:
    return _texts(asked, "columns")


OF_AUDITS: Mapping[Kind, Measure] = {
    "gap": Measure(
        "How groups fare", GroupGap, _gap, _gap_seconds, lambda data, asked: [str(asked.knobs["column"])],
        quotes=True, by_selector=True,
    ),
    "vocabulary": Measure("Words of a target", Vocabulary, _vocabulary, _vocabulary_seconds, quotes=True),
    "dependence": Measure(
        "Columns that tell each other", Dependence, _dependence, _dependence_seconds, _columns, "corpus"
    ),
    "weights": Measure("Weights that undo it", Undone, _weights, _weights_seconds, _columns, "corpus"),
    "association": Measure(
        "Leanings of the vectors", Association, _association, _association_seconds, stands="corpus"
    ),
    "influence": Measure(
        "Who drives an answer", Influences, _influence, _influence_seconds, stands=_learned_from, quotes=True
    ),
}  # fmt: skip
