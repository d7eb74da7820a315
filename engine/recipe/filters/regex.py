"""Keep or drop rows by a regular expression."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
import pyarrow.compute as pc

from engine.dataset import Dataset, Verdict, excerpt, rows_where
from engine.registry import About, Help, TextColumn
from engine.text import checked_pattern, pattern_name


def _words(values: Mapping[str, object]) -> Mapping[str, str]:
    """The name of a pattern that Winnow knows, else its first signs."""
    pattern = str(values["pattern"])
    name = pattern_name(pattern)
    shown = pattern if len(pattern) <= SHOWN else pattern[: SHOWN - 1] + "…"
    return {"pattern": f"the pattern for {name}" if name else f"“{shown}”"}


SHOWN = 40
"""Signs of an unknown pattern that a sentence shows."""

ABOUT = About(title="Regular expression", short="{column} matches {pattern}", words=_words)


def regex(
    data: Dataset,
    rows: np.ndarray,
    *,
    pattern: Annotated[str, Help(r"RE2, such as \bcolou?r\b; linear time, so that no pattern can hang.")],
    column: Annotated[TextColumn | None, Help("Left out: the text of the row.")] = None,
    match_case: bool = True,
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows whose {column} matches {pattern}.

    The pattern may match anywhere; write ^ and $ for the ends of the text. A missing text matches nothing. Raises
    `EngineError` for a pattern that RE2 does not read, such as a backreference.
    """
    checked = checked_pattern(pattern, match_case)
    found = rows_where(data, column, rows, lambda block: pc.match_substring_regex(block, checked))
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: f"{column or 'text'} is {excerpt(data, column, int(rows[i]))}")
