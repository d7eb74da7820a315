"""Fit a model on pools: at once where they are small, as a job with progress and stop where they are not."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.models import Pools
from engine.registry import Json
from ui.frame import jobs

MANY, LONG, SAMPLE = 2_000, 2_000_000, 50
"""Rows and characters of text, above which fitting takes so long that it becomes a job."""


def fit(data: Dataset, member: str, pools: Pools, params: Mapping[str, Json], key: str) -> None:
    """Fit a model. pools: rows by what they are for and by name; key: of the selectbox that then shows the model."""
    if not _takes_long(data, np.concatenate([rows for some in pools.values() for rows in some.values()])):
        with st.spinner("Learning…", show_time=True):
            st.session_state[f"{key}/which"] = engine.models.fit(data, member, pools, params).name
        return
    listed: dict[str, Json] = {
        side: {name: engine.recipe.listed_ref(data, rows) for name, rows in some.items()}
        for side, some in pools.items()
    }
    work: dict[str, Json] = {"do": "fit", "member": member, "pools": listed, "params": dict(params)}
    jobs.launch(data.store, work, f"Learn {params['name'] or 'a model'}", held=f"{key}/job")


def distil(data: Dataset, target: str, params: Mapping[str, Json], key: str) -> None:
    """Learn what ranks high for examples, from a sample. target: their ref; params: knobs of `engine.recipe.distilled`.

    key: of the selectbox that then shows the model.
    """
    sample = min(int(str(params["sample"])), data.n)
    if params["embedding"] and not _takes_long(data, data.rows()[:sample]):
        with st.spinner("Learning…", show_time=True):
            made = engine.recipe.distilled(data, target, **params)  # type: ignore[arg-type]
        st.session_state[f"{key}/which"] = made.model.name
        return
    work: dict[str, Json] = {"do": "distil", "target": target, "params": dict(params)}
    jobs.launch(data.store, work, f"Learn {params['name'] or 'a model'}", held=f"{key}/job")


def _takes_long(data: Dataset, rows: np.ndarray) -> bool:
    """Whether so many rows, or so long ones by a sample of them, take more than a few seconds."""
    if len(rows) > MANY:
        return True
    return sum(map(len, data.texts(engine.dataset.evenly(rows, SAMPLE)))) * len(rows) > LONG * min(SAMPLE, len(rows))
