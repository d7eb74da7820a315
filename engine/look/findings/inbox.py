"""The findings that matter most, gathered from every look, with three examples each."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.dataset import Dataset
from engine.look.findings.columns import of_columns
from engine.look.findings.finding import Finding, rows_behind
from engine.look.findings.repeats import of_repeats
from engine.look.findings.source import of_source
from engine.look.findings.texts import of_texts
from engine.look.findings.topics import of_topics
from engine.look.overview import overview
from engine.progress import Progress, quiet

MOST = 20
EXAMPLES = 3
_A_KIND = 2


def findings(data: Dataset, progress: Progress = quiet, *, most: int = MOST) -> list[Finding]:
    """The findings that matter most, two of a kind before a third of any; the same on every run."""
    topics = ",".join(data.added[key].identity for key in data.keys_of("topics"))
    name = f"findings/{data.fingerprint}/{data.text_view.json()}/{','.join(data.columns)}/{topics}"
    found = data._cache.get(name, lambda: list(_all(data, progress)))
    first: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(found, key=lambda f: (-f.weight, f.what)):
        (first if sum(f.kind == finding.kind for f in first) < _A_KIND else others).append(finding)
    return [_with_examples(data, finding) for finding in [*first, *others][:most]]


def _all(data: Dataset, progress: Progress) -> Iterator[Finding]:
    whole = overview(data, progress)
    yield from of_repeats(data, whole, progress)
    yield from of_source(data, whole)
    yield from of_columns(data, whole)
    yield from of_texts(data, whole, progress)
    yield from of_topics(data, progress)


def _with_examples(data: Dataset, finding: Finding) -> Finding:
    """With rows from its beginning, middle and end, where the look named none."""
    if finding.examples:
        return finding
    rows = rows_behind(data, finding)
    some = rows[np.unique(np.linspace(0, len(rows) - 1, EXAMPLES).astype(int))] if len(rows) else rows
    return replace(finding, examples=tuple(some.tolist()))
