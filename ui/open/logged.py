"""A training's log, a line for each row and step, as a column of lists beside the rows."""

import streamlit as st

import engine
from engine import Dataset
from engine.opening import LogTable
from ui.frame import jobs
from ui.widgets.say import plain

KEY = "log"


def draw(data: Dataset) -> None:
    """Choose a file, which column is what, and make the column; what does not fit is said before."""
    st.subheader("Bring in a log", anchor=False)
    st.caption(
        "A log of a training has a line for each row and step. Its numbers become a column of lists, one a row, in the "
        "order of the steps: signals such as `improvement` read it."
    )
    given = st.file_uploader(
        "The log: CSV, JSON lines or Parquet", ["csv", "tsv", "jsonl", "json", "parquet"], key=f"{KEY}/file",
        help="Rows are known by a column that both have. Nothing of the log becomes a row.",
    )  # fmt: skip
    if given is None:
        return
    table = _read(given.file_id, given.getvalue(), given.name)
    columns = [c.key for c in data.columns.values() if c.type in ("text", "integer", "category")]
    names = data.id_column()
    column = st.selectbox(
        "Rows are known by", columns, columns.index(names) if names in columns else None, key=f"{KEY}/column",
        placeholder="A column of this dataset",
    )  # fmt: skip
    guessed = engine.opening.columns_guessed(data, table, column or "")
    chosen = [
        place.selectbox(
            what, list(table.columns), list(table.columns).index(guess) if guess else None,
            key=f"{KEY}/{what}/{given.file_id}", placeholder="A column of the log",
        )
        for place, what, guess in zip(st.columns(3), ("Row", "Step", "Number"), guessed, strict=True)
    ]  # fmt: skip
    if not column or not all(chosen):
        st.info("Say which columns name the row, the step and the number.", icon=":material/edit:")
        return
    key, step, value = map(str, chosen)
    log = engine.opening.read_log(data, table, column=column, key=key, step=step, value=value)
    for line in log.text():
        st.caption(plain(line))
    title = st.text_input("Name of the new column", log.title, key=f"{KEY}/name/{log.title}")
    if st.button("Make the column of lists", type="primary", disabled=not title.strip(), key=f"{KEY}/go"):
        called, made = engine.building.log_spec(data, log, title)
        if called in data.columns:
            st.info(f"It is there already: {plain(called)}.", icon=":material/check:")
        else:
            jobs.start(data, {called: made}, f"Bring in {given.name}")


def _read(file: str, raw: bytes, name: str) -> LogTable:
    """The columns of an uploaded log, read once."""
    held = st.session_state.get(f"{KEY}/read")
    if held is None or held[0] != file:
        held = (file, engine.opening.uploaded_log(raw, name))
        st.session_state[f"{KEY}/read"] = held
    table: LogTable = held[1]
    return table
