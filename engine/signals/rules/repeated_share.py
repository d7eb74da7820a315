"""How much of a text it says again."""

from typing import Annotated, Literal

import numpy as np

from engine.registry import About, Bounds, Help, Value, row_cost
from engine.text import repeated_spans, share_repeated

Part = Literal["lines", "paragraphs", "sentences"]


def _spans(texts: list[str], *, of: Part, shortest: int) -> list[list[tuple[int, int]]]:
    return [repeated_spans(text, of, shortest) for text in texts]


ABOUT = About(
    title="Repeated inside",
    values={"repeated_share": Value("number", "share of the characters, 0 to 1")},
    spans=_spans,
    cost=row_cost(30_000),
)


def repeated_share(
    texts: list[str],
    *,
    of: Annotated[Part, Help("Lines: menus, lists, logs. Sentences: running text.")] = "lines",
    shortest: Annotated[
        int, Bounds(1, 1000), Help("In characters: shorter ones, such as a lone bracket, may come again.")
    ] = 10,
) -> dict[str, np.ndarray]:
    """Share of a text in {of} that it has said before.

    float32, 0 to 1, of the characters that are not blanks around a part. A part is said again where an earlier one of
    the same text has the same characters, but for the blanks around it; the first does not count. 0 for no text.
    """
    return {"repeated_share": np.array([share_repeated(t, of, shortest) for t in texts], np.float32)}
