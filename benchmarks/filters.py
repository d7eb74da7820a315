"""How long filters and the funnel take on a million rows: p50 and p95 in milliseconds, in the engine.

Run by hand: `python -m benchmarks.filters [--rows N]`. The corpus is synthetic: five columns of numbers, two of
categories, one date, short texts. "Cold" reads the columns for the first time; "live" is a slider that moves: each run
has another value, so that no stage comes from the cache.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.cache import Cache
from engine.dataset import ColumnType, Dataset, Record, Rows, SourceColumn, write_record
from engine.recipe import STAGE_CACHE_BYTES, Recipe, Step, funnel, run
from engine.store import Store
from engine.text import TextView

NUMBERS = ("characters", "words", "density", "outlier", "score")


def made(folder: Path, n: int, seed: int = 0) -> Dataset:
    """A corpus of n rows."""
    rng = np.random.default_rng(seed)
    columns: dict[str, tuple[ColumnType, pa.Array]] = {k: ("number", pa.array(rng.lognormal(4, 1, n))) for k in NUMBERS}
    columns["language"] = ("text", pa.array(np.array(["en", "de", "fr", "zh", "ar"])[rng.integers(0, 5, n)]))
    columns["package"] = ("text", pa.array(np.char.add("package ", rng.integers(0, 5000, n).astype(str))))
    days = rng.integers(0, 10_000, n) * 86_400_000_000
    columns["released"] = ("date", pa.array(days, pa.timestamp("us")))
    words = np.array([f"word{i}" for i in range(2000)])
    columns["text"] = ("text", pa.array([" ".join(w) for w in words[rng.integers(0, 2000, (n, 8))]]))
    table = pa.table({f"c{i}": values for i, (_, values) in enumerate(columns.values())})
    store = Store(folder / "million")
    store.folder.mkdir()
    with pa.OSFile(str(store.folder / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)
    described = tuple(SourceColumn(k, k, t, f"c{i}") for i, (k, (t, _)) in enumerate(columns.items()))
    segments, view = (Rows("rows.arrow", n),), TextView("column", ("text",))
    write_record(store, Record("million", 1, "million", (), n, {}, segments, described, text_view=view))
    return Dataset.load(store)


def timed(label: str, work: Callable[[int], object], times: int) -> None:
    """Print how long some work takes."""
    start = time.perf_counter()
    work(-1)
    cold = time.perf_counter() - start
    took = []
    for i in range(times):
        start = time.perf_counter()
        work(i)
        took.append(time.perf_counter() - start)
    p50, p95 = np.percentile(took, [50, 95]) * 1000
    print(f"{label:<58} cold {cold * 1000:8.1f} ms   live p50 {p50:7.1f}   p95 {p95:7.1f}   ({times} runs)")


def main() -> None:
    """Print one line for each filter, and for a recipe of five with its funnel."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--times", type=int, default=40)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = made(Path(folder), given.rows)
        print(f"{data.n:,} rows, {datetime.now(UTC):%Y-%m-%d}")

        def alone(step: Callable[[int], Step]) -> Callable[[int], object]:
            return lambda i: run(data, Recipe(steps=(step(i),)))

        def five(i: int) -> Recipe:
            return Recipe(
                steps=(
                    Step("number_range", {"column": "characters", "low": 20.0, "high": 400.0}),
                    Step("values", {"column": "language", "values": ["en", "de"]}),
                    Step("number_range", {"column": "density", "low": 10.0 + i}),
                    Step("date_range", {"column": "released", "first": "1975"}),
                    Step("number_range", {"column": "outlier", "high": 300.0}),
                )
            )

        cache = Cache(STAGE_CACHE_BYTES)
        number = alone(lambda i: Step("number_range", {"column": "score", "low": 10.0 + i}))
        value = alone(lambda i: Step("values", {"column": "package", "values": [f"package {i}", "package 7"]}))
        date = alone(lambda i: Step("date_range", {"column": "released", "first": f"{1975 + i % 20}"}))
        timed("number_range", number, given.times)
        timed("values, 5,000 categories", value, given.times)
        timed("date_range", date, given.times)
        timed(
            "five filters and the funnel, the third one moving",
            lambda i: funnel(run(data, five(i), cache)),
            given.times,
        )
        timed("five filters and the funnel, nothing cached", lambda i: funnel(run(data, five(i))), given.times)
        few = max(given.times // 8, 3)
        timed("text contains", alone(lambda i: Step("text", {"find": f"word{i + 5}", "how": "contains"})), few)
        timed("regex", alone(lambda i: Step("regex", {"pattern": f"word{i + 5}\\b.*word1"})), few)
        timed("text has the words", alone(lambda i: Step("text", {"find": f"word{i + 5}"})), few)
        timed("sql", alone(lambda i: Step("sql", {"where": f"score > {i + 10} AND language = 'en'"})), few)


if __name__ == "__main__":
    main()
