"""How right each group is told by how many of its rows are labelled: what a budget over groups is dealt out by."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels.asking.lanes import Share, audited
from engine.labels.asking.next import copies_in
from engine.labels.balance.budget import GroupCurve, group_curve
from engine.models import Blocks, quick_of, sums

FOLDS = 5
PARTS = (0.2, 0.4, 0.7, 1.0)
"""How much of a group's own labels teaches, beside all of the others."""
LEAST = 20
"""Labelled texts of a group, below which nothing is seen of how it learns."""
MOST = 200
"""Groups that are measured at most, the largest."""


@dataclass(frozen=True)
class GroupSeen:
    """A group. labelled: its texts with a label; free: those without. right: of its labelled texts the share that is
    told rightly, each by what four fifths of all labels taught. curve: of the share told wrongly, by its own labels."""

    group: str
    labelled: int
    free: int
    right: Share
    curve: GroupCurve


@dataclass(frozen=True)
class GroupsSeen:
    """groups: most labels first. few: groups that could not be measured, with their labelled texts."""

    groups: tuple[GroupSeen, ...]
    few: tuple[tuple[str, int], ...]


def seen_by_group(data: Dataset, label: str, group: str, embedding: str, *, seed: int = 0) -> GroupsSeen:
    """Measure how each group of a column learns: told on rows held out, by a growing part of its own labels.

    Each text counts once for a group. Copies are held out together, from all groups. Raises `EngineError` where no
    group has 20 labelled texts, and for one label.
    """
    code, names = data.codes(label)
    of_group, groups = data.codes(group)
    stored = data.embedding(embedding)
    node = np.asarray(stored.texts.of_row, np.int64)
    there = np.flatnonzero((of_group >= 0) & (node >= 0))
    # A labelled row of a text stands for the others: it comes first.
    there = there[np.argsort(code[there] < 0, kind="stable")]
    _, first = np.unique(node[there] * len(groups) + of_group[there], return_index=True)
    rows = there[first]
    known = rows[code[rows] >= 0]
    labelled, every = (np.bincount(of_group[some], minlength=len(groups)) for some in (known, rows))
    if len(np.unique(code[known])) < 2:
        raise EngineError(f"{label!r} has fewer than two labels: there is nothing to learn. Choose another column.")
    order = [int(g) for g in np.argsort(-labelled, kind="stable") if every[g]]
    chosen = [g for g in order[:MOST] if labelled[g] >= LEAST]
    copies = copies_in(data, embedding, len(stored.grid))[node[known]]
    sets = [np.flatnonzero(of_group[known] == g) for g in chosen]
    found = told_by_group(stored.floats, node[known], code[known].astype(np.int64), copies, sets, len(names), seed=seed)
    made, few = [], [(groups[g], int(labelled[g])) for g in order if g not in chosen]
    for g, told in zip(chosen, found, strict=True):
        if told is None:
            few.append((groups[g], int(labelled[g])))
            continue
        sizes, losses, right = told
        curve = group_curve(sizes, losses, draws=0)
        made.append(GroupSeen(groups[g], int(labelled[g]), int(every[g] - labelled[g]), audited(right), curve))
    if not made:
        raise EngineError(
            f"No group of {group!r} has {LEAST} texts with a label in {label!r}, so how they learn cannot be seen. "
            "Label more, or choose groups that are larger."
        )
    return GroupsSeen(tuple(made), tuple(few))


def told_by_group(
    vectors: Blocks, rows: np.ndarray, codes: np.ndarray, copies: np.ndarray, sets: list[np.ndarray], classes: int,
    *, seed: int = 0,
) -> list[tuple[list[int], list[float], np.ndarray] | None]:  # fmt: skip
    """Of each group the sizes of its part that taught, the share told wrongly then, and what was told rightly by all.

    rows, codes, copies: int64 (r,), what is labelled; sets: places of each group among them. In each of five folds all
    rows that are not held out teach, of the group itself a growing part, nested. None for a group of whose rows too few
    can teach.
    """
    rng = np.random.default_rng(seed)
    _, number = np.unique(copies, return_inverse=True)
    fold = (rng.permutation(int(number.max(initial=0)) + 1) % FOLDS)[number]
    orders = [rng.permutation(own) for own in sets]
    most = [min(int((fold[own] != f).sum()) for f in range(FOLDS)) for own in sets]
    sizes = [sorted({max(int(part * n), 1) for part in PARTS}) for n in most]
    seen: list[list[tuple[int, float]]] = [[] for _ in sets]
    right: list[list[bool]] = [[] for _ in sets]
    for f in range(FOLDS):
        teach = np.flatnonzero(fold != f)
        all_ = sums(vectors, rows[teach], codes[teach], classes)
        for g, order in enumerate(orders):
            held, mine = order[fold[order] == f], order[fold[order] != f]
            if len(sizes[g]) < 3 or not len(held):
                continue
            others = all_.without(sums(vectors, rows[mine], codes[mine], classes))
            x = vectors(rows[held])
            for size in sizes[g]:
                some = mine[:size]
                model = quick_of(others.plus(sums(vectors, rows[some], codes[some], classes)))
                hit = model.scores(x).argmax(axis=1) == codes[held]
                seen[g].append((size, float(1 - hit.mean())))
            right[g] += hit.tolist()
    return [
        ([n for n, _ in pairs], [loss for _, loss in pairs], np.array(told, bool)) if pairs else None
        for pairs, told in zip(seen, right, strict=True)
    ]
