"""winnow clean: what a workspace could do without."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import add_dataset, store, table, workspace_of
from engine.commands.answer import Answer
from engine.dataset import abandoned, bytes_words, clean, unreferenced
from engine.progress import Progress
from engine.registry import Json
from engine.store import datasets

EXAMPLE = "winnow clean tickets --yes"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """One dataset or all, and whether to delete."""
    add_dataset(parser)
    parser.add_argument("--yes", action="store_true", help="delete what is listed; without it nothing is touched")
    parser.add_argument("--all", action="store_true", help="also unfinished work, and what an undo may need")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """List, and delete when told."""
    stores = [store(args)] if args.dataset else datasets(workspace_of(args))
    found = [(s.folder.name, loose) for s in stores for loose in unreferenced(s) if loose.safe or args.all]
    found += [("", loose) for loose in (abandoned(workspace_of(args)) if not args.dataset else ())]
    rows: list[Json] = [
        {"dataset": d, "what": o.what, "why": o.why, "bytes": o.bytes, "path": str(o.path)} for d, o in found
    ]
    size = sum(o.bytes for _, o in found)
    if args.yes:
        freed = clean(o for _, o in found)
        return Answer(
            {"deleted": rows, "bytes": freed}, f"{len(found)} things deleted, {bytes_words(freed)} free again."
        )
    if not found:
        return Answer({"could_go": [], "bytes": 0}, "Nothing to clean: everything on disk is in use.")
    body = [[d, o.what, o.why, bytes_words(o.bytes)] for d, o in found]
    text = table(["dataset", "what", "why it could go", "on disk"], body, right={3: True})
    return Answer({"could_go": rows, "bytes": size}, f"{text}\n{bytes_words(size)} could go. Delete it with --yes.")
