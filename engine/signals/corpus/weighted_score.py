"""One score from several, each row by its rank in every column."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Help, NumberColumns, Value, row_cost
from engine.signals._ranks import ranks, weighted_mean


def _words(values: Mapping[str, object]) -> dict[str, str]:
    columns, weights = values["columns"], values["weights"]
    assert isinstance(columns, tuple) and isinstance(weights, tuple)
    return {"columns": ", ".join(f"{w:g} × {c}" for c, w in zip(columns, weights, strict=False))}


ABOUT = About(
    title="Weighted score",
    values={"weighted_score": Value("number", "weighted mean of ranks, 0 to 1", good=True)},
    words=_words,
    told_by="called",
    cost=row_cost(1_000_000),
)


def weighted_score(
    data: Dataset,
    *,
    called: Annotated[str, Help("A name for the score, by which it is told from other ones.")] = "",
    columns: Annotated[NumberColumns, Help("Numbers or dates. Only their order counts, so units do not matter.")],
    weights: Annotated[tuple[float, ...], Help("One for each column. A negative one turns its order round.")],
) -> dict[str, np.ndarray]:
    """Weigh the ranks of rows by {columns} into one score{called:, called …}.

    float64, 0 to 1: the mean of a row's ranks (the share of rows that have less, equal ones counting half), each
    weighed by the size of its weight; higher is better by the weights. A row without a value in a column counts by the
    others; it has no score where it has none of them. The ranks are those among all rows, whatever steps drop: a score
    means the same at every step. Raises `EngineError` where weights and columns differ in number, or all weights are 0.
    """
    if not columns or len(columns) != len(weights):
        raise EngineError(
            f"There are {len(columns)} columns and {len(weights)} weights. Give each column one weight, in order."
        )
    if len(set(columns)) < len(columns):
        raise EngineError(f"A column stands twice in {', '.join(columns)}. Name it once, with a larger weight.")
    if not any(weights):
        raise EngineError("All weights are 0, which leaves nothing to rank by. Give one column a weight at least.")
    return {"weighted_score": weighted_mean([ranks(data.numbers(column)) for column in columns], weights)}
