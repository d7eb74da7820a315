"""Shares of groups over rounds of training: a group whose rows still teach something gets more."""

import numpy as np


def next_shares(groups: np.ndarray, rewards: np.ndarray, before: np.ndarray) -> np.ndarray:
    """float64, one a group, adding up to 1: the shares before, times the softmax of the mean reward of each group.

    groups: int64, the group of each row; rewards: float64, of each row what is still to be gained, such as the score of
    the right answer less that of the model's own; NaN for rows that were not looked at. before: float64, a share of
    each group. A group without a reward stands as if it had the mean of the groups that have one. Shares that were
    equal become the softmax alone.

    >>> next_shares(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([0.5, 0.5])).tolist()
    [0.5, 0.5]
    """
    there = np.isfinite(rewards)
    size = np.bincount(groups[there], minlength=len(before))
    total = np.bincount(groups[there], weights=rewards[there], minlength=len(before))
    mean = np.divide(total, size, out=np.full(len(before), np.nan), where=size > 0)
    known = np.isfinite(mean) & (before > 0)
    if not known.any():
        return np.asarray(before / before.sum()) if before.sum() else before
    mean = np.where(known, mean, mean[known].mean())
    weight = before * np.exp(mean - mean[before > 0].max())
    return np.asarray(weight / weight.sum())


def in_odds(quality: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """int64: positions drawn one after the other without replacement, each time with odds of e to the quality.

    NaN has the least odds there are: such positions come after all others, in random order.
    """
    noise = rng.gumbel(size=len(quality))
    return np.lexsort((-(np.nan_to_num(quality) + noise), np.isnan(quality)))
