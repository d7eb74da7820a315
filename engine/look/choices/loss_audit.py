"""Whom a choice costs: groups that fall to nothing or far below their share, and the quota that would keep them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.look.choices.lines import finite, one_line, p_words, shielded
from engine.look.choices.shifts import corrected
from engine.look.groups import group_columns
from engine.look.losses import Loss, Losses, losses
from engine.marks import keys_with, summary
from engine.registry import Json
from engine.store import plain

SURE = 0.05
MOST_VALUES = 500
"""Values of a column above which its groups are too small to be called losses."""
ROLES = ("label", "language", "source")


@dataclass(frozen=True)
class Quota:
    """What would keep a group: so many of its rows at least."""

    column: str
    group: str
    rows: int


@dataclass(frozen=True)
class LostGroup:
    """A group that loses more than it should. column: "" for a tag. before, after: its rows.

    expected: the rows that as large a random choice keeps of it, on average. p: how likely such a choice keeps as few,
    corrected for all groups that were looked at. rescue: the quota that would bring it to its share.
    """

    column: str
    group: str
    before: int
    after: int
    expected: float
    p: float
    rescue: Quota

    @property
    def gone(self) -> bool:
        """Whether none of its rows is left."""
        return not self.after

    @property
    def beyond_chance(self) -> bool:
        """Whether a random choice would hardly have done that."""
        return self.p < SURE


@dataclass(frozen=True)
class LossAudit:
    """The groups that lose, those beyond chance first. looked_at: groups; kept: the share of all rows that stays."""

    lost: tuple[LostGroup, ...]
    looked_at: int
    kept: float

    def json(self) -> dict[str, Json]:
        """All of it, as it is kept with a recipe."""
        more = [{"gone": one.gone, "beyond_chance": one.beyond_chance} for one in self.lost]
        lost = [{**vars(one), **said} for one, said in zip(self.lost, more, strict=True)]
        return {"lost": finite(plain(lost)), "looked_at": self.looked_at, "kept": self.kept}

    def markdown(self) -> list[str]:
        """A line of Markdown a group."""
        return [_line(one, shielded(_named(one))) for one in self.lost]

    def text(self) -> list[str]:
        """The same lines for a terminal."""
        return [_line(one, one_line(_named(one))) for one in self.lost]


def loss_audit(
    data: Dataset, before: np.ndarray, after: np.ndarray, *, columns: Sequence[str] | None = None
) -> LossAudit:
    """Find topics, languages, labels, sources and tags that a choice leaves nothing of, or less than half their share.

    before, after: bool (n,), what was chosen from and what was chosen. columns: left out, all that are meant to make
    groups. A small group that random choices would often miss too is named as well, with p to say so.
    """
    wanted = _columns(data) if columns is None else columns
    found = [losses(data, column, before, after) for column in wanted]
    looked = [(one.column, loss, loss in one.far_below()) for one in found for loss in one.groups if _few(one)]
    looked += [("", loss, far) for loss, far in _tags(data, before, after)]
    n, k = int(before.sum()), int((before & after).sum())
    p = corrected([_by_chance(loss.before, loss.after, n, k) for _, loss, _ in looked])
    lost = []
    for (column, loss, far), value in zip(looked, p, strict=True):
        if far or not loss.after:
            expected = loss.before * k / max(n, 1)
            rows = min(loss.before, max(1, round(expected)))
            lost.append(
                LostGroup(
                    column, loss.name, loss.before, loss.after, expected, value, Quota(column, loss.name, rows)
                )
            )  # fmt: skip
    return LossAudit(
        tuple(sorted(lost, key=lambda one: (not one.beyond_chance, one.p, -one.before))), len(looked), k / max(n, 1)
    )


def _columns(data: Dataset) -> list[str]:
    """What makes groups, numbers without such a role left out: lengths are no groups."""
    amounts = {c.key for c in data.columns.values() if c.type in ("integer", "number") and c.role not in ROLES}
    return [key for key in group_columns(data) if key not in amounts]


def _few(found: Losses) -> bool:
    return len(found.groups) <= MOST_VALUES


def _tags(data: Dataset, before: np.ndarray, after: np.ndarray) -> list[tuple[Loss, bool]]:
    """Of each tag its rows before and after, and whether they are far below what all keep."""
    found = []
    for name in (one.name for one in summary(data).tags):
        rows = data.rows_of(keys_with(data, "tag", name))
        rows = rows[rows >= 0]
        loss = Loss(name, "marked", {}, int(before[rows].sum()), int((before & after)[rows].sum()))
        if loss.before:
            whole = int((before & after).sum()) / max(int(before.sum()), 1)
            found.append((loss, bool(Losses("", (loss,), whole).far_below())))
    return found


def _by_chance(before: int, after: int, n: int, k: int) -> float:
    """How likely k of n rows at random hold so few of a group or fewer (hypergeometric)."""
    from scipy.stats import hypergeom

    return float(hypergeom.cdf(after, n, before, k))


def _named(one: LostGroup) -> str:
    return f"{one.column}: {one.group}" if one.column else f"tag: {one.group}"


def _line(one: LostGroup, name: str) -> str:
    way = "nothing is left" if one.gone else f"{one.after:,} are left"
    luck = "" if one.beyond_chance else ", which chance does too"
    return (
        f"- {name}: of {one.before:,} rows {way}, {one.expected:,.1f} to be expected ({p_words(one.p)}{luck}). "
        f"A quota of {one.rescue.rows:,} would keep its share."
    )
