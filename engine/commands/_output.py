"""The flags that say what an export holds; the same for `run` and `export`."""

import argparse
from collections.abc import Sequence
from typing import cast

from engine.commands._flags import add_params, given, typed
from engine.commands.answer import Answer
from engine.exporting import EXPORTERS, Manifest
from engine.registry import Json
from engine.store import plain


def add_output(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Where to and as what; parameters of the format that was chosen."""
    parser.add_argument("--out", required=True, metavar="FOLDER", help="the folder to write; it must not be there yet")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an export that is there and untouched, in one step"
    )
    parser.add_argument("--sign", metavar="KEY", help="sign the manifest with this private SSH key of yours")
    parser.add_argument("--format", choices=list(EXPORTERS), help="default: as the recipe says, else parquet")
    parser.add_argument("--columns", nargs="+", metavar="COLUMN", help="only these columns, in this order")
    parser.add_argument("--embedding", metavar="KEY", help="with the vectors of this embedding")
    parser.add_argument("--vector-type", choices=("float32", "int16"), help="int16: on the grid, times 1/2048")
    parser.add_argument("--signals", nargs="+", metavar="KEY", help="with these signals or topics as columns")
    parser.add_argument("--marks", action=argparse.BooleanOptionalAction, help="with tags, notes, keep and drop")
    parser.add_argument("--rank", action=argparse.BooleanOptionalAction, help="with the place in pick order")
    parser.add_argument(
        "--turns", nargs="+", metavar="PART=COLUMN", type=_turn,
        help="of a chat: the column with what each part says, such as user=text assistant=label",
    )  # fmt: skip
    name = typed(words, "--format")
    if name in EXPORTERS:
        add_params(parser, EXPORTERS[name])


def _turn(text: str) -> tuple[str, str]:
    part, equals, column = text.partition("=")
    if not (part and equals and column):
        raise argparse.ArgumentTypeError(f"{text!r} is not PART=COLUMN, such as user=text")
    return part, column


def output_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed, as it would stand under `output` in a recipe."""
    names = ("format", "columns", "embedding", "vector_type", "signals", "marks", "rank")
    said: dict[str, Json] = {n: v for n in names if (v := getattr(args, n)) is not None}
    if args.turns:
        said["turns"] = dict(args.turns)
    params = given(args, EXPORTERS[args.format]) if args.format else {}
    return {**said, **({"params": cast(Json, params)} if params else {})}


def exported(manifest: Manifest, out: str) -> Answer:
    """What was written."""
    rows = manifest.rows
    lines = [
        f"{rows.written:,} of {rows.total:,} rows in {out} ({manifest.data_file}).",
        *(f"{count:,} rows were not written: {reason}." for reason, count in rows.unfit.items()),
        *(f"Not as it came: {change}." for change in manifest.changes),
        f"Row digest {rows.digest} (which rows in which order, in any format)",
        f"File digest {manifest.file_digest} (each byte of {manifest.data_file})",
        f"Check it any time: winnow verify {out}",
    ]
    value: dict[str, Json] = {
        "folder": out,
        "rows": plain(rows),
        "file_digest": manifest.file_digest,
        "changes": plain(manifest.changes),
        "files": plain(manifest.files),
    }
    return Answer(value, "\n".join(lines))
