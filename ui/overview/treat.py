"""A column counts as what its values are: codes as categories, a delimited text as a list."""

import streamlit as st

import engine
from engine import Dataset


def treat(data: Dataset, column: str, how: str, delimiter: str) -> None:
    """Let codes count as categories, or make a list of a delimited text; then draw the page again."""
    if how == "categories":
        engine.opening.treat_as_category(data, column)
    else:
        spec = engine.building.spec("edit", "split_list", {"delimiter": delimiter}, on=column)
        engine.building.build(data, {f"{column} list": spec})
    st.rerun()
