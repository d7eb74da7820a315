"""Answers: what each annotator says the label of a row is; the label that came with it stays beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.marks import log
from engine.marks.desk import mark
from engine.marks.file import changing, reading
from engine.marks.lanes import clean
from engine.marks.marks import LONGEST_NAME, keys_to_mark, short_name, some
from engine.marks.table import Change, differences, values

_KIND = "answer"
_DECIDES = ""
"""The annotator whose answer settles a conflict: it is written by whoever settles it."""
MODEL = "model, accepted by "
"""How the annotator begins of an answer that a model gave and a person accepted unseen: what a person says wins."""


@dataclass(frozen=True)
class Answer:
    """One answer. label: None where the annotator looked and could not tell. seconds: from seeing the row to the
    answer, None where nobody counted. at: ISO 8601, UTC. annotator: "" for what settles a conflict."""

    row: int
    label: str | None
    annotator: str
    at: str
    seconds: float | None = None


@dataclass(frozen=True)
class Settled:
    """What the answers come to. rows: int64 ascending, labels: of each. open: int64, rows whose annotators differ
    and that nobody settled; unsure: int64, rows that were looked at and that nobody could tell."""

    rows: np.ndarray
    labels: tuple[str, ...]
    open: np.ndarray
    unsure: np.ndarray


@dataclass(frozen=True)
class _Held:
    """The answers of a column as they stood at a revision of the marks, and what they come to."""

    revision: int
    answers: tuple[Answer, ...]
    settled: Settled


def answer(
    data: Dataset, rows: np.ndarray, column: str, label: str | None, *, annotator: str, seconds: float | None = None,
    who: str = "",
) -> int:  # fmt: skip
    """Say what the label of rows is in a column, None for unsure; the same annotator's answer before is replaced.

    seconds: how long each row took. who: the desk that can take it back. Returns how many rows changed. Raises
    `EngineError` for an annotator without a name, and for a label that is empty or too long.
    """
    return _say(data, rows, column, _label(data, column, label), short_name(annotator, "an annotator"), seconds, who)


def settle(data: Dataset, rows: np.ndarray, column: str, label: str, *, who: str = "") -> int:
    """Say which label holds where annotators differ; their answers stay. Returns how many rows changed."""
    return _say(data, rows, column, _label(data, column, label), _DECIDES, None, who)


def bring_in(data: Dataset, column: str, given: Sequence[Answer], *, who: str = "") -> int:
    """Add answers that were given elsewhere, each with its annotator and its time, in one act that one undo takes back.

    An annotator's answer before is replaced; of two of theirs for a row the later in the list counts. An answer that
    says what stands here is none; one without a time gets this moment. Returns how many are new. Raises `EngineError`
    as `answer` does, before anything is written.
    """
    now = datetime.now(UTC)
    keys = keys_to_mark(data, np.array([one.row for one in given], np.int64))
    by_name: dict[str, dict[str, Answer]] = {}
    for key, one in zip(keys, given, strict=True):
        said = replace(one, label=_label(data, column, one.label), at=_moment(one.at, now))
        by_name.setdefault(_name(column, short_name(one.annotator, "an annotator")), {})[key] = said
    with changing(data.store) as con:
        new: list[Change] = []
        for name, said_of in by_name.items():
            there = values(con, _KIND, name, list(said_of))
            new += [
                (_KIND, name, key, there.get(key), _value(one))
                for key, one in said_of.items()
                if key not in there or json.loads(there[key])["label"] != one.label
            ]
        return mark(con, new, f"{len(new):,} {'answer' if len(new) == 1 else 'answers'} taken over in “{column}”", who)


def unanswer(data: Dataset, rows: np.ndarray, column: str, *, annotator: str = _DECIDES, who: str = "") -> int:
    """Take an annotator's answers away, or what settled a conflict. Returns how many rows had one."""
    keys = keys_to_mark(data, rows)
    with changing(data.store) as con:
        gone = differences(con, _KIND, _name(column, annotator), keys, None)
        return mark(con, gone, f"{some(len(gone))} without an answer again in “{column}”", who)


def answers(data: Dataset, column: str) -> tuple[Answer, ...]:
    """All answers for a column, by row and then by annotator; those of rows that are gone are passed over."""
    return _held(data, column).answers


def _held(data: Dataset, column: str) -> _Held:
    """A page asks many times between two answers: the newest are kept."""
    revision = log.revision(data.store, "marks")
    held: dict[str, _Held] = data._cache.get(f"answers/{column}", dict)
    found = held.get("now")
    if found is None or found.revision != revision:
        told = _answers(data, column)
        found = held["now"] = _Held(revision, told, _settled(told))
    return found


def _answers(data: Dataset, column: str) -> tuple[Answer, ...]:
    with reading(data.store) as con:
        found = con.execute("SELECT name, key, value FROM mark WHERE kind = ? ORDER BY name, key", [_KIND]).fetchall()
    said = [(json.loads(name), key, json.loads(value)) for name, key, value in found]
    said = [one for one in said if one[0][0] == column]
    rows = data.rows_of([key for _, key, _ in said]).tolist()
    made = [
        Answer(row, value["label"], name[1], value["at"], value.get("seconds"))
        for row, (name, _, value) in zip(rows, said, strict=True)
        if row >= 0
    ]
    return tuple(sorted(made, key=lambda one: (one.row, one.annotator)))


def settled(data: Dataset, column: str) -> Settled:
    """What the answers come to, row by row: what settles it, else what all who could tell say, people before models."""
    return _held(data, column).settled


def by_models(data: Dataset, column: str) -> np.ndarray:
    """The rows whose label is what a model said and somebody accepted unseen, int64: no person looked at them."""
    people = {one.row for one in answers(data, column) if not one.annotator.startswith(MODEL)}
    return np.array([one.row for one in answers(data, column) if one.row not in people], np.int64)


def _settled(answers: Sequence[Answer]) -> Settled:
    rows, labels, open_, unsure = list[int](), list[str](), list[int](), list[int]()
    by_row: dict[int, list[Answer]] = {}
    for one in answers:
        by_row.setdefault(one.row, []).append(one)
    for row, all_said in by_row.items():
        by_people = [one for one in all_said if not one.annotator.startswith(MODEL)]
        all_said = by_people or all_said
        decided = [one.label for one in all_said if one.annotator == _DECIDES]
        told = decided or list(dict.fromkeys(one.label for one in all_said if one.label is not None))
        if not told:
            unsure.append(row)
        elif len(told) > 1:
            open_.append(row)
        else:
            rows.append(row)
            labels.append(str(told[0]))
    return Settled(np.array(rows, np.int64), tuple(labels), np.array(open_, np.int64), np.array(unsure, np.int64))


def _say(
    data: Dataset, rows: np.ndarray, column: str, label: str | None, annotator: str, seconds: float | None, who: str
) -> int:
    keys, now = keys_to_mark(data, rows), _moment("", datetime.now(UTC))
    value = _value(Answer(-1, label, annotator, now, seconds))
    with changing(data.store) as con:
        new = differences(con, _KIND, _name(column, annotator), keys, value)
        words = f"{some(len(new))} answered “{label}” in “{column}”" if label else f"{some(len(new))} left unsure"
        return mark(con, new, words, who)


def _value(one: Answer) -> str:
    return json.dumps({"label": one.label, "at": one.at, "seconds": one.seconds}, ensure_ascii=False)


def _moment(at: str, now: datetime) -> str:
    """A time in UTC, to the second; now where none is said."""
    said = datetime.fromisoformat(at) if at else now
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _name(column: str, annotator: str) -> str:
    return json.dumps([column, annotator], ensure_ascii=False)


def _label(data: Dataset, column: str, label: str | None) -> str | None:
    """A label as it is kept: one of the column as it is, another one as it is written elsewhere."""
    if label is None or (column in data.columns and label in data.codes(column)[1]):
        return label
    said = clean(label).replace("\0", "")
    if not said.strip():
        raise EngineError("An answer needs a label. To say that it cannot be told, answer “unsure”.")
    if len(said) > LONGEST_NAME:
        raise EngineError(f"The label has {len(said)} characters; {LONGEST_NAME} is the most. Write a note instead.")
    return said
