"""Families: visible lists of functions, with what can be read from each and the facts beside it."""

from engine.registry.about import (
    MEGABYTE,
    About,
    Amounts,
    Cost,
    Counted,
    Curve,
    Evidence,
    Figure,
    Load,
    Names,
    Portable,
    Remark,
    Value,
    row_cost,
)
from engine.registry.budget import Budget, Mix
from engine.registry.kinds import (
    Bounds,
    CategoryColumn,
    Column,
    Columns,
    DateColumn,
    Embedding,
    Ends,
    ExamplesRef,
    Expression,
    Help,
    Json,
    Kind,
    MapName,
    MarksRef,
    NumberColumn,
    NumberColumns,
    RegionRef,
    RowsRef,
    TargetRef,
    TextColumn,
    TopicsName,
)
from engine.registry.param import Param
from engine.registry.registry import Member, Registry, as_json
