"""The demo corpus: made on the spot from the documentation of the Python packages on this machine."""

import streamlit as st

import engine
from engine import EngineError
from ui.frame import jobs, state
from ui.widgets.say import message

ROWS = 20_000
NAME = "demo"


def offer() -> None:
    """A button that makes the corpus and opens it; nothing is downloaded."""
    if any(store.folder.name == NAME for store in state.stores()):
        return
    with st.container(border=True):
        st.markdown("**No corpus at hand?**")
        st.caption(
            f"The docstrings of the Python packages on this machine: about {ROWS:,} texts, nothing is downloaded."
        )
        if not st.button("Make the demo corpus", icon=":material/science:", key="demo/go"):
            return
        bar = st.progress(0.0, text="Reading the documentation on this machine…")

        def tick(done: int, total: int) -> None:
            bar.progress(min(1.0, done / max(total, 1)), text=f"{done:,} texts")

        try:
            state.WORKSPACE.mkdir(parents=True, exist_ok=True)
            made = engine.opening.demo_corpus(
                state.WORKSPACE / f"{NAME}.parquet",
                limit=ROWS,
                progress=tick,
            )
        except EngineError as error:
            message(error)
            return
        jobs.open_source([str(made.path)], NAME, engine.opening.SourceOptions(text="text"))
