"""Two levels of topics from cluster labels: topics, and the areas above them."""

from math import sqrt
from typing import cast

import numpy as np

from engine.registry import MEGABYTE, Cost, Load, Value
from engine.topics.areas import area_of_topics, areas_for, directions, numbered, topic_sums

MOST_FITTED = 200_000
"""Texts that centres are fitted on, where that is enough for so many topics."""

_ROUNDS = 20
_PAIRS_A_SECOND = 2.8e7
_MOST_NAMED_FROM, _CHARACTERS, _CHARACTERS_A_SECOND = 200_000, 2_000, 2.3e6
_BYTES_A_CHARACTER = 30  # of memory, while names are sought


def two_levels(grid: np.ndarray, labels: np.ndarray, areas: int) -> tuple[np.ndarray, np.ndarray]:
    """Topic and area of each node, numbered by size, from cluster labels."""
    topics = int(labels.max(initial=-1)) + 1
    centres = directions(topic_sums(grid, labels, topics=topics))
    return numbered(labels, area_of_topics(centres, areas or areas_for(topics)))


LEVELS = {"topic": Value("category"), "area": Value("category")}
"""What every way of finding topics gives a row."""


def finding(load: Load) -> Cost:
    """By k-means, and names: as measured on two cores of a server of 2024."""
    topics = int(cast(int, load.params.get("topics", 0)) or min(1000.0, 0.75 * sqrt(load.texts)))
    compared = (min(load.texts, MOST_FITTED) * _ROUNDS + load.texts) * topics * load.dimension / 384
    read = min(load.texts, _MOST_NAMED_FROM) * load.characters(_CHARACTERS)
    seconds = 2.0 + compared / _PAIRS_A_SECOND + read / _CHARACTERS_A_SECOND
    memory = 300 * MEGABYTE + load.texts * load.dimension * 4 + int(_BYTES_A_CHARACTER * read)
    return Cost(seconds, memory, load.texts * 8)
