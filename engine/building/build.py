"""Build what slow work adds: one thing with all that it stands on, kept under its identity and found again."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from engine.building.cost import guessed
from engine.building.key_names import value_key
from engine.building.plan import asked_for, plan, together
from engine.building.spec import member_of
from engine.building.speeds import Took, remember
from engine.dataset import AddedColumn, Dataset, Pairs, edits_read, make_current, origin_of
from engine.maps import MAPS, shares_kept, trust_notes
from engine.opening import make_edit
from engine.pairs import PAIRS, curve, group_sizes, grouped
from engine.progress import Progress, quiet
from engine.registry import Json, Member, Value
from engine.signals import ROW_SIGNALS, corpus_signal, row_signals
from engine.store import Artefact, Origin, Spec, plain
from engine.topics import TOPICS, TopicEdit, carried, name_topics, with_changes, without_column
from engine.vectors import build_graph, build_index, embed


def build(data: Dataset, wanted: Mapping[str, Spec] | Iterable[str | Spec], progress: Progress = quiet) -> Dataset:
    """Build some things and what they stand on; returns the dataset with them.

    wanted: specs by key, or specs, or keys without parameters, such as `topics@minilm`. What is on disk under the same
    identity is taken as it is. Raises `Cancelled` from `progress`; finished parts stay.
    """
    for part in together(plan(asked_for(wanted), {**data.columns, **data.added})):
        for key, artefact in _timed(data, part, progress).items():
            if data.added.get(key) is None or data.added[key].identity != artefact.identity:
                data = _made_current(data, key, artefact)
    return data


def _timed(data: Dataset, part: Mapping[str, Spec], progress: Progress) -> dict[str, Artefact]:
    """Build what is built in one go; where all of a thing was done here and now, remember how long that took."""
    store, family = data.store, next(iter(part.values())).family
    begun_before = {a.identity for a in store.artefacts(family)} | store.workbenches(family).keys()
    guesses, start = {key: guessed(data, made).seconds for key, made in part.items()}, time.monotonic()
    built = _BUILDERS[family](data, part, progress)
    seconds = time.monotonic() - start
    new = [k for k, a in built.items() if a.identity not in begun_before and not a.notes.get("reused")]
    whole = sum(guesses[key] for key in new)
    for key in new:
        share = guesses[key] / whole if whole else 0.0
        remember(store, part[key], Took(guesses[key], seconds * share))
    return built


def _made_current(data: Dataset, key: str, artefact: Artefact) -> Dataset:
    """Load again so that the key means this artefact, also when an older one of the same key is there."""
    fresh = Dataset.load(data.store)
    if key in fresh.added and fresh.added[key].identity == artefact.identity:
        return fresh
    make_current(data.store, key, artefact.identity)
    return Dataset.load(data.store)


def _embedding(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    return embed(data, made, key, progress)


def _index(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    return build_index(data, made, progress)


def _graph(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    return build_graph(data, made, progress)


def _map(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    vectors, graph = data.embedding(made.on), data.graph(made.on)
    origin = origin_of(data, made, vectors=vectors, graph=graph)
    there = data.store.made(origin)
    if there:
        return there
    member = MAPS[made.member]
    progress("Drawing the map", 0, 1)
    xy = member.function(vectors, graph, progress, **member.check(made.params))
    progress("Counting the neighbours that it keeps", 0, 1)
    shares = shares_kept(xy, graph.neighbours)
    progress("Counting the neighbours that it keeps", 1, 1)
    arrays = {"x": np.ascontiguousarray(xy[:, 0]), "y": np.ascontiguousarray(xy[:, 1]), "trust": shares[1]}
    notes: dict[str, Json] = {**trust_notes(shares), "preview": False}
    return data.store.publish(key, origin, arrays, notes)


def _topics(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    vectors, graph = data.embedding(made.on), data.graph(made.on)
    column = str(made.params.get("column") or "")
    read = {column: data.info(column).identity} if column else {}
    origin = origin_of(data, made, vectors=vectors, graph=graph, columns=read)
    there = data.store.made(origin)
    if there:
        return _by_hand(data, key, there, made)
    member = TOPICS[made.member]
    progress("Finding topics", 0, 2)
    if column:
        vectors = without_column(data, vectors, column)
    topic, area = member.function(vectors, graph, **member.check(made.params))
    progress("Naming topics", 1, 2)
    notes = name_topics(data, data.embedding(made.on), topic, area)
    progress("Naming topics", 2, 2)
    columns = [AddedColumn(value_key(level, key), level, "category", "topics", level) for level in ("topic", "area")]
    arrays = {"topic": topic, "area": area}
    return _by_hand(data, key, data.store.publish(key, origin, arrays, {**notes, "columns": plain(columns)}), made)


def _by_hand(data: Dataset, key: str, base: Artefact, made: Spec) -> Artefact:
    """The topics with the changes made by hand: those that came with a recipe, else those of the history."""
    if made.by_hand is None:
        return carried(data, key, base)
    return with_changes(data, key, base, [TopicEdit.from_json(body) for body in made.by_hand])


def _signals(data: Dataset, part: Mapping[str, Spec], progress: Progress) -> dict[str, Artefact]:
    """Signals that are measured in one go: row signals with the same parameters, or one other."""
    origins = {key: _origin(data, made) for key, made in part.items()}
    built = {key: there for key, origin in origins.items() if (there := data.store.made(origin))}
    missing = {key: made for key, made in part.items() if key not in built}
    if not missing:
        return built
    members = [member_of("signal", made.member) for made in missing.values()]
    params = next(iter(missing.values())).params
    if members[0].family == ROW_SIGNALS.family:
        found = row_signals(data, members, params, progress)
    else:
        found = [corpus_signal(data, members[0], params, progress)]
    for key, member, arrays in zip(missing, members, found, strict=True):
        columns = []
        for name in arrays:
            value, column = member.about.values[name], key if len(arrays) == 1 else value_key(name, key)
            labels = labels_said(data, value, missing[key].params)
            columns.append(AddedColumn(column, name, value.type, "signal", name, value.unit, labels))
        built[key] = data.store.publish(key, origins[key], arrays, {"columns": plain(columns)})
    return built


def labels_said(data: Dataset, value: Value, params: Mapping[str, Json]) -> tuple[str, ...]:
    """The names of a category's values: known beforehand, of the column that a knob names, or told by the member."""
    if value.names:
        return tuple(value.names(data, params))
    return tuple(data.codes(str(params[value.labels_of]))[1]) if value.labels_of else value.labels


def _origin(data: Dataset, made: Spec) -> Origin:
    """What a signal stands on: vectors, the text, and the columns that it names."""
    member, on = member_of("signal", made.member), made.embedding
    needs_graph = bool(on) and member.needs("graph", made.params)
    vectors, graph = data.embedding(on) if on else None, data.graph(on) if needs_graph else None
    below = origin_of(data, made, vectors=vectors, graph=graph)
    if on and not member.of_kind("column"):
        return below
    named = member.names("column", made.params)
    read = edits_read(data) | {key: identity for key in named if (identity := data.info(key).identity)}
    return replace(below, text_view=data.text_view.json(), columns=read)


def _of_columns(data: Dataset, member: Member, made: Spec) -> Origin:
    """What pairs stand on that read the columns that its parameters name, or else the text."""
    named = member.names("column", made.params)
    if not named:
        return replace(origin_of(data, made, columns=edits_read(data)), text_view=data.text_view.json())
    return origin_of(data, made, columns={key: identity for key in named if (identity := data.info(key).identity)})


def _pairs(data: Dataset, key: str, made: Spec, progress: Progress) -> Artefact:
    member, on = PAIRS[made.member], made.embedding
    if on:
        needs_graph = member.needs("graph", made.params)
        origin = origin_of(data, made, vectors=data.embedding(on), graph=data.graph(on) if needs_graph else None)
    else:
        origin = _of_columns(data, member, made)
    there = data.store.made(origin)
    if there:
        return there
    found: Pairs = member.function(data, progress, **member.check(made.params))
    progress("Finding groups", 0, 1)
    of_all = grouped(found, found.lowest)
    notes: dict[str, Json] = {"groups": of_all.groups, "rows": len(of_all.repeats) + of_all.groups}
    notes |= {"largest": of_all.largest, "pairs": len(found.first), **found.notes}
    if len(found.first):
        notes["curve"] = [list(point) for point in curve(found, found.lowest)]
    progress("Finding groups", 1, 1)
    ((name, value),) = member.about.values.items()
    column = AddedColumn(value_key(name, key), name, value.type, "signal", "value", value.unit)
    arrays = {"value": group_sizes(found, of_all)} | found.arrays()
    return data.store.publish(key, origin, arrays, {**notes, "columns": plain([column])})


def _alone(
    builder: Callable[[Dataset, str, Spec, Progress], Artefact],
) -> Callable[[Dataset, Mapping[str, Spec], Progress], dict[str, Artefact]]:
    """A builder of one thing at a time."""
    return lambda data, part, progress: {key: builder(data, key, made, progress) for key, made in part.items()}


_BUILDERS: Mapping[str, Callable[[Dataset, Mapping[str, Spec], Progress], dict[str, Artefact]]] = {
    "embedding": _alone(_embedding),
    "index": _alone(_index),
    "graph": _alone(_graph),
    "map": _alone(_map),
    "topics": _alone(_topics),
    "signal": _signals,
    "edit": _alone(make_edit),
    "pairs": _alone(_pairs),
}
