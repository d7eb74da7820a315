"""What a selector notes of what it picked, each note shown as its member says."""

from collections.abc import Iterator, Mapping
from typing import cast

import streamlit as st

import engine
from engine.registry import Amounts, Counted, Curve, Evidence, Figure, Json, Member, Names, Remark
from ui.widgets import charts
from ui.widgets.say import plain


def _of(member: Member, notes: Mapping[str, Json]) -> Iterator[tuple[Evidence, Json]]:
    """The notes, each with how it is shown."""
    words = {**member.about.evidence, **engine.recipe.EVIDENCE}
    return ((words[name], value) for name, value in notes.items() if name in words)


def figures(member: Member, notes: Mapping[str, Json]) -> None:
    """Figures, counts and remarks."""
    there, unit = list(_of(member, notes)), str(notes.get("unit", "rows"))
    shown = [(how, value) for how, value in there if isinstance(how, Figure) and isinstance(value, int | float)]
    if shown:
        with st.container(horizontal=True, gap="large"):
            for figure, value in shown:
                st.metric(
                    figure.label.replace("{unit}", unit), figure.shape.format(value), help=figure.help, width="content"
                )
    counted = [
        how.said(value, unit)
        for how, value in there
        if isinstance(how, Counted) and isinstance(value, int | float) and value
    ]
    if counted:
        st.caption("; ".join(counted) + ".")
    for how, note in there:
        if isinstance(how, Remark) and note:
            st.caption(how.words)
        elif isinstance(how, Names) and isinstance(note, list) and note:
            names = ", ".join(str(s) for s in note[:8])
            st.caption(plain(f"{how.words}: {names}{' …' * (len(note) > 8)}"))


def details(member: Member, notes: Mapping[str, Json]) -> None:
    """Curves and tables."""
    for place, (how, note) in enumerate(_of(member, notes)):
        if isinstance(how, Curve) and isinstance(note, list) and len(note) > 2:
            st.markdown(f"##### {how.title}")
            points = cast(list[tuple[float, float]], note)
            charts.line([p for p, _ in points], [c for _, c in points], f"pick/curve/{place}", x=how.x, y=how.y)
        elif isinstance(how, Amounts) and isinstance(note, dict) and note:
            with st.expander(how.title):
                columns = {how.name: list(note), how.amount: list(note.values())}
                apart = {how.amount: st.column_config.NumberColumn(format="localized")}
                st.dataframe(columns, hide_index=True, width="stretch", height=220, column_config=apart)
