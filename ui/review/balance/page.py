"""The view Balance of the page Review: labels and groups beside each other, and what evening them out would do."""

import streamlit as st

from engine import Dataset
from ui.review.balance import budget, classes, groups, synthetic
from ui.review.labels import Reviewed
from ui.widgets.say import link, part

CLASSES, GROUPS, BUDGET, SYNTHETIC = "Labels", "Groups", "Budget", "Synthetic rows"


def draw(data: Dataset, of: Reviewed) -> None:
    """One part at a time: what is not looked at is not worked out."""
    which = st.pills(
        "Part", [CLASSES, GROUPS, BUDGET, SYNTHETIC], default=CLASSES, key="review/balance/part", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    with part():
        if which == GROUPS:
            groups.draw(data)
        elif _can(data, of):
            {CLASSES: classes.draw, BUDGET: budget.draw, SYNTHETIC: synthetic.draw}[str(which)](data, of)


def _can(data: Dataset, of: Reviewed) -> bool:
    """Whether there is a column of labels with vectors beside it; if not, the way there."""
    if of.label not in data.columns:
        st.info(
            "Balance looks at a column of labels, and these were begun here. Answer rows in the queue and make a "
            "column of the answers, then choose it above. Groups need no labels."
            if of.label
            else "Balance looks at a column of labels, and this corpus has none. Say on Open which column holds them, "
            "or begin labels above and answer rows in the queue. Groups need no labels.",
            icon=":material/new_label:",
        )
        return False
    if not of.embedding:
        st.info("How labels part is told by meaning: prepare the corpus on Open first.", icon=":material/map:")
        link("open", "Prepare the corpus on Open")
        return False
    return True
