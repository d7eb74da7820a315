"""How long slow work took here, beside what was guessed: the cost cards learn from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from engine.errors import EngineError
from engine.store import FORMAT, Spec, Store, alone, canonical, digest_of, plain, read, read_json, write_json

KEPT = 5
"""So many of the last times of each kind of work are kept, and their median counts."""

LONGEST = 300
"""Parameters that take more signs, such as a list of words, are told by their digest."""

WORTH = 0.5
"""Seconds below which a time says more about the moment than about the machine."""


@dataclass(frozen=True)
class Took:
    """One finished piece of work: the seconds that were guessed for it, and those that it took."""

    guess: float
    seconds: float


@dataclass(frozen=True)
class Speeds:
    """speeds.json, beside the datasets of a workspace: the last times by kind of work, the newest last."""

    took: dict[str, tuple[Took, ...]] = field(default_factory=dict)
    format: int = FORMAT


def kind_of(made: Spec) -> str:
    """What is timed together: the same member with the same parameters, on any dataset of the workspace."""
    said = canonical(dict(made.params)).decode()
    if len(said) > LONGEST:
        said = digest_of(said)
    return " ".join(word for word in (made.family, made.member, said) if word)


def factor(store: Store, made: Spec, guess: float) -> float | None:
    """How many times as long as guessed such work takes here; None where nothing says.

    The median of the last times. Much smaller work is left out: of that, most is the start.
    """
    return middle(_speeds(store).took.get(kind_of(made), ()), guess)


def middle(took: Sequence[Took], guess: float) -> float | None:
    """The median of seconds / guess over work at least a quarter as large.

    >>> middle([Took(10.0, 15.0), Took(12.0, 24.0), Took(0.1, 9.0)], 20.0)
    1.75
    """
    like = [one.seconds / one.guess for one in took if one.guess >= max(guess / 4, 1e-9)]
    return median(like) if like else None


def remember(store: Store, made: Spec, took: Took) -> None:
    """Keep how long a whole piece of work took, unless it was over in a moment."""
    if max(took.guess, took.seconds) < WORTH or took.guess <= 0 or not math.isfinite(took.seconds):
        return
    with alone(store.speeds_file.with_name(".speeds.lock")):
        speeds, kind = _speeds(store), kind_of(made)
        last = (*speeds.took.get(kind, ()), took)[-KEPT:]
        write_json(store.speeds_file, plain(replace(speeds, took=speeds.took | {kind: last})))


def _speeds(store: Store) -> Speeds:
    """What is kept; nothing where that cannot be read, as it is only a help to guess and is written anew."""
    try:
        return read(Speeds, read_json(store.speeds_file, "record of speeds"), "the record of speeds")
    except EngineError:
        return Speeds()
