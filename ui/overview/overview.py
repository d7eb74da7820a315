"""Overview: what a person wants to know first: the few numbers on top, and a card for each column."""

import re

import streamlit as st

import engine
from engine import Dataset
from engine.dataset import called
from ui.frame import state
from ui.overview.treat import treat
from ui.widgets import charts
from ui.widgets.say import plain

TYPES = {
    "text": ":material/notes:",
    "integer": ":material/tag:",
    "number": ":material/decimal_increase:",
    "boolean": ":material/toggle_on:",
    "date": ":material/calendar_month:",
    "list": ":material/data_array:",
    "json": ":material/data_object:",
    "category": ":material/category:",
}
COUNTS = {"Rows": st.column_config.NumberColumn(format="localized")}
_WHOLE = re.compile(r"-?[0-9]+").fullmatch
PAGE, TOP, CARD = 12, 6, 310
"""Cards on a page, values in a card, and pixels that a card is wide at least."""
_WIDE = "<style>.st-key-overview-cards > * {flex-grow: 1} .st-key-overview-cards > * > * {width: 100%}</style>"


def head(data: Dataset, whole: "engine.look.Overview") -> None:
    """The few numbers on top."""
    repeats, texts = len(whole.repeats.rows), len(whole.repeats.texts)
    figures = [
        ("Rows", f"{whole.rows:,}", "All rows that could be read"),
        ("Columns", f"{len(whole.summaries):,}", "Columns of the source, and those that were added"),
        ("Texts", f"{whole.repeats.distinct_texts:,}", "Different texts of rows; rows without text have none"),
        (
            "Same text",
            f"{texts:,}",
            f"Rows with the same text as an earlier one; {repeats:,} of them are the same in every column",
        ),
        ("Unread", f"{whole.rejected:,}", "Rows that were set aside; listed on the Open page"),
    ]
    for place, (name, value, about) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value, help=about, border=True)


def columns(data: Dataset, whole: "engine.look.Overview") -> None:
    """A card for each column: type, gaps, distinct values, distribution, extremes."""
    st.subheader("Columns", anchor=False)
    wanted = st.text_input(
        "Find a column", key="overview/find", placeholder="part of a name", label_visibility="collapsed"
    )
    shown = [s for k, s in whole.summaries.items() if wanted.lower() in k.lower()]
    pages = -(-len(shown) // PAGE)
    page = (st.pagination(pages, key="overview/page") or 1) if pages > 1 else 1
    here = shown[(page - 1) * PAGE : page * PAGE]
    st.html(_WIDE)
    with st.container(horizontal=True, key="overview-cards"):
        for summary in here:
            with st.container(border=True, width=CARD):
                _card(data, summary)


def _card(data: Dataset, s: "engine.look.Summary") -> None:
    role = f" · {s.column.role}" if s.column.role else ""
    st.markdown(
        f"{TYPES[s.column.type]} **{plain(s.column.key)}**", help=plain(f"{s.column.type}{role}, {s.column.origin}")
    )
    gaps = [f"{s.distinct:,} distinct"]
    if s.missing:
        gaps.append(f"{s.missing / max(s.rows, 1):.1%} missing")
    if s.empty:
        gaps.append(f"{s.empty:,} empty")
    st.caption(" · ".join(gaps))
    if s.column.names_rows and s.distinct == s.present:
        st.caption("Each row has one of its own.")
    elif s.histogram is not None and not s.recurs:
        charts.counted(
            s.histogram.edges, s.histogram.counts, f"overview/{s.column.key}", unit=_unit(s), log=s.histogram.log
        )
    elif s.frequent:
        top = s.frequent[:TOP]
        st.dataframe(
            {"Value": [v for v, _ in top], "Rows": [c for _, c in top]},
            hide_index=True,
            width="stretch",
            row_height=28,
            height=28 * (len(top) + 1) + 10,
            key=f"overview/{s.column.key}",
            column_config={
                "Value": st.column_config.TextColumn(width=150),
                "Rows": st.column_config.ProgressColumn(
                    format="localized", min_value=0, max_value=max(top[0][1], 1), width=110
                ),
            },
        )
        if s.distinct > len(top):
            st.caption(f"and {s.distinct - len(top):,} more values")
    with st.popover("Values", width="stretch"):
        if s.frequent:
            st.dataframe(
                {"Value": [v for v, _ in s.frequent], "Rows": [c for _, c in s.frequent]},
                hide_index=True,
                column_config=COUNTS,
            )
        for name, ends in (("Lowest", s.lowest), ("Highest", s.highest)):
            if ends:
                st.caption(name)
                st.dataframe(
                    {"Row": called(data, [e.row for e in ends]), "Value": [_grouped(s, e) for e in ends]},
                    hide_index=True,
                    column_config=COUNTS,
                )
    if s.looks_like and st.button(f"Treat as {s.looks_like}", key=f"overview/treat/{s.column.key}", width="stretch"):
        treat(data, s.column.key, s.looks_like, s.delimiter)


def _grouped(s: "engine.look.Summary", end: "engine.look.Extreme") -> str:
    """A value at an end; a whole number with its thousands apart."""
    return (
        f"{int(end.value):,}" if s.column.type == "integer" and not s.column.role and _WHOLE(end.value) else end.value
    )


def _unit(s: "engine.look.Summary") -> str:
    of = s.histogram.of if s.histogram else ""
    return {"values": s.column.unit or "", "characters": "characters", "members": "members"}.get(of, "")


def whole(data: Dataset) -> "engine.look.Overview":
    """The overview of a dataset, made once for what it holds."""
    with st.spinner("Counting…", show_time=True):
        return engine.look.overview(data, cache=state.stage_cache(str(data.store.folder)))
