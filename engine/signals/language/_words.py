"""The words of texts, in order, as what varies and repeats in them is counted."""

import pyarrow as pa

from engine.text import normalised, readable


def words(texts: list[str]) -> list[list[str]]:
    """The words of each text, without regard to case; signs of scripts without spaces are words; "don't" is one.

    >>> words(["Don’t panic: 東京!"])
    [['dont', 'panic', '東', '京']]
    """
    plain = [readable(text.replace("'", "").replace("’", "")) for text in texts]
    return [found.split() for found in normalised(pa.array(plain, pa.large_string())).to_pylist()]
