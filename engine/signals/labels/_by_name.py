"""Columns of numbers that belong to labels, one each, matched by their names."""

import re
from collections.abc import Sequence

_WORDS = "p|probs?|proba|probability(?:[ _]of)?|score|votes?"
_BESIDE = re.compile(rf"^(?:{_WORDS})[ _]+(?=.)|(?<=.)[ _]+(?:{_WORDS})$", re.IGNORECASE)
"""What a name of such a column may have before or behind the label."""


def places(labels: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Of each label the column of its own that has its name, -1 for none. `p_spam` and `spam votes` are named `spam`.

    The very name comes first, then without what stands beside it, then by either without regard to capitals and `_`.

    >>> places(["Spam", "ham", "credit", "credit_score"], ["p_ham", "p_spam", "p_credit_score", "p_credit"])
    [1, 0, 3, 2]
    """
    found, free = [-1] * len(labels), dict.fromkeys(range(len(columns)))
    for form in (str, _folded):
        for bare in (False, True):
            named: dict[str, int] = {}
            for at in free:
                for name in _bare(columns[at]) if bare else [columns[at]]:
                    named.setdefault(form(name), at)
            _take(found, free, [form(name) for name in labels], named)
    return found


def by_number(labels: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Of each label, all of which are numbers, the column at its place, from 0; -1 for each where one is none.

    >>> by_number(["1", "0"], ["no", "yes"])
    [1, 0]
    """
    if all(name.isdecimal() and name.isascii() and int(name) < len(columns) for name in labels):
        return [int(name) for name in labels]
    return [-1] * len(labels)


def _take(found: list[int], free: dict[int, None], labels: Sequence[str], named: dict[str, int]) -> None:
    for i, label in enumerate(labels):
        at = named.get(label, -1)
        if found[i] < 0 and at in free:
            found[i] = at
            del free[at]


def _folded(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())


def _bare(name: str) -> list[str]:
    """A name without one thing that stands beside the label."""
    return [name[: one.start()] + name[one.end() :] for one in _BESIDE.finditer(name)]
