"""winnow demo: a corpus from what is on this machine, and the app on it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.building import wanted_by_pages
from engine.commands._flags import workspace_of
from engine.commands.answer import Answer
from engine.commands.app_ import add_app, serve
from engine.dataset import Dataset
from engine.jobs import start
from engine.opening import SourceOptions, demo_corpus, open_source
from engine.progress import Progress
from engine.store import Store, datasets

EXAMPLE = "winnow demo --rows 5000"

NAME = "demo"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """How large, and the flags of the app."""
    parser.add_argument("--rows", type=int, default=20_000, metavar="N", help="at most so many (default: 20000)")
    parser.add_argument("--no-app", action="store_true", help="make the corpus and start the work, open no app")
    add_app(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Make the corpus, open it, start what the pages need in the background, show the Overview."""
    data = _demo(workspace_of(args), args.rows, progress)
    missing = [key for key in wanted_by_pages(data) if key not in data.added]
    job = start(data.store, {"do": "prepare"}, "Prepare the demo: vectors, map, topics") if missing else ""
    if not args.no_app:
        return serve(args, "overview", data.name, progress)
    follow = f" Follow it with `winnow jobs {data.name} --follow {job}`." if job else ""
    text = f"{data.name}: {data.n:,} docstrings of the packages on this machine. The map is being made.{follow}"
    return Answer({"dataset": data.name, "rows": data.n, "job": job}, text)


def _demo(workspace: Path, rows: int, progress: Progress) -> Dataset:
    there = next((s for s in datasets(workspace) if s.folder.name == NAME), None)
    if there is not None:
        return Dataset.load(Store(there.folder))
    file = workspace / "demo.parquet"
    workspace.mkdir(parents=True, exist_ok=True)
    demo_corpus(file, limit=rows, progress=lambda d, t: progress("Reading the documentation on this machine", d, t))
    return open_source([file], workspace, name=NAME, options=SourceOptions(text="text"), progress=progress)
