"""winnow info: datasets and the room that they take."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import add_dataset, store, table, workspace_of
from engine.commands.answer import Answer
from engine.dataset import Info, bytes_words, info, infos
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = "winnow info tickets"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """One dataset, or all."""
    add_dataset(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """One dataset in full, or a line for each."""
    if args.dataset:
        found = info(store(args))
        return Answer(found.json(), _full(found))
    every = infos(workspace_of(args))
    rows = [
        [i.name, f"{i.rows:,}", len(i.columns), ", ".join(i.added.get("embedding", ())), bytes_words(i.bytes)]
        for i in every
    ]
    text = table(["dataset", "rows", "columns", "embeddings", "on disk"], rows, right={1: True, 2: True, 4: True})
    where = workspace_of(args)
    value: dict[str, Json] = {
        "workspace": str(where),
        "datasets": [i.json() for i in every],
        "bytes": sum(i.bytes for i in every),
    }
    return Answer(value, text if every else f"There is no dataset in {where} yet. Open one with `winnow open FILE`.")


def _full(found: Info) -> str:
    lines = [
        f"{found.name}: {found.rows:,} rows, revision {found.revision}, {found.rejected:,} rows could not be read.",
        f"The text is {found.text}.",
        f"Columns: {', '.join(f'{k} ({t})' for k, t in found.columns.items())}.",
        *(f"{family}: {', '.join(keys)}" for family, keys in found.added.items()),
        "",
        table(["kind", "on disk"], [[k, bytes_words(v)] for k, v in found.disk.items()], right={1: True}),
        f"Together {bytes_words(found.bytes)}.",
    ]
    return "\n".join(lines)
