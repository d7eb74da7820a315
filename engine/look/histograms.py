"""Histograms of columns beside each other: each counts the rows that what is chosen in the others leaves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look import selection
from engine.look.selection import Selection
from engine.recipe import Step, date_span
from engine.registry import Json

MOST_BARS = 36
"""Bars of numbers and dates."""
MOST_VALUES = 250
"""Values of a category that have a bar of their own, the most frequent; the rest share one."""
MISSING = 255
"""The code of a row without a value."""
_SKEWED = 50
"""So many times above the median the largest value must be for a scale of magnitudes."""
_FARTHEST = 1e300
_DAY = 86_400
_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY)
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)


@dataclass(frozen=True)
class Bins:
    """A column cut into bars. codes: uint8 (n,), the bar of each row, 255 without a value.

    edges: float64 (bars + 1,) of numbers (dates in seconds since 1970), empty for values. A bar holds its lower edge
    and not its upper one; the first and the last one hold also what lies outside. labels: of values, the most frequent
    first; other: whether the last bar is of all other values. scale: how bars lie beside each other.
    """

    column: str
    kind: Literal["number", "date", "value"]
    codes: np.ndarray
    edges: np.ndarray
    labels: tuple[str, ...] = ()
    other: bool = False
    scale: Literal["even", "magnitudes"] = "even"

    def __len__(self) -> int:
        return len(self.labels) if self.kind == "value" else max(0, len(self.edges) - 1)


@dataclass(frozen=True)
class Counted:
    """How many rows each bar has. left: int64 (bars,), of the rows left; chosen: of those that everything but the
    column's own choice chooses, None where nothing else is chosen. missing: of the rows left, without a value.

    brush: the bars that are chosen in the column itself, () for none.
    """

    bins: Bins
    left: np.ndarray
    chosen: np.ndarray | None
    missing: int
    brush: tuple[int, ...]


def columns(data: Dataset) -> list[str]:
    """The columns that a histogram can show: numbers, dates and categories; no texts that differ from row to row, no
    topics."""
    texts = set(data.text_view.columns)
    kinds = ("number", "integer", "date", "boolean", "category", "text")
    found = [c for c in data.columns.values() if c.type in kinds and c.key not in texts and not c.names_rows]
    return [c.key for c in found if c.origin != "topics"]  # two may have one name: the map selects by number


def bins(data: Dataset, column: str) -> Bins:
    """The bars of a column; made once and kept in memory."""
    info = data.info(column)
    return data._cache.get(f"bins/{column}/{info.identity}/{data.fingerprint}", lambda: _bins(data, column))


def counts(data: Dataset, shown: Sequence[str], chosen: Selection, left: np.ndarray | None = None) -> list[Counted]:
    """What each column's bars hold. chosen: what is selected; left: bool (n,), the rows that the draft leaves."""
    parts, found = parts_of(chosen), []
    masks = [selection.mask(data, part) for part in parts]
    for column in shown:
        cut = bins(data, column)
        own = own_part(parts, column, cut.kind)
        rest: np.ndarray | None = None
        for i, one in enumerate(masks):
            if i != own:
                rest = one if rest is None else rest & one
        if rest is not None and left is not None and chosen.left:
            rest = rest & left
        whole = _count(cut, left)
        found.append(
            Counted(
                cut,
                whole[: len(cut)],
                None if rest is None else _count(cut, rest)[: len(cut)],
                int(whole[MISSING]),
                () if own is None else _brush(data, cut, parts[own]),
            )  # fmt: skip
        )
    return found


def parts_of(chosen: Selection) -> tuple[Step, ...]:
    """The filters that a selection is made of, each of which takes rows away from it."""
    step = chosen.step
    if step is None:
        return ()
    return step.steps if step.do == "all of" and step.on and step.steps else (step,)


def own_part(parts: Sequence[Step], column: str, kind: str) -> int | None:
    """Which of the filters was chosen in the histogram of this column. kind: of its bars."""
    for i, part in enumerate(parts):
        ours = part.do in ("number_range", "date_range") and not part.params.get("keep_missing")
        drops = part.params.get("do") == "drop"
        ours |= part.do == "values" and drops == bool(part.params.get("missing")) and kind == "value"
        if ours and part.on and part.params.get("column") == column:
            return i
    return None


def brushed(data: Dataset, chosen: Selection, column: str, bars: Sequence[int]) -> Selection:
    """The selection with these bars of a column chosen, beside all that is chosen elsewhere; no bars: with any.

    bars: of numbers and dates the first and the last one.
    """
    parts = list(parts_of(chosen))
    cut = bins(data, column)
    own, new = own_part(parts, column, cut.kind), step(data, cut, bars) if len(bars) else None
    if own is not None:
        parts[own : own + 1] = [new] if new else []
    elif new:
        parts.append(new)
    if not parts:
        return selection.cleared(chosen)
    return chosen.to(parts[0] if len(parts) == 1 else Step("all of", steps=tuple(parts)), left=chosen.left)


def step(data: Dataset, cut: Bins, bars: Sequence[int]) -> Step:
    """The filter that keeps the rows of some bars, exactly; of numbers and dates, of the first to the last one.

    Raises `EngineError` for bars that are not there.
    """
    wanted = sorted({int(bar) for bar in bars})
    if not wanted or wanted[0] < 0 or wanted[-1] >= len(cut):
        raise EngineError(
            f"{cut.column!r} has {len(cut)} bars, counted from 0, and not all of {list(bars)} are among them. Choose "
            "others."
        )
    params: dict[str, Json] = {"column": cut.column}
    if cut.kind == "value":
        drops = cut.other and wanted[-1] == len(cut) - 1  # the bar of all others: all but the bars not chosen
        named = [bar for bar in range(len(cut) - cut.other) if (bar in wanted) != drops]
        values: list[Json] = [cut.labels[bar] for bar in named]
        return Step(
            "values", {**params, "values": values, "do": "drop" if drops else "keep", "missing": drops}
        ).checked()
    first, last = wanted[0], wanted[-1]
    low = None if first == 0 else float(cut.edges[first])
    high = None if last == len(cut) - 1 else float(cut.edges[last + 1])
    if cut.kind == "date":
        first_day = None if low is None else _date(low)
        last_day = None if high is None else _date(high - (_DAY if high % _DAY == 0 else 1e-6))  # both ends count
        return Step("date_range", {**params, "first": first_day, "last": last_day}).checked()
    if high is not None:  # both ends count: up to the largest value of the last bar
        high = float(data.numbers(cut.column)[cut.codes == last].max(initial=cut.edges[last]))
    return Step("number_range", {**params, "low": low, "high": high}).checked()


def _brush(data: Dataset, cut: Bins, part: Step) -> tuple[int, ...]:
    """The bars that a filter chooses, as far as bars can show it."""
    if cut.kind == "value" or not len(cut):
        return tuple(np.flatnonzero(_count(cut, selection.mask(data, part))[: len(cut)]).tolist())
    low, high = (part.params.get(end) for end in (("first", "last") if cut.kind == "date" else ("low", "high")))
    first = 0 if low is None else _bar(cut, _moment(low, 0))
    last = len(cut) - 1 if high is None else _bar(cut, _moment(high, 1))
    return first, max(first, last)


def _bar(cut: Bins, value: float) -> int:
    """The bar in which an end of a range lies."""
    return int(np.clip(np.searchsorted(cut.edges, value, "right") - 1, 0, len(cut) - 1))


def _moment(end: Json, side: Literal[0, 1]) -> float:
    """An end of a range as a number: of a date its first moment, or (side 1) the last one that counts."""
    if isinstance(end, str):
        over = date_span(end)[side]
        return min(over - 5e-7, math.nextafter(over, -math.inf)) if side else over
    assert isinstance(end, int | float)
    return end


def _count(cut: Bins, among: np.ndarray | None) -> np.ndarray:
    """How many rows have each code: int64 (256,)."""
    return np.bincount(cut.codes if among is None else cut.codes[among], minlength=MISSING + 1)


def _bins(data: Dataset, column: str) -> Bins:
    info = data.info(column)
    if info.type in ("number", "integer", "date") and info.origin != "topics" and not info.labels:
        values = data.numbers(column)
        kind: Literal["number", "date"] = "date" if info.type == "date" else "number"
        finite = np.clip(values[np.isfinite(values)], -_FARTHEST, _FARTHEST)
        if not len(finite):
            return Bins(column, kind, np.full(len(values), MISSING, np.uint8), np.empty(0))
        scale: Literal["even", "magnitudes"] = "even"
        if kind == "date":
            edges = _of_dates(*_most(finite))
        else:
            median = max(float(np.median(finite)), 1e-9)
            if finite.min() >= 0 and finite.max() > _SKEWED * median:
                edges, scale = _of_magnitudes(finite, info.type == "integer"), "magnitudes"
            else:
                edges = _even(*_most(finite), whole=info.type == "integer")
        place = np.clip(np.searchsorted(edges, values, "right") - 1, 0, len(edges) - 2)
        place[np.isnan(values)] = MISSING
        return Bins(column, kind, place.astype(np.uint8), edges, scale=scale)
    codes, labels = data.codes(column)
    sizes = np.bincount(codes[codes >= 0], minlength=len(labels)) if len(labels) else np.empty(0, np.int64)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    top = order[: MOST_VALUES if len(order) > MOST_VALUES + 1 else len(order)]
    table = np.full(len(labels) + 1, len(top), np.uint8)
    table[top] = np.arange(len(top))
    table[-1] = MISSING
    other = len(order) - len(top)
    names = [labels[c] for c in top] + ([f"{other:,} others"] if other else [])
    return Bins(column, "value", table[codes], np.empty(0), tuple(names), bool(other))


def _most(finite: np.ndarray) -> tuple[float, float]:
    """The range of the values; where few of them lie far off, that of 98 of 100."""
    least, most = float(finite.min()), float(finite.max())
    low, high = (float(v) for v in np.percentile(finite, (1, 99)))
    return (low, high) if high > low and most - least > 1.5 * (high - low) else (least, most)


def _even(low: float, high: float, *, whole: bool) -> np.ndarray:
    """Edges of one round width around most of the values."""
    if high <= low:
        around = max(0.5, abs(low) * 1e-9)
        low, high = low - around, high + around
    rough = (high - low) / MOST_BARS
    size = 10.0 ** math.floor(math.log10(rough))
    width = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * (1 - 1e-9))
    if whole:
        width = max(1.0, width)
    first, last = math.floor(low / width), math.floor(high / width) + 1
    digits = max(0, 1 - math.floor(math.log10(width)))
    # Where numbers lie so close together that no others are between them, edges would come twice.
    return np.unique([round(number * width, digits) for number in range(first, last + 1)])


def _of_magnitudes(finite: np.ndarray, whole: bool) -> np.ndarray:
    """Edges 1, 2, 5, 10, 20, 50, …; below the first of them lies the rest, down to 0."""
    above = finite[finite > 0]
    low, high = (float(v) for v in np.percentile(above, (1, 99.9)))
    first, last = math.floor(math.log10(max(low, 1 if whole else 1e-300))), math.ceil(math.log10(max(high, 1)))
    last = max(last, first + 1)
    steps: tuple[float, ...] = (1, 2, 5) if last - first > 4 else (1, 1.5, 2, 3, 5, 7)
    if last - first > MOST_BARS // 3:
        steps = (1,)
    if whole:
        steps = tuple(s for s in steps if s == int(s) or first > 0)
    edges = [float(f"{s * 10.0**k:.12g}") for k in range(first, last) for s in steps] + [10.0**last]
    least = [0.0] if finite.min() < edges[0] else []
    reached = [e for e in edges if e <= high] or edges[:1]
    return np.array([*least, *reached, edges[min(len(reached), len(edges) - 1)]][: MISSING - 1])


def _of_dates(low: float, high: float) -> np.ndarray:
    """Edges at whole seconds, minutes, hours, days, weeks or months, in UTC."""
    span = max(high - low, 1e-6)
    for width in _SECONDS:
        if span / width < MOST_BARS:
            week = 4 * _DAY if width % (7 * _DAY) == 0 else 0  # 1970 began on a Thursday: weeks begin on Monday
            first, last = (math.floor((v - week) / width) for v in (low, high))
            return np.arange(first, last + 2) * float(width) + week
    first_month, last_month = (_month(v) for v in (low, high))
    step_ = next((m for m in _MONTHS if (last_month - first_month) / m < MOST_BARS), _MONTHS[-1])
    months = np.arange(first_month // step_, last_month // step_ + 2) * step_
    return months.astype("datetime64[M]").astype("datetime64[s]").astype(np.float64)


def _month(seconds: float) -> int:
    return int(np.datetime64(int(seconds), "s").astype("datetime64[M]").astype(np.int64))


def _date(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return moment.date().isoformat() if seconds % _DAY == 0 else moment.isoformat()
