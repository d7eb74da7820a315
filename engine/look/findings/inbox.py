"""The findings that matter most, gathered from every look, with three examples each."""

from collections.abc import Iterator

from engine.cache import Cache
from engine.dataset import Dataset
from engine.look.findings.columns import of_columns
from engine.look.findings.finding import Finding, complete
from engine.look.findings.repeats import of_repeats
from engine.look.findings.source import of_source
from engine.look.findings.texts import of_texts
from engine.look.findings.topics import of_topics
from engine.look.findings.unread import of_embeddings
from engine.look.overview import overview, overview_key
from engine.progress import Progress, quiet
from engine.store import digest_of

MOST = 20
_A_KIND = 2


def findings(
    data: Dataset, progress: Progress = quiet, *, most: int = MOST, cache: Cache | None = None
) -> list[Finding]:
    """The findings that matter most, two of a kind before a third of any; the same on every run.

    cache: keeps them longer than the dataset is in memory.
    """
    stands_on = [data.added[key].identity for kind in ("topics", "embedding") for key in data.keys_of(kind)]
    name = f"findings/{most}/{overview_key(data)}/{digest_of([data.text_view.json(), stands_on])}"
    return (cache or data._cache).get(name, lambda: _chosen(data, list(_all(data, progress, cache)), most))


def _chosen(data: Dataset, found: list[Finding], most: int) -> list[Finding]:
    first: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(found, key=lambda f: (-f.weight, f.what)):
        (first if sum(f.kind == finding.kind for f in first) < _A_KIND else others).append(finding)
    return [complete(data, finding) for finding in [*first, *others][:most]]


def _all(data: Dataset, progress: Progress, cache: Cache | None) -> Iterator[Finding]:
    whole = overview(data, progress, cache)
    yield from of_repeats(data, whole, progress)
    yield from of_source(data, whole)
    yield from of_columns(data, whole)
    yield from of_texts(data, whole, progress)
    yield from of_topics(data, progress)
    yield from of_embeddings(data)
