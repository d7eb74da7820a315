"""What the data offers to choose by: a column to balance, the newest vectors, a budget that fits; and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.dataset import Dataset
from engine.look.groups import group_columns
from engine.recipe import SELECTORS
from engine.registry import Budget, Json, Member, Param
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS
from engine.store import Key

_MEMBERS = (*ROW_SIGNALS.values(), *CORPUS_SIGNALS.values())
GOOD = {name for member in _MEMBERS for name, value in member.about.values.items() if value.good}
"""Values of which it is known that a row is the better the higher they are."""
FEWEST, MOST = 2, 200
"""Values of a column that one would balance."""


@dataclass(frozen=True)
class Offer:
    """Values for a selector's knobs to begin with, and in words why these."""

    values: Mapping[str, Json]
    why: str


def offer(data: Dataset, member: Member, left: int) -> Offer:
    """What to begin with. left: how many rows there are to choose from."""
    values: dict[str, Json] = {}
    reasons: list[str] = []
    for param in member.params:
        value, why = _offered(data, param, left)
        if value is not None:
            values[param.name] = value
            reasons.append(why)
    vectors = [values.get(name) for name in member.of_kind("embedding")]
    if "graph" not in member.about.needs or any(f"graph@{key}" in data.added for key in vectors):
        values |= member.about.begins
        reasons += [
            f"{p.label.lower()}: {member.about.begins[p.name]}" for p in member.params if p.name in member.about.begins
        ]
    return Offer(values, "; ".join(reasons))


def suggested(data: Dataset) -> str:
    """The selector that one most often wants, of those that the data has all for; "" where it has it for none."""
    # What needs a graph is what one made the graph for.
    for name, member in sorted(SELECTORS.items(), key=lambda pair: not pair[1].about.needs):
        graph = not member.about.needs or any(f"graph@{key}" in data.added for key in data.keys_of("embedding"))
        named = [p for p in member.params if p.kind in ("column", "embedding") and p.required]
        if member.about.suggested and graph and all(_offered(data, p, data.n)[0] is not None for p in named):
            return name
    return ""


def balanced(data: Dataset) -> str:
    """The column to balance: the label, else the source's finest of 2 to 200 values, else topics; "" for none."""
    sizes = {key: _values(data, key) for key in group_columns(data)}
    labels = [key for key in sizes if data.info(key).role == "label" and FEWEST <= sizes[key] <= max(MOST, data.n // 2)]
    fit = [key for key, size in sizes.items() if FEWEST <= size <= MOST]
    fit.sort(key=lambda key: (data.info(key).origin == "topics", -sizes[key]))
    return next(iter([*labels, *fit]), "")


def _values(data: Dataset, column: str) -> int:
    return len(data.codes(column)[1])


def _offered(data: Dataset, param: Param, left: int) -> tuple[Json, str]:
    """A value for one knob and why; None where the data offers none, or a column can be left out."""
    if param.kind == "budget":
        rows = _round_share(left)
        budget = Budget(rows).json()
        return budget, f"{rows:,} rows are about {rows / max(left, 1):.0%} of the {left:,} that are left"
    if param.kind == "embedding":
        newest = next(reversed(data.keys_of("embedding")), None)
        more = ", the newest vectors" if len(data.keys_of("embedding")) > 1 else ""
        return newest, f"by {newest}{more}"
    if param.kind == "column" and not param.required:
        return None, ""
    if param.kind == "column" and param.of == "category" and (column := balanced(data)):
        what = "the label" if data.info(column).role == "label" else "a column"
        return column, f"by {column}, {what} of {_values(data, column):,} values"
    if param.kind == "column" and param.of == "number":
        numbers = [
            c for c in data.columns.values() if c.type in ("integer", "number") and c.role not in ("id", "label")
        ]
        signals = [c for c in reversed(numbers) if c.origin == "signal"]
        good = next((c.key for c in signals if Key.read(c.name).name in GOOD), None)
        if good:
            return good, f"by {good}, which is high where a row is good"
        return next((c.key for c in (*signals, *numbers)), None), "by the newest signal" if signals else "by a number"
    return None, ""


def _round_share(left: int) -> int:
    """A tenth of the rows as a round number, of few rows half.

    >>> [_round_share(n) for n in (7, 150, 1000, 15_700, 200_000)]
    [4, 75, 100, 2000, 20000]
    """
    if left <= 200:
        return (left + 1) // 2
    power = 10 ** (len(str(left // 10)) - 1)
    return min((1, 2, 5, 10), key=lambda step: abs(step * power - left / 10)) * power
