"""Histograms beside a map of many rows: python -m benchmarks.histograms 1000000.

Four columns of made-up rows: numbers, counts that reach far, dates, and 40 kinds. Milliseconds for the first look at
them, for the counts of a redraw (nothing chosen, two columns chosen), and for another stretch while one drags.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from engine.look import histograms
from engine.look.selection import Selection
from engine.opening import SourceOptions

SHOWN = ["number", "count", "day", "kind"]
RUNS = 7


def timed(make: Callable[[int], object]) -> float:
    """The median of some runs, in milliseconds; each gets its number."""
    times = []
    for run in range(RUNS):
        start = time.perf_counter()
        make(run)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000


def main() -> None:
    n, rng = int(sys.argv[1]), np.random.default_rng(0)
    table = {
        "number": rng.normal(size=n),
        "count": rng.lognormal(4, 2, n).astype(np.int64),
        "day": np.datetime64("2015-01-01") + rng.integers(0, 3000, n).astype("timedelta64[D]"),
        "kind": np.array([f"kind {k}" for k in range(40)])[rng.integers(0, 40, n)],
        "text": np.char.add("text ", np.arange(n).astype(str)),
    }
    with tempfile.TemporaryDirectory() as place:
        pq.write_table(pa.table(table), Path(place) / "rows.parquet")
        options = SourceOptions(text="text", categories=("kind",))
        data = engine.open([Path(place) / "rows.parquet"], Path(place), name="rows", options=options)
        left = rng.random(n) < 0.9
        start = time.perf_counter()
        histograms.counts(data, SHOWN, Selection())
        print(f"{n:,} rows: first look {1000 * (time.perf_counter() - start):.0f} ms")
        print(f"redraw, nothing chosen: {timed(lambda run: histograms.counts(data, SHOWN, Selection(), left)):.0f} ms")
        now = histograms.brushed(data, histograms.brushed(data, Selection(), "number", [5, 20]), "kind", [1, 2])
        histograms.counts(data, SHOWN, now, left)
        print(f"redraw, two chosen: {timed(lambda run: histograms.counts(data, SHOWN, now, left)):.0f} ms")

        def drag(run: int) -> None:
            histograms.counts(data, SHOWN, histograms.brushed(data, now, "count", [run, run + 4]), left)

        print(f"another stretch: {timed(drag):.0f} ms")


if __name__ == "__main__":
    main()
