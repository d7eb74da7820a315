"""What people change about topics by hand: a list of edits, replayed over any clustering of the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from engine.errors import EngineError
from engine.registry import Json
from engine.store import plain, read

Verb = Literal["rename", "merge", "split", "rename_area"]
MEMBERS_KEPT = 60
_MOST_GROWTH = 3.0


@dataclass(frozen=True)
class Anchor:
    """How a topic is found again in another clustering: keys of some of its rows, and how many nodes it had."""

    keys: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class TopicEdit:
    """One change by hand.

    anchors: the topics it is about (or the area). name: for rename and merge, "" = from the texts. parts, seed: of a
    split.
    """

    verb: Verb
    anchors: tuple[Anchor, ...]
    name: str = ""
    parts: int = 2
    seed: int = 0

    def json(self) -> dict[str, Json]:
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}

    @staticmethod
    def from_json(body: object) -> "TopicEdit":
        """An edit as it was stored. Raises `EngineError` for a verb of another version."""
        found = read(TopicEdit, body, "a change of topics")
        if found.seed < 0:
            raise EngineError(f"In a change of topics, 'seed' is {found.seed}. Give 0 or more.")
        return found


@dataclass(frozen=True)
class Edited:
    """Topics after edits. topic, area: int32 (m,), a number that no edit touches stays what it was.

    names, area_names: given by hand. changed: topics with other texts than before, to be named anew. part_of: of each
    new topic the one that was divided. unused: the next free number. lost: edits whose topic is no longer there, in
    words.
    """

    topic: np.ndarray
    area: np.ndarray
    names: dict[int, str]
    area_names: dict[int, str]
    changed: frozenset[int]
    part_of: dict[int, int]
    unused: int
    lost: tuple[str, ...]


def replay(
    topic: np.ndarray,
    area: np.ndarray,
    edits: Sequence[TopicEdit],
    *,
    nodes_of: Callable[[Sequence[str]], np.ndarray],
    split: Callable[[np.ndarray, int, int], np.ndarray],
) -> Edited:
    """Apply edits in order to a clustering, int32 (m,) each.

    nodes_of: row keys → nodes, int64, -1 for a key that is not here. split: nodes, parts, seed → part of each node,
    the largest part 0. A topic is found by where most of its anchor's rows lie now; where no topic holds more than half
    of them, or that topic has grown more than threefold, the edit is lost.
    """
    state = Edited(topic.copy(), area.copy(), {}, {}, frozenset(), {}, int(topic.max(initial=-1)) + 1, ())
    for edit in edits:
        level = state.area if edit.verb == "rename_area" else state.topic
        found = [_found(level, anchor, nodes_of(anchor.keys)) for anchor in edit.anchors]
        numbers = list(dict.fromkeys(number for number in found if number is not None))
        if not numbers or (edit.verb == "merge" and len(numbers) < 2):
            state = replace(state, lost=(*state.lost, _said(edit)))
        else:
            state = _VERBS[edit.verb](state, edit, numbers, split)
    return state


def anchor(labels: np.ndarray, number: int, keys_of: Callable[[np.ndarray], list[str]]) -> Anchor:
    """The anchor of a topic (or area) as it is now; keys_of: nodes → row keys."""
    members = np.flatnonzero(labels == number)
    if len(members) == 0:
        raise EngineError(f"There is no topic {number} here. Choose one that is on the map.")
    even = members[np.unique(np.linspace(0, len(members) - 1, MEMBERS_KEPT).astype(np.int64))]
    return Anchor(tuple(keys_of(even)), len(members))


def _found(labels: np.ndarray, anchor: Anchor, nodes: np.ndarray) -> int | None:
    """The number that most of the anchor's rows have now, if it is the same group in kind."""
    here = labels[nodes[nodes >= 0]]
    if len(here) == 0:
        return None
    numbers, counts = np.unique(here[here >= 0], return_counts=True)
    if len(numbers) == 0 or counts.max() * 2 <= len(here):
        return None
    number = int(numbers[np.argmax(counts)])
    grown = np.count_nonzero(labels == number) > _MOST_GROWTH * anchor.size
    return None if grown else number


def _rename(state: Edited, edit: TopicEdit, numbers: list[int], _split: object) -> Edited:
    return replace(state, names=state.names | {numbers[0]: edit.name})


def _rename_area(state: Edited, edit: TopicEdit, numbers: list[int], _split: object) -> Edited:
    return replace(state, area_names=state.area_names | {numbers[0]: edit.name})


def _merge(state: Edited, edit: TopicEdit, numbers: list[int], _split: object) -> Edited:
    """All become the first, in its area; the other numbers are not used again."""
    first = numbers[0]
    topic, area = state.topic.copy(), state.area.copy()
    joined = np.isin(topic, numbers)
    area[joined] = area[np.argmax(topic == first)]
    topic[joined] = first
    names = {number: name for number, name in state.names.items() if number not in numbers}
    if edit.name:
        names[first] = edit.name
    return replace(state, topic=topic, area=area, names=names, changed=(state.changed - set(numbers)) | {first})


def _split(
    state: Edited, edit: TopicEdit, numbers: list[int], split: Callable[[np.ndarray, int, int], np.ndarray]
) -> Edited:
    """The largest part keeps the number, the others get new ones, in the same area."""
    number = numbers[0]
    members = np.flatnonzero(state.topic == number)
    parts = split(members, edit.parts, edit.seed)
    topic = state.topic.copy()
    topic[members] = np.where(parts == 0, number, state.unused + parts - 1)
    after = state.unused + int(parts.max(initial=0))
    new = range(state.unused, after)
    names = {other: name for other, name in state.names.items() if other != number}
    part_of = state.part_of | dict.fromkeys(new, number)
    return replace(
        state, topic=topic, names=names, changed=state.changed | {number, *new}, part_of=part_of, unused=after
    )


_VERBS: Mapping[Verb, Callable[..., Edited]] = {
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "rename_area": _rename_area,
}


def _said(edit: TopicEdit) -> str:
    """An edit that was lost, in words."""
    name = f" as {edit.name!r}" if edit.name else ""
    what = {"rename": "A renamed topic", "merge": "A merge", "split": "A split", "rename_area": "A renamed area"}
    return f"{what[edit.verb]}{name} has no topic any more that holds most of the same rows."
