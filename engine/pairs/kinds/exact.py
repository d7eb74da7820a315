"""Pairs of rows that are equal, byte for byte or but for what does not count."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Pairs, distinct, distinct_texts, hashes_of, text_blocks
from engine.errors import EngineError
from engine.pairs.kinds.alike import (
    Alike,
    AnyCase,
    AnyDigits,
    AnyPunctuation,
    AnySpace,
    AnyUnicodeForm,
    AnyUrl,
    without,
)
from engine.pairs.tick import Tick, silent
from engine.registry import About, Help, TextColumn, Value, row_cost

ABOUT = About(
    title="Exact repeats", cost=row_cost(150_000), values={"exact_copies": Value("integer", "rows of the group")}
)
NO_PAIRS = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))


def exact(
    data: Dataset,
    tick: Tick = silent,
    *,
    of: Annotated[
        Literal["text", "every column"], Help("The text alone, or all that the source says of a row, its id too.")
    ] = "text",
    column: Annotated[TextColumn | None, Help("The text of this column. Left out: the text of the row.")] = None,
    any_unicode_form: AnyUnicodeForm = False,
    any_case: AnyCase = False,
    any_space: AnySpace = False,
    any_punctuation: AnyPunctuation = False,
    any_digits: AnyDigits = False,
    any_url: AnyUrl = False,
) -> Pairs:
    """Find rows with the same {of}.

    Rows that are equal share a node, whatever their number: 100,000 equal rows cost 100,000 numbers, not the
    5,000,000,000 pairs that they are. Equality is that of 128-bit BLAKE2b hashes (of a row's whole content: 64 bits).
    A row without text is compared with nothing, so rows without text are no repeats. Raises `EngineError` where every
    column is compared and something of a text is not to count.
    """
    alike = Alike(any_unicode_form, any_case, any_space, any_punctuation, any_digits, any_url)
    if of == "every column":
        if column or not alike.nothing:
            raise EngineError(
                "Repeats in every column are compared as they are. Take of = 'text' to choose a column, or what does "
                "not count."
            )
        content = data.content(data.rows())
        # As the hash of a text, in two halves; a second half of 1 keeps a hash that is 0 from meaning “no text”.
        return Pairs(distinct(np.stack([content, np.ones_like(content)], axis=1))[0], *NO_PAIRS)
    if column is None and alike.nothing:
        return Pairs(np.asarray(distinct_texts(data).of_row), *NO_PAIRS)
    hashes = np.zeros((data.n, 2), np.uint64)
    for start, block in text_blocks(data, column, data.rows()):
        tick("Comparing texts", start, data.n)
        hashes[start : start + len(block)] = hashes_of(without(alike, block).fill_null("").to_pylist())
    return Pairs(distinct(hashes)[0], *NO_PAIRS)
