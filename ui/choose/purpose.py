"""What the choice is for: five purposes, each with a sentence and a small picture."""

import streamlit as st

import engine
from engine import Dataset, Step
from ui.choose.pictures import picture
from ui.frame import state

KEY, PLAIN = "pick/purpose", "thin"
SEEN, FORM = "choose/seen", "choose/form"
"""The choice of the recipe as it was drawn last, and what the form said then."""


def first_member(data: Dataset) -> str:
    """The way of choosing that one begins with: that of the recipe, else what the data suggests, "" for none."""
    there = next((step.do for step in state.recipe().steps if step.selects), "")
    return there or engine.look.suggested(data)


def chosen(data: Dataset) -> str:
    """The purpose that the person chose, else that of the choice which is there or suggested."""
    purposes = [name for name in engine.look.PURPOSES if engine.look.members_for(name)]
    member = first_member(data)
    now = st.session_state.get(KEY) or (engine.recipe.SELECTORS[member].about.purpose if member else PLAIN)
    return now if now in purposes else PLAIN


def begins(data: Dataset, purpose: str) -> str:
    """The way of choosing that a purpose begins with: that of the recipe or what is suggested, where they serve it."""
    there = (first_member(data), engine.look.suggested(data))
    members = engine.look.members_for(purpose)
    return next((name for name in there if name in members), engine.look.first_for(purpose))


def keep_up() -> None:
    """Let the form follow a choice that was changed elsewhere: taken back, undone, edited in the list of steps."""
    step = next((step for step in state.recipe().steps if step.selects), None)
    now = step.json() if step else None
    seen = st.session_state.get(SEEN, now)
    st.session_state[SEEN] = now
    if step and now not in (seen, st.session_state.get(FORM)):
        follow(step)


def follow(step: Step) -> None:
    """Set the form by a choice that was taken elsewhere: it is drawn anew from the recipe."""
    for key in [key for key in st.session_state if str(key).startswith(("pick/", "mix/", "wanted/"))]:
        del st.session_state[key]
    st.session_state[KEY] = step.member.about.purpose


def draw(data: Dataset) -> None:
    """The purposes side by side; a click takes one."""
    keep_up()
    now = chosen(data)
    purposes = [name for name in engine.look.PURPOSES if engine.look.members_for(name)]
    with st.container(key="purposes"):
        columns = st.columns(len(purposes), gap="small")
    for name, column in zip(purposes, columns, strict=True):
        said = engine.look.PURPOSES[name]
        with column, st.container(border=True, key=f"purpose-{name}"):
            st.html(f'<img src="data:image/svg+xml;base64,{picture(name)}" alt="" style="width:100%">')
            st.caption(said.sentence, text_alignment="center")
            if st.button(
                said.title, key=f"{KEY}/{name}", type="primary" if name == now else "secondary", width="stretch"
            ):
                st.session_state[KEY] = name
                st.rerun()
