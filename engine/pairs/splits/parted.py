"""Parts such as train and test, between which no pair crosses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.dataset import Pairs
from engine.pairs.splits.bridges import bridge
from engine.pairs.splits.bundles import Bundles, Link, bundled, by_appearance

NEAR = 0.01
"""A part that is so far from the share that it should have, of all rows, is near enough."""


@dataclass(frozen=True)
class Parted:
    """The part of each row, and what could be reached.

    part: int16, one a row given, -1 for a row that is left out because it bridges. group: int64, one a row, the same
    for rows that must stay together, -1 for one left out. across: the parts that each of those would join, by row.
    groups: of two rows or more, which stand in one part each. largest: rows of the largest group; largest_before: of
    the largest before any row was left out.
    """

    part: np.ndarray
    group: np.ndarray
    groups: int
    largest: int
    largest_before: int
    across: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def parted(
    rows: np.ndarray,
    links: Sequence[Link],
    shares: Sequence[float],
    *,
    strata: np.ndarray | None = None,
    together: np.ndarray | None = None,
    bridges: float = 0.0,
    seed: int = 0,
) -> Parted:
    """Part some rows, int64, so that no link crosses and each part has its share.

    links: pairs with the least similarity that counts. shares: of each part, above 0, adding up to 1. strata: int, one
    a row, -1 for none: each part gets its share of each, as far as groups allow. together: int, one a row: rows with
    one number, but for -1, stay in one part. bridges: the share of rows that may be left out where a group is too large
    for its part. seed: decides between groups of one size.

    Rows that links hold together, over any number of others, are a group and go as one: so nothing crosses. Groups are
    placed the largest first, so that each part ends within a hundredth of all rows of its share, or within the largest
    group. The parts depend on which rows and links there are, not on their order. A million rows take seconds.
    """
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    bundles = bundled(ordered, links, None if together is None else together[order])
    kinds = np.zeros(len(rows), np.int64) if strata is None else by_appearance(strata[order])
    placing = _Placing(bundles, kinds, np.asarray(shares, np.float64), seed)
    gone, before = placing.cut(int(bridges * len(rows)))
    groups = bundles.groups(gone)
    of_bundle = placing.parts(groups)
    across = placing.put_back(of_bundle, gone)
    part = np.empty(len(rows), np.int16)
    part[order] = of_bundle[bundles.of_row]
    groups = bundles.groups(of_bundle < 0)
    sizes = _sizes(bundles, groups)
    group = np.empty(len(rows), np.int64)
    group[order] = groups[bundles.of_row]
    bridging = np.flatnonzero(of_bundle[bundles.of_row] < 0)
    return Parted(
        part,
        group,
        int((sizes > 1).sum()),
        int(sizes.max(initial=0)),
        before,
        {int(ordered[i]): across[int(bundles.of_row[i])] for i in bridging},
    )


def crossing(pairs: Pairs, threshold: float, rows: np.ndarray, part: np.ndarray) -> int:
    """How many pairs of some rows join two parts: nodes with rows of several, and pairs between nodes of two.

    rows: int64. part: int, one each, -1 for a row in no part, which joins nothing.
    """
    nodes = pairs.of_row[rows]
    there = (nodes >= 0) & (part >= 0)
    count = int(max(pairs.of_row.max(initial=-1), pairs.second.max(initial=-1))) + 1
    most = int(part.max(initial=0)) + 1
    low, high = np.full(count, most, np.int64), np.full(count, -1, np.int64)
    np.minimum.at(low, nodes[there], part[there])
    np.maximum.at(high, nodes[there], part[there])
    near = pairs.similarity >= np.float32(threshold)
    one, other = pairs.first[near], pairs.second[near]
    both = (high[one] >= 0) & (high[other] >= 0)
    between = both & (np.minimum(low[one], low[other]) < np.maximum(high[one], high[other]))
    return int((low < high).sum() + between.sum())


@dataclass(frozen=True)
class _Placing:
    """Bundles into parts. strata: int64, one a row in the order of the bundles' rows."""

    bundles: Bundles
    strata: np.ndarray
    shares: np.ndarray
    seed: int

    def parts(self, groups: np.ndarray) -> np.ndarray:
        """int16, the part of each bundle, -1 for one that is gone."""
        from engine.pairs.kernels import parts

        of_row = groups[self.bundles.of_row]
        there = of_row >= 0
        sizes = np.bincount(of_row[there]).astype(np.int64)
        kinds = int(self.strata.max(initial=-1)) + 1
        cells, counts = np.unique(of_row[there] * max(kinds, 1) + self.strata[there], return_counts=True)
        of_group, stratum = np.divmod(cells, max(kinds, 1))
        starts = np.searchsorted(of_group, np.arange(len(sizes) + 1))
        by_seed = np.random.default_rng(self.seed).permutation(len(sizes))
        order = by_seed[np.argsort(-sizes[by_seed], kind="stable")]
        wanted = np.outer(self.shares, np.bincount(self.strata[there], minlength=kinds))
        of_part = parts.assigned(order, sizes, starts, stratum, counts.astype(np.int64), wanted)
        found = np.full(len(self.bundles.rows), -1, np.int16)
        found[groups >= 0] = of_part[groups[groups >= 0]]
        return found

    def cut(self, most: int) -> tuple[np.ndarray, int]:
        """The bundles to leave out, bool, of at most so many rows; and the rows of the largest group with them in.

        Group after group, the largest first, until all parts are near enough, or nothing helps any more.
        """
        gone = np.zeros(len(self.bundles.rows), bool)
        groups = self.bundles.groups(gone)
        sizes = _sizes(self.bundles, groups)
        before = int(sizes.max(initial=0))
        whole: set[int] = set()  # the first bundles of groups that nothing helps
        while most > 0 and self.off(self.parts(groups)) > NEAR:
            firsts = np.unique(groups[groups >= 0], return_index=True)[1]
            firsts = np.flatnonzero(groups >= 0)[firsts]
            large = [
                int(g)
                for g in np.argsort(-sizes, kind="stable")
                if sizes[g] > NEAR * self.bundles.rows.sum() and firsts[g] not in whole
            ][:1]
            if not large:
                break
            found = bridge(self.bundles, groups, large[0], gone, most)
            if len(found) == 0:
                whole.add(int(firsts[large[0]]))
                continue
            gone[found] = True
            most -= int(self.bundles.rows[found].sum())
            groups = self.bundles.groups(gone)
            sizes = _sizes(self.bundles, groups)
        return gone, before

    def off(self, of_bundle: np.ndarray) -> float:
        """How far the part that is farthest off is from its share, as a share of all rows."""
        there = of_bundle >= 0
        rows = np.bincount(of_bundle[there], self.bundles.rows[there], minlength=len(self.shares))
        return float(np.abs(rows / max(rows.sum(), 1) - self.shares).max())

    def put_back(self, of_bundle: np.ndarray, gone: np.ndarray) -> dict[int, tuple[int, ...]]:
        """Bundles that turned out to join nothing get their part after all, in place; the others name those they join.

        Leaving them out was worth it only where what they join went to several parts.
        """
        across: dict[int, tuple[int, ...]] = {}
        for bundle in np.flatnonzero(gone).tolist():
            near = self.bundles.others[self.bundles.starts[bundle] : self.bundles.starts[bundle + 1]]
            joins = np.unique(of_bundle[near][of_bundle[near] >= 0])
            if len(joins) > 1:
                across[bundle] = tuple(joins.tolist())
            else:
                of_bundle[bundle] = joins[0] if len(joins) else int(np.argmax(self.shares))
        return across


def _sizes(bundles: Bundles, groups: np.ndarray) -> np.ndarray:
    """int64, rows of each group."""
    there = groups >= 0
    return np.bincount(groups[there], bundles.rows[there]).astype(np.int64)
