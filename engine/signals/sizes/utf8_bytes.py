"""How many bytes a text takes in a file."""

import numpy as np

from engine.registry import About, Value, row_cost

ABOUT = About(
    title="UTF-8 bytes",
    values={"utf8_bytes": Value("integer", "bytes")},
    counts="bytes",
    cost=row_cost(100_000),
)


def utf8_bytes(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the bytes of the text in UTF-8.

    Without the quotes, commas and escapes that a file format adds.
    """
    return {"utf8_bytes": np.fromiter((len(text.encode()) for text in texts), np.int64, len(texts))}
