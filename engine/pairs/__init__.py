"""Rows that are each other's duplicates: pairs, verified before they are stored."""

from engine.pairs.against import SHORTEST, Items, Shared, Unit, items, items_of, shared, shared_by
from engine.pairs.crowds import pairs_at
from engine.pairs.groups import Grouped, curve, group_sizes, grouped
from engine.pairs.judged import Precision, precision, similarities, told_apart
from engine.pairs.kinds.answers import answers
from engine.pairs.kinds.contained import contained
from engine.pairs.kinds.exact import exact
from engine.pairs.kinds.minhash import minhash
from engine.pairs.kinds.semantic import semantic
from engine.pairs.shingles.lsh import Bands, Expected, expected, met, wished
from engine.pairs.splits.across import Across, closed, near_across, pairs_across
from engine.pairs.splits.parted import NEAR, Parted, crossing, parted
from engine.pairs.witnesses import witnesses
from engine.registry import Registry

PAIRS = Registry("pairs", [exact, minhash, contained, semantic, answers])
