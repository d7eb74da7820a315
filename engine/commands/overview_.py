"""winnow overview: what a person wants to know first."""

import argparse
from collections.abc import Iterator, Sequence

from engine.commands._flags import add_dataset, dataset, plain_line, table
from engine.commands.answer import Answer
from engine.look import Finding, Summary, dismissed, findings, overview
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
    put_away = dismissed(data.store)
    head = ["column", "type", "missing", "empty", "distinct", "most frequent"]
    summaries = list(whole.summaries.values())
    body = [
        [s.column.key, s.column.type, f"{s.missing:,}", f"{s.empty:,}", f"{s.distinct:,}", _top(s)] for s in summaries
    ]
    lines = [
        f"{data.name}: {whole.rows:,} rows; {len(whole.repeats.rows):,} repeat an earlier row in every column, "
        f"{len(whole.repeats.texts):,} in their text; {whole.rejected:,} could not be read.",
        "",
        table(head, body, right={2: True, 3: True, 4: True}),
        *(line for f in found for line in ("", *_said(f, f.id in put_away))),
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
        "findings": [_json(f, f.id in put_away) for f in found],
    }
    return Answer(value, "\n".join(lines))


def _said(finding: Finding, away: bool) -> Iterator[str]:
    """One finding on the terminal: what, why, and the rule."""
    yield f"- {plain_line(finding.what)}{' (dismissed)' if away else ''}"
    yield from (f"  {plain_line(line)}" for line in (*finding.evidence, finding.why))
    if finding.step is not None:
        bound = "" if finding.portable else " (for this corpus only)"
        yield f"  Rule: {plain_line(finding.step.sentence())}{bound}"
    yield f"  id: {plain_line(finding.id)}"


def _json(finding: Finding, away: bool) -> dict[str, Json]:
    return {
        "id": finding.id,
        "what": finding.what,
        "kind": finding.kind,
        "rows": finding.count,
        "why": finding.why,
        "evidence": list(finding.evidence),
        "examples": list(finding.examples),
        "step": finding.step.json() if finding.step else None,
        "needs": {key: made.json() for key, made in finding.needs.items()},
        "portable": finding.portable,
        "dismissed": away,
    }


def _top(s: Summary) -> str:
    if not s.frequent or s.frequent[0][1] < 2:
        return ""
    value, count = s.frequent[0]
    plain = plain_line(value)
    return f"{plain[:30]}{'…' if len(plain) > 30 else ''} ({count:,})"
