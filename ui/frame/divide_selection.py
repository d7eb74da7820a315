"""Parts of a selection: divided by meaning and named, one of them selected."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui.widgets.say import plain


def draw(data: Dataset, rows: np.ndarray, now: "engine.look.selection.Selection") -> Step | None:
    """Divide the selected rows when asked, and list the parts; returns the step that selects the chosen one."""
    embeddings = data.keys_of("embedding")
    if not embeddings:
        st.info("Dividing by meaning needs an embedding. Prepare the corpus on the Open page.")
        return None
    on = st.selectbox("Embedding", embeddings, len(embeddings) - 1, key="parts/on")
    count = st.number_input("How many parts (0 = from the number of texts)", 0, 200, 8, key="parts/count")
    asked = (data.fingerprint, engine.store.digest_of(now.step.json() if now.step else None), on, count)
    if st.button("Divide", type="primary", key="parts/go", width="stretch"):
        with st.spinner("Dividing and naming…", show_time=True):
            st.session_state["parts"] = (asked, engine.topics.subclusters(data, on, rows, parts=int(count)))
    held = st.session_state.get("parts")
    if held is None or held[0] != asked:
        return None
    found = held[1]
    sizes = {part: int(np.count_nonzero(found.part == part)) for part in found.names}
    chosen = st.radio(
        "Parts",
        list(found.names),
        format_func=lambda part: f"{plain(found.names[part])} ({sizes[part]:,})",
        key=f"parts/chosen/{asked[1]}/{on}/{count}",
    )
    bare = int(np.count_nonzero(found.part < 0))
    if bare:
        st.caption(f"{bare:,} rows have no text and belong to no part.")
    if chosen is None or not st.button("Select this part", key="parts/select", width="stretch"):
        return None
    return engine.recipe.listed_step(data, rows[found.part == chosen], f"part “{found.names[chosen]}” of a selection")
