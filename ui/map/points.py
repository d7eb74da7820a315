"""What a map is made of, in plain arrays: places, colours, names, and what a gesture on it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

import engine
from engine import EngineError
from ui.map import colouring
from ui.map.hues import Inks

CATEGORIES = 250  # labels that one byte a row can carry; the rest are "other"
OTHER, MISSING = CATEGORIES, CATEGORIES + 1
MOST_COLUMNS = 6  # histograms beside a map
SCALE_STEPS, SCALE_MISSING = 254, 254
LEAST_RANGE = 0.1  # of trust: below it, the differences between points are chance

Operation = Literal["new", "add", "subtract", "intersect"]
OPERATIONS: tuple[Operation, ...] = ("new", "add", "subtract", "intersect")


@dataclass(frozen=True)
class MapPoints:
    """The places of all rows on one map.

    `digest`: the map's identity; the browser keeps the bytes under this name. `x`, `y`: float32 (n,), in the map's own
    units; a row whose x or y is NaN or infinite has no place: it is counted, not drawn, and in no region.
    """

    digest: str
    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise EngineError(f"A map needs one x and one y a row, not arrays of shape {self.x.shape}, {self.y.shape}.")

    @property
    def placed(self) -> np.ndarray:
        """Rows that have a place: bool (n,)."""
        return np.isfinite(self.x) & np.isfinite(self.y)


@dataclass(frozen=True)
class Hover:
    """What the card of a point says: its name and id, its value in the colour's column, other columns, its text.

    `value`: None where there is none; `facts`: a column and its value each.
    """

    text: str
    title: str = ""
    id: str = ""
    value: str | None = None
    facts: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Others:
    """The labels that share one grey: the caller's code of each, the most rows first, its rows, and all label texts."""

    codes: np.ndarray
    counts: np.ndarray
    labels: Sequence[str]

    def found(self, words: str, most: int) -> tuple[list[tuple[str, int, int]], int]:
        """Up to `most` of them that hold `words`, as (label, code, rows), and how many more there are."""
        wanted, named = words.strip().lower(), [self.labels[c] for c in self.codes.tolist()]
        hits = [i for i, label in enumerate(named) if wanted in label.lower()]
        some = [(named[i].strip() or "(empty)", int(self.codes[i]), int(self.counts[i])) for i in hits[:most]]
        return some, len(hits) - len(some)


@dataclass(frozen=True)
class MapTrust:
    """How far each place can be trusted, on a scale of the map's own; made by `trust_of`.

    `values`: float (n,) in 0..1, the share of each row's true neighbours that are among the `among` nearest to it on
    the map; NaN is unknown. `low`, `high`: the ends of the scale. `mean`: of all rows.
    """

    values: np.ndarray
    low: float
    high: float
    mean: float
    among: int

    def codes(self) -> np.ndarray:
        """Trust as colour codes: uint8 (n,), 0 to 253 from `low` to `high`, 254 where it is not known."""
        along = np.clip((np.nan_to_num(self.values) - self.low) / (self.high - self.low), 0, 1)
        steps = np.round(along * (SCALE_STEPS - 1))
        return np.where(np.isfinite(self.values), steps, SCALE_MISSING).astype(np.uint8)


def trust_of(values: np.ndarray, among: int) -> MapTrust:
    """A scale for these shares, from that of the tenth row of a hundred to that of the ninetieth."""
    known = values[np.isfinite(values)]
    low, high = (float(v) for v in np.percentile(known, (10, 90))) if len(known) else (0.0, 1.0)
    if high - low < LEAST_RANGE:
        low, high = 0.0, 1.0
    return MapTrust(values, low, high, float(known.mean()) if len(known) else 0.0, among)


@dataclass(frozen=True)
class Colour:
    """One colour code a row, with what the legend says about it; made by `by_category` or `by_number`.

    `codes`: uint8 (n,). Categories: 0 to 249 are the labels, 250 is "other", 251 is missing. Numbers: 0 to 253 along
    the scale from `low` to `high`, 254 is missing. `labels` and `counts` (rows): one a legend line, in code order.
    `values`: the caller's own code of each label, -1 for "other" and missing. `paints`: the palette's colour of each
    label, chosen so that labels that touch on the map differ. `inks`: colours of its own for each label instead, on a
    light and on a dark ground: those of topics follow place. `others`: the labels under "other". `hint`: what the
    colours mean, in words.
    """

    digest: str
    name: str
    codes: np.ndarray
    kind: Literal["category", "number"]
    labels: tuple[str, ...] = ()
    values: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    legend_codes: tuple[int, ...] = ()
    paints: tuple[int, ...] = ()
    inks: tuple[Inks, ...] = ()
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    hint: str = ""
    others: Others | None = None


@dataclass(frozen=True)
class TopicName:
    """A name on the map: where its topic is densest (map units), its level (0 is the coarsest), its rows, its number.

    `near`: the distance from there within which 28 of 100 of its rows lie, in map units; 0 where that is not known.
    `own`: of all rows within that distance, the share that are its own, 0 to 1.
    `inks`: the colour of its topic, on a light and on a dark ground; none where the names have no colour.
    """

    text: str
    x: float
    y: float
    level: int = 0
    size: int = 0
    value: int = -1
    near: float = 0.0
    own: float = 1.0
    inks: Inks | None = None


@dataclass(frozen=True)
class MapEvent:
    """One thing a person did on the map.

    `kind`: "lasso", "box", "click", "topic", "legend", "later" (the legend's line of rows
    that came after the map), "grow", "invert", "clear", "undo", "take_in" (the button of the
    note), or "promote" (a label under "other" gets a colour). `polygon`: float64 (m, 2) in map units, of a lasso or
    box. `row`: the row of a click, -1 for none. `value`: the topic's number, the colour code of a legend line, or the
    caller's own code of a label to promote. `hidden`: colour codes that the legend hides. `view`: "x,y,zoom".
    `columns`, `bars`: of "columns", the histograms to show; of "brush", the bars of one chosen.
    """

    kind: str
    operation: Operation = "new"
    polygon: np.ndarray | None = None
    row: int = -1
    value: int = -1
    level: int = 0
    hidden: tuple[int, ...] = ()
    view: str = ""
    columns: tuple[str, ...] = ()
    bars: tuple[int, ...] = ()


def by_category(
    digest: str,
    name: str,
    codes: np.ndarray,
    labels: Sequence[str],
    points: MapPoints | None = None,
    *,
    inks: Mapping[int, Inks] | None = None,
    promoted: Sequence[int] = (),
) -> Colour:
    """Colours for categories: the 250 with most rows get one each, the rest share "other".

    `codes`: integers (n,) into `labels`; below 0 is missing (or noise). Ties in size go to the smaller code. `points`:
    the map to be coloured, so that labels that touch on it differ. `inks`: colours of their own, by code. `promoted`:
    codes that get a colour whatever their size; the smallest of the 250 give theirs up.
    """
    known = codes >= 0
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(labels))
    if len(counts) > len(labels):
        raise EngineError(f"Colour {name!r} has the code {len(counts) - 1}, but only {len(labels)} labels.")
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    raised = [c for c in dict.fromkeys(promoted) if c in order[CATEGORIES:]][:CATEGORIES]
    top = np.append(order[: CATEGORIES - len(raised)], raised).astype(np.int64)
    rest = order[~np.isin(order, top)]
    lookup = np.full(len(labels) + 1, OTHER, dtype=np.uint8)
    lookup[top] = np.arange(len(top))
    lookup[-1] = MISSING
    lines = [(str(labels[c]).strip() or "(empty)", int(c), int(counts[c]), i) for i, c in enumerate(top.tolist())]
    if len(rest):
        lines.append((f"other ({len(rest):,} more)", -1, int(counts[rest].sum()), OTHER))
    missing = len(codes) - int(known.sum())
    if missing:
        lines.append(("none", -1, missing, MISSING))
    shown = np.where(known, codes, len(labels)).astype(np.int64)
    texts, values, sizes, legend = zip(*lines, strict=True) if lines else ((), (), (), ())
    drawn = lookup[shown]
    x, y, at = (np.empty(0), np.empty(0), drawn[:0]) if points is None else (points.x, points.y, drawn)
    own = tuple(inks[int(c)] for c in top) if inks and all(int(c) in inks for c in top) else ()
    paints = () if own else colouring.paints(x, y, at, len(top))
    others = Others(rest, counts[rest], labels) if len(rest) else None
    return Colour(digest, name, drawn, "category", texts, values, sizes, legend, paints, own, others=others)


def by_number(digest: str, name: str, values: np.ndarray, *, log: bool = False) -> Colour:
    """Colours along a scale from the 1st to the 99th percentile, so that one outlier does not take all the colours.

    `values`: numbers (n,); NaN and infinity are missing, and with `log` so is what is not above 0.
    """
    numbers = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers) & ((numbers > 0) if log else True)
    nought = log and bool((numbers <= 0).any())
    if log:
        numbers = np.log10(np.where(known, numbers, 1.0))
    low, high = np.percentile(numbers[known], (1, 99)) if known.any() else (0.0, 1.0)
    if high <= low:
        low, high = (numbers[known].min(), numbers[known].max()) if known.any() else (0.0, 1.0)
    span = (high - low) or 1.0
    with np.errstate(invalid="ignore"):
        steps = np.clip((numbers - low) / span, 0, 1) * (SCALE_STEPS - 1)
    codes = np.where(known, np.nan_to_num(np.round(steps)), SCALE_MISSING).astype(np.uint8)
    missing = len(numbers) - int(known.sum())
    ends = (10.0**low, 10.0**high) if log else (low, high)
    return Colour(
        digest,
        name,
        codes,
        "number",
        labels=("0 or none" if nought else "none",) if missing else (),
        values=(-1,) if missing else (),
        counts=(missing,) if missing else (),
        legend_codes=(SCALE_MISSING,) if missing else (),
        low=float(ends[0]),
        high=float(ends[1]),
        log=log,
    )


def event_from(payload: object) -> MapEvent | None:
    """What the browser sent, checked: it comes over the wire, so nothing in it is trusted.

    Raises EngineError for a gesture that makes no sense; None for nothing.
    """
    if not isinstance(payload, dict):
        return None
    kind, operation = str(payload.get("kind", "")), str(payload.get("operation", "new"))
    if operation not in OPERATIONS:
        raise EngineError(f"No way to combine selections is named {operation!r}; there are {', '.join(OPERATIONS)}.")
    hidden, columns, bars = (payload.get(name) for name in ("hidden", "columns", "bars"))
    return MapEvent(
        kind=kind,
        operation=OPERATIONS[OPERATIONS.index(operation)],
        polygon=_polygon(payload.get("polygon")),
        row=_whole(payload.get("row")),
        value=_whole(payload.get("value")),
        level=max(0, _whole(payload.get("level"))),
        hidden=tuple(_whole(code) for code in hidden if 0 <= _whole(code) <= 255) if isinstance(hidden, list) else (),
        view=str(payload.get("view") or "")[:80],
        columns=tuple(map(str, columns[:MOST_COLUMNS])) if isinstance(columns, list) else (),
        bars=tuple(_whole(bar) for bar in bars[:256]) if isinstance(bars, list) else (),
    )


def _polygon(flat: object) -> np.ndarray | None:
    """The corners x, y, x, y, … from the wire as float64 (m, 2); None where there are none."""
    if flat is None:
        return None
    if not isinstance(flat, list) or not all(isinstance(v, int | float) for v in flat) or len(flat) % 2:
        raise EngineError("The corners of the region did not arrive as pairs of numbers. Draw it again.")
    return engine.recipe.checked_polygon(np.array(flat, dtype=np.float64).reshape(-1, 2))


def _whole(value: object) -> int:
    """A whole number from the wire, -1 where there is none."""
    return int(value) if isinstance(value, int | float) and value == value and abs(value) < 2**53 else -1
