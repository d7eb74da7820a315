"""What a classifier may have learned in place of what was meant: how long texts are, and how they are written."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.models._logistic import auc, out_of_fold
from engine.text import readable

_COUNTED = {
    "digits": r"\p{Nd}",
    "capitals": r"\p{Lu}",
    "marks": r"[\p{P}\p{S}]",
    "markup": r"[<>{}\[\]|*#`\\=_]",
    "blanks": r"\s",
    "lines": r"\n",
}


def shape_of(texts: Sequence[str]) -> np.ndarray:
    """float64 (n, 7): the logarithm of how long each text is, then how it is written: shares of its characters."""
    plain = pa.array([readable(text) for text in texts], pa.large_string())
    length = pc.utf8_length(plain).to_numpy().astype(np.float64)
    counted = [pc.count_substring_regex(plain, pattern).to_numpy() for pattern in _COUNTED.values()]
    shares = [count / np.maximum(length, 1) for count in counted]
    return np.column_stack([np.log1p(length), *shares])


def by_length(shape: np.ndarray, liked: np.ndarray) -> float:
    """How well length alone tells the sides apart, whichever is longer: AUC, 0.5 to 1."""
    found = auc(shape[:, 0], liked)
    return max(found, 1 - found)


def by_format(shape: np.ndarray, liked: np.ndarray, folds: np.ndarray) -> float:
    """How well the shares of digits, capitals, marks, markup, blanks and lines tell them apart, held out: AUC."""
    some = shape[:, 1:]
    spread = some.std(axis=0)
    scores = out_of_fold((some - some.mean(axis=0)) / np.where(spread > 0, spread, 1), liked, folds, 1.0)
    known = ~np.isnan(scores)
    return auc(scores[known], liked[known]) if liked[known].any() and not liked[known].all() else 0.5
