"""Keep or drop rows by words or letters in their text."""

from typing import Annotated, Literal

import numpy as np
import pyarrow.compute as pc

from engine.dataset import Dataset, Verdict, excerpt, rows_where
from engine.errors import EngineError
from engine.registry import About, Help, TextColumn
from engine.text import holds, query

How = Literal["has the words", "contains", "starts with", "ends with", "is"]


ABOUT = About(short="{column} {how} “{find}”", version=2)
LONGEST = 10_000


def text(
    data: Dataset,
    rows: np.ndarray,
    *,
    find: Annotated[str, Help('Words, "a phrase", -not this; or exactly these letters, as chosen under how.')],
    how: How = "has the words",
    column: Annotated[TextColumn | None, Help("Left out: the text of the row.")] = None,
    match_case: Annotated[bool, Help("Upper and lower case differ; words never do.")] = False,
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows whose {column} {how} “{find}”.

    Words: every word and every quoted phrase must occur, in any order, and none that stands after a minus sign. C++, C#
    and .NET are words of their own, found as they are typed; C is found in all of them. The other ways compare letters.
    A missing text matches nothing. Raises `EngineError` when there is nothing to look for.
    """
    if len(find) > LONGEST:
        raise EngineError(f"There are {len(find):,} characters to look for; {LONGEST:,} are the most. Take fewer.")
    if how == "has the words":
        wanted = query(find)
        found = rows_where(data, column, rows, lambda block: holds(wanted, block))
    else:
        if not find and how != "is":
            raise EngineError("There is nothing to look for. Type some letters, or use `missing` to find empty texts.")
        ignore = not match_case
        match = {
            "contains": lambda block: pc.match_substring(block, find, ignore_case=ignore),
            "starts with": lambda block: pc.starts_with(block, find, ignore_case=ignore),
            "ends with": lambda block: pc.ends_with(block, find, ignore_case=ignore),
            "is": lambda block: pc.equal(pc.utf8_lower(block), find.lower()) if ignore else pc.equal(block, find),
        }[how]
        found = rows_where(data, column, rows, match)
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: f"{column or 'text'} is {excerpt(data, column, int(rows[i]))}")
