"""Rows that are each other's duplicates: pairs, verified before they are stored."""

from engine.pairs.across import Across, closed, near_across, pairs_across
from engine.pairs.exact import exact
from engine.pairs.groups import Grouped, curve, group_sizes, grouped
from engine.pairs.splits import NEAR, Parted, crossing, parted
from engine.pairs.witnesses import witnesses
from engine.registry import Registry

PAIRS = Registry("pairs", [exact])
