"""The parts of a nest as a table: each can be switched off, each range of numbers can be moved."""

from dataclasses import replace
from typing import cast

import pandas as pd
import streamlit as st

from engine import Step
from engine.recipe import NESTS

RANGE = "number_range"


def limits(step: Step, key: str) -> Step:
    """Let the person change the parts of a nest; returns it with what was changed, unchecked.

    A part that is no range of numbers can be switched only; nests inside are shown as one line.
    """
    if step.do not in NESTS or not step.steps:
        return step
    table = pd.DataFrame([
        {
            "On": part.on, "Rule": part.name or part.short(),
            "From": part.params.get("low") if part.do == RANGE else None,
            "To": part.params.get("high") if part.do == RANGE else None,
        }
        for part in step.steps
    ])  # fmt: skip
    table = table.astype({"From": "float64", "To": "float64"})
    edited = st.data_editor(
        table, key=key, hide_index=True, width="stretch", disabled=["Rule"], num_rows="fixed", placeholder="–",
        height=min(35 * (len(table) + 1) + 2, 458),
        column_config={
            "On": st.column_config.CheckboxColumn(width=40, help="A rule that is off keeps every row"),
            "Rule": st.column_config.TextColumn(width=150, help="What a row is that goes"),
            "From": st.column_config.NumberColumn(width=56, help="A row stays from here on; empty: no lower end"),
            "To": st.column_config.NumberColumn(width=66, help="A row stays up to here; empty: no upper end"),
        },
    )  # fmt: skip
    parts = zip(step.steps, edited.to_dict("records"), strict=True)
    return replace(step, steps=tuple(_changed(part, line) for part, line in parts))


def _changed(part: Step, line: dict[str, object]) -> Step:
    if part.do != RANGE:
        return replace(part, on=bool(line["On"]))
    ends = {name: _end(line[said]) for name, said in (("low", "From"), ("high", "To"))}
    return replace(part, on=bool(line["On"]), params={**part.params, **ends})


def _end(value: object) -> float | None:
    """An end of a range; None where the cell is empty."""
    return None if pd.isna(cast(float, value)) else float(cast(float, value))
