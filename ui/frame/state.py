"""The one door to a session: its dataset, its row in focus, and the desk of its browser, which is on disk."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError, Recipe, Store
from engine.cache import Cache
from engine.marks import Desk, Taken
from ui.frame.browser import COOKIE, is_id, new_id

WORKSPACE = Path(os.environ.get("WINNOW_WORKSPACE", "winnow_workspace")).resolve()
NOTHING = engine.look.selection.Selection()


@dataclass(frozen=True)
class Meeting:
    """A change that met another one: a draft that another tab changed, or a name that somebody saved under meanwhile.

    mine: what this page wanted. words: the name of the act.
    """

    of: Literal["draft", "saved"]
    mine: Recipe
    words: str = ""


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
        for key in ("row", "event", "revision", "drawing", "told", "meeting"):
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


def who() -> str:
    """The id of this browser; of this session where no door has given the browser one."""
    known = st.context.cookies.get(COOKIE, "")
    return known if is_id(known) else str(st.session_state.setdefault("who", new_id()))


def name() -> str:
    """What this person is called beside what they say: the name that they gave, else what tells browsers apart."""
    return " ".join(str(st.session_state.get("review/name/held") or "").split()) or f"browser {who()[:4]}"


def desk() -> Desk:
    """This browser's draft, selection and undo on the dataset; on disk, so that they survive a reload and a crash."""
    return Desk(dataset().store, who())


def recipe() -> Recipe:
    """The draft: the recipe that this browser works on."""
    return engine.recipe.draft(desk()).recipe


def frozen() -> Recipe:
    """The draft as it leaves this browser: with the verdicts of the moment in it."""
    return engine.recipe.frozen(dataset(), recipe())


def drawing() -> None:
    """Note which draft is being drawn; until `drawn` a click is one on the page as it was before."""
    st.session_state["drawing"] = desk().part(engine.recipe.DRAFT).revision


def drawn() -> None:
    """The page stands: what is changed from now on starts from the draft that it shows."""
    st.session_state["revision"] = st.session_state.get("drawing")


def _changed() -> None:
    drawing()
    drawn()


def change(
    new: Recipe,
    what: str,
    *,
    saved: tuple[str, int] | None = None,
    selection: "engine.look.selection.Selection | None" = None,
) -> None:
    """Take a new recipe as the draft, in one act that can be undone; `what` is its name.

    saved: the name and revision of the saved recipe that it stands for from now on. selection: what is selected with
    it. When another tab of this browser changed the draft since this page was drawn, nothing is overwritten: both are
    shown.
    """
    mine, more = desk(), {"selection": selection.json()} if selection else None
    try:
        engine.recipe.change_draft(mine, new, what, st.session_state.get("revision"), saved=saved, more=more)
    except engine.Stale:
        st.session_state["meeting"] = Meeting("draft", new, what)
    _changed()


def save(new: Recipe) -> None:
    """Save the draft under its name, with the verdicts of now; where another window was first, both are shown."""
    mine, drawn_from = desk(), st.session_state.get("revision")
    try:
        engine.recipe.save_draft(mine, new, engine.recipe.frozen(dataset(), new), drawn_from)
    except engine.Stale:
        moved = drawn_from is not None and mine.part(engine.recipe.DRAFT).revision != drawn_from
        met = Meeting("draft", new, f"named {new.name}") if moved else Meeting("saved", new)
        st.session_state["meeting"] = met
    _changed()


def was_told() -> None:
    """What was done last has been said already, where it was done."""
    last = desk().last_act()
    st.session_state["told"] = last.id if last else 0


def undo() -> None:
    """Take back this browser's last act, whatever it was; what was done is said."""
    _moved(desk().undo())


def redo() -> None:
    """Do again what was taken back last."""
    _moved(desk().redo())


def _moved(taken: Taken) -> None:
    if taken.lane:
        engine.topics.follow(dataset(), taken.lane)  # of another lane it does nothing
    st.session_state["undone"] = taken.sentence()
    _changed()


def run(pick: bool = False) -> "engine.recipe.Run":
    """The draft run on the dataset with its verdicts as they are now; selectors only when asked for.

    Each step comes from the cache where it was run before; broken ones are named.
    """
    data, live = dataset(), engine.marks.verdicts(dataset())
    cache = stage_cache(str(data.store.folder))
    return engine.recipe.run(data, recipe(), cache, pick=pick, strict=False, by_hand=live)


def focused() -> int | None:
    """The row in focus: one for the map, the reader, the drawer and the address."""
    row = st.session_state.get("row")
    return None if row is None or not 0 <= int(row) < dataset().n else int(row)


def focus(row: int | None) -> None:
    """Bring a row into focus, or none."""
    st.session_state["row"] = row


def selected() -> np.ndarray | None:
    """bool (n,): the rows selected on the screen, None when nothing is."""
    held = selection()
    return None if held.step is None else held.mask(dataset(), left())


def selection() -> "engine.look.selection.Selection":
    """The selection of this browser; nothing at first, nor where it says no longer which rows."""
    return NOTHING if selection_error() else _held()


def selection_error() -> EngineError | None:
    """Why the selection says no longer which rows, such as topics that were merged since; None where it does."""
    held = _held()
    if held.step is None:
        return None
    try:
        held.mask(dataset())
    except EngineError as error:
        return error
    return None


def _held() -> "engine.look.selection.Selection":
    held = desk().part("selection").value
    return engine.look.selection.Selection.from_json(held) if isinstance(held, dict) else NOTHING


def select(new: "engine.look.selection.Selection") -> None:
    """Make this the selection, in one act that can be undone."""
    said = new.sentence().rstrip(".").removeprefix("Keep ")
    desk().put({"selection": new.json()}, f"selected {said}" if new.step else "cleared the selection")


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
