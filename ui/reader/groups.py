"""Groups of rows that are alike, on the screen: one that stays beside those that go for it, to be judged by keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import streamlit as st

from engine import Dataset, EngineError
from engine.look import duplicates
from engine.pairs import Grouped
from ui.map.component import bundle, channel, component, sent
from ui.map.wire import digest_of, pack, unsent
from ui.reader.answers import FIRST, SNIPPET, column, named, stands
from ui.reader.book import Standing

Doing = Literal["keep", "apart", "all", "select", "undo"]
DOINGS: tuple[Doing, ...] = get_args(Doing)
MOST, MOST_GROUPS = 60, 300
"""Rows of a group, and groups, in one answer."""
REMEMBERED = 64
Answer = dict[str, object]
Question = Mapping[str, object]


@dataclass(frozen=True)
class Act:
    """What a person does with a group: keep a row of it, tell it apart from the others, keep all, select, undo.

    rows: int64, the whole group, the row that stays first; row: the one that is meant, -1 for undo.
    """

    kind: Doing
    rows: np.ndarray
    row: int = -1


@dataclass(frozen=True)
class Judged:
    """What was said of a row and the one that stays: "duplicates", "different" or ""; whether it was chosen to stay."""

    said: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Shelf:
    """Groups in an order. stay: int64, the row that stays of each. digest: names them, their order and what is in them.

    standing: of some rows; judged: of rows of one group, the row that stays first. seen: bool for rows that stay,
    whether anything was judged of them. act: does it and says in words what was done.
    """

    data: Dataset
    found: Grouped
    stay: np.ndarray
    digest: str
    standing: Callable[[np.ndarray], Sequence[Standing]]
    judged: Callable[[np.ndarray], Sequence[Judged]]
    seen: Callable[[np.ndarray], np.ndarray]
    act: Callable[[Act], str]


def groups(
    shelf: Shelf, *, key: str, pairs: str, order: str, version: str, height: int = 560, on_act: Callable[[], None]
) -> None:
    """Show groups to be judged. pairs, order: which ones and in what order; another one begins at the first group.

    version: changes when what is said of rows may have changed. on_act: called once after what was done, when the hands
    rest. Raises `EngineError` when the JavaScript is not built.
    """
    there, code, name = sent(), digest_of(bundle()), f"groups-{digest_of(key.encode())}"
    header = {
        "draws": "groups", "key": key, "code": code, "needs": [code], "height": height, "list": shelf.digest,
        "n": len(shelf.stay), "pairs": pairs, "order": order, "version": version,
    }  # fmt: skip

    def wanted() -> None:
        there.difference_update(st.session_state[name].get("want") or ())

    with st.container(gap=None):
        component()(
            key=name, data=pack(header, unsent({code: bundle}, there)), on_event_change=on_act, on_want_change=wanted
        )
        done = st.session_state.setdefault(f"{name}-done", [])
        channel(key, f"{name}-answers", lambda question: (answer_to(question, shelf, done), b""))


def answer_to(question: Question, shelf: Shelf, done: list[tuple[object, str]]) -> Answer:
    """What goes back to the browser; the question comes over the wire: what is not there gets an empty answer.

    done: ids of the last acts, each with what was said, so that one that was sent twice is done once; it grows.
    """
    try:
        if question.get("ask") == "act":
            return _acted(question.get("act"), shelf, done)
    except EngineError as error:
        return {"said": str(error), "wrong": True}
    if question.get("ask") == "find":
        found = np.flatnonzero(shelf.stay == _int(question.get("stays"), -1))
        return {"at": int(found[0]) if len(found) else -1}
    if question.get("list") != shelf.digest:
        return {}
    return _listed(question, shelf) if question.get("ask") == "groups" else _opened(question, shelf)


def _acted(told: object, shelf: Shelf, done: list[tuple[object, str]]) -> Answer:
    wire = told if isinstance(told, dict) else {}
    for known, words in done:
        if known == wire.get("id"):
            return {"said": words}
    kind = next((doing for doing in DOINGS if doing == wire.get("kind")), None)
    if kind is None:
        raise EngineError(f"{wire.get('kind')!r} is nothing that can be done with a group. Reload the page.")
    made = Act(kind, np.empty(0, np.int64))
    if kind != "undo":
        stays, row = _int(wire.get("stays"), -1), _int(wire.get("row"), -1)
        rows = shelf.found.of(stays)[0] if stays in shelf.found.sizes else np.empty(0, np.int64)
        if row not in rows:
            raise EngineError("The groups changed in the meantime, and nothing was done. Look at them and do it again.")
        made = Act(kind, rows, row)
    done.append((wire.get("id"), shelf.act(made)))
    del done[:-REMEMBERED]
    return {"said": done[-1][1]}


def _listed(question: Question, shelf: Shelf) -> Answer:
    """Some groups of the list: the row that stays, rows, the least similarity, how the text begins, whether judged."""
    start = max(0, _int(question.get("from"), 0))
    stay = shelf.stay[start : min(_int(question.get("to"), 0), start + MOST_GROUPS)]
    sizes, seen = [shelf.found.sizes[int(row)] for row in stay], shelf.seen(stay)
    texts = [" ".join(text[: 2 * SNIPPET].split())[:SNIPPET] for text in shelf.data.texts(stay)]
    least = duplicates.least_similar(shelf.found, stay).tolist()
    whole = zip(stay.tolist(), sizes, least, texts, seen.tolist(), strict=True)
    return {"groups": [[row, size, round(like, 4), text, judged] for row, size, like, text, judged in whole]}


def _opened(question: Question, shelf: Shelf) -> Answer:
    """One group, or a part of a large one: its rows, that which stays first, then the least similar."""
    at = _int(question.get("at"), -1)
    if not 0 <= at < len(shelf.stay):
        return {}
    rows, similarity = shelf.found.of(int(shelf.stay[at]))
    start = max(0, _int(question.get("from"), 0))
    end = min(_int(question.get("to"), MOST), start + MOST)
    some, data = rows[start:end], shelf.data
    labels = [c.key for c in data.columns.values() if c.role == "label"]
    labels = labels or [c.key for c in data.columns.values() if c.origin == "topics"][:1]
    cells = [column(data, key, some) for key in labels]
    names = named(data, some)
    said = shelf.judged(np.r_[rows[:1], some])[1:]
    found = []
    for i, (text, standing) in enumerate(zip(data.texts(some), shelf.standing(some), strict=True)):
        one: Answer = {"row": int(some[i]), "similarity": round(float(similarity[start + i]), 4), "text": text[:FIRST]}
        one |= {"length": len(text), "shown": min(len(text), FIRST), "stand": stands(standing)}
        one |= {"labels": [[key, values[i]] for key, values in zip(labels, cells, strict=True)]}
        found.append(one | {"name": names[i], "said": said[i].said, "chosen": said[i].chosen})
    return {"at": at, "stays": int(rows[0]), "size": len(rows), "rows": found}


def _int(value: object, other: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else other
