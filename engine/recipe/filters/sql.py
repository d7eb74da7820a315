"""Keep or drop rows by an SQL expression."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.recipe.filters._sql import checked_expression, evaluate
from engine.registry import About, Expression, Help

ABOUT = About(title="SQL", short="{where}", version=2)


def sql(
    data: Dataset,
    rows: np.ndarray,
    *,
    where: Annotated[
        Expression, Help("A condition over the columns of a row, such as words > 10 AND language = 'en'.")
    ],
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows where {where}.

    DuckDB's SQL, one condition over the values of one row, in a sandbox without files and network, in UTC. Where the
    answer is unknown (NULL) it does not hold. Raises `EngineError` for anything else than a condition, with the place.
    """
    found = evaluate(data, where, rows)
    keep = found if do == "keep" else ~found

    def words(i: int) -> str:
        columns = checked_expression(where, data.columns)
        values = (data.strings(c, rows[i : i + 1])[0] for c in columns)
        return ", ".join(
            f"{c} is {'missing' if v is None else v[:60]}" for c, v in zip(columns, values, strict=True)
        ) or (f"{where} is {'true' if found[i] else 'not true'}")

    return Verdict(keep, words)
