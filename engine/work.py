"""The process of a job: do the work, write down how far it is, stop when asked."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import cast

import psutil

from engine.dataset import Dataset
from engine.errors import Cancelled, EngineError
from engine.progress import TimeLeft
from engine.registry import Json
from engine.store import Store, read_json, write_json

FIRST_TEXTS = 2000
"""A first map is drawn once so many texts are embedded: enough to see a shape, soon enough not to wait."""

EVERY = 0.5
"""Seconds between two writes of the state while nothing but numbers change."""


class Reporter:
    """Progress that is written to the job's state; raises `Cancelled` once the process was asked to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stopped = False
        self.item, self.items = 0, 1
        self.expected: list[float] = []
        self.first_map: Callable[[], object] | None = None
        self._left = TimeLeft()
        self._stage, self._at = "", 0.0
        self._part_since = self._stage_since = time.monotonic()
        self._started = datetime.now(UTC).isoformat()
        self._last: dict[str, Json] = {}

    def stop(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signal to stop."""
        self.stopped = True

    def part(self, item: int, items: int, expected: list[float]) -> None:
        """Which part of the work begins, of how many; expected: seconds of each part, for the time left."""
        self.item, self.items, self.expected = item, items, expected
        self._part_since = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.stopped:
            raise Cancelled("Stopped. What was finished is kept; resume goes on from there.")
        if self.first_map and stage == "embedding" and done >= FIRST_TEXTS and total > 2 * FIRST_TEXTS:
            draw, self.first_map = self.first_map, None
            draw()
        seconds = self._left(stage, done, total)
        now = time.monotonic()
        fresh = stage != self._stage
        if fresh:
            self._stage_since = now
            sys.stdout.write(f"{datetime.now():%H:%M:%S}  {stage}  {done:,} of {total:,}\n")
        if fresh or now - self._at >= EVERY:
            self._stage, self._at = stage, now
            expected = self.expected[self.item] if self.item < len(self.expected) else 0.0
            here = left_in_part(seconds, now - self._stage_since, now - self._part_since, expected)
            whole = None if here is None else here + sum(self.expected[self.item + 1 :])
            self.write("running", {"stage": stage, "done": done, "total": total, "seconds_left": whole})

    def write(self, status: str, more: Mapping[str, Json]) -> None:
        self._last |= {
            "format": 1,
            "status": status,
            "item": self.item,
            "items": self.items,
            "started": self._started,
            "updated": datetime.now(UTC).isoformat(),
            **more,
        }
        write_json(self.folder / "state.json", self._last)


def left_in_part(seconds: float | None, in_stage: float, in_part: float, expected: float) -> float | None:
    """Seconds left in a part of the work: by the rate of its stage, once that stage is a good share of the part.

    A short stage at the start (reading, loading) says nothing about the long one behind it: until then, what was
    expected of the whole part counts. None while nothing is known.
    """
    if seconds is not None and in_stage + seconds >= expected / 5:
        return seconds
    rest = max(expected - in_part, seconds or 0.0)
    return rest if expected else seconds


def _build(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Build specs: {"items": [[key, spec], …]}."""
    from engine import build
    from engine.cost import cost
    from engine.specs import plan

    data = Dataset.load(store)
    items = cast(list[tuple[str, dict[str, Json]]], work["items"])
    order = plan(dict(items), {**data.columns, **data.added})
    for number, (key, made) in enumerate(order):
        expected = [cost(data, later).seconds for _, later in order]
        report.part(number, len(order), expected)
        data = build.build(data, {key: made}, report)
    return {"built": [key for key, _ in order]}


def _prepare(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Build all that the pages use: {"embedder", "params", "repeatable"}; a first map is drawn beside it, early."""
    from engine import textindex
    from engine.jobs import start
    from engine.prepare import away, wanted

    specs = wanted(
        str(work.get("embedder", "sentence")),
        cast(dict[str, Json], work.get("params", {})),
        repeatable=bool(work.get("repeatable", True)),
    )
    report.first_map = lambda: start(store, {"do": "preview"}, "Draw a first map")
    built = _build(store, {"items": [[key, made] for key, made in specs.items()]}, report)
    for key, made in specs.items():
        if made["family"] == "embedding":
            away(Dataset.load(store), key)
    textindex.build(Dataset.load(store), report)
    return built


def _export(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Run a recipe and export: {"recipe", "folder", "options": keyword arguments of `engine.export.export`}."""
    from engine.export import export
    from engine.recipe import Recipe
    from engine.replay import run

    recipe = Recipe.from_json(cast(dict[str, Json], work["recipe"]))
    report("running the recipe", 0, 1)
    done = run(Dataset.load(store), recipe)
    options = cast(dict[str, Json], work.get("options", {}))
    export(done, str(work["folder"]), progress=report, **options)  # type: ignore[arg-type]
    return {"folder": str(work["folder"]), "rows": len(done.rows)}


def _open(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Open files into the workspace that the job lies in: {"paths", "name", "options"}."""
    from engine.opening import open_source
    from engine.options import SourceOptions

    options = SourceOptions.from_json(cast(dict[str, Json], work.get("options", {})))
    paths = cast(list[str], work["paths"])
    data = open_source(paths, store.folder, name=str(work.get("name", "")), options=options, progress=report)
    return {"dataset": data.name, "rows": data.n}


def _preview(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Draw what is embedded so far: {}."""
    from engine.prepare import preview

    drawn = preview(Dataset.load(store), report)
    return {"map": drawn.key, "texts": drawn.notes["drawn"]}


WORK: Mapping[str, Callable[[Store, Mapping[str, Json], Reporter], dict[str, Json]]] = {
    "build": _build,
    "prepare": _prepare,
    "preview": _preview,
    "export": _export,
    "open": _open,
}


def main(folder: str, id: str) -> int:
    """Do the work of a job. Returns 0 when it is done, 1 when it failed, 130 when it was cancelled."""
    store = Store(folder)
    here = store.jobs_folder / id
    started = psutil.Process().create_time()
    write_json(here / "process.json", {"format": 1, "pid": os.getpid(), "process_started": started})
    report = Reporter(here)
    signal.signal(signal.SIGTERM, report.stop)
    signal.signal(signal.SIGINT, report.stop)
    work = cast(dict[str, Json], read_json(here / "work.json", "job")["work"])
    report.write("running", {"stage": "starting", "done": 0, "total": 0})
    try:
        if work.get("do") not in WORK:
            raise EngineError(f"No work is called {work.get('do')!r}. There is: {', '.join(WORK)}.")
        result = WORK[str(work["do"])](store, work, report)
    except Cancelled as stopped:
        report.write("cancelled", {"error": str(stopped), "seconds_left": None})
        return 130
    except EngineError as error:
        sys.stdout.write(f"{error}\n")
        report.write("failed", {"error": str(error), "seconds_left": None})
        return 1
    except BaseException as bug:
        traceback.print_exc()
        report.write("failed", {"error": f"{type(bug).__name__}: {bug}. The log says more.", "seconds_left": None})
        raise
    report.write("done", {"result": result, "seconds_left": 0.0})
    return 0
