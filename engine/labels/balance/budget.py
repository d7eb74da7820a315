"""How many rows of each group to label or collect next, by what each has been seen to learn from."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import EngineError
from engine.labels.power_law import power_law

SLOPES = 400
"""So many slopes b a curve is looked for among: n^−b."""
DRAWS = 200
SURE = 0.95
STEPS = 1000
"""A budget is dealt out in so many parts at most: finer would change no figure of two digits."""


@dataclass(frozen=True)
class GroupCurve:
    """loss(n) = a · n^−b + c, all of them 0 or more. low, high: of b, an interval meant for 95 of 100, by drawing the
    points anew (it held 86 to 94 of 100 in simulations with 2 to 20 points a size); NaN where there are too few. seen:
    the n of the points, least and most: beyond the most it is a guess."""

    a: float
    b: float
    c: float
    low: float
    high: float
    seen: tuple[float, float]

    def at(self, n: float) -> float:
        """The loss expected of so many rows; of none as of half a row, so that the first one counts."""
        return self.a * max(n, 0.5) ** -self.b + self.c


@dataclass(frozen=True)
class GroupShare:
    """What a group gets. more: rows beside those it has; loss: expected with them; beyond: that is further than its
    curve was seen."""

    group: str
    more: int
    cost: float
    loss: float
    beyond: bool


@dataclass(frozen=True)
class Allotted:
    """A way to spend a budget. loss: over the groups, by their weights; worst: of the group that is worst off."""

    way: Literal["by learning", "equal", "proportional"]
    shares: tuple[GroupShare, ...]
    loss: float
    worst: float
    spent: float


def group_curve(
    n: Sequence[float] | np.ndarray, loss: Sequence[float] | np.ndarray, *, draws: int = DRAWS, seed: int = 0
) -> GroupCurve:
    """The curve a · n^−b + c through the loss seen with n rows; least squares, each n counting alike however often
    seen.

    For each of 400 slopes b from 0.05 to 2 the best a and c (0 or more) are found in closed form. Raises `EngineError`
    for fewer than three different n.
    """
    x, y = np.asarray(n, np.float64), np.asarray(loss, np.float64)
    if len(np.unique(x)) < 3 or (x < 1).any() or not np.isfinite(y).all():
        raise EngineError(
            f"A learning curve needs its loss at three sizes or more, each of 1 row at least; {len(np.unique(x))} are "
            "given. Measure it with, say, 10, 20, 40 and 80 rows of the group."
        )
    weight = 1 / np.unique(x, return_counts=True)[1][np.unique(x, return_inverse=True)[1]]
    a, b, c = power_law(x, y[None], weight, slopes=SLOPES)
    low = high = float("nan")
    if draws and len(x) > len(np.unique(x)):
        # Drawn among the measurements of one size, so that every size stays; few of them differ too little.
        rng, again = np.random.default_rng(seed), np.empty((draws, len(x)))
        for size in np.unique(x):
            some = np.flatnonzero(x == size)
            wider = np.sqrt(len(some) / max(len(some) - 1, 1))
            off = (y[some] - y[some].mean()) * wider
            again[:, some] = y[some].mean() + off[rng.integers(0, len(some), (draws, len(some)))]
        drawn = power_law(x, again, weight, slopes=SLOPES)[1]
        low, high = (float(v) for v in np.quantile(drawn, [(1 - SURE) / 2, (1 + SURE) / 2]))
    return GroupCurve(float(a[0]), float(b[0]), float(c[0]), low, high, (float(x.min()), float(x.max())))


def allot(
    curves: Mapping[str, GroupCurve],
    have: Mapping[str, int],
    budget: float,
    *,
    cost: Mapping[str, float] | None = None,
    weight: Mapping[str, float] | None = None,
    room: Mapping[str, int] | None = None,
) -> tuple[Allotted, ...]:
    """Deal a budget out over groups: by learning, and beside it equally and in proportion to what each has.

    By learning: again and again some rows for the group whose weighted loss falls most for their cost (greedy; the
    curves are convex, so nothing is better but for the size of the steps). have: rows of each group now; cost: of a
    row, 1 where not said; weight: how much a group's loss counts, 1 where not said; room: rows that can be had at most.
    Source: equitable sampling (Cai et al. 2022).
    """
    if not curves or budget <= 0:
        raise EngineError("There is nothing to deal out: name groups with their curves, and a budget above 0.")
    each, counts = {g: (cost or {}).get(g, 1.0) for g in curves}, {g: (weight or {}).get(g, 1.0) for g in curves}
    if bad := [g for g in curves if each[g] <= 0 or counts[g] < 0 or have.get(g, 0) < 0]:
        raise EngineError(f"A row of {bad[0]!r} needs a cost above 0, and its weight and rows cannot be below 0.")
    limit = {g: (room or {}).get(g, 1 << 60) for g in curves}
    ways: tuple[tuple[Literal["by learning", "equal", "proportional"], dict[str, int]], ...] = (
        ("by learning", _greedy(curves, have, budget, each, counts, limit)),
        ("equal", _by_share(dict.fromkeys(curves, 1.0), budget, each, limit)),
        ("proportional", _by_share({g: float(have.get(g, 0)) for g in curves}, budget, each, limit)),
    )
    return tuple(_told(way, more, curves, have, each, counts) for way, more in ways)


def _greedy(
    curves: Mapping[str, GroupCurve], have: Mapping[str, int], budget: float, cost: Mapping[str, float],
    weight: Mapping[str, float], room: Mapping[str, int],
) -> dict[str, int]:  # fmt: skip
    more = dict.fromkeys(curves, 0)
    names, left = list(curves), budget

    def step_of(g: str) -> int:
        return max(1, int(budget / STEPS / cost[g]))

    def gain(g: str) -> float:
        now, step = have.get(g, 0) + more[g], min(step_of(g), room[g] - more[g])
        return weight[g] * (curves[g].at(now) - curves[g].at(now + step)) / (step * cost[g]) if step > 0 else -1.0

    queue = [(-gain(g), i) for i, g in enumerate(names)]
    heapq.heapify(queue)
    while queue:
        _, i = heapq.heappop(queue)
        g = names[i]
        step = min(step_of(g), room[g] - more[g], int(left / cost[g] + 1e-9))
        if step < 1:
            continue
        more[g] += step
        left -= step * cost[g]
        heapq.heappush(queue, (-gain(g), i))
    return more


def _by_share(
    share: Mapping[str, float], budget: float, cost: Mapping[str, float], room: Mapping[str, int]
) -> dict[str, int]:
    """Rows by share; what a group has no room for goes to the others."""
    more, open_, left = dict.fromkeys(share, 0), {g for g in share if share[g] > 0}, budget
    while open_ and left > 0:
        unit = left / sum(share[g] * cost[g] for g in open_)
        full = {g for g in open_ if room[g] <= unit * share[g]}
        for g in full or open_:
            more[g] = room[g] if full else int(unit * share[g] + 1e-9)
            left -= more[g] * cost[g]
        open_ = open_ - full if full else set()
    return more


def _told(
    way: Literal["by learning", "equal", "proportional"], more: Mapping[str, int], curves: Mapping[str, GroupCurve],
    have: Mapping[str, int], cost: Mapping[str, float], weight: Mapping[str, float],
) -> Allotted:  # fmt: skip
    shares = tuple(
        GroupShare(
            g, more[g], more[g] * cost[g], curve.at(have.get(g, 0) + more[g]), have.get(g, 0) + more[g] > curve.seen[1]
        )
        for g, curve in curves.items()
    )
    total = sum(weight.values())
    mean = sum(weight[s.group] * s.loss for s in shares) / total if total else float("nan")
    return Allotted(way, shares, mean, max(s.loss for s in shares), sum(s.cost for s in shares))
