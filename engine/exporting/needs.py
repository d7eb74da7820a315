"""What a recipe needs beyond the table: the one answer, for a run, an export and a replay."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from engine.building import member_of, spec_of, stands_on, thing_of, value_key
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.output import Wanted, judging
from engine.recipe import COSTS, KEYED, Recipe, Step, columns_in, columns_read, lacking
from engine.registry import Json
from engine.store import Artefact, Spec


def completed(data: Dataset, recipe: Recipe) -> Recipe:
    """The recipe with everything that it needs written out, so that it can be replayed from the source alone.

    Source options, text view and edits are those of the dataset; needs are the specs behind what the steps and the
    output read.
    """
    described = {**recipe.needs, **recipe.edits}  # what is not here yet is measured there as it was here
    described |= {key: _as_made(a) for key, a in data.added.items()}
    # A step that is off may name what is gone, as it does in a run, on top or in a nest.
    leaves = [leaf for step in judging(recipe) for leaf in step.leaves()]
    steps = [leaf for leaf, runs in leaves if runs or not lacking(data, leaf)]
    keys = [key for step in steps for key in _keys_of(step, described)]
    keys += [column for step in steps for column in columns_read(data, step)]
    keys += [*_keys_of_output(recipe), *data.text_view.columns]
    if not Wanted.from_json(recipe.output).columns:  # then every edit goes out
        keys += [c.key for c in data.columns.values() if c.origin == "edit"]
    things = [data.columns[k].thing if k in data.columns else k for k in keys]
    found = _with_below(things, described, plain=False)
    # Edits as they were made: in that order their columns go out, here and in a replay.
    of_edits = [key for key in (*data.added, *found) if key in found and found[key].family == "edit"]
    return replace(
        recipe,
        source_options=_source_options(data),
        text_view=data.text_view.json(),
        edits={key: found[key] for key in of_edits},
        needs={key: made for key, made in found.items() if made.family != "edit"},
    )


def _as_made(artefact: Artefact) -> Spec:
    """The spec of an added thing with what else decided how it came out: changes by hand, the kind of index."""
    made, index = artefact.spec, artefact.origin.facts.get("index")
    if made.family == "topics":
        return replace(made, by_hand=made.by_hand or ())
    if made.family == "graph" and isinstance(index, dict):
        return replace(made, params={**made.params, "index": index["kind"]})
    return made


def needed(recipe: Recipe, source: Collection[str] = ()) -> dict[str, Spec]:
    """Specs, by key, of what the steps that are on and the output read; a plain key (`characters`) needs none.

    source: keys of the source's columns: one of them is meant before a signal of the same name.
    """
    described = {**recipe.needs, **recipe.edits}
    keys = [key for step in judging(recipe) if step.on for key in _keys_of(step, described)]
    for text in (text for step in judging(recipe) if step.on for text in step.names("expression")):
        keys += _keys_in(text, described, source)
    keys += _keys_of_output(recipe)
    keys = [key for key in keys if key in described or key not in source]
    return _with_below([key if key in described else thing_of(key) for key in keys], described)


def _with_below(keys: list[str], described: Mapping[str, Spec], *, plain: bool = True) -> dict[str, Spec]:
    """The specs of some things and of all that they stand on, what stands below first. plain: also of plain keys."""
    found: dict[str, Spec] = {}

    def take(key: str) -> None:
        made = described.get(key) or (spec_of(key) if plain else None)
        if made is None or key in found:
            return
        for below, _ in stands_on(made):
            take(below)
        found[key] = made

    for key in keys:
        take(key)
    return found


def _keys_of(step: Step, described: Mapping[str, Spec]) -> Iterator[str]:
    """What a step names, and what it needs without naming it: a graph, the signal that its budget is counted on."""
    for kind in ("column", *KEYED):
        yield from step.names(kind)
    if not step.selects:
        return
    for embedding in step.names("embedding"):
        if step.member.needs("graph", step.params):
            yield f"graph@{embedding}"
    budget = step.params.get("budget")
    unit = str(budget.get("unit", "")) if isinstance(budget, dict) else ""
    if unit in COSTS:
        counted = [k for k, made in described.items() if made.member == COSTS[unit]]
        yield min(counted, key=lambda k: not described[k].params.get("file"), default=COSTS[unit])


def _keys_in(expression: str, described: Mapping[str, Spec], source: Collection[str]) -> list[str]:
    """The described things that an SQL expression reads; all of them, where it also reads what nothing tells of."""
    columns = {column: key for key, made in described.items() for column in columns_of(key, made)}
    try:
        return [columns[c] for c in columns_in(expression, [*source, *columns]) if c in columns and c not in source]
    except EngineError:
        return list(described)


def columns_of(key: str, made: Spec) -> list[str]:
    """The columns that a thing adds, by the names that a recipe has for them."""
    if made.family not in ("signal", "topics"):
        return [key]
    values = member_of(made.family, made.member).about.values
    return [key] if len(values) < 2 else [value_key(name, key) for name in values]


def _keys_of_output(recipe: Recipe) -> list[str]:
    output = Wanted.from_json(recipe.output)
    split = output.split
    return [
        *(*output.columns, *output.signals, *output.turns.values()),
        *([output.embedding] if output.embedding else []),
        *([*split.pairs, *split.columns] if split else []),
        *([*output.mask.columns] if output.mask else []),
        *([output.prefix.column] if output.prefix else []),
        *([output.weight.column] if output.weight else []),
        *([soft.label, soft.embedding, f"graph@{soft.embedding}"] if (soft := output.soft) else []),
    ]


def _source_options(data: Dataset) -> dict[str, Json]:
    """How the source was read, with the roles and categories that its columns have now: the id decides the keys."""
    columns = data.record.columns
    chosen: dict[str, Json] = {
        "roles": {c.role: c.key for c in columns if c.role not in ("", "id", "source")},
        "id": next((c.key for c in columns if c.role == "id"), ""),
        "categories": [c.key for c in columns if c.type == "category" and c.read_as],
    }
    options = {k: v for k, v in data.record.source_options.items() if k not in chosen}
    return options | {k: v for k, v in chosen.items() if v}
