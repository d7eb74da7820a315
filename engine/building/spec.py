"""Specs: what slow work should add, under which key, and what it stands on."""

from collections.abc import Mapping
from typing import cast

from engine.dataset import without_origin
from engine.errors import EngineError, unknown
from engine.maps import MAPS
from engine.opening import EDITS
from engine.registry import Json, Member, Registry
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS
from engine.topics import CLUSTERS
from engine.vectors import EMBEDDERS

FAMILIES: Mapping[str, tuple[Registry, ...]] = {
    "embedding": (EMBEDDERS,),
    "map": (MAPS,),
    "clusters": (CLUSTERS,),
    "signal": (ROW_SIGNALS, CORPUS_SIGNALS),
    "edit": (EDITS,),
}
"""The families that slow work can add; a `graph` and an `index` have no members to choose from."""


GRAPH_K = 30


def member_of(family: str, name: str) -> Member:
    """The member of a family of added things."""
    if family not in FAMILIES:
        raise unknown("family", family, [*FAMILIES, "graph", "index"])
    for registry in FAMILIES[family]:
        if name in registry:
            return registry[name]
    raise unknown(family, name, [n for registry in FAMILIES[family] for n in registry])


def spec(family: str, name: str = "", params: Mapping[str, object] | None = None, *, on: str = "") -> dict[str, Json]:
    """A complete spec: parameters checked, defaults written out.

    on: the key of the embedding that a map, clusters, a graph or an index stand on.
    """
    made: dict[str, Json] = {"family": family, "member": name, "version": 1, "params": {}}
    if family in ("graph", "index"):
        made["params"] = {"k": GRAPH_K} if family == "graph" else {}
    else:
        member = member_of(family, name)
        made |= {"version": member.version, "params": member.json(params or {})}
    if on:
        made["on"] = on
    return made


def key_of(made: Mapping[str, Json]) -> str:
    """The display key of a spec, such as `density(k=20)@minilm`: only what differs from the defaults is said."""
    family, name = str(made["family"]), str(made["member"])
    params = cast(dict[str, Json], made["params"])
    on = str(made.get("on", "")) or str(params.get("embedding", ""))
    at = f"@{on}" if on else ""
    if family in ("graph", "index"):
        return f"{family}{at}"
    member = member_of(family, name)
    changed = {k: v for k, v in member.changed(params).items() if k != "embedding"}
    if family == "embedding":
        return _embedding_key(name, changed)
    said = [f"{k}={_short(v)}" for k, v in changed.items()]
    if family == "clusters":
        if name != next(iter(CLUSTERS)):
            said.insert(0, name)
        name = "topics"
    return f"{name}({', '.join(said)}){at}" if said else f"{name}{at}"


def column_key(name: str, key: str) -> str:
    """The key of one named value of a thing: `topic@minilm` of `topics@minilm`, `emails` of `pii`."""
    head, at, on = key.partition("@")
    arguments = head[head.index("(") :] if "(" in head else ""
    return f"{name}{arguments}{at}{on}"


def alike(a: Mapping[str, Json], b: Mapping[str, Json]) -> bool:
    """Whether two specs ask for the same: defaults that are left out count as written."""

    def asked(made: Mapping[str, Json]) -> Mapping[str, Json]:
        params = cast(dict[str, object], made.get("params", {}))
        return spec(str(made["family"]), str(made["member"]), params, on=str(made.get("on", "")))

    return all(asked(a).get(k) == asked(b).get(k) for k in ("family", "member", "params", "on"))


def _embedding_key(name: str, changed: Mapping[str, Json]) -> str:
    model = str(changed.get("model", ""))
    short = model.rstrip("/").rpartition("/")[2] if model else ("minilm" if name == "sentence" else name)
    rest = ", ".join(f"{k}={_short(v)}" for k, v in changed.items() if k != "model")
    return f"{short}({rest})" if rest else short


def _short(value: Json) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else text[:23] + "…"


def thing_of(column: str) -> str:
    """The key of the thing that holds a column: `topics@minilm` for `topic@minilm`."""
    head, at, on = without_origin(column).partition("@")
    name, bracket, said = head.partition("(")
    return f"{'topics' if at and name in ('topic', 'area') else name}{bracket}{said}{at}{on}"


def needs(made: Mapping[str, Json]) -> list[tuple[str, dict[str, Json] | None]]:
    """What must be there before, as (key, spec); spec None where only the recipe can say it (an embedding)."""
    family = str(made["family"])
    params = cast(dict[str, Json], made["params"])
    on = str(made.get("on", "")) or str(params.get("embedding", "") or "")
    if family == "embedding" or not on:
        return []
    if family in ("graph", "index", "edit"):
        return [(on, None)]
    column = thing_of(str(params.get("column") or ""))  # what clusters leave out
    return [(on, None), (f"graph@{on}", spec("graph", on=on)), *([(column, None)] if column else [])]


def plan(wanted: Mapping[str, Mapping[str, Json]], there: Mapping[str, object]) -> list[tuple[str, dict[str, Json]]]:
    """Everything to build for some specs, in order, without what is there already.

    wanted: specs by key, as in a recipe's `signals`. Raises `EngineError` for one that stands on nothing.
    """
    order: list[tuple[str, dict[str, Json]]] = []
    open_: list[str] = []

    def visit(key: str, made: Mapping[str, Json] | None, by: str) -> None:
        if any(k == key for k, _ in order):
            return
        made = made or wanted.get(key)
        if made is None:
            if key in there:
                return
            raise EngineError(
                f"{by} needs {key!r}, which is neither here nor described. Add its spec to the recipe's signals."
            )
        if key in open_:
            raise EngineError(f"The specs go in a circle: {' → '.join([*open_, key])}. Take one of them away.")
        open_.append(key)
        for below, its in needs(made):
            visit(below, wanted.get(below) or its, key)
        open_.pop()
        order.append((key, dict(made)))

    for key, made in wanted.items():
        visit(key, made, "The recipe")
    return order
