"""The datasets of the workspace: look at one, rename it, delete it, bring it back."""

from collections.abc import Sequence

import streamlit as st

import engine
from engine import EngineError, Store
from engine.jobs import Deleted
from ui.frame import state
from ui.widgets.say import answering, go, message, plain


def draw(stores: Sequence[Store], current: Store | None) -> None:
    """Every dataset with a button to look at it and a menu; then those that can be brought back."""
    for store in stores:
        try:
            record = engine.dataset.read_record(store)
        except EngineError as error:
            message(error)
            continue
        name, files = store.folder.name, record.files
        here = current is not None and current.folder == store.folder
        with st.container(border=True):
            st.markdown(f"**{plain(name)}**")
            origin = files[0].name if len(files) == 1 else f"{len(files)} files"
            st.caption(plain(f"{record.rows:,} rows from {origin}"))
            with st.container(horizontal=True, vertical_alignment="center"):
                said = "It is open." if here else None
                if st.button("Open", key=f"known/{name}", disabled=here, width="content", help=said):
                    state.choose(name)
                    go("overview")
                _menu(store)
    if gone := engine.jobs.deleted(state.WORKSPACE):
        with st.expander(f"{len(gone):,} deleted", icon=":material/delete:"):
            for one in gone:
                _gone(one)


def _menu(store: Store) -> None:
    key = f"known/{store.folder.name}/menu"
    with st.popover("Rename or delete", key=key, on_change="rerun", width="content") as menu:
        if menu.open:
            _rename(store)
            _delete(store)


def _rename(store: Store) -> None:
    name = store.folder.name
    new = st.text_input("Name", name, key=f"known/{name}/name")
    st.button(
        "Rename",
        key=f"known/{name}/rename",
        disabled=new in ("", name),
        on_click=answering(_renamed),
        args=(store, new),
        help="Marks, drafts, saved recipes and all that was made stay with it.",
    )


def _renamed(store: Store, name: str) -> None:
    renamed = engine.jobs.rename(store, name)
    if st.session_state.get("dataset") == store.folder.name:
        state.choose(renamed.folder.name)
    st.toast(f"{plain(store.folder.name)} is now called {plain(name)}.")


def _delete(store: Store) -> None:
    """Asked once, here: the size and what goes with it stand above the button."""
    name = store.folder.name
    size = engine.dataset.bytes_words(sum(engine.dataset.disk_use(store).values()))
    st.divider()
    st.caption(
        "With it go its marks, drafts, saved recipes and all that was made for it. Source files and exports stay. "
        "It can be brought back until the deleted ones are cleaned away."
    )
    st.button(
        f"Delete, {size}",
        icon=":material/delete:",
        key=f"known/{name}/delete",
        on_click=answering(_deleted),
        args=(store,),
    )


def _deleted(store: Store) -> None:
    engine.jobs.delete(store)
    state.forget(store.folder.name)
    st.toast(f"{plain(store.folder.name)} is deleted. It can be brought back below the datasets.")


def _gone(one: Deleted) -> None:
    key = f"known/gone/{one.folder.name}"
    with st.container(horizontal=True, vertical_alignment="center"):
        size = engine.dataset.bytes_words(one.bytes)
        st.markdown(f"{plain(one.name)}  \n:gray[{one.rows:,} rows, {size}, deleted {plain(one.at[:16])} UTC]")
        st.button("Bring back", key=f"{key}/back", on_click=answering(_restored), args=(one,), width="content")
        st.button("Delete for good", key=f"{key}/gone", on_click=answering(_cleaned), args=(one,), width="content")


def _restored(one: Deleted) -> None:
    back = engine.jobs.restore(state.WORKSPACE, one)
    st.toast(f"{plain(back.folder.name)} is back.")


def _cleaned(one: Deleted) -> None:
    loose = [item for item in engine.dataset.abandoned(state.WORKSPACE) if item.path == one.folder]
    engine.dataset.clean(loose)
    st.toast(f"{engine.dataset.bytes_words(one.bytes)} are free again.")
