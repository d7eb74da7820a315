"""winnow search: rows by words, by meaning, by a pattern, or like other rows."""

import argparse
from collections.abc import Sequence

import numpy as np

from engine.commands._flags import add_dataset, dataset, plain_line, table
from engine.commands.answer import Answer
from engine.dataset import Dataset, called
from engine.errors import EngineError, unknown
from engine.look import search
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = 'winnow search tickets --words "refund -card"'
_LETTERS = 90


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, what is looked for, and how many rows are shown."""
    add_dataset(parser)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--words", metavar="TEXT", help='words, "a phrase", -without; texts and names of rows')
    asked.add_argument("--meaning", metavar="TEXT", help="what it is about, by the model of the embedding")
    asked.add_argument("--regex", metavar="PATTERN", help="a regular expression (RE2)")
    asked.add_argument("--like", nargs="+", metavar="KEY", help="rows like these; by their ids, or keys")
    parser.add_argument("--unlike", nargs="+", metavar="KEY", default=[], help="with --like: and less like these")
    parser.add_argument("--embedding", metavar="KEY", help="that meaning and likeness are measured on (the newest)")
    parser.add_argument("--least", type=float, metavar="X", help="only rows with at least this similarity")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="rows shown (default: 20)")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Search, and show the best rows."""
    if args.limit < 1:
        raise EngineError(f"--limit {args.limit} shows nothing. Give 1 or more.")
    data = dataset(args)
    hits = _hits(data, args)
    if args.least is not None:
        if hits.unit != "similarity":
            raise EngineError("--least is for a similarity. Use it with --meaning or --like.")
        hits = hits.above(args.least)
    shown = hits.rows[: args.limit]
    names, texts = called(data, shown), data.texts(shown)
    found: list[Json] = [
        {"row": int(row), "key": key, "name": name, "score": round(float(score), 4), "text": text}
        for row, key, name, score, text in zip(shown, data.keys(shown), names, hits.score, texts, strict=False)
    ]
    value: dict[str, Json] = {
        "dataset": data.name, "found": len(hits), "of": data.n, "seconds": round(hits.seconds, 4), "unit": hits.unit,
        "said": hits.said, "did_you_mean": hits.instead, "rows": found,
    }  # fmt: skip
    return Answer(value, "\n".join(_lines(hits, shown, names, texts)))


def _hits(data: Dataset, args: argparse.Namespace) -> search.Hits:
    if args.unlike and not args.like:
        raise EngineError("--unlike goes with --like: name a row to be like.")
    if args.words is not None:
        return search.words(data, args.words)
    if args.regex is not None:
        return search.regex(data, args.regex)
    known = data.keys_of("embedding")
    if not known:
        raise EngineError(f"Search by meaning needs an embedding. Make one: winnow embed {data.name}.")
    embedding = args.embedding or known[-1]
    if embedding not in known:
        raise unknown("embedding", embedding, known)
    if args.meaning is not None:
        return search.meaning(data, args.meaning, embedding)
    return search.like(data, _rows(data, args.like), _rows(data, args.unlike), embedding)


def _rows(data: Dataset, keys: Sequence[str]) -> np.ndarray:
    rows = data.rows_of(keys)
    if (rows < 0).any():
        raise EngineError(f"No row has the key {keys[int(np.argmax(rows < 0))]!r}. Ids and keys stand in `--json`.")
    return rows


def _lines(hits: search.Hits, shown: np.ndarray, names: Sequence[str], texts: Sequence[str]) -> list[str]:
    head = f"{len(hits):,} {'row' if len(hits) == 1 else 'rows'} {hits.label}, in {hits.seconds * 1000:,.0f} ms."
    lines = [plain_line(head), *([hits.said] if hits.said else [])]
    if hits.instead:
        lines.append(f"Did you mean: {hits.instead}")
    if len(shown):
        starts = [plain_line(text[: 2 * _LETTERS])[:_LETTERS] for text in texts]
        columns = [[plain_line(name) for name in names], starts]
        titles = ["row", "text"]
        if hits.unit == "similarity":
            columns.insert(0, [f"{score:.2f}" for score in hits.score[: len(shown)]])
            titles.insert(0, "similarity")
        lines += ["", table(titles, list(zip(*columns, strict=True)))]
    return lines
