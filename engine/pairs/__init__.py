"""Rows that are each other's duplicates: pairs, verified before they are stored."""

from engine.pairs.against import SHORTEST, Items, Shared, Unit, items, items_of, shared, shared_by
from engine.pairs.exact import exact
from engine.pairs.groups import Grouped, curve, group_sizes, grouped
from engine.pairs.witnesses import witnesses
from engine.registry import Registry

PAIRS = Registry("pairs", [exact])
