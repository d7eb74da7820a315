"""winnow rename: another name for a dataset."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import store
from engine.commands.answer import Answer
from engine.jobs import rename
from engine.progress import Progress

EXAMPLE = "winnow rename tickets tickets-2026"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset and its new name."""
    parser.add_argument("dataset", metavar="DATASET", help="its name now")
    parser.add_argument("name", metavar="NAME", help="what to call it")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Rename, and say so."""
    renamed = rename(store(args), args.name)
    return Answer({"dataset": renamed.folder.name}, f"{args.dataset} is now called {renamed.folder.name}.")
