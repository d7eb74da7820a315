"""What a browser session holds: the dataset, the recipe with its history, the selection. Everything else is on disk."""

import os
from pathlib import Path

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Recipe, Store
from engine.cache import Cache

WORKSPACE = Path(os.environ.get("WINNOW_WORKSPACE", "winnow_workspace")).resolve()


def folders() -> list[Path]:
    """The folders to choose files in: `WINNOW_FOLDERS` (joined as a PATH is), else the home and the current folder."""
    named = os.environ.get("WINNOW_FOLDERS")
    found = [Path(p) for p in named.split(os.pathsep) if p] if named else [Path.home(), Path.cwd()]
    return [p.resolve() for p in found if p.is_dir()]


def allowed_folders() -> list[Path]:
    """What the pages may read: those folders, and the workspace, where what was uploaded lies."""
    return [*folders(), WORKSPACE]


def stores() -> list[Store]:
    """The datasets of the workspace."""
    return engine.store.datasets(WORKSPACE)


def chosen() -> Store | None:
    """The dataset that this session looks at: from the address, else the one seen last, else the only one."""
    there = {s.folder.name: s for s in stores()}
    name = (
        st.query_params.get("dataset")
        or st.session_state.get("dataset")
        or (next(iter(there)) if len(there) == 1 else "")
    )
    if name not in there:
        return None
    choose(name)
    return there[name]


def choose(name: str) -> None:
    """Look at another dataset from now on; the selection and the place on the map belong to the old one."""
    if st.session_state.get("dataset") != name:
        for key in ("selection", "row", "event"):
            st.session_state.pop(key, None)
        st.session_state["dataset"] = name
    if st.query_params.get("dataset") != name:
        st.query_params["dataset"] = name


def forget(name: str) -> None:
    """Look no longer at a dataset that is gone."""
    if st.session_state.get("dataset") == name:
        del st.session_state["dataset"]
    if st.query_params.get("dataset") == name:
        del st.query_params["dataset"]


def gone() -> str:
    """The dataset that this session looks for and that is not there: renamed or deleted elsewhere; "" for none."""
    name = st.query_params.get("dataset") or st.session_state.get("dataset") or ""
    return "" if name in {s.folder.name for s in stores()} else str(name)


@st.cache_resource(max_entries=3, show_spinner=False)
def _newest(folder: str) -> list[tuple[str, Dataset]]:
    """The one version of a dataset that is kept in memory, with its stamp: an older one goes when a newer is loaded."""
    return []


def dataset() -> Dataset:
    """The dataset, loaded again whenever something was added. Call inside `page`, which makes sure there is one."""
    store = chosen()
    if store is None:
        raise engine.NotFound("No dataset is open. Choose one on the Open page.")
    kept, stamp = _newest(str(store.folder)), store.stamp()
    if not kept or kept[0][0] != stamp:
        kept[:] = [(stamp, Dataset.load(store))]
    return kept[0][1]


@st.cache_resource(max_entries=4, show_spinner=False)
def stage_cache(folder: str) -> Cache:
    """The stages of recipes that were run, shared by all browsers that look at this dataset."""
    return Cache(engine.recipe.STAGE_CACHE_BYTES)


def history() -> "engine.recipe.history.History":
    """The recipe being worked on with everything that was done to it; on disk, shared by all browsers."""
    return engine.recipe.history.History(dataset().store)


def recipe() -> Recipe:
    """The recipe that is being worked on; it survives a reload and a crash."""
    log = history()
    st.session_state["revision"] = log.revision()
    return log.recipe()


def change(new: Recipe, what: str) -> None:
    """Take a new recipe as the one being worked on; `what` is the line in the history.

    When somebody else changed it since this page was drawn, nothing is overwritten: the drawer offers a copy.
    """
    try:
        history().record(new, what, int(st.session_state.get("revision", 0)))
    except engine.Stale as error:
        st.session_state["stale"] = (str(error), new)


def undo() -> None:
    """Take back what was done last."""
    history().undo()


def redo() -> None:
    """Do again what was taken back last."""
    history().redo()


def run(pick: bool = False) -> "engine.recipe.Run":
    """The recipe run on the dataset; selectors only when asked for, each step from the cache; broken ones are named."""
    data = dataset()
    return engine.recipe.run(data, recipe(), stage_cache(str(data.store.folder)), pick=pick, strict=False)


def focused() -> int | None:
    """The row in focus: one for the map, the reader, the drawer and the address."""
    row = st.session_state.get("row")
    return None if row is None or not 0 <= int(row) < dataset().n else int(row)


def focus(row: int | None) -> None:
    """Bring a row into focus, or none."""
    st.session_state["row"] = row


def selected() -> np.ndarray | None:
    """bool (n,): the rows selected on the screen, None when nothing is."""
    held = st.session_state.get("selection")
    return None if held is None or held.step is None else held.mask(dataset(), left())


def left() -> np.ndarray:
    """bool (n,): the rows that the steps of the draft leave now."""
    return run().mask


def left_before_selectors() -> np.ndarray:
    """The rows that the filters before the first selector leave, int64 ascending."""
    done = run()
    at = next((i for i, s in enumerate(done.stages) if i and s.step.selects), None)
    return np.sort(engine.recipe.rows_of(done.stages[-1 if at is None else at - 1], done.data.n))


def before_selectors() -> int:
    """How many rows the filters before the first selector leave."""
    done = run()
    at = next((i for i, s in enumerate(done.stages) if i and s.step.selects), None)
    return done.stages[-1 if at is None else at - 1].kept
