"""Keep or drop rows by what people marked."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, listed_elsewhere, listed_rows
from engine.registry import About, Help, Json, MarksRef


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    return "none of its rows is here" if listed_elsewhere(data, str(params["marks"])) else ""


ABOUT = About(portable="this corpus only", foreign=_foreign, short="{label}")


def marked(
    data: Dataset,
    rows: np.ndarray,
    *,
    marks: MarksRef,
    label: Annotated[str, Help("The mark, such as: tagged “good”.")] = "marked",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows that are {label}.

    The marks are those of the moment when the step was made: a snapshot, so that the recipe can be replayed. Raises
    `EngineError` when none of the rows is here.
    """
    found = listed_rows(data, marks)[rows]
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: f"was {'' if found[i] else 'not '}{label} when the step was made")
