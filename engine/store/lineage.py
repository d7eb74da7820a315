"""What stands on what: the artefacts that some others were made from."""

from collections.abc import Iterable, Mapping

from engine.registry import Json
from engine.store.artefact import Artefact
from engine.store.families import FAMILIES
from engine.store.frozen import plain
from engine.store.workspace import Store


def everything(store: Store) -> dict[str, Artefact]:
    """Every artefact of a dataset by identity, oldest first within its family."""
    return {a.identity: a for family in FAMILIES for a in store.artefacts(family)}


def with_origins(known: Mapping[str, Artefact], start: Iterable[str]) -> set[str]:
    """These identities and all that they were made from, as their origins name them."""
    used = {i for i in start if i in known}
    fresh = set(used)
    while fresh:
        fresh = {text for i in fresh for text in _texts(plain(known[i].origin)) if text in known} - used
        used |= fresh
    return used


def _texts(value: Json) -> Iterable[str]:
    """Every text inside an origin."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
