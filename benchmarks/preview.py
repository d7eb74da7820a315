"""How long the preview of a choice takes, of each selector that needs no examples, and of the page that shows it.

    OMP_NUM_THREADS=1 python -m benchmarks.preview --rows 100000 --workspace /tmp/previews

Vectors clump around random middles, each with a random quality and a kind; the budget is a tenth of the rows. First
one preview of each selector, the graph and the map being there, with what the choice itself is promised to take. Then
the slider of `spread_quality` and of `mmr` is moved ten times: the preview alone, and the whole script of the page
Choose, without the browser. The workspace is made once; the graph takes most of the time.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks.selection import corpus, vectors
from engine import Dataset, Step, Store
from engine.building import picking_seconds, spec
from engine.look import preview
from engine.recipe import SELECTORS
from engine.registry import Member
from indexes import to_float

NAME, VECTORS = "previewed", "vectors"
MOVES = np.linspace(0.05, 0.95, 10)
NO_KEPT = np.empty(0, np.int64)
MIXES = {"of five": 5, "of fifty": 50}
"""Columns to mix by, and how many values they have."""


def made(folder: Path, rows: int, dimension: int) -> Dataset:
    """The workspace, made where it is not there yet."""
    store = Store(folder / NAME)
    if store.folder.exists():
        return Dataset.load(store)
    folder.mkdir(parents=True, exist_ok=True)
    corpus(folder, rows, dimension)
    grid, quality = vectors(folder), np.load(folder / "quality.npy")
    rng = np.random.default_rng(1)
    words = rng.integers(0, 3000, (rows, 12))
    table = {
        "text": [" ".join(f"w{word}" for word in some) for some in words.tolist()],
        "quality": quality,
        "kind": [f"kind {kind}" for kind in (30 * rng.random(rows) ** 2).astype(int)],
        **{name: [f"{name} {kind}" for kind in rng.integers(0, groups, rows)] for name, groups in MIXES.items()},
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    np.save(folder / "floats.npy", to_float(grid))
    options = engine.opening.SourceOptions(text="text", roles={"label": "kind"})
    data = engine.open(folder / "rows.parquet", folder, name=NAME, options=options)
    wanted = {
        VECTORS: spec("embedding", "given", {"path": str(folder / "floats.npy")}),
        f"graph@{VECTORS}": spec("graph", on=VECTORS),
        f"pca@{VECTORS}": spec("map", "pca", on=VECTORS),
    }
    return engine.build(data, wanted)


def step_of(member: Member, budget: int, **more: float | str) -> Step:
    """A choice by what the made corpus has."""
    things = {"embedding": VECTORS, "number": "quality", "category": "kind"}
    asked = [p for p in member.params if p.kind != "budget" and (p.required or p.name == "column")]
    given = {p.name: things.get(p.of) or things.get(p.kind) for p in asked}
    return Step(member.name, {"budget": budget, **given, **more}).checked()


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def seconds(took: list[float]) -> str:
    return f"median {np.median(took):.2f} s, p95 {np.quantile(took, 0.95):.2f} s"


def page_moved(name: str, knob: str) -> list[float]:
    """Seconds of the page's whole script for each of ten places of the slider."""
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_file(str(Path(__file__).parent.parent / "pages" / "choose.py"), default_timeout=60)
    page.session_state["pick/purpose"], page.session_state["pick/member"] = "best", name
    page.run()
    took = []
    for place in MOVES.tolist():
        page.slider(key=f"pick/{name}/{knob}").set_value(round(place, 2))
        took.append(timed(page.run)[0])
        assert not page.exception and any("Preview on" in one.value for one in page.markdown), "no preview was drawn"
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--workspace", type=Path, required=True)
    given = parser.parse_args()
    os.environ["WINNOW_WORKSPACE"] = str(given.workspace)
    data, budget = made(given.workspace, given.rows, given.dimension), given.rows // 10
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, OMP_NUM_THREADS {threads}")
    print(f"{data.n:,} rows of {given.dimension} dimensions, {budget:,} to pick\n")
    first, _ = timed(lambda: preview(data, step_of(SELECTORS["random"], budget), data.rows(), NO_KEPT))
    print(f"the first preview of a process, which loads libraries and vectors: {first:.2f} s\n")
    print("| selector | sample | preview, first, s | again, 100 more, s | the choice is promised, s |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for member in SELECTORS.values():
        if any(p.of == "examples" for p in member.params):
            continue
        step, other = step_of(member, budget), step_of(member, budget + 100)
        first, found = timed(lambda step=step: preview(data, step, data.rows(), NO_KEPT))  # type: ignore[misc]
        again, _ = timed(lambda step=other: preview(data, step, data.rows(), NO_KEPT))  # type: ignore[misc]
        promised = picking_seconds(data, step, data.rows())
        size = len(found.rows)  # type: ignore[attr-defined]
        print(f"| `{member.name}` | {size:,} | {first:.2f} | {again:.2f} | {promised:,.0f} |", flush=True)
    print()
    for name, knob in (("spread_quality", "slider"), ("mmr", "balance")):
        steps = [step_of(SELECTORS[name], budget, **{knob: place}) for place in MOVES.tolist()]
        took = [timed(lambda step=step: preview(data, step, data.rows(), NO_KEPT))[0] for step in steps]  # type: ignore[misc]
        print(f"{name}, ten places of its slider: {seconds(took)}; the page: {seconds(page_moved(name, knob))}")


if __name__ == "__main__":
    main()
