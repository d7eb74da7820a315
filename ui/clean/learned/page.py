"""Own models: a classifier of what a person likes, or a model of a reference; fitted here, measured as a signal."""

import numpy as np
import streamlit as st

from engine import Dataset
from ui.clean.learned import classifier, reference, toward

KINDS = {
    "What I like": classifier.draw,
    "What is like examples": toward.draw,
    "What a reference is like": reference.draw,
}


def draw(data: Dataset, left: np.ndarray) -> None:
    """Choose what to fit, and fit it. left: bool (n,), the rows left."""
    kind = st.segmented_control(
        "Learn", list(KINDS), default="What I like", key="learned/kind", required=True,
        help="What I like: from rows that you like and rows that you do not, the probability that you like a row. What "
        "is like examples: some rows are ranked by how like your examples they are, the highest are learned. What a "
        "reference is like: how surprising each text is to one who has read the reference.",
    )  # fmt: skip
    KINDS[kind](data, left)
