"""Which stored artefact each key means now: of these rows and this text view, and made from others that count too."""

from collections.abc import Mapping
from typing import cast

from engine.dataset.columns import ColumnInfo, added_columns
from engine.registry import Json
from engine.store import Artefact, Store, digest_of
from engine.text import TextView

_ADDING = ("vectors", "graph", "indexes", "maps", "clusters", "columns", "search")


def added_now(store: Store, record: Mapping[str, Json], columns: Mapping[str, ColumnInfo]) -> dict[str, Artefact]:
    """What slow work has added to a dataset, by key: by family, oldest first.

    Of several with the same key the one that was made current counts, else the newest. What was made for an earlier
    revision or another text view, or from an artefact or edit that its key no longer means, stays on disk unseen: a
    graph of the old vectors must not meet the new ones. It is seen again when what it stands on comes back.

    columns: of the source, by key.
    """
    view = TextView.from_json(cast(dict[str, Json], record["text_view"])).json()
    texts = {a.identity: a.spec for a in store.artefacts("texts")}
    chosen = cast(dict[str, str], record.get("current", {}))
    every = [a for family in _ADDING for a in store.artefacts(family)]
    waiting: dict[str, list[Artefact]] = {}
    for artefact in every:
        if artefact.spec.get("rows") == record["fingerprint"] and _seen_as(artefact, texts, view):
            waiting.setdefault(artefact.key, []).insert(0, artefact)
    for ones in waiting.values():
        ones.sort(key=lambda a: a.identity != chosen.get(a.key))
    added: dict[str, Artefact] = {}
    known = dict(columns)
    fresh = True
    while fresh:  # an edit may stand on a signal, and vectors on an edit: once more until nothing is left to find
        fresh = False
        identities = {a.identity for a in added.values()}
        for key in [k for k in waiting if k not in added]:
            found = next((a for a in waiting[key] if _stands(a, texts, identities, known)), None)
            if found:
                added[key] = found
                identities.add(found.identity)
                known |= added_columns(found, columns)
                fresh = True
    return {a.key: a for a in every if added.get(a.key) is a}


def _seen_as(artefact: Artefact, texts: Mapping[str, Mapping[str, Json]], view: Json) -> bool:
    """Whether it was made for this text view, or for none."""
    inputs = cast(dict[str, str], artefact.spec.get("inputs", {}))
    nodes = texts.get(str(artefact.spec.get("nodes")), {})
    return (
        inputs.get("text_view", digest_of(view)) == digest_of(view)
        and artefact.spec.get("text_view", view) == view
        and nodes.get("text_view", view) == view
    )


def _stands(
    artefact: Artefact,
    texts: Mapping[str, Mapping[str, Json]],
    identities: set[str],
    columns: Mapping[str, ColumnInfo],
) -> bool:
    """Whether everything that it was made from is what its key means now."""
    inputs = cast(dict[str, str], artefact.spec.get("inputs", {}))
    if any(inputs[name] not in identities for name in ("vectors", "graph") if name in inputs):
        return False
    read = [tuple(inputs["column"].rsplit("/", 1))] if "column" in inputs else []
    nodes = texts.get(str(artefact.spec.get("nodes")), {})
    for edits in (nodes.get("edits", {}), artefact.spec.get("view_edits", {})):
        read += cast(dict[str, str], edits).items()
    return all(key in columns and columns[key].identity == identity for key, identity in read)
