"""What stands before the text of each row: a tag in the place of dropping, a value of its metadata."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset
from engine.exporting import Prefix, Tag, Wanted
from engine.registry import Json
from ui.frame import state
from ui.frame.steps import take
from ui.widgets.say import plain

_KEY = "export/before"


def choose(data: Dataset, said: Wanted) -> tuple[Tag | None, Prefix | None]:
    """The tag and the prefix as the person chooses them. said: what the recipe says."""
    with st.expander("Tags and metadata before the text", key=_KEY):
        tag = _tagged(said.tag) if said.tag else None
        if tag is None:
            _offer()
        st.divider()
        return tag, _prefix(data, said.prefix)


def _offer() -> None:
    """The steps that can tag: filters that judge each row by itself."""
    recipe = state.recipe()
    steps = {at: s for at, s in enumerate(recipe.steps, 1) if s.on and all(leaf.alone for leaf, _ in s.leaves())}
    which = st.selectbox(
        "Tag instead of drop", list(steps), None, key=f"{_KEY}/step", placeholder="none",
        format_func=lambda at: steps[at].label(),
        help="The step leaves the recipe; the rows that it would drop go out too, with a mark that a model can learn.",
    )  # fmt: skip
    if which and st.button("Tag by this step", key=f"{_KEY}/take"):
        rest, step = engine.exporting.moved(recipe, which)
        _save(rest, {"tag": engine.store.plain(Tag(step))}, f"tags instead of dropping: {step.label()}")


def _tagged(tag: Tag) -> Tag:
    st.markdown(f"Tagged instead of dropped: **{plain(tag.step.label())}**")
    left, right, third = st.columns(3)
    good = left.text_input("A row that it keeps", tag.good, 200, key=f"{_KEY}/good")
    bad = right.text_input("A row that it would drop", tag.bad, 200, key=f"{_KEY}/bad")
    column = third.text_input(
        "In a column called", tag.column, 200, key=f"{_KEY}/column", help="Empty: before the text of each row."
    )
    if st.button("Drop them again", key=f"{_KEY}/drop"):
        recipe = state.recipe()
        first = next((i for i, s in enumerate(recipe.steps) if s.selects), len(recipe.steps))
        _save(recipe.with_step(tag.step, first), {"tag": None}, f"drops again: {tag.step.label()}")
    return replace(tag, good=good, bad=bad, column=column)


def _prefix(data: Dataset, said: Prefix | None) -> Prefix | None:
    columns = [c.key for c in data.columns.values() if c.type not in ("list", "json")]
    column = st.selectbox(
        "Metadata before the text", columns, columns.index(said.column) if said and said.column in columns else None,
        key=f"{_KEY}/metadata", placeholder="none", help="Its value and a blank line: an address, a topic, a source.",
    )  # fmt: skip
    if not column:
        return None
    begin = said or Prefix(column)
    left, middle, right = st.columns(3)
    before = left.text_input("Begins with", begin.before, 200, key=f"{_KEY}/begins", placeholder="such as URL:")
    share = middle.number_input(
        "Left plain, %", 0.0, 100.0, 100 * begin.plain, 1.0, key=f"{_KEY}/plain", format="%g",
        help="Train on these rows last, to read texts without metadata too; the column `phase` names them.",
    )  # fmt: skip
    seed = right.number_input("Seed of these", 0, None, begin.seed, key=f"{_KEY}/seed")
    return Prefix(column, before, round(share / 100, 6), int(seed))


def _save(recipe: engine.Recipe, changed: dict[str, Json], what: str) -> None:
    """Take a recipe with another output, in one act that can be undone."""
    output = {**recipe.output, **changed}
    take(replace(recipe, output={name: value for name, value in output.items() if value is not None}), what)
