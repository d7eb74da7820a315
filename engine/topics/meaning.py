"""Whether a phrase means what a topic means: its vector beside the middles of the topics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_OTHERS = 3
_OTHERS_COUNT = 0.5
# Vectors of phrases may differ in the last digits from machine to machine; what is rounded away orders nothing.
_DIGITS = 3


@dataclass(frozen=True)
class Meaning:
    """centres: the middle of each topic, float64 (d,), unit length. embed: phrases → grid vectors, int16 (p, d)."""

    centres: Mapping[int, np.ndarray]
    embed: Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Phrases:
    """Vectors of phrases by their text, unit length, without what all of them share: float64 (d,) each."""

    vectors: dict[str, np.ndarray]

    def of(self, some: Sequence[str]) -> np.ndarray:
        return np.array([self.vectors[one] for one in some])


def phrase_vectors(meaning: Meaning, phrases: Sequence[str]) -> Phrases:
    """All phrases embedded in one batch."""
    there = sorted(set(phrases))
    if not there:
        return Phrases({})
    values = meaning.embed(there).astype(np.float64)
    return Phrases(dict(zip(there, _apart(values), strict=True)))


def aptness(some: np.ndarray, centres: np.ndarray, own: int) -> tuple[np.ndarray, np.ndarray]:
    """How near each phrase is to the middle of a group, and that less half its nearness to the three nearest others.

    some: float64 (p, d). centres: float64 (groups, d), from `apart`. Both float64 (p,).
    """
    near = some @ centres[own]
    others = np.delete(centres, own, axis=0)
    if not len(others):
        return np.round(near, _DIGITS), np.round(near, _DIGITS)
    nearest = np.sort(some @ others.T, axis=1)[:, -_OTHERS:].mean(axis=1)
    return np.round(near, _DIGITS), np.round(near - _OTHERS_COUNT * nearest, _DIGITS)


def apart(centres: np.ndarray) -> np.ndarray:
    """Middles without what all of them share, unit length; a single one stays as it is."""
    return _apart(centres) if len(centres) > 2 else _unit(centres)


def _apart(values: np.ndarray) -> np.ndarray:
    return _unit(_unit(values) - _unit(values).mean(axis=0)) if len(values) > 2 else _unit(values)


def _unit(values: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return values / np.where(length > 1e-9, length, 1.0)
