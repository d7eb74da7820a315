"""The evidence of a choice in an export: what was measured of it, whole in a file and in lines in the data card."""

import json
from collections.abc import Sequence
from pathlib import Path

from engine.look import kept
from engine.recipe import Run

EVIDENCE, EVIDENCE_HEADING = "evidence.json", "## Evidence"
LINES = 12


def evidence_of(run: Run, *, masked: bool) -> list[kept.Kept]:
    """What was measured of the choice of a run, of the rows left and of the corpus, and still holds.

    masked: without what quotes the corpus.
    """
    found = kept.all_kept(run, kept.place_of(run))
    return [one for one in found if not (masked and kept.MEASURES[one.asked.kind].quotes)]


def write_evidence(found: list[kept.Kept], path: Path) -> None:
    """Write all of it; nothing where nothing was measured."""
    if found:
        body = [{**vars(one.asked), "found": one.found.json()} for one in found]
        path.write_text(json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def evidence_lines(found: Sequence[kept.Kept]) -> list[str]:
    """Parts of Markdown for the data card: a heading for each kind, and its first lines."""
    parts = []
    for one in found:
        lines = one.found.markdown()
        more = [f"- … and {len(lines) - LINES:,} more in `{EVIDENCE}`."] if len(lines) > LINES else []
        parts += [f"### {kept.MEASURES[one.asked.kind].title}", "\n".join([*lines[:LINES], *more]) or "None."]
    return parts


def evidence_in(card: str) -> list[str]:
    """The parts that a data card has under its heading of evidence; none where it has no such heading."""
    _, there, after = card.partition(f"\n{EVIDENCE_HEADING}\n\n")
    return [after.partition("\n\n## ")[0]] if there else []
