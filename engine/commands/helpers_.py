"""winnow helpers: rows of other datasets like a few examples, as a file that opens as a dataset of its own."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import add_dataset, dataset, plain_line, readable, table, workspace_of
from engine.commands._pools import SAID, add_text, pool_of
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.look import Elsewhere, elsewhere
from engine.progress import Progress
from engine.recipe import examples_ref
from engine.store import datasets, write_bytes

EXAMPLE = "winnow helpers tickets --for topic=login --in chats mails --out helpers.parquet"
SHOWN = 10
"""Rows on the terminal."""


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the examples, where to look, and what to write."""
    add_dataset(parser)
    parser.add_argument("--for", dest="wanted", metavar="EXAMPLES", required=True, help=SAID)
    add_text(parser)
    parser.add_argument(
        "--in", dest="others", metavar="DATASET", nargs="+", help="where to look (default: all other datasets)"
    )
    parser.add_argument("--embedding", metavar="KEY", help="whose model compares (default: the newest)")
    parser.add_argument("--most", type=int, default=200, metavar="N", help="so many rows (default: 200)")
    parser.add_argument(
        "--by", choices=("mean", "nearest"), default="mean",
        help="order by the mean similarity to the examples, or by the nearest one (default: mean)",
    )  # fmt: skip
    parser.add_argument(
        "--copies", action="store_true", help="also rows that are an example, or 0.95 alike: those may be leaks"
    )
    parser.add_argument("--out", metavar="FILE", help="write the rows: .parquet, or .jsonl for lines of JSON")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Look through the other datasets."""
    data = dataset(args)
    kind = (args.out or "").rpartition(".")[2].lower()
    if args.out and kind not in ("parquet", "jsonl"):
        raise EngineError(f"{args.out} is neither .parquet nor .jsonl. Give --out such a name.")
    if args.most < 1:
        raise EngineError(f"--most is {args.most}. Give 1 or more.")
    embedding = args.embedding or next(reversed(data.keys_of("embedding")), "")
    if not embedding:
        raise EngineError(f"{data.name} has no vectors to compare by. Make them: winnow embed {data.name}.")
    pool = pool_of(data, args.wanted, args.set_text, progress)
    rows = pool.rows[pool.rows >= 0]
    texts = [] if len(rows) else pool.texts
    ref = examples_ref(data, pool.name, {pool.name: texts}, rows={pool.name: rows}, embedding=embedding)
    found = elsewhere(data, ref, _others(args, data), most=args.most, by=args.by, copies=args.copies, progress=progress)
    if args.out:
        write_bytes(readable(args.out), found.written("parquet" if kind == "parquet" else "jsonl"))
    return Answer({"dataset": data.name, **found.json()}, "\n".join([*_said(found), *_written(args, found)]))


def _others(args: argparse.Namespace, data: Dataset) -> list[Dataset]:
    there = {s.folder.name: s for s in datasets(workspace_of(args)) if s.folder != data.store.folder}
    for name in args.others or ():
        if name not in there:
            raise unknown("other dataset", name, there)
    return [Dataset.load(there[name]) for name in dict.fromkeys(args.others or there)]


def _said(found: Elsewhere) -> list[str]:
    lines = [f"{len(found.found):,} rows like {found.examples:,} of {plain_line(found.name)}."]
    for one in found.searched:
        done = f"{one.texts:,} texts, by {one.embedding}" if one.embedding else f"not looked through. {one.why_not}"
        lines.append(f"  {one.dataset}: {done}")
    if found.copies:
        lines.append(f"Copies of an example (0.95 alike or more, perhaps leaks; see --copies): {len(found.copies):,}.")
    shown = [[f"{one.similarity:.3f}", one.dataset, _cut(one.text), _cut(one.example)] for one in found.found[:SHOWN]]
    return [*lines, table(["alike", "dataset", "text", "like"], shown)] if shown else lines


def _written(args: argparse.Namespace, found: Elsewhere) -> list[str]:
    more = [f"… and {len(found.found) - SHOWN:,} more."] if len(found.found) > SHOWN else []
    return [*more, f"Written: {args.out}. Open it with: winnow open {args.out} --text text"] if args.out else more


def _cut(text: str) -> str:
    line = plain_line(text)
    return line if len(line) <= 50 else line[:49] + "…"
