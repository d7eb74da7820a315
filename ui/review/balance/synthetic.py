"""Synthetic rows of a label: where they would lie, and a file of them apart; nothing of them enters the corpus."""

import streamlit as st

import engine
from engine import Dataset
from engine.labels import Synthetic
from ui.review.balance import classes
from ui.review.labels import Reviewed
from ui.widgets import charts
from ui.widgets.say import link, share

_KEY = "review/balance/synthetic"
MOST, SPOTS, OWN = 5_000, 2_000, 1_000
"""Synthetic rows at most; rows of the corpus and of the label that are drawn at most."""


def draw(data: Dataset, of: Reviewed) -> None:
    """Choose a label and how many; see them, and take them along."""
    sizes = dict(reversed(engine.labels.concentration(data, of.label).values))
    which, many = st.columns([3, 1], vertical_alignment="bottom")
    value = which.selectbox(
        "Label, the rarest first", list(sizes), key=f"{_KEY}/label/{of.label}",
        format_func=lambda name: f"{name} · {sizes[name]:,} {'row' if sizes[name] == 1 else 'rows'}",
    )  # fmt: skip
    even = sum(sizes.values()) // len(sizes) - sizes[value]
    count = int(
        many.number_input(
            "How many", 1, MOST, min(max(even, 20), 500), 10, key=f"{_KEY}/count/{of.label}/{value}",
            help="To begin with: what brings the label to an even share of the rows, 500 at most.",
        )
    )  # fmt: skip
    on = engine.look.map_of(data) or ""
    named = engine.store.digest_of([classes.digest(data, of), data.added[on].identity if on else ""])
    made = _made(named, of.label, value, of.embedding, on, count, data)
    _preview(data, of, made, on)
    crowded = int(made.crowded.sum())
    st.markdown(
        f"**{share(crowded, count)}** of the synthetic rows lie on others' ground: a text of another label is nearer "
        "than both texts between which they lie. Few may do so even of a label that lies among others."
    )
    st.caption(
        "Measured on two sets with a linear model, synthetic rows did no better than plain copies of the rare rows, "
        "and weights did better than both. They are vectors without a text."
    )
    st.download_button(
        f"Download {count:,} synthetic {'row' if count == 1 else 'rows'}",
        lambda: engine.labels.synthetic_file(data, made), f"{data.name}-synthetic.parquet",
        "application/vnd.apache.parquet", key=f"{_KEY}/go", icon=":material/download:", on_click="ignore",
        help="Parquet: label, vector, the keys of both parents, and a column that says synthetic. Neither the corpus "
        "nor the recipe changes.",
    )  # fmt: skip


@st.cache_data(max_entries=4, show_spinner="Making synthetic rows…")
def _made(digest: str, label: str, value: str, embedding: str, on: str, count: int, _data: Dataset) -> Synthetic:
    return engine.labels.synthetic(_data, label, value, embedding, count=count, map=on)


def _preview(data: Dataset, of: Reviewed, made: Synthetic, on: str) -> None:
    """The rows of the label and the synthetic ones on the map."""
    if not on:
        st.info("There is no map to show them on: make one on Explore. The file needs none.", icon=":material/map:")
        link("explore", "Make a map on Explore")
        return
    spots = engine.look.spots(data, on, SPOTS)
    x, y = engine.look.place_of(data, on, engine.labels.rows_with_label(data, of.label, made.label, OWN)).T
    out = made.crowded
    charts.placed(
        (
            charts.Placed("other rows", spots.x, spots.y, charts.ALL, "circle", 3),
            charts.Placed("rows of the label", x, y, charts.KEPT, "circle", 6),
            charts.Placed("synthetic", made.x[~out], made.y[~out], charts.DROPPED, "diamond-open", 8),
            charts.Placed("synthetic, on others' ground", made.x[out], made.y[out], charts.RANDOM, "x-thin-open", 8),
        ),
        f"{_KEY}/map",
    )
    st.caption(
        "A synthetic row is drawn between the places of the two rows that it was made of: the map itself was not "
        "asked where it belongs."
    )
