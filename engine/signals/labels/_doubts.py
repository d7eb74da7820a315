"""The values of doubt that any probabilities give: a probe's, or those that came with the rows."""

from collections.abc import Mapping

import numpy as np

from engine.models import class_means, confident, confused, confusion_set, doubt
from engine.registry import Value
from engine.signals.labels._labelled import blocks

VALUES: Mapping[str, Value] = {
    "self_confidence": Value("number", "probability of the given label, 0 to 1", good=True),
    "label_margin": Value("number", "more than the likeliest other, -1 to 1", good=True),
    "label_entropy": Value("number", "0 sure to 1 even"),
    "easy_label": Value("number", "0 to 1"),
    "likely_label": Value("category", labels_of="label"),
    "second_label": Value("category", labels_of="label"),
    "confused_with": Value("integer", "other labels"),
    "maybe_label": Value("category", labels_of="label"),
    "maybe_too": Value("category", labels_of="label"),
    "confident_label": Value("category", labels_of="label"),
}


def doubts(probability: np.ndarray, codes: np.ndarray, *, sure: float, hardness: float) -> dict[str, np.ndarray]:
    """The values of `VALUES`. probability: float32 (n, K), NaN for none; codes: int (n,), -1 for none."""
    n = len(codes)
    found: dict[str, np.ndarray] = {
        name: np.full(n, -1, np.int32) if value.type == "category" else np.full(n, np.nan, np.float32)
        for name, value in VALUES.items()
    }
    means = class_means(probability, codes)
    for part in blocks(n, probability.shape[1]):
        p, code = probability[part], codes[part]
        one = doubt(p, code)
        found["self_confidence"][part] = one.self_confidence
        found["label_margin"][part] = one.margin
        found["label_entropy"][part] = one.entropy
        found["easy_label"][part] = 1 - (1 - one.self_confidence) ** hardness
        found["likely_label"][part], found["second_label"][part] = one.first, one.second
        found["confused_with"][part] = np.where(one.first >= 0, confused(p, sure), np.nan)
        maybe = confusion_set(np.where(one.first[:, None] >= 0, p, np.nan), sure)
        found["maybe_label"][part], found["maybe_too"][part] = maybe.T
        found["confident_label"][part] = confident(np.nan_to_num(p, nan=-1.0), code, means)
    return found
