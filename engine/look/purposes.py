"""What a choice is for, and the ways of choosing that serve it."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.recipe import SELECTORS
from engine.registry import Member


@dataclass(frozen=True)
class Purpose:
    """What one wants of a choice. title, sentence: on the screen."""

    title: str
    sentence: str


PURPOSES: Mapping[str, Purpose] = {
    "cover": Purpose("Cover everything", "Few rows that stand for all the others."),
    "target": Purpose("Match a target", "Rows like examples of what is wanted."),
    "best": Purpose("Keep the best", "The highest by a score, varied if wanted."),
    "thin": Purpose("Thin evenly", "Every row as likely as any: the bar for all others."),
    "balance": Purpose("Balance", "As many of each group as each should have."),
}


def members_for(purpose: str) -> dict[str, Member]:
    """The selectors that serve a purpose, in the order of their list."""
    return {name: member for name, member in SELECTORS.items() if member.about.purpose == purpose}


def first_for(purpose: str) -> str:
    """The selector that one begins with for a purpose."""
    return next(name for name, member in members_for(purpose).items() if member.about.first)
