"""Whom a choice costs: groups that fall to nothing or far below their share, and one click that keeps them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset
from engine.look import LossAudit, LostGroup, kept
from engine.registry import Mix
from ui.choose import measured
from ui.frame import picking, state
from ui.widgets.say import plain

SHOWN, MOST = 6, 50


def lost(done: "engine.recipe.Run", at: int) -> list[LostGroup]:
    """The groups that fall far below what chance leaves, measured without being asked where that is short."""
    asked = kept.Asked("losses")
    short = kept.seconds(done, at, asked) < picking.AT_ONCE
    found = kept.measure(done, at, asked) if short else kept.kept(done, at, asked)
    if not isinstance(found, LossAudit):
        return []
    return surely(done.data, found)


def surely(data: Dataset, found: LossAudit) -> list[LostGroup]:
    """Of the groups that lose those that chance would hardly cost, by columns that are meant as groups."""
    return [one for one in found.lost if one.beyond_chance and (not one.column or meant(data, one.column))]


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Groups beyond chance, by column, each with a button that gives them their share in the mix."""
    hint = "Looks for topics, languages, labels and tags that fall to nothing, or below half their share."
    if measured.ask(done, at, kept.Asked("losses"), "Look for losses", hint) is None:
        return
    found = lost(done, at)
    if not found:
        st.caption("No topic, language, label, source or tag falls far below what chance leaves.")
        return
    many = "1 group falls" if len(found) == 1 else f"{len(found):,} groups fall"
    toward = done.stages[at].step.member.about.purpose == "target"
    st.markdown(f"##### {many} far below what chance leaves")
    if toward:
        st.caption("Toward a target that is wanted, unless one of them belongs to it.")
    for column in dict.fromkeys(one.column for one in found):
        _column(data, done, at, column, [one for one in found if one.column == column])


def meant(data: Dataset, column: str) -> bool:
    """Whether a column is one of labels, sources, languages or topics; others lose and gain with these."""
    info = data.info(column)
    return info.role in ("label", "source", "language") or info.origin in ("source", "topics")


def _column(data: Dataset, done: "engine.recipe.Run", at: int, column: str, lost: Sequence[LostGroup]) -> None:
    gone = [one.group for one in lost if one.gone]
    names = ", ".join(plain(one.group[:40]) for one in lost[:SHOWN]) + (" …" if lost[SHOWN:] else "")
    said = f"**{len(lost):,}** of {plain(column)}{f', {len(gone):,} of them to nothing' if gone else ''}: {names}"
    words, go = st.columns([3, 1], vertical_alignment="center")
    words.markdown(said if column else f"{said} (tags)")
    if column and go.button(
        "Keep them", key=f"rescue/{column}", icon=":material/health_and_safety:", width="stretch",
        help="The mix then keeps their share of the rows chosen from; the others share the rest. Undo takes it back.",
    ):  # fmt: skip
        _rescue(data, done, at, column, lost)


def _rescue(data: Dataset, done: "engine.recipe.Run", at: int, column: str, lost: Sequence[LostGroup]) -> None:
    """The same choice with the lost groups in its mix."""
    recipe, step = state.recipe(), done.stages[at].step
    place = recipe.steps.index(step)
    budget = Budget.read(step.params["budget"])  # type: ignore[arg-type]
    all_rows = done.stages[at - 1].kept
    shares = {one.group: round(one.before / all_rows, 4) for one in lost[:MOST]}
    there = budget.mix if budget.mix is not None and budget.mix.by == column else Mix(column)
    mix = replace(there, shares={**there.shares, **shares})
    changed = replace(step, params={**step.params, "budget": replace(budget, mix=mix).json()}).checked()
    for key in [key for key in st.session_state if str(key).startswith("mix/")]:
        del st.session_state[key]
    new = recipe.changed(place, changed)
    state.change(new, f"kept the share of {len(shares):,} groups of {column}")
    rows = np.sort(engine.recipe.rows_of(done.stages[at - 1], data.n))
    picking.make(data, new, changed, engine.building.picking_seconds(data, changed, rows))
