"""How many repeats may stay beside the rows that are none."""

import numpy as np


def room_for_repeats(alone: np.ndarray, percent: float, most: int) -> np.ndarray:
    """int64: how many repeats may stay beside so many rows that are none, for this share of both, in percent.

    most: as many as there can be, for 100.

    >>> import numpy as np
    >>> room_for_repeats(np.array([9, 8, 0]), 10, 50).tolist()
    [1, 0, 0]
    """
    if percent >= 100:
        return np.full(len(alone), most)
    share = percent / 100
    # A hair more, so that 10 % of 9 and 1 are 1.
    return np.floor(alone * share / (1 - share) + 1e-9).astype(np.int64)
