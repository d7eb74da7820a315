"""How alike answers to the same prompt are, and how like a reference."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Column, Help, Value, row_cost
from engine.signals.instructions._rouge import compared, rouge_l
from engine.text import python_values, row_text

BLOCK_ROWS = 1 << 14
MOST = 16
"""Answers of a row that are compared."""

ABOUT = About(
    title="Answers beside a reference, and each other",
    values={
        "reference_rouge": Value("number", "ROUGE-L with the reference, 0 to 1"),
        "answers_agreement": Value("number", "mean ROUGE-L of two answers, 0 to 1"),
        "agreed_answer": Value("integer", "place of the answer, from 1"),
        "agreed_answer_rouge": Value("number", "its mean ROUGE-L with the others, 0 to 1"),
    },
    cost=row_cost(10_000),
)


def answer_similarity(
    data: Dataset,
    *,
    answer: Annotated[Column, Help("The answers; a list of texts is several answers to one prompt.")],
    second: Annotated[Column | None, Help("A second answer to the same prompt, as of another model.")] = None,
    third: Annotated[Column | None, Help("A third one.")] = None,
    reference: Annotated[Column | None, Help("The answer that is held to be right; of a list the best fit.")] = None,
) -> dict[str, np.ndarray]:
    """Compare {answer} with a reference and with other answers to the same prompt, word by word (ROUGE-L).

    float32: F1 of the answer in the first place and the reference; the mean over all pairs of two answers; of the
    answer that the others agree with most, its place (int32, first ones first, 0 for none) and its mean with the
    others. Places are counted from 1 over those of {answer}, then {second}, then {third}; a missing one keeps its own.
    Ensemble-Instruct (Lee et al. 2023) keeps that answer where its mean is above a threshold, and drops the row
    elsewhere. Self-J measures an answer against a reference in this place. NaN where there is nothing to compare. A
    missing answer counts as none, one without words is unlike all. 16 answers of a row at most, 20,000 words of each.
    """
    found = {name: np.full(data.n, np.nan, np.float32) for name in ABOUT.values}
    found["agreed_answer"] = np.zeros(data.n, np.int32)
    columns = [column for column in (answer, second, third) if column]
    sides = zip(*(_lists(data, column) for column in columns), strict=True)
    right = _lists(data, reference) if reference else ([] for _ in range(data.n))
    for row, (lists, references) in enumerate(zip(sides, right, strict=True)):
        there = [(place, words) for place, words in enumerate(chain(*lists), 1) if words is not None][:MOST]
        said, right_ones = [words for _, words in there], [words for words in references if words is not None]
        if there and there[0][0] == 1 and right_ones:
            found["reference_rouge"][row] = max(rouge_l(said[0], words) for words in right_ones[:MOST])
        if len(said) > 1:
            mean = agreement(said)
            best = int(mean.argmax())
            found["answers_agreement"][row], found["agreed_answer_rouge"][row] = mean.mean(), mean[best]
            found["agreed_answer"][row] = there[best][0]
    return found


def agreement(said: list[tuple[str, ...]]) -> np.ndarray:
    """float64 (k,): the mean ROUGE-L of each of k answers with the others."""
    like = np.zeros((len(said), len(said)))
    for i, one in enumerate(said):
        for j in range(i):
            like[i, j] = like[j, i] = rouge_l(one, said[j])
    return like.sum(axis=1) / (len(said) - 1)


def _lists(data: Dataset, column: str) -> Iterator[list[tuple[str, ...] | None]]:
    """The words of each text of a row: of one, or of those of a list; None for a missing one and for an empty list."""
    for start in range(0, data.n, BLOCK_ROWS):
        values = python_values(data.cells(column, data.rows()[start : start + BLOCK_ROWS]))
        lists = [(value or [None]) if isinstance(value, list) else [value] for value in values]
        words = iter(compared([row_text.text_of(cell) for cell in chain(*lists) if cell is not None]))
        for cells in lists:
            yield [None if cell is None else next(words) for cell in cells]
