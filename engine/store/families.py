"""The families of artefacts: one word for each, in specs, recipes, parameters and on disk."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A family of artefacts. title: on the screen and in messages; added: a person adds it, and a key names it.

    lost: what somebody may miss who deletes one that was replaced, "" where it can be made again.
    by_outcome: the same spec may give something else elsewhere (a fast map, vectors from a GPU, an index of another
    kind), so the digest of what came out is part of the identity.
    apart: looked up by identity alone, so that nothing is loaded anew when one is added.
    """

    title: str
    added: bool = True
    lost: str = ""
    by_outcome: bool = False
    apart: bool = False


FAMILIES: Mapping[str, Family] = {
    "texts": Family("distinct texts", added=False),
    "keys": Family("row keys", added=False),
    "embedding": Family("embedding", lost="another text view may need it", by_outcome=True),
    "graph": Family("neighbour graph", by_outcome=True),
    "index": Family("index", by_outcome=True),
    "map": Family("map", lost="a region drawn on it may need it", by_outcome=True),
    "topics": Family("topics", lost="undoing a change of topics may need it", by_outcome=True),
    "signal": Family("signal"),
    "edit": Family("edit"),
    "pairs": Family("pairs"),
    "model": Family("model", added=False, by_outcome=True),
    "search": Family("word index"),
    "picks": Family("choice", added=False, apart=True),
    "evidence": Family("evidence of a choice", added=False, apart=True),
}
"""Every family of artefacts: the one word for it in specs, recipes and parameters, and its folder on disk."""
