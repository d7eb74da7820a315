"""Text view and edits: what counts as the text of a row, and columns made from columns, shown before they are made."""

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.text import python_values, row_text
from ui.frame import jobs
from ui.open import text_form
from ui.widgets import form
from ui.widgets.say import message, plain


def read_as(data: Dataset) -> None:
    """Choose what is read as the text: a column, a template, a pair of prompt and answer, instructions or a chat."""
    st.subheader("Text of a row", anchor=False)
    st.caption(f"Now: {plain(data.text_view.words())}")
    texts = [c.key for c in data.columns.values() if c.type in ("text", "json", "list") and c.origin != "topics"]
    view = None
    try:
        view = text_form.choose(texts, data.text_view, "view", lambda column: _chat_form(data, column))
    except EngineError as error:
        message(error)
    if view is None or view == data.text_view:
        return
    st.caption("What the first rows read like then")
    for text in row_text.render(view, {k: data.cells(k, data.rows()[:3]) for k in view.columns}, min(3, data.n)):
        with st.container(border=True):
            st.text(text[:400])
    st.caption("Vectors, maps and signals of the text of now stay on disk, and come back with it.")
    if st.button("Read the text this way", type="primary", key="view/go"):
        engine.opening.choose_view(data, view)
        st.rerun()


def _now(data: Dataset, texts: list[str]) -> int:
    """The place of the column that is read now, else the first."""
    return next((texts.index(c) for c in data.text_view.columns if c in texts), 0)


def _chat_form(data: Dataset, column: str) -> "row_text.ChatForm":
    """The form of chat that the first rows of a column have."""
    return row_text.chat_form(python_values(data.column(column, data.rows()[:100])))


def draw(data: Dataset) -> None:
    """An edit: a column, what to do, ten differences and the count; then the button that makes the column."""
    st.subheader("Edit a column", anchor=False)
    st.caption("An edit makes a new column; the original stays.")
    texts = [c.key for c in data.columns.values() if c.type == "text" and c.origin in ("source", "edit")]
    if not texts:
        st.info("There is no text column to edit.")
        return
    column = st.selectbox("Column", texts, _now(data, texts), key="edit/column")
    member = form.choose(engine.opening.EDITS, "edit", "Edit")
    values = form.fields(member, data, "edit")
    if not form.complete(member, values):
        return
    try:
        shown = engine.opening.preview_edit(data, column, member.name, member.json(values))
    except EngineError as error:
        message(error)
        return
    st.markdown(f"**{shown.changed:,}** of {shown.there:,} values change")
    if shown.first:
        st.dataframe(
            {
                "Row": [d.row for d in shown.first],
                "Before": [d.before for d in shown.first],
                "After": [d.after for d in shown.first],
            },
            hide_index=True,
            width="stretch",
        )
    name = st.text_input("Name of the new column", f"{column} {member.name}", key=f"edit/name/{column}/{member.name}")
    free = bool(name.strip()) and name not in {*data.columns, *data.added}
    if st.button("Make the column", disabled=not (shown.changed and free), key="edit/go"):
        jobs.start(data, {name: engine.building.spec("edit", member.name, values, on=column)}, f"Edit {column}")
