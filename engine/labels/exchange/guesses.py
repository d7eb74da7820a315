"""What a model takes rows for, put on their tasks as a suggestion."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.labels.doubted.suspects import Signs
from engine.labels.exchange._said import Task


def with_guesses(tasks: Sequence[Task], rows: np.ndarray, of: Signs, names: Sequence[str]) -> list[Task]:
    """The tasks of rows, int64, with the label that the probe finds likeliest and its probability, where it told one.

    names: of the labels, by code.
    """
    codes, likely = of.codes[rows], of.likely[rows]
    # The margin is what the given label has more than the likeliest other one.
    sure = np.where(likely == codes, of.confidence[rows], of.confidence[rows] - of.margin[rows])
    return [
        replace(task, suggested=names[code], sure=None if chance != chance else round(chance, 4)) if code >= 0 else task
        for task, code, chance in zip(tasks, likely.tolist(), sure.tolist(), strict=True)
    ]
