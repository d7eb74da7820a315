"""One thing that was looked at when an export was verified."""

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ok: whether it holds; words: what was found, with the values."""

    name: str
    ok: bool
    words: str


def check(name: str, wrong: Iterable[str], good: str) -> Check:
    """A check that holds where nothing is wrong; of much that is wrong the first three are said."""
    found = list(wrong)
    more = f" And {len(found) - _SHOWN:,} more." if len(found) > _SHOWN else ""
    return Check(name, not found, " ".join(found[:_SHOWN]) + more if found else good)
