"""Which stored artefact each key means now: of these rows and this text view, and made from others that count too."""

from collections.abc import Mapping

from engine.dataset.columns import ColumnInfo, added_columns
from engine.dataset.record import Record
from engine.registry import Json
from engine.store import FAMILIES, Artefact, Origin, Store

_BELOW = ("embedding", "graph")
"""Inputs that have a key themselves: what was made from one that its key no longer means is not seen."""


def added_now(store: Store, record: Record, columns: Mapping[str, ColumnInfo]) -> dict[str, Artefact]:
    """What slow work has added to a dataset, by key: by family, oldest first.

    Of several with the same key the one that was made current counts, else the newest. What was made for an earlier
    revision or another text view, or from an artefact or edit that its key no longer means, stays on disk unseen: a
    graph of the old vectors must not meet the new ones. It is seen again when what it stands on comes back.

    columns: of the source, by key.
    """
    view = record.text_view.json()
    texts = {a.identity: a.origin for a in store.artefacts("texts")}
    every = [a for name, family in FAMILIES.items() if family.added for a in store.artefacts(name)]
    waiting: dict[str, list[Artefact]] = {}
    for artefact in every:
        if artefact.origin.rows == record.fingerprint and _seen_as(artefact.origin, texts, view):
            waiting.setdefault(artefact.key, []).insert(0, artefact)
    for key, ones in waiting.items():
        ones.sort(key=lambda a: a.identity != record.current.get(key))
    added: dict[str, Artefact] = {}
    known = dict(columns)
    fresh = True
    while fresh:  # an edit may stand on a signal, and vectors on an edit: once more until nothing is left to find
        fresh = False
        identities = {a.identity for a in added.values()}
        for key in [k for k in waiting if k not in added]:
            found = next((a for a in waiting[key] if _stands(a.origin, texts, identities, known)), None)
            if found:
                added[key] = found
                identities.add(found.identity)
                known |= added_columns(found, columns)
                fresh = True
    return {a.key: a for a in every if added.get(a.key) is a}


def _of_texts(origin: Origin, texts: Mapping[str, Origin]) -> Origin | None:
    """Where the distinct texts that it is over came from; None for what is not over texts."""
    return texts.get(origin.inputs.get("texts", ""))


def _seen_as(origin: Origin, texts: Mapping[str, Origin], view: Json) -> bool:
    """Whether it was made for this text view, or for none."""
    below = _of_texts(origin, texts)
    return all(o is None or o.text_view is None or o.text_view == view for o in (origin, below))


def _stands(
    origin: Origin, texts: Mapping[str, Origin], identities: set[str], columns: Mapping[str, ColumnInfo]
) -> bool:
    """Whether everything that it was made from is what its key means now."""
    if any(origin.inputs[name] not in identities for name in _BELOW if name in origin.inputs):
        return False
    below = _of_texts(origin, texts)
    read = {**origin.columns, **(below.columns if below else {})}
    return all(key in columns and columns[key].identity == identity for key, identity in read.items())
