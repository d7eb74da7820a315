"""What goes out beside what came in, and what is easily overlooked."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.widgets import charts
from ui.widgets.say import plain, share


def before_after(data: Dataset, done: "engine.recipe.Run") -> None:
    """Rows, tokens and groups before and after, and what to think about before exporting."""
    kept = done.stages[-1].kept
    figures = [("Rows that came in", f"{data.n:,}"), ("Rows that go out", f"{kept:,}"), ("Share", share(kept, data.n))]
    sizes = {c.unit: c.key for c in data.columns.values() if c.origin == "signal"}
    size = next((unit for unit in ("tokens", "words", "characters") if unit in sizes), "")
    if size:
        values = np.nan_to_num(data.numbers(sizes[size]))
        out = values[done.mask].sum()
        figures.append((f"{size.capitalize()} that go out ({share(out, values.sum())})", _short(out)))
    for place, (name, value) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value, border=True)
    for warning in warnings(data, done):
        st.warning(plain(warning), icon=":material/warning:")
    if done.waiting:
        st.info("A choice of the recipe has not been made yet. Make it on the page Choose, then export.")
    if len(done.stages) > 1:
        with st.expander("Funnel", expanded=False):
            charts.funnel(done)


def warnings(data: Dataset, done: "engine.recipe.Run") -> list[str]:
    """What is easily overlooked: nothing left, groups that vanish, repeats that stay."""
    found = []
    mask = done.mask
    if not mask.any():
        return ["The recipe keeps no row. Switch a step off, or loosen it."]
    for at in done.broken:
        found.append(
            f"Step {at + 1} of the recipe, “{done.recipe.steps[at].label()}”, is broken, so nothing can be written. "
            "Mend it or switch it off, in the recipe on the left."
        )
    for column in [c.key for c in data.columns.values() if c.role == "label" or c.key.startswith("area")]:
        if loss := engine.look.groups(data, column, mask).loss():
            found.append(f"{column}: {loss}")
    for key in data.keys_of("embedding")[:1]:
        nodes = data.embedding(key).texts.of_row[mask]
        nodes = nodes[nodes >= 0]
        repeats = len(nodes) - len(np.unique(nodes))
        if repeats:
            found.append(f"{repeats:,} of the rows that go out repeat the text of another one.")
    return found


def _short(value: float) -> str:
    """A large number in few signs: 26.0 M."""
    for unit in ("", " k", " M", " G"):
        if abs(value) < 1000:
            return f"{value:,.1f}{unit}" if unit else f"{value:,.0f}"
        value /= 1000
    return f"{value:,.1f} T"
