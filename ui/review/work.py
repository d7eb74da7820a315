"""What the parts of Review share: the labels, what is doubted of them, and what was made once for a queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.labels import Labelled, Signs, Suspects
from ui.review.labels import Reviewed

T = TypeVar("T")


@dataclass(frozen=True)
class Work:
    """on: the labels, None where there are none. found: the suspects, None while doubt is not measured. likely: labels
    that are likely for rows, by row, as codes, the likeliest first. left: bool (n,), the rows that are looked at, None
    for all."""

    data: Dataset
    of: Reviewed
    on: Labelled | None
    found: Suspects | None
    likely: Mapping[int, list[int]] = field(default_factory=dict)
    left: np.ndarray | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All labels."""
        return self.on.names if self.on else ()

    @property
    def came(self) -> np.ndarray:
        """int64 (n,), the labels as they came, -1 for none and for rows that are not looked at."""
        came = self.labelled.came
        return came if self.left is None else np.where(self.left, came, -1)

    def code(self, code: int) -> int:
        """The code among all labels of a code of the column that is looked at, -1 for none."""
        return self.names.index(self.data.codes(self.of.label)[1][code]) if code >= 0 else -1

    def of_left(self, rows: np.ndarray) -> np.ndarray:
        """Those of some rows that are looked at."""
        return rows if self.left is None else rows[self.left[rows]]

    @property
    def signs(self) -> Signs:
        """What was measured of the labels of each row."""
        return engine.labels.signs(self.data, self.of.label, self.of.near, own=self.of.own_key)

    @property
    def labelled(self) -> Labelled:
        """The labels, where there are some."""
        assert self.on is not None
        return self.on


def held(work: Work, queue: str, asked: object, make: Callable[[], T]) -> T:
    """What a queue was made of: the same until something else is asked for; no row moves under the hands."""
    key = f"review/held/{work.data.fingerprint}/{work.of.label}/{queue}"
    kept = st.session_state.get(key)
    if kept is None or kept[0] != asked:
        kept = st.session_state[key] = (asked, make())
    return cast(T, kept[1])


def let_go(work: Work, queue: str) -> None:
    """Make it anew when it is asked for next."""
    st.session_state.pop(f"review/held/{work.data.fingerprint}/{work.of.label}/{queue}", None)


def answered_by(work: Work, annotator: str) -> np.ndarray:
    """The rows that an annotator answered, int64."""
    return np.array([a.row for a in answers_of(work) if a.annotator == annotator], np.int64)


def answers_of(work: Work) -> "tuple[engine.marks.Answer, ...]":
    """All answers for the labels."""
    return engine.marks.answers(work.data, work.of.asked) if work.of.label else ()
