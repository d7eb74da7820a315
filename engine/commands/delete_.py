"""winnow delete: put a dataset aside, with a way back until the workspace is cleaned."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import store, workspace_of
from engine.commands.answer import Answer
from engine.dataset import bytes_words, info
from engine.jobs import delete, deleted_one, restore
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = "winnow delete tickets --yes"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, and whether to delete it or to bring it back."""
    parser.add_argument("dataset", metavar="DATASET", help="its name")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--yes", action="store_true", help="delete it; without it only what would go is said")
    one.add_argument("--undo", action="store_true", help="bring back the one of this name that was deleted last")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Say what would go, delete, or bring back."""
    workspace = workspace_of(args)
    if args.undo:
        back = restore(workspace, deleted_one(workspace, args.dataset))
        return Answer({"dataset": back.folder.name}, f"{back.folder.name} is back.")
    found = info(store(args))
    value: dict[str, Json] = {"dataset": found.name, "rows": found.rows, "bytes": found.bytes, "deleted": args.yes}
    what = (
        f"{found.name}: {found.rows:,} rows, {bytes_words(found.bytes)}, with its marks, drafts, saved recipes and all "
        "that was made for it. Source files and exports stay."
    )
    if not args.yes:
        return Answer(value, f"{what}\nDelete it with --yes.")
    delete(store(args))
    way_back = f"Bring it back with `winnow delete {found.name} --undo`; `winnow clean --yes` deletes it for good."
    return Answer(value, f"Deleted {what}\n{way_back}")
