"""What audits share: the choice that stands, columns to ask about, and an answer that is found once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine.progress import Progress
from engine.registry import Json
from ui.frame import state

T = TypeVar("T")


@dataclass(frozen=True)
class Choice:
    """A choice as it stands. picks: int64, in pick order; before: int64 ascending, what it was chosen from; pins:
    int64, rows kept by hand."""

    step: Step
    picks: np.ndarray
    before: np.ndarray
    pins: np.ndarray

    @staticmethod
    def of(done: "engine.recipe.Run") -> "Choice | None":
        """That of a run, None where nothing is chosen yet; the way out is said."""
        at = engine.look.kept.choice_at(done)
        if at is None:
            st.info("This looks at a choice, and nothing is chosen yet. Choose above.", icon=":material/tune:")
            return None
        picks, before = (engine.recipe.rows_of(done.stages[i], done.data.n) for i in (at, at - 1))
        return Choice(done.stages[at].step, picks, np.sort(before), done.kept_by_hand)

    @property
    def json(self) -> Json:
        """What tells it from others."""
        return [self.step.json(), self.picks.tolist(), len(self.before)]


def groups(data: Dataset, why: str) -> list[str]:
    """Columns that make groups, labels first; says why there is nothing to ask where there are none."""
    kinds = ("category", "text", "boolean")
    found = [
        key for key in engine.look.group_columns(data) if data.info(key).role == "label" or data.info(key).type in kinds
    ]
    if not found:
        st.info(f"{why} Name a column of labels on Open, or make topics on Explore.", icon=":material/label:")
    # What was made from the vectors, such as topics, is told by the vectors: no question to begin with.
    made = {key: data.info(key).origin not in ("source", "edit") for key in found}
    return sorted(found, key=lambda key: (data.info(key).role != "label", made[key]))


def embedding(data: Dataset) -> str:
    """The newest embedding, "" for none; the way out is said."""
    found = next(reversed(data.keys_of("embedding")), "")
    if not found:
        st.info("This needs vectors, and there are none. Prepare the corpus on Open.", icon=":material/scatter_plot:")
    return str(found)


def answer(data: Dataset, kind: str, asked: Json, label: str, make: Callable[[Progress], T]) -> T | None:
    """What was found of this very question before, else the button that finds it; None until then."""
    name = f"audit/{kind}/{engine.store.digest_of([data.fingerprint, asked])}"
    cache = state.stage_cache(str(data.store.folder))
    found = cache.peek(name)
    if found is None and st.button(label, key=f"audit/{kind}/go", icon=":material/query_stats:", type="primary"):
        place = st.empty()

        def progress(stage: str, done: int, total: int) -> None:
            place.progress(min(done / max(total, 1), 1.0), f"{stage}…")

        try:
            cache.get(name, lambda: make(progress))
        finally:
            place.empty()
        st.rerun()
    return cast("T | None", found)
