"""The process of a job: do the work, write down how far it is, stop when asked."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import psutil

from engine.dataset import Dataset, listed_rows, store_keys
from engine.errors import Cancelled, EngineError
from engine.jobs.files import Process, read_order, write_process
from engine.jobs.reporter import Reporter
from engine.registry import Json
from engine.store import Spec, Store


def _allowed(work: Mapping[str, Json]) -> list[Path] | None:
    """The folders that the work may read files from, checked here again: links may have changed since it was asked."""
    given = cast(list[str] | None, work.get("allowed"))
    return None if given is None else [Path(folder) for folder in given]


def _build(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Build specs: {"items": [[key, spec], …], "place": whether new rows may go on the maps that are there}."""
    from engine.building import build, check_paths, cost, plan, together
    from engine.maps import place_on_old_map

    data = Dataset.load(store)
    items = cast(list[tuple[str, Json]], work["items"])
    order = plan({key: Spec.from_json(body) for key, body in items}, {**data.columns, **data.added})
    if (allowed := _allowed(work)) is not None:
        check_paths((made for _, made in order), allowed)
    placing = bool(work.get("place"))
    if all(key in data.added and (placing or "placed" not in data.added[key].notes) for key, _ in order):
        return {"built": [], "nothing": True}
    parts = together(order)
    for number, part in enumerate(parts):
        expected = [sum(cost(data, made).seconds for made in later.values()) for later in parts]
        report.part(number, len(parts), expected)
        key, made = next(iter(part.items()))
        if placing and made.family == "map" and (key in data.added or place_on_old_map(data, key, made, report)):
            data = Dataset.load(store)
            continue
        data = build(data, part, report)
    return {"built": [key for key, _ in order]}


def _prepare(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Build all that the pages use, as `wanted_by_pages` says; a first map is drawn beside it, early.

    {"embedder", "params", "repeatable", "layout"}, each may be left out.
    """
    from engine.building import wanted_by_pages
    from engine.jobs.jobs import start
    from engine.look import word_index
    from engine.maps import remove_first_maps

    asked = {k: cast(Any, work[k]) for k in ("embedder", "params", "repeatable", "layout") if k in work}
    specs = wanted_by_pages(Dataset.load(store), **asked)
    report.first_map = lambda: start(store, {"do": "preview"}, "Draw a first map")
    store_keys(Dataset.load(store))
    items: list[Json] = [[key, made.json()] for key, made in specs.items()]
    built = _build(store, {"items": items, "allowed": work.get("allowed"), "place": True}, report)
    for key, made in specs.items():
        if made.family == "embedding":
            remove_first_maps(Dataset.load(store), key)
    word_index.build(Dataset.load(store), report)
    return built


def _pick(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Run a recipe so that what its selectors pick is kept: {"recipe", "seconds": what was promised}."""
    from engine.building import pick
    from engine.recipe import Recipe

    report.part(0, 1, [float(cast(float, work.get("seconds", 0.0)))])
    report("choosing rows", 0, 1)
    done = pick(Dataset.load(store), Recipe.from_json(cast(dict[str, Json], work["recipe"])), progress=report)
    return {"rows": len(done.rows)}


def _evidence(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Measure the choices of recipes, so that what is found is kept: {"recipes", "asked": what of each}."""
    from engine.building import pick
    from engine.look import kept
    from engine.recipe import Recipe

    wanted = [kept.Asked.read(one) for one in cast(list[Json], work["asked"])]
    data, items = Dataset.load(store), []
    for recipe in cast(list[dict[str, Json]], work["recipes"]):
        done = pick(data, Recipe.from_json(recipe), progress=report)
        items += [(done, kept.place_of(done), one) for one in wanted]
    expected = [kept.seconds(*item) for item in items]
    for number, item in enumerate(items):
        report.part(number, len(items), expected)
        kept.measure(*item, report)
    return {"measured": len(items)}


def _export(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Run a recipe and export: {"recipe", "folder", "options": keyword arguments of `engine.exporting.export`}."""
    from engine.building import pick
    from engine.exporting import export
    from engine.recipe import Recipe

    recipe = Recipe.from_json(cast(dict[str, Json], work["recipe"]))
    report("running the recipe", 0, 1)
    done = pick(Dataset.load(store), recipe, progress=report)
    options = cast(dict[str, Json], work.get("options", {}))
    export(done, str(work["folder"]), progress=report, **options)  # type: ignore[arg-type]
    return {"folder": str(work["folder"]), "rows": len(done.rows)}


def _open(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Open files into the workspace that the job lies in: {"paths", "name", "options"}."""
    from engine.opening import SourceOptions, open_source

    options = SourceOptions.from_json(cast(dict[str, Json], work.get("options", {})))
    paths = cast(list[str], work["paths"])
    name, allowed = str(work.get("name", "")), _allowed(work)
    data = open_source(paths, store.folder, name=name, options=options, allowed=allowed, progress=report)
    return {"dataset": data.name, "rows": data.n}


def _preview(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Draw what is embedded so far: {}."""
    from engine.maps import draw_first_map

    drawn = draw_first_map(Dataset.load(store), report)
    return {"map": drawn.key, "texts": drawn.notes["drawn"]} if drawn else {"nothing": True}


def _fit(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Fit a model on listed rows: {"member", "pools": by what for and name the ref of the rows, "params"}."""
    from engine.models import fit

    report("reading the rows", 0, 1)
    data = Dataset.load(store)
    pools = {
        side: {name: np.flatnonzero(listed_rows(data, ref)) for name, ref in some.items()}
        for side, some in cast(dict[str, dict[str, str]], work["pools"]).items()
    }
    known = fit(data, str(work["member"]), pools, cast(dict[str, Json], work["params"]), progress=report)
    return {"model": known.ref, "name": known.name}


def _distil(store: Store, work: Mapping[str, Json], report: Reporter) -> dict[str, Json]:
    """Learn what ranks high for examples: {"target": their ref, "params": keyword arguments of `distilled`}."""
    from engine.recipe import distilled

    report("reading the rows", 0, 1)
    params = cast(dict[str, Any], work["params"])
    made = distilled(Dataset.load(store), str(work["target"]), **params, progress=report)
    return {"model": made.model.ref, "name": made.model.name}


WORK: Mapping[str, Callable[[Store, Mapping[str, Json], Reporter], dict[str, Json]]] = {
    "build": _build,
    "prepare": _prepare,
    "preview": _preview,
    "fit": _fit,
    "distil": _distil,
    "pick": _pick,
    "evidence": _evidence,
    "export": _export,
    "open": _open,
}


def main(folder: str, id: str) -> int:
    """Do the work of a job. Returns 0 when it is done, 1 when it failed, 130 when it was cancelled."""
    store = Store(folder)
    here = store.jobs_folder / id
    started = psutil.Process().create_time()
    write_process(here, Process(os.getpid(), started))
    report = Reporter(here)
    signal.signal(signal.SIGTERM, report.stop)
    signal.signal(signal.SIGINT, report.stop)
    work = read_order(here).work
    report.write("running")
    try:
        if work.get("do") not in WORK:
            raise EngineError(f"No work is called {work.get('do')!r}. There is: {', '.join(WORK)}.")
        result = WORK[str(work["do"])](store, work, report)
    except Cancelled as stopped:
        report.write("cancelled", error=str(stopped), seconds_left=None)
        return 130
    except EngineError as error:
        sys.stdout.write(f"{error}\n")
        report.write("failed", error=str(error), seconds_left=None)
        return 1
    except BaseException as bug:
        traceback.print_exc()
        report.write("failed", error=f"{type(bug).__name__}: {bug}. The log says more.", seconds_left=None)
        raise
    report.write("done", result=result, seconds_left=0.0)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
