"""A made corpus for the map's tests: groups on a ring, with every kind of bad input by name."""

from dataclasses import dataclass

import numpy as np

from ui.map.points import MapPoints, TopicName


@dataclass(frozen=True)
class Made:
    points: MapPoints
    topic: np.ndarray
    score: np.ndarray
    names: list[TopicName]
    groups: int


def made(rows: int, case: str = "") -> Made:
    """`case`: "", "one", "equal", "none", "nowhere", "many" (10,000 categories), "long" (long names with markup).

    Any other, such as "later", is as "".
    """
    rows = {"one": 1, "none": 0}.get(case, rows)
    groups = {"many": 10_000, "one": 1, "none": 1}.get(case, 8)
    rng = np.random.default_rng(5)
    topic = rng.integers(0, groups, rows)
    angle = topic * 2 * np.pi / groups
    spread = 0.35 + 0.5 * rng.random(groups)[topic]
    x = (5 * np.cos(angle) + rng.normal(size=rows) * spread).astype(np.float32)
    y = (3 * np.sin(angle) + rng.normal(size=rows) * spread).astype(np.float32)
    if case == "equal":
        x[:], y[:] = 2.5, -1.0
    elif case == "nowhere":
        x[:] = np.nan
    elif rows > 100:
        x[7] = np.nan
    turns = np.arange(min(groups, 300)) * 2 * np.pi / groups
    words = " and a very long name that never ends" * 20 if case == "long" else " with a name"
    names = [
        TopicName(f"topic <b>{g}</b>{words}", float(5 * np.cos(a)), float(3 * np.sin(a)), 0, int((topic == g).sum()), g)
        for g, a in enumerate(turns)
    ]
    score = np.hypot(np.nan_to_num(x), y)
    return Made(MapPoints(f"made-{rows}-{case}", x, y), topic, score, names, groups)
