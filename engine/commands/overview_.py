"""winnow overview: what a person wants to know first."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import add_dataset, dataset, table
from engine.commands.answer import Answer
from engine.look import Summary, findings, overview
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = "winnow overview tickets"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset."""
    add_dataset(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Columns, repeats, findings."""
    data = dataset(args)
    whole = overview(data, progress)
    found = findings(data, progress)
    head = ["column", "type", "missing", "empty", "distinct", "most frequent"]
    summaries = list(whole.summaries.values())
    body = [
        [s.column.key, s.column.type, f"{s.missing:,}", f"{s.empty:,}", f"{s.distinct:,}", _top(s)] for s in summaries
    ]
    lines = [
        f"{data.name}: {whole.rows:,} rows; {len(whole.repeats.rows):,} repeat an earlier row, "
        f"{len(whole.repeats.texts):,} an earlier text; {whole.rejected:,} could not be read.",
        "",
        table(head, body, right={2: True, 3: True, 4: True}),
        *(["", *(f"- {f.what}" for f in found)] if found else []),
    ]
    columns: list[Json] = [
        {
            "key": s.column.key,
            "type": s.column.type,
            "missing": s.missing,
            "empty": s.empty,
            "distinct": s.distinct,
            "frequent": [[value, count] for value, count in s.frequent],
        }
        for s in summaries
    ]
    value: dict[str, Json] = {
        "dataset": data.name,
        "rows": whole.rows,
        "rejected": whole.rejected,
        "repeated_rows": len(whole.repeats.rows),
        "repeated_texts": len(whole.repeats.texts),
        "columns": columns,
        "findings": [{"text": f.what, "kind": f.kind, "rows": f.count} for f in found],
    }
    return Answer(value, "\n".join(lines))


def _top(s: Summary) -> str:
    if not s.frequent or s.frequent[0][1] < 2:
        return ""
    value, count = s.frequent[0]
    plain = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return f"{plain[:30]}{'…' if len(plain) > 30 else ''} ({count:,})"
