"""Complete specs: the member that is meant, its parameters checked, defaults written out."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from engine.errors import NotFound, unknown
from engine.maps import MAPS
from engine.opening import CELL_EDITS, EDITS, LOG_EDITS, check_allowed
from engine.pairs import PAIRS
from engine.registry import Json, Member, Registry
from engine.signals import CORPUS_SIGNALS, OWN_SIGNALS, ROW_SIGNALS, not_approved
from engine.store import Spec, file_digest
from engine.topics import TOPICS
from engine.vectors import EMBEDDERS, is_model_id

LISTS: Mapping[str, tuple[Registry, ...]] = {
    "embedding": (EMBEDDERS,),
    "map": (MAPS,),
    "topics": (TOPICS,),
    "signal": (ROW_SIGNALS, CORPUS_SIGNALS, OWN_SIGNALS),
    "edit": (EDITS, CELL_EDITS, LOG_EDITS),
    "pairs": (PAIRS,),
}
"""The members of each family that slow work can add; a `graph` and an `index` have none to choose from."""

GRAPH_K = 30
_OWN = re.compile("[^:]+:[0-9a-f]{64}")
"""How an own signal is named: its function, and the SHA-256 of its file."""


def member_of(family: str, name: str) -> Member:
    """The member of a family of added things."""
    if family not in LISTS:
        raise unknown("family", family, [*LISTS, "graph", "index"])
    for registry in LISTS[family]:
        if name in registry:
            return registry[name]
    if family == "signal" and _OWN.fullmatch(name):
        raise NotFound(not_approved(name))
    raise unknown(family, name, [n for registry in LISTS[family] for n in registry])


def spec(family: str, name: str = "", params: Mapping[str, object] | None = None, *, on: str = "") -> Spec:
    """A complete spec: parameters checked, defaults written out, a path to what is there made whole.

    on: the key of the embedding that a map, topics, a graph or an index stand on; of an edit, the column.
    """
    if family in ("graph", "index"):
        return Spec(family, params={"k": GRAPH_K} if family == "graph" else {}, on=on)
    member = member_of(family, name)
    return Spec(family, name, member.version, _whole_paths(member, member.json(params or {})), on)


def _whole_paths(member: Member, params: dict[str, Json]) -> dict[str, Json]:
    """The parameters with the paths that name something made absolute: they are read again from other folders.

    Of a path that names a file whose content counts, its SHA-256 stands in the parameter `sha256`.
    """
    whole = {name: Path(os.path.expanduser(str(params[name] or ""))) for name in member.of_kind("path") if params[name]}
    there = {name: str(path.absolute()) for name, path in whole.items() if os.path.lexists(path)}
    files = [p.name for p in member.params if p.kind == "path" and p.of == "file" and there.get(p.name)]
    if files and not params.get("sha256") and os.path.isfile(path := there[files[0]]):
        there["sha256"] = _digest(path, os.stat(path).st_mtime_ns)
    return params | there


@lru_cache(maxsize=16)
def _digest(path: str, written: int) -> str:
    return file_digest(Path(path))


def alike(a: Spec, b: Spec) -> bool:
    """Whether two specs ask for the same: defaults that are left out count as written."""

    def asked(made: Spec) -> Spec:
        return spec(made.family, made.member, made.params, on=made.on)

    return asked(a) == asked(b)


def check_paths(wanted: Iterable[Spec], allowed: Sequence[Path]) -> None:
    """Raise `EngineError` where a thing would be made from a file or folder outside the allowed ones.

    The id of a model, where nothing here is called so, is left to the member.
    """
    for made in wanted:
        if not made.member:
            continue
        for param in member_of(made.family, made.member).params:
            value = str(made.params.get(param.name) or "")
            model = param.of == "model" and is_model_id(value) and not os.path.lexists(value)
            if param.kind == "path" and value and not model:
                check_allowed(value, allowed)
