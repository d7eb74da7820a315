"""Overview: what a person wants to know first, and ten findings, each of which opens as a selection."""

import streamlit as st

import engine
from engine import Dataset
from ui.frame.selection_bar import current, take
from ui.widgets import charts
from ui.widgets.say import go, plain

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
PAGE = 12


def head(data: Dataset, whole: "engine.look.Overview") -> None:
    """The few numbers on top."""
    repeated = data.n - whole.repeats.distinct_texts
    figures = [
        ("Rows", f"{whole.rows:,}", "All rows that could be read"),
        ("Columns", f"{len(whole.summaries):,}", "Columns of the source, and those that were added"),
        ("Distinct texts", f"{whole.repeats.distinct_texts:,}", f"{repeated:,} rows have no text or repeat one"),
        ("Exact repeats", f"{len(whole.repeats.rows):,}", "Rows that are the same in every column as an earlier one"),
        ("Not readable", f"{whole.rejected:,}", "Rows that were set aside; listed on the Open page"),
    ]
    for place, (name, value, about) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value, help=about, border=True)


def findings(data: Dataset) -> None:
    """Ten findings in plain words; a click selects the rows behind one."""
    st.subheader("Findings", anchor=False)
    with st.spinner("Looking for what is odd…"):
        found = engine.look.findings(data)
    if not found:
        st.caption("Nothing odd was found.")
    for i, finding in enumerate(found):
        words, button = st.columns([5, 2], vertical_alignment="center")
        words.markdown(plain(finding.text))
        if finding.treat:
            label = "As categories" if finding.treat == "categories" else "As a list"
            if button.button(label, key=f"finding/{i}", width="stretch"):
                treat(data, finding.column, finding.treat, finding.delimiter)
        elif button.button("Show", key=f"finding/{i}", width="stretch"):
            step = finding.step
            if step is None and finding.rows is not None:
                step = engine.recipe.listed_step(data, finding.rows, finding.text[:120])
            take(current().to(step))
            go("explore")


def treat(data: Dataset, column: str, how: str, delimiter: str) -> None:
    """Let codes count as categories, or a delimited text as a list."""
    if how == "categories":
        engine.opening.treat_as_category(data, column)
    else:
        spec = engine.building.spec("edit", "split_list", {"delimiter": delimiter}, on=column)
        engine.building.build(data, {f"{column} list": spec})
    st.rerun()


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
    for start in range(0, len(here), 3):
        for place, summary in zip(st.columns(3), here[start : start + 3], strict=False):
            with place, st.container(border=True):
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
    few = s.distinct <= 60 and s.frequent
    if s.histogram is not None and not few:
        charts.counted(
            s.histogram.edges, s.histogram.counts, f"overview/{s.column.key}", unit=_unit(s), log=s.histogram.log
        )
    elif s.frequent:
        top = s.frequent[:8]
        charts.bars([v for v, _ in top], [c for _, c in top], f"overview/{s.column.key}", height=40 + 22 * len(top))
    with st.popover("Values", width="stretch"):
        if s.frequent:
            st.dataframe({"Value": [v for v, _ in s.frequent], "Rows": [c for _, c in s.frequent]}, hide_index=True)
        for name, ends in (("Lowest", s.lowest), ("Highest", s.highest)):
            if ends:
                st.caption(name)
                st.dataframe({"Row": [e.row for e in ends], "Value": [e.value for e in ends]}, hide_index=True)
    if s.looks_like and st.button(f"Treat as {s.looks_like}", key=f"overview/treat/{s.column.key}", width="stretch"):
        treat(data, s.column.key, s.looks_like, s.delimiter)


def _unit(s: "engine.look.Summary") -> str:
    of = s.histogram.of if s.histogram else ""
    return {"values": s.column.unit or "", "characters": "characters", "members": "members"}.get(of, "")


def whole(data: Dataset) -> "engine.look.Overview":
    """The overview of a dataset, made once for what it holds."""
    with st.spinner("Counting…", show_time=True):
        return engine.look.overview(data)
