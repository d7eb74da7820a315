"""What a choice is for, and the ways of choosing that serve it."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.recipe import SELECTORS
from engine.registry import Member


@dataclass(frozen=True)
class Purpose:
    """What one wants of a choice. title, sentence: on the screen. first: the selector that it begins with."""

    title: str
    sentence: str
    first: str


PURPOSES: Mapping[str, Purpose] = {
    "cover": Purpose("Cover everything", "Few rows that stand for all the others.", "facility_location"),
    "target": Purpose("Match a target", "Rows like examples of what is wanted.", "nearest"),
    "best": Purpose("Keep the best", "The highest by a score, varied if wanted.", "top"),
    "thin": Purpose("Thin evenly", "Every row as likely as any: the bar for all others.", "random"),
    "balance": Purpose("Balance", "As many of each group as each should have.", "stratified"),
}


def members_for(purpose: str) -> dict[str, Member]:
    """The selectors that serve a purpose, in the order of their list."""
    return {name: member for name, member in SELECTORS.items() if member.about.purpose == purpose}
