"""Keep or drop rows that were listed by key."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, listed_elsewhere, listed_rows
from engine.registry import About, Help, Json, RowsRef


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    return "none of its rows is here" if listed_elsewhere(data, str(params["listed"])) else ""


ABOUT = About(portable="this corpus only", foreign=_foreign, short="{label}")


def listed(
    data: Dataset,
    rows: np.ndarray,
    *,
    listed: RowsRef,
    label: Annotated[str, Help("What the list is called on the screen.")] = "listed rows",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows on the list “{label}”.

    The list holds keys, so that it outlives an appended or edited source. Raises `EngineError` when none of them is
    here.
    """
    found = listed_rows(data, listed)[rows]
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: f"is {'' if found[i] else 'not '}among the {label}")
