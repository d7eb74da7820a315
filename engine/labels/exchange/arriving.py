"""Labels that came back, as answers of the people who gave them, beside the answers that are here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal, get_args

import numpy as np
import orjson

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels.answered.labelled import labelled
from engine.labels.exchange._said import KEY, Answer
from engine.labels.exchange.label_studio import NAME
from engine.labels.exchange.settling import Conflict, in_time
from engine.marks import Answer as Given
from engine.marks import answers as given_here
from engine.marks import short_name

Why = Literal["row unknown", "label unknown", "answered here", "name unfit"]
WHYS: tuple[Why, ...] = get_args(Why)
UNNAMED = "unnamed"
"""Who answered where the file does not say; of several for one row the second is `unnamed 2`."""


@dataclass(frozen=True)
class Left:
    """A label that is not taken over. words: why, and what to do, for a person."""

    why: Why
    answer: Answer
    words: str


@dataclass(frozen=True)
class Arrived:
    """What a file would bring. new: answers as they would stand here, one a row and annotator.

    same: of the file that stand here already; repeated: by a person who later gave the row another label; left: not
    taken over, with why. differing: rows whose annotators would differ, which wait to be settled; a label that somebody
    settled on here stays (`already corrected`).
    """

    new: tuple[Given, ...]
    same: tuple[Answer, ...]
    repeated: tuple[Answer, ...]
    left: tuple[Left, ...]
    differing: tuple[Conflict, ...]


def arrived(
    data: Dataset,
    column: str,
    answers: Sequence[Answer],
    *,
    annotator: str = "",
    renamed: Mapping[str, str] | None = None,
    undated: bool = False,
    new: Sequence[str] = (),
) -> Arrived:
    """Look at labels that came back for a column; nothing is written, see `engine.marks.bring_in`.

    annotator: who answered where the file does not say; "" makes each of them one that nobody knows. renamed: label of
    the file -> label of the column, for those that the column does not have. undated: labels without a time take the
    place of what the same person answered here; else what stands here stays. new: labels that come in with the file.
    A label is known as it is written, else without the blanks around it, else without the apostrophe that tables have
    in front of what looks like a formula. The same file twice brings nothing.
    Raises `EngineError` where no key is of this dataset.
    """
    known = dict.fromkeys([*labelled(data, column).names, *new])
    meant = {name.strip(): name for name in reversed(known)} | {name: name for name in known}
    instead = renamed or {}
    keys = list(dict.fromkeys(one.key for one in answers))
    rows = dict(zip(keys, data.rows_of(keys).tolist(), strict=True)) if keys else {}
    if keys and not any(row >= 0 for row in rows.values()):
        some = "Its key is" if len(keys) == 1 else f"None of its {len(keys):,} keys is of this dataset. The first is"
        raise EngineError(
            f"{some} {keys[0][:60]!r}, which no row of {data.name!r} has: the labels belong to another dataset. Open "
            "that one, or take the tasks out again from here."
        )
    here: dict[int, dict[str, Given]] = {}
    for there in given_here(data, column):
        here.setdefault(there.row, {})[there.annotator] = there
    left: list[Left] = []
    fit: list[tuple[Answer, str, str]] = []  # with the label and the name as they would stand here
    for one in in_time(answers):
        plain = one.label.strip()
        written = (said for said in (one.label, plain, plain.removeprefix("'").strip()) if said in meant)
        label = next((meant[said] for said in written), instead.get(one.label, one.label))
        if rows[one.key] < 0:
            left.append(Left("row unknown", one, f"No row of this dataset has the key {one.key[:60]!r}."))
        elif label not in known:
            left.append(Left("label unknown", one, f"{column!r} has no label {label[:60]!r}. Say which is meant."))
        else:
            try:
                fit.append(
                    (one, label, short_name(one.who or annotator, "an annotator") if one.who or annotator else "")
                )
            except EngineError as error:
                left.append(Left("name unfit", one, str(error)))
    last, repeated = _last(fit)
    coming: list[Given] = []
    same: list[Answer] = []
    for key, said in last.items():
        row = rows[key]
        stand = here.get(row, {})
        nobody = Counter(s.label for name, s in stand.items() if _is_unnamed(name))
        taken = set(stand)
        for name, (one, label) in said:
            if not name:
                if nobody[label] > 0:
                    nobody[label] -= 1
                    same.append(one)
                    continue
                name = next(n for n in _unnamed() if n not in taken)
                taken.add(name)
            before = stand.get(name)
            if before and before.label == label:
                same.append(one)
            elif before and not (one.at and _later(one.at, before.at)) and not (undated and not one.at):
                when = "says not when" if not one.at else "is not later"
                words = f"{name} answered {before.label or 'unsure'!r} here; the file {when}, so that one stays."
                left.append(Left("answered here", one, words))
            else:
                coming.append(Given(row, label, name, one.at))
    return Arrived(tuple(coming), tuple(same), tuple(repeated), tuple(left), tuple(_differing(data, coming, here)))


def _last(
    fit: Iterable[tuple[Answer, str, str]],
) -> tuple[dict[str, list[tuple[str, tuple[Answer, str]]]], list[Answer]]:
    """The last label of each person by row key, and the labels that they had given the row before."""
    named: dict[str, dict[str, tuple[Answer, str]]] = {}
    nameless: dict[str, list[tuple[str, tuple[Answer, str]]]] = {}
    repeated: list[Answer] = []
    for one, label, name in fit:
        of_row = named.setdefault(one.key, {})
        if not name:
            nameless.setdefault(one.key, []).append(("", (one, label)))
            continue
        if name in of_row:
            repeated.append(of_row.pop(name)[0])
        of_row[name] = (one, label)
    return {key: [*of_row.items(), *nameless.get(key, [])] for key, of_row in named.items()}, repeated


def _differing(data: Dataset, new: Sequence[Given], here: Mapping[int, Mapping[str, Given]]) -> Iterable[Conflict]:
    """The rows of which annotators would say different labels."""
    coming: dict[int, dict[str, Given]] = {}
    for one in new:
        coming.setdefault(one.row, {})[one.annotator] = one
    rows = list(coming)
    for row, key in zip(rows, data.keys(np.array(rows, np.int64)), strict=True):
        said = {**here.get(row, {}), **coming[row]}
        decided = said.pop("", None)
        told = [one for one in said.values() if one.label is not None]
        labels = {one.label for one in told}
        shown = tuple(Answer(key, one.label or "", one.annotator, one.at) for one in told)
        if decided and labels != {decided.label}:
            yield Conflict("already corrected", key, shown, decided.label or "")
        elif not decided and len(labels) > 1:
            yield Conflict("people differ", key, shown)


def left_json(left: Sequence[Left]) -> bytes:
    """What is not taken over, with why, in the shape in which it can be corrected and brought again."""
    return orjson.dumps(
        [
            {
                KEY: x.answer.key,
                NAME: x.answer.label,
                "annotator": x.answer.who,
                "updated_at": x.answer.at,
                "why": x.words,
            }
            for x in left
        ],
        option=orjson.OPT_INDENT_2,
    )


def _later(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) > datetime.fromisoformat(other)


def _is_unnamed(name: str) -> bool:
    return name == UNNAMED or (name.startswith(f"{UNNAMED} ") and name.removeprefix(f"{UNNAMED} ").isdecimal())


def _unnamed() -> Iterator[str]:
    yield UNNAMED
    yield from (f"{UNNAMED} {i}" for i in count(2))
