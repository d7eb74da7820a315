"""Texts to fit models on, made up."""

import numpy as np


def sentences(n: int, words: str = "the a cat dog mat log sat saw on under big small", seed: int = 0) -> list[str]:
    """Eight of some words at random, n times."""
    return [" ".join(row) for row in np.random.default_rng(seed).choice(words.split(), (n, 8))]
