"""What goes out to be labelled, and what comes back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

KEY = "winnow_key"
"""The field that names the row in every format."""
T = TypeVar("T")
LONGEST_NAME = 1_000
"""Characters of a label, a key or a person's name; beyond, it is none."""


@dataclass(frozen=True)
class Task:
    """A row to label. label: what it has, "" for nothing. suggested: what a model takes it for, "" for nothing; sure:
    how likely, 0 to 1, None where that is not known."""

    key: str
    text: str
    label: str = ""
    suggested: str = ""
    sure: float | None = None


@dataclass(frozen=True)
class Answer:
    """A label that somebody gave a row. who: "" where the file does not say; at: when, in UTC by ISO 8601, or ""."""

    key: str
    label: str
    who: str = ""
    at: str = ""


@dataclass(frozen=True)
class Fault:
    """Something in a file that gives no label. place: which record, from 1."""

    place: int
    why: str


@dataclass(frozen=True)
class Returned:
    """What stands in a file that came back: labels in its order, and what could not be taken for one.

    skipped: records that a person left without a label, or threw away.
    """

    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    skipped: int
    format: str


class Unfit(Exception):
    """A record that is no label, and why."""


@dataclass(frozen=True)
class Read:
    """What a record says: labels, how many people left it without one, and why what others said is no label."""

    answers: tuple[Answer, ...]
    skipped: int
    unfit: tuple[str, ...]


def each_of(said: Iterable[T], read: Callable[[T], Answer | None]) -> Read:
    """What each person said of a record: what is no label costs nobody else's. read: None for no label, or `Unfit`."""
    answers: list[Answer] = []
    unfit: list[str] = []
    skipped = 0
    for one in said:
        try:
            answer = read(one)
        except Unfit as why:
            unfit.append(str(why))
            continue
        skipped += answer is None
        answers += [] if answer is None else [answer]
    return Read(tuple(answers), skipped, tuple(unfit))


def name_of(value: object, what: str) -> str:
    """A name as text, blanks and all; raises `Unfit` for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unfit(f"its {what} is {_brief(value)}, which is no text")
    if len(said := str(value)) > LONGEST_NAME:
        raise Unfit(f"its {what} has {len(said):,} characters; {LONGEST_NAME:,} are the most")
    if any("\ud800" <= c <= "\udfff" for c in said):
        raise Unfit(f"its {what} has half a character")
    return said


def moment_of(value: object) -> str:
    """A time in UTC; "" for what is none: a label without its time is still a label.

    >>> moment_of("2021-03-09T22:16:08.728353+01:00")
    '2021-03-09T21:16:08Z'
    """
    try:
        at = datetime.fromisoformat(str(value))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _brief(value: object) -> str:
    kinds = {type(None): "missing", dict: "an object", list: "a list", bool: "true or false"}
    return kinds.get(type(value), f"{str(value)[:40]!r}")
