"""Bridges: few rows that hold a group together that is too large for its part."""

import numpy as np

from engine.pairs.splits.bundles import Bundles

_TRIED = 4
"""Cuts that are tried out on a group, the cheapest by their sizes first."""


def bridge(bundles: Bundles, groups: np.ndarray, group: int, gone: np.ndarray, most: int) -> np.ndarray:
    """int64: the bundles without which a group falls apart best, of at most so many rows; none where nothing helps.

    A group is seen as levels, by the number of links from one of its ends. What stands at one level parts those before
    it from those behind it. The cheapest of these cuts are tried, and the one bundle with the most links: what makes
    the largest piece smaller by most rows for each row left out is taken, if that is more than one.
    """
    from engine.pairs.kernels import parts

    inside = np.flatnonzero(groups == group)
    away = ~(groups == group) | gone
    end = inside[0]
    for _ in range(2):  # from the end that is farthest from anywhere: most levels, so the narrowest
        far = parts.levels(bundles.starts, bundles.others, away, end)
        end = int(np.argmax(far))
    far = parts.levels(bundles.starts, bundles.others, away, end)
    whole = int(bundles.rows[inside].sum())
    best, most_gain = np.empty(0, np.int64), 1.0
    for cut in [*_cuts(bundles, far, inside, most), _hub(bundles, inside)]:
        weight = int(bundles.rows[cut].sum())
        if not 0 < weight <= most:
            continue
        without = away.copy()
        without[cut] = True
        pieces = bundles.groups(without)[inside]
        largest = np.bincount(pieces[pieces >= 0], bundles.rows[inside][pieces >= 0]).max(initial=0)
        gain = (whole - weight - largest) / weight
        if gain > most_gain:
            best, most_gain = cut, gain
    return best


def _cuts(bundles: Bundles, far: np.ndarray, inside: np.ndarray, most: int) -> list[np.ndarray]:
    """Bundles that part one level from the next: those of the lower that have a link upwards, or all of the upper."""
    ends = np.repeat(np.arange(len(far)), np.diff(bundles.starts))
    upwards = np.zeros(len(far), bool)
    upwards[ends[(far[ends] >= 0) & (far[bundles.others] == far[ends] + 1)]] = True
    rows, level = bundles.rows[inside], far[inside]
    height = np.bincount(level, rows)
    lower = np.bincount(level, rows * upwards[inside])[:-1]
    below = np.cumsum(height)[:-1]
    above = height.sum() - below
    costs = np.r_[lower, height[1:]]
    smaller = np.r_[np.minimum(below - lower, above), np.minimum(below, above - height[1:])]
    each = np.where((costs <= most) & (smaller > 0), costs / np.maximum(smaller, 1), np.inf)
    chosen = [int(i) for i in np.argsort(each, kind="stable")[:_TRIED] if np.isfinite(each[i])]
    low = len(lower)
    return [
        inside[(level == i) & upwards[inside]] if i < low else inside[level == i - low + 1] for i in chosen
    ]  # fmt: skip


def _hub(bundles: Bundles, inside: np.ndarray) -> np.ndarray:
    """The bundle with the most links for each of its rows."""
    return inside[[int(np.argmax(np.diff(bundles.starts)[inside] / bundles.rows[inside]))]]
