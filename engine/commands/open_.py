"""winnow open: files become a dataset."""

import argparse
from collections.abc import Sequence
from typing import cast

from engine.commands._flags import readable, workspace_of
from engine.commands.answer import Answer
from engine.dataset import bytes_words
from engine.errors import EngineError
from engine.opening import ROLES, SourceOptions, open_source, preview
from engine.progress import Progress
from engine.progress import words as time_words
from engine.registry import Json

EXAMPLE = "winnow open tickets.csv --text body --id ticket"

_BYTES_A_SECOND = 40e6


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Files, and how to read them."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders or patterns; also .gz and .zst")
    parser.add_argument("--name", default="", help="what to call the dataset (default: as the first file)")
    parser.add_argument("--text", default="", metavar="COLUMN", help="the column that counts as the text")
    parser.add_argument("--template", default="", help="several columns as the text, such as '{title}: {body}'")
    parser.add_argument("--chat", default="", metavar="COLUMN", help="the column that holds chats")
    parser.add_argument("--id", default="", metavar="COLUMN", help="the column that names rows")
    parser.add_argument(
        "--role", action="append", default=[], metavar="ROLE=COLUMN", help=f"what a column is: {', '.join(ROLES)}"
    )
    parser.add_argument("--guess", action="store_true", help="take id, label, date and language as the page Open would")
    parser.add_argument("--sample", type=int, metavar="N", help="open so many rows only, chosen at random")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the sample (default: 0)")
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be read")
    parser.add_argument("--format", default="", help="csv, jsonl, json, parquet …; found by itself")
    parser.add_argument("--encoding", default="", help="such as cp1252; found by itself")
    parser.add_argument("--delimiter", default="", help="between the cells of delimited text; found by itself")
    parser.add_argument("--no-header", action="store_true", help="the first line of delimited text is a row")
    parser.add_argument(
        "--largest-row",
        type=int,
        default=64,
        metavar="MB",
        help="longer lines, cells and texts are set aside (default: 64)",
    )


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Open, and say what came of it."""
    paths = [readable(p) for p in args.files]
    options = preview(paths, options=options_of(args)).as_shown if args.guess else options_of(args)
    data = open_source(paths, workspace_of(args), name=args.name, options=options, progress=progress)
    rejected = data.record.rejected
    roles = ", ".join(f"{c.key} is the {c.role}" for c in data.columns.values() if c.role and c.role != "source")
    lines = [
        f"{data.name}: {data.n:,} rows, {len(data.columns)} columns. The text is {data.text_view.words()}.",
        *([f"{roles}."] if roles else []),
        *([f"{rejected:,} rows could not be read: see {data.store.folder / 'rejected.parquet'}"] if rejected else []),
        f"Next: winnow overview {data.name}, or winnow map {data.name}",
    ]
    value: dict[str, Json] = {
        "dataset": data.name,
        "rows": data.n,
        "columns": {c.key: c.type for c in data.columns.values()},
        "text": data.text_view.json(),
        "rejected": rejected,
        "revision": data.revision,
    }
    return Answer(value, "\n".join(lines))


def plan(args: argparse.Namespace) -> Answer:
    """What opening would give and take."""
    seen = preview([readable(p) for p in args.files], options=options_of(args))
    size = sum(cast(int, f["bytes"]) for f in seen.files)
    seconds = size / _BYTES_A_SECOND
    value: dict[str, Json] = {
        "files": cast(Json, seen.files),
        "columns": dict(seen.types),
        "text": seen.view.json(),
        "guesses": {guess.role: {"column": guess.column, "why": guess.why} for guess in seen.guesses},
        "without_text": [*seen.without_text],
        "bytes": size,
        "disk": seen.disk,
        "seconds": round(seconds, 1),
    }
    columns = ", ".join(f"{k} ({t})" for k, t in seen.types.items())
    lines = [
        f"{len(seen.files)} files, {bytes_words(size)}. Columns: {columns}.",
        f"The text would be {seen.view.words()}. About {time_words(seconds)}, {bytes_words(seen.disk)} of disk.",
        *(f"{guess.column} seems to be the {guess.role}: {guess.why}." for guess in seen.guesses),
        *(
            f"{said}. Say what it is with --text, --chat or --template, or open it by itself."
            for said in seen.without_text
        ),
    ]
    return Answer(value, "\n".join(lines))


def options_of(args: argparse.Namespace) -> SourceOptions:
    """The flags as options of a source."""
    roles = {}
    for pair in args.role:
        role, is_one, column = pair.partition("=")
        if not is_one:
            raise EngineError(f"{pair!r} is not a role. Write ROLE=COLUMN, such as label=section.")
        roles[role] = column
    return SourceOptions(
        format=args.format, encoding=args.encoding, delimiter=args.delimiter, header=not args.no_header,
        largest_row=args.largest_row, text=args.text, template=args.template, chat=args.chat, id=args.id,
        roles=roles, sample=args.sample, seed=args.seed, strict=args.strict,
    ).checked()  # fmt: skip
