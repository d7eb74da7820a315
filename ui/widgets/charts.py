"""Charts that pages share, in Plotly: bars, funnel, before and after. The map is not here."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

import engine

KEPT, DROPPED, ALL, RANDOM = "#0F766E", "#D55E00", "#9AA5A1", "#CC79A7"
_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def show(figure: go.Figure, key: str, height: int = 220, *, top: int = 8) -> None:
    """Draw a figure in the house's style: no frame, no tool bar, thin margins. top: pixels above it."""
    _in_style(figure, height, top)
    st.plotly_chart(figure, key=key, config=_CONFIG, width="stretch")


def _in_style(figure: go.Figure, height: int, top: int) -> None:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 16, "t": top, "b": 8}, bargap=0.04,
        legend={"orientation": "h", "y": 1.12, "x": 0},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font={"size": 12}, barmode="overlay",
    )  # fmt: skip


def clickable(figure: go.Figure, key: str, height: int) -> int | None:
    """Draw a figure of points whose points can be clicked; gives the place of the one that is chosen."""
    _in_style(figure, height, 8)
    figure.update_layout(clickmode="event+select", dragmode=False)
    chosen = st.plotly_chart(
        figure, key=key, config=_CONFIG, width="stretch", on_select="rerun", selection_mode="points"
    )
    points = chosen["selection"]["points"]
    return int(points[0]["point_index"]) if points else None


def bars(
    labels: Sequence[str],
    counts: Sequence[float],
    key: str,
    *,
    others: Sequence[float] | None = None,
    height: int = 220,
) -> None:
    """Horizontal bars, the largest on top; `others` as a second, grey series behind."""
    short = [label if len(label) <= 40 else label[:39] + "…" for label in labels]
    figure = go.Figure()
    at = [f"{i}" for i in range(len(short))]
    if others is not None:
        figure.add_bar(
            y=at,
            x=list(others),
            orientation="h",
            marker_color=ALL,
            name="all rows",
            hovertemplate="%{x:,}<extra></extra>",
        )
    figure.add_bar(
        y=at, x=list(counts), orientation="h", marker_color=KEPT, name="kept", hovertemplate="%{x:,}<extra></extra>"
    )
    # The names take the room that they need: Plotly cuts what stands out of its margin.
    figure.update_yaxes(
        autorange="reversed", tickvals=at, ticktext=[literal(s) for s in short], showgrid=False, automargin=True
    )
    most = max([*counts, *(others or ())], default=0)
    figure.update_xaxes(gridcolor="rgba(128,128,128,.2)", nticks=4, **_counts(most))
    figure.update_layout(showlegend=others is not None)
    show(figure, key, height)


def funnel(done: "engine.recipe.Run") -> None:
    """For each step: rows removed at its turn, alone, and together with other filters."""
    lines = engine.recipe.funnel(done)
    st.dataframe(
        {
            "Step": [f"{i + 1}. {line.step.label()}" for i, line in enumerate(lines)],
            "Left": [line.kept for line in lines],
            "In order": [line.in_order for line in lines],
            "Only this": [line.only for line in lines],
            "Others too": [line.shared for line in lines],
        },
        hide_index=True,
        width="stretch",
        column_config={
            "Left": st.column_config.NumberColumn(help="Rows left after this step", format="localized"),
            "In order": st.column_config.NumberColumn(
                help="Rows that this step removed at its turn", format="localized"
            ),
            "Only this": st.column_config.NumberColumn(
                help="Rows that no other filter would remove", format="localized"
            ),
            "Others too": st.column_config.NumberColumn(
                help="Rows that another filter would remove too", format="localized"
            ),
        },
    )


def _counts(most: float) -> dict[str, object]:
    """How an axis of counts is written: whole numbers, thousands as 10k; half a row is none."""
    return {"tickformat": "~s"} if most >= 4 else {"tickformat": ",d", "dtick": 1}


def literal(label: str) -> str:
    """Plotly reads a few HTML tags in labels; a corpus's text is shown as it is."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shares(
    labels: Sequence[str], before: np.ndarray, after: np.ndarray, chance: np.ndarray, key: str, *,
    words: tuple[str, str, str] = ("before", "chosen", "random"), title: str = "percent of rows",
) -> None:  # fmt: skip
    """Shares of groups, 0 to 1, before a choice, in it, and in as many random rows: points on a line, with numbers."""
    at = list(range(len(labels)))
    named = [_wrapped(label) for label in labels]
    figure = go.Figure()
    for i, (a, b) in enumerate(zip(before, after, strict=True)):
        figure.add_scatter(
            x=[a * 100, b * 100], y=[i, i], mode="lines", line={"color": KEPT if b >= a else DROPPED, "width": 2},
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
    series = (
        (words[2], chance, RANDOM, "line-ns-open"),
        (words[0], before, ALL, "circle"),
        (words[1], after, KEPT, "circle"),
    )
    for name, values, colour, symbol in series:
        figure.add_scatter(
            x=values * 100, y=at, mode="markers", name=name,
            marker={"size": 11, "color": colour, "symbol": symbol, "line": {"width": 3 if "open" in symbol else 0}},
            hovertemplate=f"{name}: %{{x:.2f}} %<extra></extra>", yaxis="y2" if name == words[1] else "y",
        )  # fmt: skip
    numbers = [f"{_percent(a)} → {_percent(b)} %" for a, b in zip(before, after, strict=True)]
    rows = {"tickvals": at, "showgrid": False, "automargin": True, "range": [len(at) - 0.4, -0.6], "zeroline": False}
    figure.update_layout(
        yaxis={**rows, "ticktext": named}, yaxis2={**rows, "ticktext": numbers, "side": "right", "overlaying": "y"}
    )
    figure.update_xaxes(title=title, gridcolor="rgba(128,128,128,.2)", rangemode="tozero", nticks=5)
    # A legend of Plotly's own stands on its side in a narrow window, or pushes the plot out of it.
    signs = ((ALL, "●", words[0]), (KEPT, "●", words[1]), (RANDOM, "❙", words[2]))
    legend = "    ".join(f'<span style="color:{colour}">{sign}</span> {name}' for colour, sign, name in signs)
    figure.add_annotation(
        text=legend, showarrow=False, xref="paper", yref="paper", x=1, y=1, xanchor="right", yanchor="bottom"
    )
    figure.update_layout(showlegend=False)
    show(figure, key, top=36, height=90 + sum(12 + 14 * (1 + name.count("<br>")) for name in named))


def _percent(share: float) -> str:
    """A share with as many digits as tell it from nothing.

    >>> [_percent(v) for v in (0.0, 0.0004, 0.0153, 0.25)]
    ['0', '0.04', '1.5', '25']
    """
    value = share * 100
    return f"{value:.2f}" if 0 < value < 0.1 else f"{value:.1f}" if 0 < value < 10 else f"{value:.0f}"


def _wrapped(label: str, width: int = 26, most: int = 3) -> str:
    """A label on as many lines as it needs, none wider than the room beside a chart; only a very long one ends in …."""
    lines = textwrap.wrap(" ".join(label.split()), width, max_lines=most, placeholder=" …") or ["(empty)"]
    return "<br>".join(literal(line) for line in lines)


def counted(
    edges: np.ndarray, counts: np.ndarray, key: str, *, unit: str = "", log: bool = False, height: int = 150
) -> None:
    """A histogram that was counted already. edges: float (b + 1,), counts: int (b,)."""
    figure = go.Figure()
    middle = np.sqrt(edges[:-1] * edges[1:]) if log and edges[0] > 0 else (edges[:-1] + edges[1:]) / 2
    figure.add_bar(
        x=middle, y=counts, width=np.diff(edges), marker_color=KEPT,
        customdata=np.stack([edges[:-1], edges[1:]], axis=1),
        hovertemplate="%{customdata[0]:,.4g} to %{customdata[1]:,.4g}: %{y:,} rows<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title=literal(unit) or None,
        type="log" if log and edges[0] > 0 else None,
        showgrid=False,
        nticks=5,
        tickformat=",~r" if edges[-1] < 10_000 else "~s",
        tickangle=0,
    )
    figure.update_yaxes(gridcolor="rgba(128,128,128,.2)", nticks=4, **_counts(float(counts.max(initial=0))))
    show(figure, key, height)


def line(
    at: Sequence[float], values: Sequence[float], key: str, *, x: str, y: str, height: int = 200, ticks: str = "~s",
    band: tuple[Sequence[float], Sequence[float]] | None = None,
) -> None:  # fmt: skip
    """A line of shares (0 to 1) over a count; ticks: how the numbers below it are written; band: its interval."""
    figure = go.Figure()
    for ends, fill in zip(band or (), (None, "tonexty"), strict=False):
        figure.add_scatter(
            x=list(at), y=list(ends), mode="lines", line={"width": 0}, fill=fill, fillcolor="rgba(128,128,128,.25)",
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=list(at),
        y=list(values),
        mode="lines",
        line_color=KEPT,
        hovertemplate="%{x:,}: %{y:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(title=x, showgrid=False, tickformat=ticks)
    figure.update_yaxes(title=y, gridcolor="rgba(128,128,128,.2)", tickformat=".0%", rangemode="tozero")
    show(figure, key, height)


def dots(lists: Mapping[str, Sequence[tuple[str, float]]], key: str, *, x: str) -> None:
    """Names on a line by a number, a line for each of a few lists; the name stands where one points."""
    figure = go.Figure()
    for (name, values), colour in zip(lists.items(), (KEPT, DROPPED, RANDOM, ALL), strict=False):
        figure.add_scatter(
            x=[value for _, value in values], y=[name] * len(values), mode="markers", showlegend=False,
            marker={"size": 11, "color": colour, "opacity": 0.7}, text=[literal(word) for word, _ in values],
            hovertemplate="%{text}: %{x:+.3f}<extra></extra>",
        )  # fmt: skip
        if values:
            mean = sum(value for _, value in values) / len(values)
            figure.add_scatter(
                x=[mean], y=[name], mode="markers", showlegend=False, hovertemplate="mean: %{x:+.3f}<extra></extra>",
                marker={"symbol": "line-ns-open", "size": 24, "color": colour, "line": {"width": 3}},
            )  # fmt: skip
    figure.update_xaxes(title=x, gridcolor="rgba(128,128,128,.2)", zerolinecolor="rgba(128,128,128,.6)")
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    show(figure, key, 90 + 40 * len(lists))


def curves(
    at: Sequence[float], lines: Mapping[str, tuple[Sequence[float], Sequence[float], Sequence[float]]], key: str, *,
    x: str, y: str, height: int = 260,
) -> None:  # fmt: skip
    """Up to three lines of shares (0 to 1) with their intervals, the last one the bar for the others.

    lines: by name, values with the lower and the upper end of each.
    """
    figure = go.Figure()
    for (name, (values, low, high)), colour in zip(lines.items(), (KEPT, DROPPED, RANDOM), strict=False):
        figure.add_scatter(
            x=[*at, *reversed(at)], y=[*high, *reversed(low)], fill="toself", fillcolor=colour, opacity=0.15,
            mode="none", hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=list(at), y=list(values), mode="lines+markers", name=literal(name), line={"color": colour, "width": 2},
            hovertemplate="%{x:,}: %{y:.1%}<extra>" + literal(name) + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(title=x, showgrid=False)
    figure.update_yaxes(title=y, gridcolor="rgba(128,128,128,.2)", tickformat=".0%")
    show(figure, key, height, top=34)


def thresholds(
    points: Sequence[tuple[float, int, int]], chosen: float, judged: np.ndarray, same: np.ndarray, *, key: str,
    height: int = 250,
) -> None:  # fmt: skip
    """Rows that go and groups over a threshold, the chosen one marked; below them pairs that were judged.

    points: (threshold, rows, groups). judged: float (p,), how similar they are; same: bool (p,), which are right.
    """
    figure = go.Figure()
    at = [t for t, _, _ in points]
    for name, place, colour in (("rows that go", 1, DROPPED), ("groups", 2, ALL)):
        figure.add_scatter(
            x=at, y=[point[place] for point in points], mode="lines", name=name, line={"color": colour, "width": 2},
            hovertemplate=f"%{{x:.2f}}: %{{y:,}} {name}<extra></extra>",
        )  # fmt: skip
    series = (("judged a duplicate", same, KEPT, "circle"), ("judged no duplicate", ~same, DROPPED, "x"))
    for name, mine, colour, symbol in series:
        if mine.any():
            figure.add_scatter(
                x=judged[mine], y=np.zeros(int(mine.sum())), mode="markers", name=name, yaxis="y2",
                marker={"symbol": symbol, "size": 8, "color": colour, "opacity": 0.75},
                hovertemplate=f"{name}: %{{x:.3f}}<extra></extra>",
            )  # fmt: skip
    figure.add_vline(x=chosen, line_color=KEPT, line_width=2, line_dash="dash")
    now = min(points, key=lambda point: abs(point[0] - chosen))
    figure.add_scatter(
        x=[now[0]] * 2, y=now[1:], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"size": 9, "color": [DROPPED, ALL]},
    )  # fmt: skip
    figure.update_xaxes(title="similarity at least", showgrid=False, tickformat=".2f", range=[at[0] - 0.005, 1.005])
    most = max(rows for _, rows, _ in points)
    figure.update_yaxes(gridcolor="rgba(128,128,128,.2)", **_counts(float(most)))
    lift = 0.1 if len(judged) else 0.0
    figure.update_layout(
        yaxis={"domain": [lift, 1], "rangemode": "tozero"},
        yaxis2={"domain": [0, 0.05], "visible": False, "range": [-1, 1]},
        xaxis={"anchor": "free", "position": 0},
    )
    show(figure, key, height, top=34)


@dataclass(frozen=True)
class Placed:
    """Points of one kind on a map. x, y: float (m,); symbol: as Plotly names it; size: pixels."""

    name: str
    x: np.ndarray
    y: np.ndarray
    colour: str
    symbol: str
    size: int


def placed(kinds: Sequence[Placed], key: str, height: int = 380) -> None:
    """Points on a small map, kinds drawn apart, the later ones on top; what has no place is left out."""
    figure = go.Figure()
    for kind in kinds:
        if len(kind.x):
            figure.add_scatter(
                x=kind.x, y=kind.y, mode="markers", name=kind.name, hovertemplate=f"{kind.name}<extra></extra>",
                marker={
                    "color": kind.colour, "symbol": kind.symbol, "size": kind.size,
                    "line": {"width": 1.5 if "open" in kind.symbol else 0},
                },
            )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    show(figure, key, height, top=34)
