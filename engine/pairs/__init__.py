"""Rows that are each other's duplicates: pairs, verified before they are stored."""

from engine.pairs.exact import exact
from engine.pairs.groups import Grouped, curve, group_sizes, grouped
from engine.pairs.judged import Precision, precision, similarities, told_apart
from engine.pairs.witnesses import witnesses
from engine.registry import Registry

PAIRS = Registry("pairs", [exact])
