"""The rows that hold an item, each beside it, the words that they share marked in both."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine.look import KIND_WORDS, Kind, Leak, Leaks
from ui.clean.leaks.looking import Looked
from ui.frame import reading
from ui.reader.book import Beside, Span


def draw(found: Looked) -> None:
    """The reader with what was found, the largest overlap first; of one kind where the person wants that."""
    leaks = found.leaks
    counts = {kind: rows for kind, (rows, _) in leaks.counts().items() if rows}
    kinds = ["all", *counts]
    words = {"all": f"All · {len(leaks.found):,}"} | {k: f"{k.capitalize()} · {n:,}" for k, n in counts.items()}
    kind = st.segmented_control(
        "Rows beside the item that they hold, the largest overlap first", kinds, default="all",
        format_func=words.__getitem__, key=f"leaks/kind/{found.digest}", required=True,
    )  # fmt: skip
    rows = leaks.ordered(None if kind == "all" else cast(Kind, kind))
    held = _held(leaks)
    reading.rows(
        leaks.data, rows, key="leaks/rows", height=640, version=found.digest,
        spans=(lambda some: [_marked(one) for one in held(some)]) if leaks.column is None else None,
        why=lambda some: [said(one) if one else "" for one in held(some)],
        beside=lambda some: [_item(leaks, one) for one in held(some)],
    )  # fmt: skip


def said(one: Leak) -> str:
    """How a row holds its item, in words."""
    facts = [KIND_WORDS[one.kind].capitalize()]
    if one.equal:
        run = "all in a row" if one.longest == one.equal else f"{one.longest:,} in a row"
        facts.append(f"{one.equal:,} words, {run}, {one.share:.0%} of the item")
    if one.similarity is not None:
        facts.append(f"similarity {one.similarity:.3f}")
    return "; ".join(facts)


def _held(leaks: Leaks) -> Callable[[np.ndarray], list[Leak | None]]:
    """What rows hold, None for a row that holds nothing; a page of rows is asked three times, and looked up once."""
    there = leaks.found

    @lru_cache(maxsize=2)
    def of(wanted: bytes) -> list[Leak | None]:
        rows = np.frombuffer(wanted, np.int64)
        holds = np.isin(rows, there)
        found = iter(leaks.of(rows[holds]))
        return [next(found) if holding else None for holding in holds]

    return lambda rows: of(np.ascontiguousarray(rows, np.int64).tobytes())


def _marked(one: Leak | None) -> Sequence[Span]:
    return engine.look.matched(one)[0] if one else ()


def _item(leaks: Leaks, one: Leak | None) -> Beside | None:
    if one is None:
        return None
    return Beside(
        f"{leaks.item_words(one.item, begins=True)} of {leaks.other.name}", one.item_text, engine.look.matched(one)[1]
    )
