"""What a choice shifts: each column and the words of what was chosen beside what was left out."""

import re

import streamlit as st

import engine
from engine.look import Scorecard, kept
from ui.choose import measured
from ui.widgets.say import plain

SHOWN = 12


def draw(done: "engine.recipe.Run", at: int) -> None:
    """The largest shifts first, those that are no accident marked."""
    found = measured.ask(
        done, at, kept.Asked("shifts"), "Compare chosen with left out",
        "Lays each column and the words of the rows chosen beside those of the rows left out.",
    )  # fmt: skip
    if not isinstance(found, Scorecard):
        return
    clear = {one.column for one in found.clear()}
    large = [one for one in found.numbers if one.column in clear and one.words != "no shift"]
    groups = [one for one in found.categories if one.column in clear]
    st.markdown(
        f"**{len(large) + len(groups):,}** of {len(found.numbers) + len(found.categories):,} columns shift beyond "
        "accident and by more than a hair. Rows "
        f"that repeat another: {found.a.repeats:,} of {found.a.rows:,} chosen, {found.b.repeats:,} of "
        f"{found.b.rows:,} left out."
    )
    _numbers(found, clear)
    _groups(found, clear)
    _words(found)


def _numbers(found: Scorecard, clear: set[str]) -> None:
    moved = [one for one in found.numbers if one.words not in ("no shift", "not measured")]
    if moved:
        lines = ["| Number | Median chosen | Left out | Shift | Sure |", "| --- | ---: | ---: | --- | --- |"]
        for one in moved[:SHOWN]:
            way = "higher" if one.effect > 0 else "lower"
            sure = "yes" if one.column in clear else "no"
            lines.append(f"| {_name(one.column)} | {' | '.join(one.middles())} | {one.words}, {way} | {sure} |")
        st.markdown("\n".join(lines))
        _more(len(moved))
    if still := len(found.numbers) - len(moved):
        st.caption(f"{still:,} {'other ' if moved else ''}columns of numbers hardly shift (Cliff's delta below 0.147).")


def _groups(found: Scorecard, clear: set[str]) -> None:
    moved = [one for one in found.categories if one.column in clear]
    if moved:
        lines = ["| Groups | Would have to change | Moved most: chosen, left out |", "| --- | ---: | --- |"]
        for one in moved[:SHOWN]:
            most = "; ".join(f"{plain(m.value[:30])} {m.share_a:.1%}, {m.share_b:.1%}" for m in one.moved[:3])
            lines.append(f"| {_name(one.column)} | {one.effect:.1%} of the rows | {most} |")
        st.markdown("\n".join(lines))
        _more(len(moved))
    if still := len(found.categories) - len(moved):
        st.caption(f"{still:,} {'other ' if moved else ''}columns of groups shift no more than by accident.")


def _words(found: Scorecard) -> None:
    if found.words is None:
        return
    for said, terms in (("More often among the chosen", found.words.more), ("Less often", found.words.less)):
        if terms:
            st.markdown(f"**{said}:** {plain(', '.join(term.word for term in terms))}")
    st.caption(
        f"To tell the chosen by the words of those left out costs {found.words.divergence:.3f} bits a word more; of "
        f"random rows in their place {found.words.by_chance:.3f}. Read from {found.words.rows_a:,} and "
        f"{found.words.rows_b:,} rows."
    )


def _name(column: str) -> str:
    """The name of a column that may be broken into lines where signs part its words."""
    return plain(re.sub(r"([_(@,=])", "\\1\u200b", column))


def _more(there: int) -> None:
    if there > SHOWN:
        st.caption(f"The {SHOWN} that shift most of {there:,}; the export has all.")
