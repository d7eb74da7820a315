"""A small page around two readers, for the browser tests and the benchmark; what they did stands in plain text."""

import os
from pathlib import Path

import numpy as np
import streamlit as st

import engine
from ui.reader.book import Act, Alike, Hooks, Standing
from ui.reader.reader import reader

st.set_page_config(layout="wide", page_title="reader")
state = st.session_state


@st.cache_resource
def corpus(folder: str) -> engine.Dataset:
    return engine.Dataset.load(engine.store.datasets(Path(folder))[0])


data = corpus(os.environ["READER_FOLDER"])
state.setdefault("done", [])
state.setdefault("marks", {})
state.setdefault("runs", 0)
state["runs"] += 1


def standing(rows: np.ndarray) -> list[Standing]:
    return [state["marks"].get(int(row), Standing()) for row in rows]


def act(done: Act) -> str:
    state["done"].append(f"{done.kind} {len(done.rows)} {done.rows[:5].tolist()} {done.text}".strip())
    if done.kind in ("keep", "drop", "undecide"):
        verdict = "" if done.kind == "undecide" else done.kind
        state["marks"] |= {int(row): Standing(verdict) for row in done.rows[:1000]}
    if done.kind == "tag" and done.text == "bad":
        raise engine.EngineError("No row may be tagged <b>bad</b>.")
    return f"done: {done.kind}"


def marked(rows: np.ndarray) -> list[list[tuple[int, int, str]]]:
    found = []
    for text in data.texts(rows):
        at, sign = text.find("script"), text.find("😀")
        spans = [(at, at + 6, "a word")] if at >= 0 else []
        spans += [(sign, sign + 1, "a sign")] if sign >= 0 else []
        found.append(sorted(spans))
    return found


hooks = Hooks(
    standing=standing,
    act=act,
    focus=lambda row: state.update(row=row),
    about=lambda row: f"Kept: no step drops row {row} <i>.",
    near=lambda row: Alike(np.array([(row + 1) % data.n, (row + 2) % data.n]), np.array([0.98, 0.5]), 3),
    tags=["old <b>tag"],
)
few = st.checkbox("odd", key="odd")
rows = np.arange(data.n)[1::2] if few else np.arange(data.n)
with st.container(width=int(st.query_params.get("width", 1000))):
    reader(
        data,
        rows,
        key="reader__1",
        extra=lambda some: {"Half": some / 2},
        spans=marked,
        height=int(st.query_params.get("height", 640)),
        hooks=hooks,
        focus=state.get("row"),
        version=str(len(state["done"])),
    )
st.text(f"runs {state['runs']} row {state.get('row', -1)}")
st.text("done " + " | ".join(state["done"][-6:]))
