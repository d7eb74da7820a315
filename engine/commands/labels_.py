"""winnow labels: which labels are doubtful, how many are wrong, what to label next, and labels out and back."""

import argparse
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from engine.building import key_of, spec
from engine.commands._flags import add_dataset, dataset, plain_line, readable, table
from engine.commands._follow import Specs, add_background, built, planned, steps
from engine.commands._label_answers import agreement, figures, rate_words, taken_back
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    FORMATS,
    KINDS,
    WAYS,
    audit,
    beginning,
    drawn,
    label_columns,
    labelled,
    model_fault,
    next_to_label,
    signs,
    suspects,
    tasks_of,
    write_tasks,
)
from engine.marks import label_sets, settled
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = "winnow labels tickets --column topic --suspects wrong copies --limit 20"
SHOWN = 20
"""Rows on the terminal and in --json, where no limit is given."""


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, its column of labels, and what to do."""
    add_dataset(parser)
    parser.add_argument("--column", metavar="COLUMN", help="of labels (default: the likeliest; without a task, all)")
    task = parser.add_argument_group("tasks, one at a time", "without one, the columns of labels are listed")
    one = task.add_mutually_exclusive_group()
    one.add_argument(
        "--suspects", nargs="*", choices=KINDS, metavar="KIND",
        help=f"rows whose label is doubtful, measured where it is not yet; some kinds of {', '.join(KINDS)}",
    )  # fmt: skip
    one.add_argument("--next", type=int, metavar="N", help="the N rows to label next")
    one.add_argument(
        "--audit", type=int, metavar="N", help="N rows by chance to judge, and the error rate that the answers tell"
    )
    one.add_argument("--agreement", action="store_true", help="how far the people who answered agree")
    one.add_argument("--in", dest="back", metavar="FILE", help="take labels back that another tool exported")
    how = parser.add_argument_group("how")
    how.add_argument("--embedding", metavar="KEY", help="what doubt stands on (default: the newest that has a graph)")
    how.add_argument(
        "--words", action="store_true", help="as where nothing is embedded: by words, or --probabilities, alone"
    )
    how.add_argument(
        "--probabilities", nargs="+", default=[], metavar="COLUMN",
        help="doubt by those of your own model, out of fold: a column for each label, or one of lists",
    )  # fmt: skip
    how.add_argument("--order", nargs="+", default=[], metavar="LABEL", help="of lists: the label of each number")
    how.add_argument("--by", choices=WAYS, default="by count", help="how --next chooses (default: by count)")
    how.add_argument("--by-class", action="store_true", help="--audit draws as many of each label")
    how.add_argument("--seed", type=int, default=0, metavar="N", help="what is drawn by chance (default: 0)")
    how.add_argument("--limit", type=int, metavar="N", help=f"rows at most (default: {SHOWN} shown, all written)")
    how.add_argument("--out", metavar="FILE", help="write the rows as tasks to label")
    how.add_argument("--format", choices=FORMATS, default="csv", help="of --out (default: csv)")
    how.add_argument(
        "--annotator",
        metavar="NAME",
        help="who answered, where the file of --in does not say (default: each a person of their own)",
    )
    how.add_argument("--new", nargs="+", default=[], metavar="LABEL", help="labels that may come in with --in")
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Do the task."""
    if (args.limit or 0) < 0:
        raise EngineError(f"--limit is {args.limit}. Give 0 for the counts alone, or more.")
    if args.new and not args.back:
        raise EngineError("--new names labels that may come in with --in. Say which file comes back: --in FILE.")
    if args.order and not args.probabilities:
        raise EngineError("--order says the labels of --probabilities COLUMN. Give both.")
    if args.probabilities and args.suspects is None:
        raise EngineError("--probabilities are what --suspects doubts by. Give both.")
    data = dataset(args)
    if args.suspects is not None:
        return _suspects(args, data, progress)
    if args.next is not None:
        return _next(args, data)
    if args.audit is not None:
        return _audit(args, data)
    if args.out:
        raise EngineError("--out writes the rows of --suspects, --next or --audit. Say which.")
    if args.agreement:
        return agreement(data, _column(args, data))
    return taken_back(args, data, _column(args, data)) if args.back else _columns(args, data)


def plan(args: argparse.Namespace) -> Answer:
    """What measuring doubt would take; the other tasks measure nothing."""
    data = dataset(args)
    return planned(data, _specs(args, data, _column(args, data)) if args.suspects is not None else {})


def _columns(args: argparse.Namespace, data: Dataset) -> Answer:
    """Every column of labels, or the one that was named."""
    found: list[Json] = []
    there = dict.fromkeys([*label_columns(data), *label_sets(data.store)])
    for key in [_column(args, data)] if args.column else there:
        on, told = labelled(data, key), settled(data, key)
        codes, names = on.came, on.names
        count = np.bincount(codes[codes >= 0], minlength=len(names))
        most = int(count.argmax()) if len(count) else -1
        found.append({
            "column": key, "labels": len(names), "labelled": int(count.sum()), "rows": data.n,
            "most_common": names[most] if most >= 0 else None, "most_common_rows": int(count[most]) if most >= 0 else 0,
            "answered": len(told.rows), "differ": len(told.open), "unsure": len(told.unsure),
        })  # fmt: skip
    if not found:
        raise EngineError("No column holds labels: few values, each in two rows or more. Name one with --column.")
    head = ["column", "labels", "labelled", "most common", "rows", "answered", "people differ"]
    order = ("column", "labels", "labelled", "most_common", "most_common_rows", "answered", "differ")
    body = [[plain_line(str(one[name])) for name in order] for one in cast(list[dict[str, Json]], found)]
    right = {1: True, 2: True, 4: True}
    return Answer({"dataset": data.name, "rows": data.n, "columns": found}, table(head, body, right=right))


def _suspects(args: argparse.Namespace, data: Dataset, progress: Progress) -> Answer:
    column, embedding = _column(args, data), _embedding(args, data)
    specs = _specs(args, data, column)
    if steps(data, specs):
        made = built(args, data, specs, progress)
        if args.background:
            return made
        data = Dataset.load(data.store)
    own = list(specs)[-1] if args.probabilities else ""
    found = suspects(data, column, embedding=embedding, own=own)
    kinds = args.suspects or list(KINDS)
    listed = np.isin(found.kind, [KINDS.index(kind) for kind in kinds])
    counts = {kind: int((found.kind == KINDS.index(kind)).sum()) for kind in KINDS}
    at = np.flatnonzero(listed)
    names = data.codes(column)[1]
    more = {
        "kind": [KINDS[k] for k in found.kind[at].tolist()], "doubt": [round(float(s), 3) for s in found.score[at]],
        "suggested": [names[c] if c >= 0 else None for c in found.suggested[at].tolist()],
    }  # fmt: skip
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    by = " and ".join(filter(None, [embedding, "your probabilities" if own else ""])) or "words"
    many = f"{len(found.rows):,} of {data.n:,} labels of {column}"
    text = f"{many} are doubtful by {by}: {said}. The most doubtful first."
    value: dict[str, Json] = {"by": embedding or ("" if own else "words"), "counts": cast(Json, counts)}
    if own:
        fault = model_fault(signs(data, column, embedding, own=own))
        text += f" {fault}" if fault else ""
        value |= {"probabilities": list(args.probabilities), "model_fault": fault}
    return _rows(args, data, column, found.rows[at], more, text, value)


def _next(args: argparse.Namespace, data: Dataset) -> Answer:
    column, embedding = _column(args, data), args.embedding or next(iter(data.keys_of("embedding")[-1:]), "")
    if not embedding:
        raise EngineError(f"Rows to label next are chosen by meaning. Embed first: winnow embed {data.name}")
    on = labelled(data, column)
    names = on.names
    found = next_to_label(
        data, embedding=embedding, codes=on.now, classes=len(names), budget=args.next, by=args.by, seed=args.seed
    )
    more = {
        "likely": [names[c] if c >= 0 else None for c in found.likely[:, 0].tolist()],
        "closeness": [None if c != c else round(float(c), 3) for c in found.closeness],
    }
    text = (
        f"{len(found.rows):,} rows to label next in {column}, chosen by {found.by} among {found.looked_at:,} of "
        f"{found.candidates:,} texts without a label."
    )
    return _rows(args, data, column, found.rows, more, text, {"by": found.by, "candidates": found.candidates})


def _audit(args: argparse.Namespace, data: Dataset) -> Answer:
    """The rows to judge, and what their answers tell so far."""
    column = _column(args, data)
    _came(data, column)
    if args.audit < 1:
        raise EngineError(f"An audit of {args.audit} rows tells nothing. Give 100 or more.")
    on, told = labelled(data, column), settled(data, column)
    codes, names = on.came, on.names
    rows = drawn(codes, args.audit, by_class=args.by_class, seed=args.seed)
    # Rows answered for another reason were not drawn by chance: the answers count from the first row on.
    judged = rows[: beginning(data, column, rows)]
    judged = judged[np.isin(judged, told.rows)]
    found = audit(codes, judged, on.now[judged] != codes[judged], by_class=args.by_class)
    open_ = rows[~np.isin(rows, np.concatenate([told.rows, told.open, told.unsure]))]
    said = rate_words(found.overall)
    text = f"{len(judged):,} of {len(rows):,} rows drawn by chance are judged: {said} wrong in {column}."
    classes = dict(zip(names, found.of_class, strict=False)) if args.by_class else {}
    if classes:
        each = [[plain_line(name)[:30], n.judged, rate_words(n) if n.judged else ""] for name, n in classes.items()]
        text += "\n" + table(["label", "judged", "wrong"], each)
    if len(open_):
        text += f"\n{len(open_):,} are still to be judged, on the page Review or as tasks (--out)."
    value: dict[str, Json] = {
        "rate": figures(found.overall), "judged": len(judged), "open": len(open_),
        "classes": {name: figures(one) for name, one in classes.items()},
    }  # fmt: skip
    return _rows(args, data, column, open_, {}, text, value)


def _column(args: argparse.Namespace, data: Dataset) -> str:
    """The column that was named, else the likeliest."""
    if args.column:
        if args.column not in label_sets(data.store):
            data.info(args.column)
        return str(args.column)
    there = label_columns(data)
    if not there:
        raise EngineError("No column holds labels: few values, each in two rows or more. Name one with --column.")
    return there[0]


def _came(data: Dataset, column: str) -> None:
    """Raise `EngineError` for a set of labels that people began."""
    if column not in data.columns:
        raise EngineError(
            f"The labels of {column!r} are answers of people, who began the set: none came that could be doubted or "
            "judged. Ask with --next what to label, with --agreement how far people agree, or name a column."
        )


def _embedding(args: argparse.Namespace, data: Dataset) -> str:
    """What doubt stands on; "" for words."""
    if args.words or args.embedding:
        if args.words and args.embedding:
            raise EngineError("Doubt is by words or by an embedding. Give --words or --embedding, not both.")
        return str(args.embedding or "")
    return next((key for key in reversed(data.keys_of("embedding")) if f"graph@{key}" in data.added), "")


def _specs(args: argparse.Namespace, data: Dataset, column: str) -> Specs:
    """The signals that suspects stand on; that by probabilities is the last."""
    _came(data, column)
    embedding, read = _embedding(args, data), list(args.probabilities)
    probe = "label_doubt" if embedding else "label_doubt_by_words"
    names = ["label_agreement"] * bool(embedding) + [probe] * (not read)
    of = {"label": column} | ({"embedding": embedding} if embedding else {})
    made = [spec("signal", name, of) for name in names]
    if read:
        given = {"label": column, "probabilities": read, "order": list(args.order)}
        made.append(spec("signal", "label_doubt_by_probabilities", given))
    return {key_of(one): one for one in made}


def _rows(
    args: argparse.Namespace, data: Dataset, column: str, rows: np.ndarray, more: dict[str, list[Any]], text: str,
    value: dict[str, Json],
) -> Answer:  # fmt: skip
    """Rows with their key, label and text, and what else is said of each; written as tasks where that is asked for."""
    rows = rows[: args.limit]
    if args.out:
        write_tasks(tasks_of(data, rows.tolist(), label=column), readable(args.out), args.format)
        text += f"\n{len(rows):,} tasks are in {args.out} ({args.format}). Take them back with --in FILE."
    rows = rows[:SHOWN] if args.limit is None else rows
    keys, texts = data.keys(rows), data.texts(rows)
    given = data.strings(column, rows) if column in data.columns else [None] * len(rows)
    listed, body = list[Json](), list[list[str]]()
    for i, (key, row, label, said) in enumerate(zip(keys, rows.tolist(), given, texts, strict=True)):
        also = {name: values[i] for name, values in more.items()}
        listed.append({"key": key, "row": row, "label": label, "text": said, **also})
        cells = [key, *("" if one is None else str(one) for one in also.values()), label or ""]
        body.append([*(plain_line(cell)[:24] for cell in cells), plain_line(said)[:70]])
    if body:
        text += "\n" + table(["key", *more, "label", "text"], body)
    return Answer({"dataset": data.name, "column": column, **value, "rows": listed}, text)
