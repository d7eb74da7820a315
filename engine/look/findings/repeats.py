"""Rows that repeat others: in every column, in their text, in their text but for what hardly counts."""

from collections.abc import Iterator

import numpy as np

from engine.building import key_of, spec
from engine.dataset import Dataset, Pairs
from engine.look.findings.finding import Finding, packed, rows_say, rows_words, share_words, weighed
from engine.look.overview import Overview
from engine.pairs import PAIRS, grouped
from engine.progress import Progress
from engine.recipe import Step
from engine.store import Spec

ALIKE = {"any_unicode_form": True, "any_case": True, "any_space": True, "any_punctuation": True}
"""What hardly counts in a text."""


def of_repeats(data: Dataset, whole: Overview, progress: Progress) -> Iterator[Finding]:
    """Findings about repeats, each with the step that keeps one of those alike."""
    rows, texts = whole.repeats.rows, whole.repeats.texts
    if len(rows):
        what = f"{rows_say(len(rows), data.n, 'repeat')} an earlier row: the same in every column."
        yield _finding(data, "repeats/rows", what, "repeats", rows, spec("pairs", "exact", {"of": "every column"}))
    if len(texts) > len(rows):
        what = f"{rows_say(len(texts), data.n, 'repeat')} the text of an earlier row; other columns may differ."
        yield _finding(data, "repeats/texts", what, "repeats", texts, spec("pairs", "exact"))
    progress("Looking for texts that are nearly the same", 0, 1)
    loose = spec("pairs", "exact", ALIKE)
    alike = grouped(_found(data, loose)).repeats
    more = np.setdiff1d(alike, texts, assume_unique=True)
    if len(more):
        what = (
            f"{rows_words(len(more))} ({share_words(len(more), data.n)}) more would repeat an earlier text, were it "
            "not for case, spaces, punctuation or signs that cannot be seen."
        )
        yield _finding(data, "repeats/alike", what, "near repeats", more, loose)


def _found(data: Dataset, made: Spec) -> Pairs:
    """The pairs as they are stored; where nobody has stored them, found in memory: looking writes nothing."""
    key = key_of(made)
    if key in data.added:
        return data.pairs(key)
    member = PAIRS[made.member]
    found: Pairs = member.function(data, **member.check(made.params))
    return found


def _finding(data: Dataset, id: str, what: str, kind: str, rows: np.ndarray, pairs: Spec) -> Finding:
    key = key_of(pairs)
    step = Step("dedup", {"pairs": key}).checked()
    # However many they are, the rule is offered: one of those alike always stays.
    return Finding(
        id,
        what,
        kind,
        len(rows),
        weighed(10, len(rows), data.n),
        bits=packed(data, rows),
        step=step,
        needs={key: pairs},
    )
