"""How much smaller a text becomes when it is compressed."""

import zlib

import numpy as np

from engine.registry import About, Value, row_cost

ABOUT = About(values={"compression": Value("number", "times smaller")}, cost=row_cost(40_000))


def compression(texts: list[str]) -> dict[str, np.ndarray]:
    """Tell how many times smaller a text becomes when compressed.

    float32: bytes of UTF-8 by bytes of deflate (zlib 1.3, level 6, without header). Reviews of films have 1.9 to 2.3;
    far more is repetition, near 1 is noise, or a text too short to tell: compare texts of like length. NaN for no text.
    """
    return {"compression": np.array([_times(text.encode("utf8", "surrogatepass")) for text in texts], np.float32)}


def _times(data: bytes) -> float:
    return len(data) / len(zlib.compress(data, 6, -zlib.MAX_WBITS)) if data else np.nan
