"""Trade-offs: a grid of two thresholds with what stays and what the other columns become; a cell becomes steps. Or
one score that weighs several columns."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

import engine
from engine import Dataset
from engine.look import Grid, Side
from ui.clean import weighted
from ui.frame import state
from ui.frame.steps import filters_added, take
from ui.widgets import charts
from ui.widgets.say import part, plain, share

SHARE = "rows that stay, %"
SIDES = ("at least", "at most")


WAYS = ("Two thresholds", "Weighted score")


@st.fragment
def draw(data: Dataset, done: "engine.recipe.Run", scores: list[str]) -> None:
    """Several scores at once: two thresholds and what they cost, or one weighted score."""
    with part():
        _draw(data, done, scores)


def _draw(data: Dataset, done: "engine.recipe.Run", scores: list[str]) -> None:
    left = done.mask.copy()
    left[done.kept_by_hand] = False  # no cut takes them
    numbers = [name for name in scores if data.info(name).type != "date"]
    if len(numbers) < 2:
        st.info("It takes two columns of numbers. Measure a signal, such as words.", icon=":material/grid_on:")
    elif st.segmented_control("Several scores", WAYS, default=WAYS[0], key="trade/way", required=True) == WAYS[0]:
        _thresholds(data, left, numbers, int(done.mask.sum()))
    else:
        weighted.draw(data, left, numbers)


def _thresholds(data: Dataset, left: np.ndarray, numbers: list[str], rows: int) -> None:
    """Choose two columns and a third to watch, read the grid, take a cell. rows: left, those kept by hand too."""
    st.caption("Moving one threshold moves what the other columns are. Every cell is a pair of cuts; none is the best.")
    places = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    one, two = (_side(numbers, i, places[2 * i], places[2 * i + 1]) for i in (0, 1))
    if one.column == two.column:
        st.info("Choose two different columns.")
        return
    others = [name for name in numbers if name not in (one.column, two.column)]
    grid = engine.look.trade_offs(data, left, one, two, others)
    watched = st.selectbox("In each cell", [SHARE, *others], key="trade/watched", format_func=_mean_of)
    if not grid.rows:
        st.caption("No row left has a value in both columns.")
        return
    shown = grid.stay / grid.rows * 100 if watched == SHARE else grid.means[watched]
    _chosen(data, grid, _pair(grid, _cells(grid, shown, watched)), others, rows)


def _mean_of(name: str) -> str:
    return name if name == SHARE else f"mean of {name}"


def _side(
    numbers: list[str], i: int, which: "st.delta_generator.DeltaGenerator", way: "st.delta_generator.DeltaGenerator"
) -> Side:
    column = which.selectbox(f"{('First', 'Second')[i]} score", numbers, i, key=f"trade/{i}")
    keep = way.selectbox(
        "Keep", SIDES, key=f"trade/{i}/keep",
        help="At most is the inverse filter: it keeps what at least drops.",
    )  # fmt: skip
    return Side(column, "at most" if keep == "at most" else "at least")


def _pair(grid: Grid, clicked: tuple[int, int] | None) -> tuple[int, int]:
    """The pair of cuts that is chosen: by a click on its cell, or in the two lists, which keys and readers reach."""
    places, chosen = st.columns(2), []
    for i, (side, cuts) in enumerate(zip(grid.sides, (grid.first, grid.second), strict=True)):
        names = [_cut(side, cut) for cut in cuts]
        key = f"trade/cut/{i}/{side.column}/{clicked}"
        name = places[i].selectbox(f"Cut by {side.column}", names, clicked[i] if clicked else 0, key=key)
        chosen.append(names.index(name))
    return chosen[0], chosen[1]


def _cells(grid: Grid, shown: np.ndarray, watched: str) -> tuple[int, int] | None:
    """The grid; gives the cell that was clicked, as places of its cuts."""
    first, second = (
        [_cut(side, cut) for cut in cuts] for side, cuts in zip(grid.sides, (grid.first, grid.second), strict=True)
    )
    counts, ink = grid.stay / grid.rows * 100, "#f2f5f4" if st.context.theme.type == "dark" else "#1c2422"
    figure = go.Figure()
    figure.add_heatmap(
        z=shown.T, xgap=3, ygap=3,
        colorscale=[[0, "rgba(15,118,110,.08)"], [1, "rgba(15,118,110,.5)"]], showscale=False, hoverinfo="skip",
    )  # fmt: skip
    x, y = np.meshgrid(np.arange(len(first)), np.arange(len(second)), indexing="ij")
    for (i, j), value in np.ndenumerate(shown):
        figure.add_annotation(x=i, y=j, text=_short(float(value)), showarrow=False, font={"color": ink})
    # A click is told of points alone: one lies unseen in each cell.
    figure.add_scatter(
        x=x.ravel(), y=y.ravel(), mode="markers", marker={"symbol": "square", "size": 40, "opacity": 0},
        customdata=np.stack([grid.stay.ravel(), counts.ravel()], axis=1), text=[_short(v) for v in shown.ravel()],
        hovertemplate="%{x}, %{y}<br>%{customdata[0]:,} rows stay (%{customdata[1]:.1f}%)<br>"
        + f"{charts.literal(_mean_of(watched))}: %{{text}}<extra></extra>",
        selected={"marker": {"opacity": 0.35, "color": charts.DROPPED}}, unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )  # fmt: skip
    figure.update_layout(hovermode="closest", hoverdistance=80)
    for axis, names, side in (("xaxis", first, grid.sides[0]), ("yaxis", second, grid.sides[1])):
        figure.update_layout({axis: {
            "tickvals": list(range(len(names))), "ticktext": names, "showgrid": False, "zeroline": False,
            "title": charts.literal(side.column), "fixedrange": True,
        }})  # fmt: skip
    picked = charts.clickable(figure, "trade/grid", 90 + 40 * len(second))
    if picked is None:
        return None
    return divmod(picked, len(second))


def _cut(side: Side, cut: float) -> str:
    return "all" if np.isnan(cut) else f"{'≥' if side.keep == 'at least' else '≤'} {cut:,.4g}"


def _short(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _chosen(data: Dataset, grid: Grid, at: tuple[int, int], others: list[str], left: int) -> None:
    """What a pair of cuts leaves, and the button that makes it steps. left: rows left, those beside the grid too."""
    steps = grid.steps(*at)
    if not steps:
        st.caption("Click a cell, or choose the cuts above, to see what they do to every column, and to take them.")
        return
    words, button = st.columns([3, 1], vertical_alignment="center")
    stay = int(grid.stay[at])
    said = " ".join(step.sentence() for step in steps)
    beside = f"; {left - grid.rows:,} more stay without a value, or by hand" if left > grid.rows else ""
    words.markdown(f"{plain(said)} **{stay:,}** of {grid.rows:,} rows stay ({share(stay, grid.rows)}){beside}.")
    if button.button(
        "Add both cuts" if len(steps) == 2 else "Add this cut", type="primary", key="trade/add", width="stretch"
    ):
        take(filters_added(state.recipe(), steps), f"added: {' and '.join(step.label() for step in steps)}")
    if others:
        now, then = (np.array([grid.means[name][cell] for name in others]) for cell in ((0, 0), at))
        order = np.argsort(-np.abs(then - now) / (np.abs(now) + 1e-12), kind="stable")  # what changes most comes first
        st.dataframe(
            {
                "Mean of": [others[i] for i in order],
                "Now": now[order],
                "Then": then[order],
            },
            hide_index=True, width="stretch", height=min(35 * (len(others) + 1) + 2, 282),
            column_config={name: st.column_config.NumberColumn(format="%.4g") for name in ("Now", "Then")},
        )  # fmt: skip
