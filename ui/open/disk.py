"""Room on disk: what takes it, what nothing needs any more, and embeddings that can be removed."""

from typing import cast

import streamlit as st

import engine
from engine import Dataset
from ui.widgets.say import part, plain


def draw(data: Dataset) -> None:
    """Disk use by kind; what could go, deleted when asked; an embedding with all that stands on it, removed."""
    with st.expander("Room on disk", icon=":material/hard_drive:", key="disk/open", on_change="rerun") as opened:
        if not opened.open:
            return
        with part():
            _use(data)
            _loose(data)
        with part():
            _embeddings(data)


def _use(data: Dataset) -> None:
    use = engine.dataset.disk_use(data.store)
    words = engine.dataset.bytes_words
    st.markdown(f"**{words(sum(use.values()))}** in all")
    rows = sorted(use.items(), key=lambda pair: -pair[1])
    st.caption(" · ".join(f"{plain(_title(kind))} {words(size)}" for kind, size in rows))


def _title(kind: str) -> str:
    family = engine.store.FAMILIES.get(kind)
    return (family.title if family else kind).capitalize()


def _loose(data: Dataset) -> None:
    loose = engine.dataset.unreferenced(data.store)
    if not loose:
        st.caption("Nothing is kept that is not needed.")
        return
    st.caption("Not needed by the dataset as it is now:")
    table = {
        "Delete": [item.safe for item in loose],
        "What": [item.what for item in loose],
        "Why": [item.why for item in loose],
        "MB": [item.bytes / 1e6 for item in loose],
    }
    edited = st.data_editor(
        table, hide_index=True, width="stretch", disabled=["What", "Why", "MB"], key=f"disk/loose/{len(loose)}",
        column_config={"MB": st.column_config.NumberColumn(format="%.1f")},
    )  # fmt: skip
    gone = [item for item, yes in zip(loose, cast(list[bool], edited["Delete"]), strict=True) if yes]
    size = engine.dataset.bytes_words(sum(item.bytes for item in gone))
    if st.button(f"Delete {len(gone):,} of them, {size}", disabled=not gone, key="disk/clean"):
        engine.dataset.clean(gone)
        st.toast(f"{size} are free again.")
        st.rerun()


def _embeddings(data: Dataset) -> None:
    there = data.keys_of("embedding")
    if not there:
        return
    key = st.selectbox("Remove an embedding", there, None, placeholder="none", key="disk/embedding")
    if key is None:
        return
    standing = engine.dataset.standing_on(data.store, key)
    names = ", ".join(dict.fromkeys(item.what for item in standing))
    st.caption(plain(f"With it go {names}. Steps that stand on them no longer run until they are made again."))
    if not all(item.safe for item in standing):
        st.warning("Changes of topics by hand are among them; they come back when the topics are found again.")
    size = engine.dataset.bytes_words(sum(item.bytes for item in standing))
    if st.button(f"Remove them, {size}", key=f"disk/remove/{key}"):
        engine.dataset.clean(standing)
        st.toast(f"{size} are free again.")
        st.rerun()
