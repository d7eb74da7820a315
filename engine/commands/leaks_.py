"""winnow leaks: find rows that hold items of another set, and write the rule that drops them."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from engine.commands._flags import add_dataset, dataset, plain_line, readable, table, workspace_of
from engine.commands.answer import Answer
from engine.dataset import Dataset, TextSet, row_words
from engine.errors import EngineError
from engine.exporting import packed
from engine.look import Crossings, Leaks, crossings, leaks, leaks_page
from engine.opening import read_texts
from engine.progress import Progress
from engine.recipe import Recipe, overlaps_step
from engine.registry import Json
from engine.store import Store, datasets, plain, write_bytes

EXAMPLE = "winnow leaks tickets --against benchmark.jsonl --html leaks.html --recipe drop.json"
SHOWN = 5
"""Leaks on the terminal."""


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, what it is compared with, and what to write."""
    add_dataset(parser)
    parser.add_argument(
        "--against", metavar="SET", help="a file, a folder, a pattern, or another dataset of the workspace"
    )
    parser.add_argument(
        "--set-text", default="", metavar="COLUMN", help="the text of the set: a column, or '{question} {answer}'"
    )
    parser.add_argument("--between", metavar="COLUMN", help="between the parts of this column: train, validation, test")
    parser.add_argument("--column", metavar="COLUMN", help="the text of this column instead of the text of the row")
    parser.add_argument("--least", type=int, default=13, metavar="N", help="so long a run (default: 13)")
    parser.add_argument("--unit", choices=("words", "characters"), default="words", help="of a run (default: words)")
    parser.add_argument(
        "--edited", action=argparse.BooleanOptionalAction, default=True, help="also where single words were changed"
    )
    parser.add_argument(
        "--embedding", default="", metavar="KEY", help="also by meaning, with the model of these vectors"
    )
    parser.add_argument(
        "--similar", type=float, default=0.85, metavar="X", help="by meaning from here on (default: 0.85)"
    )
    parser.add_argument("--by", default="", metavar="COLUMN", help="count leaks for each value of this column")
    parser.add_argument("--html", metavar="FILE", help="write the report as one HTML file")
    parser.add_argument("--most", type=int, default=200, metavar="N", help="leaks in --html and --json (default: 200)")
    parser.add_argument("--recipe", metavar="FILE", help="write a recipe with the step that drops these rows")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Compare, and write what was asked for."""
    if not args.against and not args.between:
        raise EngineError("There is nothing to compare with. Give --against SET, or --between COLUMN.")
    _check_numbers(args)
    for flag in ("html", "recipe", "by", "embedding") if not args.against else ():
        if getattr(args, flag):
            raise EngineError(f"--{flag} is about the rows that hold items of a set. Give --against SET too.")
    data = dataset(args)
    for column in filter(None, (args.column, args.by, args.between)):
        data.info(column)
    how = {"column": args.column, "least": args.least, "unit": args.unit, "edited": args.edited}
    parts = crossings(data, args.between, **how, progress=progress) if args.between else None
    if not args.against:
        between = cast(Crossings, parts)
        return Answer({"dataset": data.name, "between": _parts_json(between)}, _parts(between))
    other = _set(args, progress)
    found = leaks(data, other, **how, embedding=args.embedding, similar=args.similar, progress=progress)
    lines = list(_said(found, args.by))
    if parts:
        lines += ["", _parts(parts)]
    if args.html:
        page = leaks_page(found, by=args.by, between=parts, most=args.most)
        write_bytes(readable(args.html), page.encode(errors="replace"))
        lines.append(f"The report is in {args.html}.")
    if args.recipe:
        _write_recipe(data, other, how, readable(args.recipe))
        lines.append(f"The rule is in {args.recipe}: winnow export {data.name} {args.recipe} --out FOLDER")
    return Answer(_json(found, args, parts), "\n".join(lines))


def _check_numbers(args: argparse.Namespace) -> None:
    """Raise `EngineError` for a number outside its bounds, before anything is compared."""
    if not 3 <= args.least <= 1000:
        raise EngineError(f"--least is {args.least:,}. Runs of fewer than 3 are everywhere; give 3 to 1000.")
    if not 0 <= args.similar <= 1:
        raise EngineError(f"--similar is {args.similar:g}. A similarity is 0 to 1; 0.85 is usual.")
    if args.most < 0:
        raise EngineError(f"--most is {args.most:,}. Give 0 for no leaks beside the counts, or more.")


def _set(args: argparse.Namespace, progress: Progress) -> TextSet:
    """The set that was named: a dataset of the workspace, where no file has that name."""
    path = readable(args.against)
    there: dict[str, Store] = {s.folder.name: s for s in datasets(workspace_of(args))}
    if path.exists() or args.against not in there:
        return read_texts(path, args.set_text, progress=progress)
    data = Dataset.load(there[args.against])
    if args.set_text:
        data.info(args.set_text)
        return TextSet.of(data.name, data.strings(args.set_text, data.rows()))
    return TextSet.of(data.name, data.texts(data.rows()))


def _write_recipe(data: Dataset, other: TextSet, how: dict[str, object], path: Path) -> None:
    step = overlaps_step(data, other, **how)  # type: ignore[arg-type]
    write_bytes(path, packed(data, Recipe(steps=(step,))).text().encode())


def _said(found: Leaks, by: str) -> Iterator[str]:
    whole, looked = len(found.found), len(found.rows)
    yield f"{whole:,} of {looked:,} rows hold one of {len(found.other.texts):,} different items of {found.other.name}."
    if found.unfit:
        yield f"{found.unfit:,} items have fewer than 5 words: they are found by meaning only."
    yield ""
    lines = [[kind, f"{rows:,}", f"{items:,}"] for kind, (rows, items) in found.counts().items()]
    yield table(["how", "rows", "items"], lines, right={1: True, 2: True})
    if by:
        yield ""
        values = [[plain_line(label)[:40], f"{n:,}", f"{leaks:,}"] for label, n, leaks in found.by(by)[:20]]
        yield table([by, "rows", "leaks"], values, right={1: True, 2: True})
    for one in found.shown(SHOWN):
        start, end = one.row_span
        said = plain_line(one.row_text[start:end] if end else one.row_text)
        row = plain_line(row_words(found.data, one.row))
        item = plain_line(found.item_words(one.item))
        yield f"- {row}, {item}, {one.kind}: “{said[:90]}{'…' if len(said) > 90 else ''}”"


def _parts(found: Crossings) -> str:
    """The table between parts."""
    lines = [
        [
            plain_line(name)[:30],
            f"{rows:,}",
            *("" if i == j else f"{n:,}" for j, n in enumerate(found.found[i].tolist())),
        ]
        for i, (name, rows) in enumerate(found.parts)
    ]
    head = [found.column, "rows", *(f"in {plain_line(name)[:20]}" for name, _ in found.parts)]
    return table(head, lines, right={i: True for i in range(1, len(head))})


def _parts_json(found: Crossings) -> Json:
    return {
        "column": found.column,
        "parts": [[name, rows] for name, rows in found.parts],
        "found": cast(Json, found.found.tolist()),
    }


def _json(found: Leaks, args: argparse.Namespace, parts: Crossings | None) -> dict[str, Json]:
    return {
        "dataset": found.data.name,
        "against": found.other.name,
        "rows": len(found.rows),
        "found": len(found.found),
        "items": len(found.other.texts),
        "too_short": found.unfit,
        "kinds": {kind: {"rows": rows, "items": items} for kind, (rows, items) in found.counts().items()},
        "by": [list(line) for line in found.by(args.by)] if args.by else [],
        "leaks": [plain(asdict(one)) for one in found.shown(args.most)],
        **({"between": _parts_json(parts)} if parts else {}),
    }
