"""Rows of one part of a number column: its high end, its low end or its middle."""

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import EngineError
from engine.registry import About, Bounds, Budget, Counted, Figure, Help, Json, NumberColumn

ABOUT = About(
    purpose="best",
    short="{budget} of {part} “{column}”, {low} to {high} %",
    title="A band of one number (hard, easy, middle)",
    evidence={
        "mean": Figure("Mean of the picks", "Of the values of the rows picked", "{:,.6g}"),
        "random_mean": Figure("Mean of as many random rows", "Of the values of as many rows, drawn by seed", "{:,.6g}"),
        "least": Figure("Least value picked", "Of the rows that have one", "{:,.6g}"),
        "greatest": Figure("Greatest value picked", "Of the rows that have one", "{:,.6g}"),
        "outside": Counted(
            "picks lie outside the band, which had too few rows", "pick lies outside the band, which had too few rows"
        ),
        "missing": Counted("picks have no value", "pick has no value"),
    },
)


def band(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    column: NumberColumn,
    part: Annotated[
        Literal["high", "middle", "low", "any"],
        Help("Which rows of the band: of a score of difficulty, high is hard and low is easy. Any: at random."),
    ] = "middle",
    low: Annotated[float, Bounds(0, 100), Help("Where the band begins, in percent of the rows by value.")] = 0.0,
    high: Annotated[
        float, Bounds(0, 100), Help("Where the band ends: 95 leaves out the highest 5 %, where mistakes gather.")
    ] = 100.0,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} by {column}, {part} values of the band from {low} to {high} % (seed {seed}).

    Rows are ranked by value, equal ones by row number; the band is a part of that ranking. High begins at its upper
    end, low at its lower end, middle in its middle and goes outward, any draws at random. When the band has too few
    rows, those nearest to it follow; rows without a value come last. Raises `EngineError` where the band ends before it
    begins.

    notes: mean of the picks and random_mean, of as many random rows; least and greatest value picked; outside, how many
    picks lie outside the band; missing, how many have no value.
    """
    if low > high:
        raise EngineError(f"The band from {low:g} to {high:g} % ends before it begins. Give the lower number first.")
    values = data.numbers(column, rows)
    ranked = np.lexsort((rows, values, np.isnan(values)))
    known = int((~np.isnan(values)).sum())
    start, end = round(known * low / 100), round(known * high / 100)
    place = np.arange(known)
    inside = (place >= start) & (place < end)
    rng = np.random.default_rng(seed)
    wish = {
        "high": -place,
        "low": place,
        "middle": np.abs(2 * place - (start + end - 1)),
        "any": rng.permutation(known),
    }[part]
    away = np.where(inside, 0, np.where(place < start, start - place, place - end + 1))
    order = np.concatenate([ranked[:known][np.lexsort((place, wish, away))], ranked[known:]])
    picked = order[: int(budget.amount)]
    drawn = rng.permutation(len(rows))[: len(picked)]
    of_band = np.zeros(len(rows), bool)
    of_band[ranked[:known][inside]] = True
    missing = np.isnan(values[picked])
    notes: dict[str, Json] = {
        "mean": _of(np.mean, values[picked]),
        "random_mean": _of(np.mean, values[drawn]),
        "least": _of(np.min, values[picked]),
        "greatest": _of(np.max, values[picked]),
        "outside": int((~of_band[picked] & ~missing).sum()),
        "missing": int(missing.sum()),
    }
    return Picked(rows[picked], notes)


def _of(how: Callable[[np.ndarray], float], values: np.ndarray) -> float | None:
    """A number of the values that are there; None where there is none, or it is no finite number."""
    there = values[np.isfinite(values)]
    return float(how(there)) if len(there) else None
