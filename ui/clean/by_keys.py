"""Rows judged by keys: K says one thing of a row, D the other; judgements are evidence and decide nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

import engine
from engine import Dataset
from ui.frame import reading, state
from ui.reader.book import Act, Hooks, Standing


@dataclass(frozen=True)
class Question:
    """What is asked of rows. column: where the answers go; yes, no: what K and D write there; words: as of `Hooks`."""

    column: str
    yes: str
    no: str
    words: Mapping[Literal["keep", "drop"], tuple[str, str]]


def answered(data: Dataset, question: Question) -> tuple[np.ndarray, np.ndarray]:
    """The rows that got a yes, and those that got a no, int64 ascending."""
    rows, said = engine.marks.judgements(data, question.column)
    of = np.array(said, object)
    return rows[of == question.yes], rows[of == question.no]


def hooks(data: Dataset, question: Question) -> Hooks:
    """A reader whose K and D answer a question."""
    return replace(
        reading.hooks(data),
        standing=partial(_standing, data, question),
        act=partial(_judge, data, question),
        words=question.words,
    )


def _standing(data: Dataset, question: Question, rows: np.ndarray) -> list[Standing]:
    yes, no = (np.isin(rows, part).tolist() for part in answered(data, question))
    return [Standing(verdict="keep" if y else "drop" if n else "") for y, n in zip(yes, no, strict=True)]


def _judge(data: Dataset, question: Question, act: Act) -> str:
    if act.kind == "undo":
        return reading.by_hand(data, act)
    value = {"keep": question.yes, "drop": question.no}.get(act.kind, "")
    engine.marks.judge(data, act.rows, question.column, value, who=state.who())
    state.was_told()
    some = "The row is" if len(act.rows) == 1 else f"{len(act.rows):,} rows are"
    if act.kind == "keep" or act.kind == "drop":
        return f"{some} {question.words[act.kind][1]}."
    return f"{some} not judged any more."
