"""Columns of numbers that belong to labels, one each, matched by their names."""

from collections.abc import Sequence

BEFORE = ("p ", "prob ", "proba ", "probs ", "probability ", "probability of ", "score ", "votes ")
AFTER = (" p", " prob", " proba", " probability", " score", " votes")
"""What a name of such a column may have besides the label."""


def places(labels: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Of each label the column that has its name, -1 for none. `p_spam` and `spam votes` have the name of `spam`.

    Labels that are numbers, none of which is a column's name, count the columns from 0.

    >>> places(["Spam", "ham"], ["p_ham", "p_spam"])
    [1, 0]
    >>> places(["0", "1"], ["no", "yes"])
    [0, 1]
    """
    named = {_bare(name): at for at, name in enumerate(columns)}
    named |= {_plain(name): at for at, name in enumerate(columns)}
    found = [named.get(_plain(name), -1) for name in labels]
    if max(found, default=-1) < 0 and all(name.isdecimal() and int(name) < len(columns) for name in labels):
        return [int(name) for name in labels]
    return found


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())


def _bare(name: str) -> str:
    """A name without what tells that it is a share or a count."""
    name = _plain(name)
    for begin in BEFORE:
        name = name.removeprefix(begin)
    for end in AFTER:
        name = name.removesuffix(end)
    return name
