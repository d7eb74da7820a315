"""How many bytes a text takes in a file."""

import numpy as np

VALUES = {"utf8_bytes": ("integer", "bytes")}


def utf8_bytes(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the bytes of the text in UTF-8.

    Without the quotes, commas and escapes that a file format adds.
    """
    return {"utf8_bytes": np.fromiter((len(text.encode()) for text in texts), np.int64, len(texts))}
