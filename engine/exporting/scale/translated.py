"""What became of each step of a recipe in another tool's configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.recipe import NESTS, Recipe, Step

SHOWN = 200


class Untold(Exception):
    """Why a step cannot be said there, in words."""


@dataclass(frozen=True)
class Line:
    """One step, or one part of a nest of which all must hold. why: it cannot be said there, "" where it is.

    note: where what is counted there may differ a little, "" where it is the same to the letter.
    """

    step: str
    why: str = ""
    note: str = ""


@dataclass(frozen=True)
class Translated:
    """A configuration as a file, and what became of each step."""

    file: str
    text: str
    lines: tuple[Line, ...]

    @property
    def untold(self) -> list[Line]:
        """What could not be said there."""
        return [line for line in self.lines if line.why]


def parts(recipe: Recipe) -> Iterator[tuple[str, Step]]:
    """Every step that is on with its name, a nest of which all must hold part by part: order does not matter there."""
    for at, step in enumerate(recipe.steps, 1):
        if step.on:
            yield from _parts(step, f"step {at}")


def _parts(step: Step, place: str) -> Iterator[tuple[str, Step]]:
    if step.do == "all of":
        for at, inner in enumerate((s for s in step.steps if s.on), 1):
            yield from _parts(inner, f"{place}, part {at}")
    else:
        yield f"{place}: {step.label()}", step


def by_hand(recipe: Recipe) -> list[Line]:
    """Verdicts on single rows, which no configuration can say."""
    said = "Rows that are always kept or never kept by hand are of this corpus only."
    return [Line("verdicts by hand", said)] if recipe.by_hand.counts else []


def bound(step: Step) -> str:
    """Why a step that judges no row by its own fields and text cannot be said elsewhere, "" for one that does."""
    if step.selects:
        return "It picks with a budget among all rows; the tool judges each row by itself."
    if step.do not in NESTS and not step.alone:
        return "It looks at the other rows; run the tool's own deduplication, which finds other repeats."
    return ""


def in_comment(text: str) -> str:
    """A text of others on one line of a comment: nothing in it ends the line, or is no plain sign.

    >>> in_comment("a\\nimport os")
    'a import os'
    """
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def report(lines: tuple[Line, ...]) -> list[str]:
    """What is not said there, and what may differ a little, as lines of a comment."""
    gone = [f"#   {in_comment(line.step)}: {in_comment(line.why)}" for line in lines if line.why]
    notes = [f"#   {in_comment(line.step)}: {in_comment(line.note)}" for line in lines if line.note]
    return [
        *(["# Not in here, as it would mean something else:", *gone] if gone else []),
        *(["# Not to the letter:", *notes] if notes else []),
    ]
