"""The mix of a choice: shares of groups before, after the filters and after the choice; drag one, and quotas follow."""

import math

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset
from engine.look import MixTable
from engine.registry import Mix
from ui.choose import concentrated
from ui.frame import state
from ui.widgets.say import plain

_KEY = "mix"
SHOWN, GROUP_WIDE = 200, 130
ALL, LEFT, CHOSEN = "all", "left", "chosen"
NONE = "as it comes"


def draw(data: Dataset, left: np.ndarray, given: Budget, asked: Budget) -> Mix | None:
    """What groups get, set by hand; None for as the selector takes them. given: the budget as it stands; asked: as it
    is being set."""
    columns = engine.look.group_columns(data)
    if not columns:
        return None
    there = given.mix
    with st.expander("The mix", icon=":material/stacked_bar_chart:", key=_KEY, on_change="rerun") as shown:
        if not shown.open:
            if there is not None and str(there):
                st.caption(plain(str(there)))
            return there
        start = columns.index(there.by) + 1 if there is not None and there.by in columns else 0
        by = st.selectbox(
            "Groups of", [NONE, *columns], start, key=f"{_KEY}/by",
            help="What each group of this column gets of the budget. Whatever way of choosing picks within them.",
        )  # fmt: skip
        if by == NONE:
            return None
        mix = there if there is not None and there.by == by else Mix(by)
        table = _table(data, by, left)
        made = _set(table, mix, asked.unit)
        _shown(table)
        concentrated.draw(data, by, left, _chosen(data), _picks(asked, len(left)), f"{_KEY}/most/{by}")
    return made


def _picks(asked: Budget, left: int) -> int:
    """How many rows a budget asks for, 0 where that is not known before."""
    if asked.unit not in ("rows", "percent"):
        return 0
    return min(int(asked.amount) if asked.unit == "rows" else round(left * asked.amount / 100), left)


def _chosen(data: Dataset) -> np.ndarray | None:
    """The rows of the choice that stands, int64; None where there is none."""
    done = state.run()
    at = next((i for i, one in enumerate(done.stages) if i and one.step.selects), None)
    return None if at is None else engine.recipe.rows_of(done.stages[at], data.n)


def _table(data: Dataset, by: str, left: np.ndarray) -> MixTable:
    stages = {LEFT: left} if len(left) == data.n else {ALL: data.rows(), LEFT: left}
    if (chosen := _chosen(data)) is not None:
        stages[CHOSEN] = chosen
    return engine.look.mix_table(data, by, stages)


def _set(table: MixTable, mix: Mix, unit: str) -> Mix:
    """Shares of some groups by sliders, and limits for all. unit: of the budget, whose shares they are."""
    by_cost = bool(table.cost) and table.unit == unit
    now, of = table.shares(LEFT, cost=by_cost), f", of the {unit}" if by_cost else ""
    place = {name: at for at, name in enumerate(table.names)}
    which = st.multiselect(
        "Set the share of", table.names[:SHOWN], [name for name in mix.shares if name in place],
        key=f"{_KEY}/which/{table.by}", placeholder="groups; the others share what is left of the budget",
    )  # fmt: skip
    keys = {name: f"{_KEY}/share/{table.by}/{name}{of}" for name in which}
    shares: dict[str, float] = {}
    for name, key in keys.items():
        taken = sum(float(st.session_state.get(keys[other], 0.0)) for other in which if other != name)
        begins = round(100 * mix.shares.get(name, min(float(now[place[name]]), max(0.0, 1 - taken / 100))), 1)
        percent = st.slider(
            f"Share of {plain(name[:60])}{of}", 0.0, 100.0, begins, 0.5, format="%.1f%%", key=key,
            on_change=_make_room, args=(key, list(keys.values())),
        )  # fmt: skip
        given = mix.shares.get(name, -1.0)
        shares[name] = given if round(100 * given, 1) == percent else round(percent / 100, 4)
    least, most = st.columns(2)
    at_least = least.number_input(
        "At least, rows of each", 0, None, mix.at_least, 1, key=f"{_KEY}/least/{table.by}",
        help="A group that has fewer gives all it has.",
    )  # fmt: skip
    key = f"{_KEY}/most/{table.by}"
    at_most = most.number_input(
        "At most, rows of each", 0, None, None if key in st.session_state else mix.at_most, 1, key=key,
        placeholder="no limit",
    )  # fmt: skip
    made = Mix(table.by, shares, int(at_least), None if at_most is None else int(at_most)).checked()
    if which and (rest := 1 - sum(shares.values())) > 1e-9:
        st.caption(f"{rest:.1%} of the budget are left for the others, in the shares in which they would be chosen.")
    return made


def _make_room(moved: str, keys: list[str]) -> None:
    """Lower the other shares in proportion where one was raised so far that all are more than the budget."""
    others = {key: float(st.session_state[key]) for key in keys if key != moved and key in st.session_state}
    room, taken = 100 - float(st.session_state[moved]), sum(others.values())
    if taken > room:
        for key, share in others.items():
            st.session_state[key] = math.floor(10 * share * room / taken) / 10


def _shown(table: MixTable) -> None:
    """Shares of each group, in rows and in tokens."""
    heads = {ALL: "All rows", LEFT: "Left" if ALL in table.rows else "All rows", CHOSEN: "Chosen"}
    columns: dict[str, object] = {"Group": table.names[:SHOWN]}
    for stage in table.rows:
        columns[heads[stage]] = 100 * table.shares(stage)[:SHOWN]
        if table.cost:
            columns[f"{heads[stage]}, {table.unit}"] = 100 * table.shares(stage, cost=True)[:SHOWN]
    percent = st.column_config.NumberColumn(format="%.1f%%")
    st.dataframe(
        columns, hide_index=True, height=min(320, 40 + 35 * min(len(table.names), SHOWN)), key=f"{_KEY}/table",
        column_config={name: percent for name in columns if name != "Group"}
        | {"Group": st.column_config.TextColumn(width=GROUP_WIDE)},
    )  # fmt: skip
    if len(table.names) > SHOWN:
        st.caption(f"The {SHOWN} largest of {len(table.names):,} groups.")
    if not table.cost:
        st.caption("Measure the tokens on Clean to see shares of tokens too: long texts weigh more in them.")
