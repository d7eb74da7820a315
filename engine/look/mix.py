"""The mix of groups: what each has of all rows, of those left, and of a choice, in rows and in tokens."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.recipe import COSTS, cost_column, cost_of_rows, groups_of

UNITS = tuple(COSTS)


@dataclass(frozen=True)
class MixTable:
    """Groups, the largest of all rows first. names: with one for rows without a value.

    rows: of each stage int64 (groups,); cost: of each stage float64 (groups,), in tokens or bytes, empty where neither
    is measured. unit: of cost.
    """

    by: str
    names: tuple[str, ...]
    rows: Mapping[str, np.ndarray]
    cost: Mapping[str, np.ndarray]
    unit: str

    def shares(self, stage: str, *, cost: bool = False) -> np.ndarray:
        """float64 (groups,): the part of each group, 0 to 1; 0 where nothing is there."""
        values = np.asarray((self.cost if cost else self.rows)[stage], np.float64)
        return values / max(float(values.sum()), 1e-12)


def mix_table(data: Dataset, by: str, stages: Mapping[str, np.ndarray]) -> MixTable:
    """What each group of a column has in each of some lists of rows, int64."""
    groups = groups_of(data, by)
    unit = next((unit for unit in UNITS if cost_column(data, unit)), "")
    each = cost_of_rows(data, unit) if unit else None
    count = groups.count(data.rows())
    order = np.argsort(-count, kind="stable")
    order = order[count[order] > 0]
    rows = {stage: groups.count(some)[order] for stage, some in stages.items()}
    cost = {} if each is None else {stage: groups.sum(each, some)[order] for stage, some in stages.items()}
    return MixTable(by, tuple(groups.names[i] for i in order), rows, cost, unit)
