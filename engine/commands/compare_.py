"""winnow compare: two sets of rows of a dataset side by side."""

import argparse
from collections.abc import Sequence

import numpy as np

from engine.commands._flags import add_dataset, dataset, plain_line, readable
from engine.commands._pools import pool_of
from engine.commands._recipes import recipe_file
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import fitted
from engine.look import covering, loss_audit, pruning_curve, scorecard
from engine.progress import Progress
from engine.recipe import run
from engine.registry import Json
from engine.store import write_bytes

EXAMPLE = "winnow compare tickets --a chosen --b dropped:chosen"
ROWS = (
    "a recipe: the rows that it keeps; dropped:RECIPE; keys:FILE, a key a line; tag:NAME; COLUMN=VALUE; or 'all' rows"
)


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the two sets of rows, and what is looked at."""
    add_dataset(parser)
    parser.add_argument("--a", metavar="ROWS", help=f"{ROWS}; left out with --prune: all rows")
    parser.add_argument("--b", metavar="ROWS", help="the same; left out, every row that is not in A")
    parser.add_argument("--pairs", metavar="KEY", help="what repeats (default: the newest pairs, else equal texts)")
    parser.add_argument("--embedding", metavar="KEY", help="also how well A stands for A and B, beside random choices")
    parser.add_argument(
        "--losses", action="store_true", help="also the groups of A and B together that A loses, with their quotas"
    )
    parser.add_argument("--no-words", action="store_true", help="leave the texts alone: columns and repeats only")
    parser.add_argument(
        "--prune", metavar="COLUMN",
        help="instead: what a probe learns of --label by --embedding from A, as 10, 20, … 90 %% of its rows are "
        "dropped: the highest by this column of numbers, the lowest, and at random",
    )  # fmt: skip
    parser.add_argument("--label", metavar="COLUMN", help="the label for --prune (default: the column of that role)")
    parser.add_argument("--markdown", metavar="FILE", help="write the same as Markdown")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Lay the two sets side by side."""
    data = dataset(args)
    if args.prune:
        return _written(args, *_pruned(data, args, progress))
    if not args.a:
        raise EngineError("Say which rows are A: --a with a recipe, a tag, COLUMN=VALUE or keys:FILE.")
    a = _rows(data, args, args.a, progress)
    b = _rows(data, args, args.b, progress) if args.b else np.setdiff1d(data.rows(), a)
    if not len(a) or not len(b):
        raise EngineError(
            f"{args.a if not len(a) else args.b or 'The rest'} has no row, so there is nothing to compare."
        )
    names = (args.a, args.b or "the rest")
    card = scorecard(data, a, b, names=names, pairs=args.pairs, words=not args.no_words, progress=progress)
    value: dict[str, Json] = {"dataset": data.name, **card.json()}
    text, markdown = card.text(), card.markdown()
    both = np.union1d(a, b)
    if args.embedding:
        stands = covering(
            data, a, both, embedding=args.embedding, words=not args.no_words, progress=progress
        )  # fmt: skip
        value["coverage"] = stands.json()
        text += ["", f"How A stands for all {len(both):,} rows, beside random choices of its size:", *stands.text()]
        markdown += ["", "How A stands for all rows, beside random choices of its size:", "", *stands.markdown()]
    if args.losses:
        masks = [np.isin(data.rows(), rows) for rows in (both, a)]
        lost = loss_audit(data, masks[0], masks[1])
        value["losses"] = lost.json()
        said = f"Groups that A loses ({len(lost.lost):,} of {lost.looked_at:,}):"
        text, markdown = [*text, "", said, *lost.text()], [*markdown, "", said, "", *lost.markdown()]
    return _written(args, value, text, markdown)


def _pruned(
    data: Dataset, args: argparse.Namespace, progress: Progress
) -> tuple[dict[str, Json], list[str], list[str]]:
    """The curve of dropping ever more by a column, as JSON, text and Markdown."""
    label = args.label or next((c.key for c in data.columns.values() if c.role == "label"), "")
    embedding = args.embedding or next(reversed(data.keys_of("embedding")), "")
    if not label or not embedding:
        lacks = "vectors: make them with `winnow embed`" if label else "a column of labels: name it with --label"
        raise EngineError(f"--prune needs {lacks}.")
    rows = _rows(data, args, args.a, progress) if args.a else None
    found = pruning_curve(data, args.prune, label, embedding=embedding, rows=rows, progress=progress)
    return {"dataset": data.name, **found.json()}, found.text(), found.markdown()


def _written(args: argparse.Namespace, value: dict[str, Json], text: list[str], markdown: list[str]) -> Answer:
    """The answer, written down where that was asked for."""
    if args.markdown:
        write_bytes(readable(args.markdown), ("\n".join(markdown) + "\n").encode(errors="replace"))
        text = [*text, f"Written: {args.markdown}"]
    return Answer(value, "\n".join(text))


def _rows(data: Dataset, args: argparse.Namespace, said: str, progress: Progress) -> np.ndarray:
    """The rows that were named, in pick order where a recipe picks."""
    if said.startswith("keys:"):
        path = readable(said.removeprefix("keys:"))
        if not path.is_file():
            raise EngineError(f"There is no file {path}. Give keys:FILE, a file with the key of a row on each line.")
        keys = [line for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines() if line.strip()]
        rows = data.rows_of(list(dict.fromkeys(keys)))
        if (rows < 0).any():
            raise EngineError(
                f"{int((rows < 0).sum()):,} of {len(rows):,} keys in {path} are no rows of {data.name!r}, for instance "
                f"{plain_line(keys[int(np.argmax(data.rows_of(keys) < 0))])!r}. Give the keys of this dataset."
            )
        return rows
    if said == "all" or said.startswith("tag:") or said.partition("=")[0] in data.columns:
        return pool_of(data, said, "", progress).rows
    name = said.removeprefix("dropped:")
    data, recipe = fitted(data, recipe_file(args, name, data), "refuse", progress)
    kept = run(data, recipe).rows
    return kept if name == said else np.setdiff1d(data.rows(), kept)
