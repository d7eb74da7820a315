"""Topics as people work with them: named, edited by hand with undo, looked at one by one, split further."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from engine.dataset import Dataset, DistinctTexts, Vectors, make_current
from engine.errors import Damaged, EngineError
from engine.marks import log, share
from engine.registry import Json
from engine.store import Artefact, Key
from engine.topics._kmeans import topics_for
from engine.topics.areas import numbered
from engine.topics.naming import name_topics
from engine.topics.replayed_edits import Edited, TopicEdit, anchor, replay

Level = Literal["topic", "area"]


@dataclass(frozen=True)
class Parts:
    """A selection in parts. part: int32, one a row given, -1 for a row without text; names: by part, largest first."""

    part: np.ndarray
    names: dict[int, str]


def rename(data: Dataset, key: str, number: int, name: str, *, level: Level = "topic", who: str = "") -> Dataset:
    """Give a topic (or an area) another name; returns the dataset with it."""
    wanted = " ".join(name.split())
    if not wanted:
        raise EngineError("A topic needs a name. Give it one, or undo to get the old one back.")
    topics = data.topics(key)
    labels, names = topics.level(level)
    if any(other == wanted for i, other in names.items() if i != number):
        raise EngineError(f"There is already a {level} named {wanted!r}. Merge the two, or choose another name.")
    verb: Literal["rename", "rename_area"] = "rename" if level == "topic" else "rename_area"
    edit = TopicEdit(verb, (anchor(labels, number, _keys_of(data, topics.texts)),), wanted)
    return _record(data, key, edit, f"{names.get(number, number)} → {wanted}", who)


def merge(data: Dataset, key: str, numbers: list[int], *, name: str = "", who: str = "") -> Dataset:
    """Join topics into the first of them; without a name it is named by its texts."""
    numbers = list(dict.fromkeys(numbers))
    if len(numbers) < 2:
        raise EngineError(f"Merging needs two topics or more, got {len(numbers)}. Choose another one.")
    topics = data.topics(key)
    keys_of = _keys_of(data, topics.texts)
    edit = TopicEdit("merge", tuple(anchor(topics.topic, n, keys_of) for n in numbers), " ".join(name.split()))
    said = " + ".join(topics.names.get(n, str(n)) for n in numbers)
    return _record(data, key, edit, f"{said} merged", who)


def split(data: Dataset, key: str, number: int, *, parts: int = 2, seed: int = 0, who: str = "") -> Dataset:
    """Divide a topic into parts by k-means inside it; each part is named by its texts."""
    topics = data.topics(key)
    size = int(np.count_nonzero(topics.topic == number))
    if not 2 <= parts <= max(size, 1):
        raise EngineError(f"A topic of {size} texts cannot be divided into {parts}. Give 2 to {max(size, 2)} parts.")
    edit = TopicEdit("split", (anchor(topics.topic, number, _keys_of(data, topics.texts)),), parts=parts, seed=seed)
    return _record(data, key, edit, f"{topics.names.get(number, number)} in {parts} parts", who)


def undo(data: Dataset, key: str, *, who: str = "") -> Dataset:
    """Take back the last change by hand. Raises EngineError when there is none."""
    log.undo(data.store, _lane(key), who)
    return _current(data, key, carried(data, key, _base(data, key)))


def redo(data: Dataset, key: str, *, who: str = "") -> Dataset:
    """Do again what was undone last."""
    log.redo(data.store, _lane(key), who)
    return _current(data, key, carried(data, key, _base(data, key)))


def follow(data: Dataset, lane: str) -> Dataset:
    """The dataset with its topics as their history says now, after a desk took back or did again an edit of them.

    lane: what `Desk.undo` gives; any other than that of topics which are there changes nothing.
    """
    key = lane.removeprefix(_lane(""))
    return _current(data, key, carried(data, key, _base(data, key))) if key in data.keys_of("topics") else data


def edits(data: Dataset, key: str) -> list[TopicEdit]:
    """The changes by hand that count now, oldest first."""
    return [TopicEdit.from_json(body) for body in log.replayed(data.store, _lane(key))]


def depths(data: Dataset, key: str) -> tuple[int, int]:
    """How many changes by hand can be undone, and how many done again."""
    return log.depths(data.store, _lane(key))


def carried(data: Dataset, key: str, base: Artefact) -> Artefact:
    """Topics with the changes by hand replayed over them; the topics themselves where there are none.

    Found anew with other parameters, topics take over the changes made to the last edited ones by the same member on
    the same embedding. What could not be found again is listed in the sidecar under `lost`.
    """
    return with_changes(data, key, base, edits(data, key) or _taken_over(data, key, base))


def with_changes(data: Dataset, key: str, base: Artefact, made: Sequence[TopicEdit]) -> Artefact:
    """Topics with these changes replayed over them, as they are in the history or came with a recipe."""
    if not made:
        return base
    spec = replace(base.spec, by_hand=tuple(edit.json() for edit in made))
    origin = replace(base.origin, spec=spec, inputs={**base.origin.inputs, "base": base.identity})
    texts = data.texts_below(base)
    grid = _vectors_of(data, key).grid
    done = replay(
        np.asarray(base.array("topic")),
        np.asarray(base.array("area")),
        made,
        nodes_of=lambda keys: _nodes_of(data, texts, keys),
        split=lambda members, parts, seed: _parts(grid, members, parts, seed)[0],
    )
    notes = _notes(data, _vectors_of(data, key), base, done)
    return data.store.publish(key, origin, {"topic": done.topic, "area": done.area}, notes)


def subclusters(data: Dataset, embedding: str, rows: np.ndarray, *, parts: int = 0, seed: int = 0) -> Parts:
    """Divide any selection into parts by k-means and name them by what sets them apart from each other.

    rows: int64. parts: 0 = from the number of texts.
    """
    vectors = data.embedding(embedding)
    nodes = vectors.texts.of_row[rows]
    members = np.unique(nodes[nodes >= 0])
    part_of_member, count = _parts(vectors.grid, members, parts or topics_for(len(members)), seed)
    part = np.full(len(rows), -1, dtype=np.int32)
    part[nodes >= 0] = part_of_member[np.searchsorted(members, nodes[nodes >= 0])]
    if count < 2:
        return Parts(part, dict.fromkeys(range(count), "all"))
    topic = np.full(len(vectors.grid), -1, dtype=np.int32)
    topic[members] = part_of_member
    names = cast(dict[str, str], name_topics(data, vectors, topic, np.minimum(topic, 0))["names"])
    return Parts(part, {int(number): name for number, name in names.items()})


def _parts(grid: np.ndarray, members: np.ndarray, parts: int, seed: int) -> tuple[np.ndarray, int]:
    """Part of each member, int32, the largest 0, and how many parts there are."""
    import indexes

    if len(members) == 0:
        return np.empty(0, dtype=np.int32), 0
    means = indexes.kmeans(np.asarray(grid[members]), min(parts, len(members)), seed=seed)
    part, _ = numbered(means.labels, np.zeros(len(means.centroids), dtype=np.int64))
    return part, len(means.centroids)


def _notes(data: Dataset, vectors: Vectors, base: Artefact, done: Edited) -> dict[str, Json]:
    """The sidecar after edits: what the base says, new names for changed topics, and those given by hand."""
    notes = dict(base.notes)
    names, area_names, terms, area_of = (
        dict(cast(dict[str, Json], base.notes.get(what, {}))) for what in ("names", "area_names", "terms", "area_of")
    )
    there = {str(number) for number in np.unique(done.topic[done.topic >= 0]).tolist()}
    if done.changed:
        fresh = name_topics(data, vectors, done.topic, done.area)
        again = {str(number) for number in done.changed}
        names |= {i: text for i, text in cast(dict[str, Json], fresh["names"]).items() if i in again}
        terms |= {i: some for i, some in cast(dict[str, Json], fresh["terms"]).items() if i in again}
        area_of |= cast(dict[str, Json], fresh["area_of"])
    group_of = dict(cast(dict[str, int], base.notes.get("group_of", {})))
    for number, whole in done.part_of.items() if group_of else ():
        group_of[str(number)] = group_of[str(whole)]  # a part of a divided topic stays in the group of the whole
    names |= {str(number): text for number, text in done.names.items()}
    area_names |= {str(number): text for number, text in done.area_names.items()}
    notes |= {
        "names": {i: text for i, text in names.items() if i in there},
        "area_names": area_names,
        "terms": {i: some for i, some in terms.items() if i in there},
        "area_of": {i: of for i, of in area_of.items() if i in there},
        "group_of": {i: of for i, of in group_of.items() if i in there},
        "by_hand": cast(Json, sorted(done.names)),
        "lost": list(done.lost),
    }
    return notes


def _record(data: Dataset, key: str, edit: TopicEdit, words: str, who: str) -> Dataset:
    share(data.store, _lane(key), edit.json(), words, who)
    return _current(data, key, carried(data, key, _base(data, key)))


def _taken_over(data: Dataset, key: str, base: Artefact) -> list[TopicEdit]:
    """The changes of the last edited topics by the same member on the embedding, put into this one's history."""
    if log.revision(data.store, _lane(key)):
        return []
    others = [
        other
        for other in data.keys_of("topics")
        if other != key and (its := data.added[other].spec).on == base.spec.on and its.member == base.spec.member
    ]
    revisions = {other: log.revision(data.store, _lane(other)) for other in others}
    for other in sorted(others, key=lambda k: -revisions[k]):
        made = edits(data, other)
        for edit in made:
            log.log(data.store, _lane(key), edit.json(), f"taken over from {other}")
        if made:
            return made
    return []


def _base(data: Dataset, key: str) -> Artefact:
    """The topics under a key before changes by hand."""
    now = data.artefact("topics", key)
    found = data.store.find("topics", now.origin.inputs.get("base", now.identity))
    if found is None:
        raise Damaged(
            f"The topics that {key!r} were made from are gone from disk. Find topics again; changes are kept."
        )
    return found


def _current(data: Dataset, key: str, artefact: Artefact) -> Dataset:
    """The dataset in which the key means this artefact."""
    make_current(data.store, key, artefact.identity)
    return Dataset.load(data.store)


def _lane(key: str) -> str:
    return f"topics/{key}"


def _vectors_of(data: Dataset, key: str) -> Vectors:
    return data.embedding(Key.read(key).on)


def _keys_of(data: Dataset, nodes: DistinctTexts) -> Callable[[np.ndarray], list[str]]:
    return lambda some: data.keys(np.asarray(nodes.first[some], dtype=np.int64))


def _nodes_of(data: Dataset, nodes: DistinctTexts, keys: Sequence[str]) -> np.ndarray:
    rows = data.rows_of(list(keys))
    return np.where(rows >= 0, np.asarray(nodes.of_row)[np.maximum(rows, 0)], -1).astype(np.int64)
