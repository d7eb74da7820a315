"""Texts as Arrow holds them: bytes, and where each begins."""

import numpy as np
import pyarrow as pa


def utf8(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The bytes, uint8, and where each text begins, int64 (k + 1,), uncopied; large_string in, a null is empty."""
    if not len(texts):
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    _, starts, content = texts.buffers()
    at = np.frombuffer(starts, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return (np.frombuffer(content, np.uint8) if content else np.empty(0, np.uint8)), at
