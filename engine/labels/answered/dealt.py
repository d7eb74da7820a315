"""Rows of a queue dealt out to several people: each is served other rows, and some go to all to see how they agree."""

from collections.abc import Collection, Sequence

import numpy as np

from engine.errors import EngineError


def dealt(
    rows: np.ndarray, people: Sequence[str], me: str, taken: Collection[int], mine: Collection[int], *, shared: int = 0
) -> np.ndarray:
    """The rows of a queue in the order in which one person is served: int64.

    rows: int64, the queue in order. people: all who work on it, `me` among them; each gets every so-manieth row. taken:
    rows that somebody else answered, which are not served again; mine: those that I did, which stay where they are.
    shared: every so-manieth row is served to all, 0 for none. Behind my part come the rows of the others, the last
    first, so that who is done helps where the others come last. Raises `EngineError` where I am not among the people.

    >>> dealt(np.arange(6), ["ada", "bo"], "bo", {0}, set()).tolist()
    [1, 3, 5, 4, 2]
    """
    if me not in people:
        raise EngineError(f"{me!r} is not among those who share the queue. Give your name and open it again.")
    place = np.arange(len(rows))
    to_all = place % shared == 0 if shared else np.zeros(len(rows), bool)
    turn = np.cumsum(~to_all) - 1
    own = to_all | (turn % len(people) == sorted(people).index(me)) | np.isin(rows, list(mine))
    free = to_all | ~np.isin(rows, list(taken)) | np.isin(rows, list(mine))
    return np.r_[rows[own & free], rows[~own & free][::-1]].astype(np.int64)
