"""What a recipe needs beyond the table: the one answer, for a run, an export and a replay."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from engine.building import FAMILIES, needs, spec, thing_of
from engine.dataset import Dataset
from engine.exporting.output import Wanted
from engine.recipe import COSTS, Recipe, Step, columns_read, cost_key, lacking
from engine.registry import Budget, Json


def completed(data: Dataset, recipe: Recipe, also: Iterable[str] = ()) -> Recipe:
    """The recipe with everything that it needs written out, so that it can be replayed from the source alone.

    Source options, text view and edits are those of the dataset; signals are the specs behind what the steps read.
    also: keys of more things that it needs.
    """
    found: dict[str, dict[str, Json]] = {}

    def describe(key: str) -> None:
        artefact = data.added.get(key)
        if artefact is None or key in found:
            return
        made: dict[str, Json] = {
            k: artefact.spec[k] for k in ("family", "member", "version", "params", "on", "edits") if k in artefact.spec
        }
        for below, _ in needs(made):
            describe(below)
        found[key] = made

    for step in recipe.steps:
        if not step.on and lacking(data, step):
            continue  # a step that is off may name what is gone, as it does in a run
        for column in columns_read(data, step):
            describe(data.info(column).stored.rpartition("/")[0])
        for kind in ("embedding", "map", "clusters"):
            for key in step.names(kind):
                describe(key)
        if step.selects and (unit := Budget.read(step.params["budget"]).unit) in COSTS:  # type: ignore[arg-type]
            describe(data.info(cost_key(data, unit)).stored.rpartition("/")[0])
    for key in also:
        describe(key)
    for column in data.text_view.columns:
        describe(data.info(column).stored.rpartition("/")[0])
    return replace(
        recipe,
        source_options=_source_options(data),
        text_view=data.text_view.json(),
        edits=tuple({"key": key, **made} for key, made in found.items() if made["family"] == "edit"),
        signals={key: made for key, made in found.items() if made["family"] != "edit"},
    )


def _source_options(data: Dataset) -> dict[str, Json]:
    """How the source was read, with the roles and categories that its columns have now: the id decides the keys."""
    columns = cast(list[dict[str, str]], data.record["columns"])
    roles: dict[str, Json] = {c["role"]: c["key"] for c in columns if c["role"] not in ("", "id", "source")}
    chosen: dict[str, Json] = {
        "roles": roles,
        "id": next((c["key"] for c in columns if c["role"] == "id"), ""),
        "categories": [c["key"] for c in columns if c["type"] == "category" and "read_as" in c],
    }
    options = {k: v for k, v in cast(dict[str, Json], data.record.get("source_options", {})).items() if k not in chosen}
    return options | {k: v for k, v in chosen.items() if v}


def needed(recipe: Recipe) -> dict[str, Mapping[str, Json]]:
    """Specs, by key, of what the steps that are on and the output read; a plain key (`characters`) needs none."""
    keys: dict[str, None] = {}
    for step in recipe.steps:
        if step.on:
            keys |= dict.fromkeys(_keys_of(step, recipe))
    output = Wanted.from_json(recipe.output)
    keys |= dict.fromkeys([*output.signals, *([output.vectors] if output.vectors else [])])
    described = {**recipe.signals, **{str(e["key"]): e for e in recipe.edits}}
    found: dict[str, Mapping[str, Json]] = {}

    def take(key: str) -> None:
        made = described.get(key) or plain_spec(key)
        if made is None or key in found:
            return
        for below, _ in needs(made):
            take(below)
        found[key] = made

    for key in keys:
        take(key if key in described else thing_of(key))
    return found


def plain_spec(key: str) -> dict[str, Json] | None:
    """The spec behind a key that says no parameters, such as `characters` or `density@minilm`; None for a column."""
    head, _, on = key.partition("@")
    if on and head in ("graph", "index"):
        return spec(head, on=on)
    if on and head == "topics":
        return spec("clusters", next(iter(FAMILIES["clusters"][0])), on=on)
    if not on and head == "minilm":
        return spec("embedding", "sentence")
    if not on and head == "lexical":
        return spec("embedding", "lexical")
    if on and head in FAMILIES["map"][0]:
        return spec("map", head, on=on)
    if any(head in registry for registry in FAMILIES["signal"]):
        return spec("signal", head, {"embedding": on} if on else {})
    return None


def _keys_of(step: Step, recipe: Recipe) -> Iterator[str]:
    for kind in ("column", "embedding", "map", "clusters"):
        yield from step.names(kind)
    if not step.selects:
        return
    yield from (f"graph@{e}" for e in step.names("embedding") if f"graph@{e}" in recipe.signals or _wants_graph(step))
    budget = step.params.get("budget")
    unit = str(budget.get("unit", "")) if isinstance(budget, dict) else ""
    if unit in COSTS:
        yield next((k for k in recipe.signals if k.split("(")[0] == COSTS[unit]), COSTS[unit])


def _wants_graph(step: Step) -> bool:
    """A recipe written by hand names no graph; covering everything stands on one, and so does leaving out odd rows."""
    return step.do == "facility_location" or bool(step.params.get("leave_out_odd"))
