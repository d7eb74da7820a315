"""Numbers that were found of a choice, kept as a column that filters, exports and the map can read."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset


def draw(data: Dataset, name: str, rows: np.ndarray, values: np.ndarray) -> None:
    """The button that makes the column. name: what the numbers are; rows, values: of which rows and what."""
    made = engine.building.spec(
        "signal", "kept_numbers", {"called": name, "numbers": engine.recipe.numbers_ref(data, name, rows, values)}
    )
    key = engine.building.key_of(made)
    if key in data.added and data.added[key].spec == made:
        st.caption(f"These numbers are the column “{key}”.")
    elif st.button(
        "Keep as a column", key=f"keep/{name}", icon=":material/add_column_right:",
        help=f"The column “{key}” can then be cut, coloured by and exported. It travels with the recipe.",
    ):  # fmt: skip
        with st.spinner("Making the column…"):
            engine.build(data, {key: made})
        st.rerun()
