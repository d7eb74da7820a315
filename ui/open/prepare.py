"""Prepare a corpus: what it will cost, start, and what is there already."""

from typing import cast

import streamlit as st

import engine
from engine import Dataset
from ui.frame import jobs, state
from ui.widgets import form
from ui.widgets.say import plain


def cards(data: Dataset) -> None:
    """The choice of an embedder with its cost, the button that starts it all, and what is there."""
    st.markdown(f"**{plain(data.name)}**: {data.n:,} rows, text from {plain(data.text_view.words())}")
    member = form.choose(engine.vectors.EMBEDDERS, "prepare", "Embed with")
    values = form.fields(member, data, "prepare", only=True)
    brought = any(p.kind == "column" for p in member.params)  # vectors that are there already: say where
    with st.expander("More", expanded=brought):
        values |= form.fields(member, data, "prepare", only=False)
        repeatable = st.checkbox(
            "Draw the same map each time",
            data.n <= engine.building.REPEATABLE_MOST,
            help="On: UMAP draws on one thread, and the same texts give the same map. Off: on all threads, a little "
            "different each time. t-SNE and PCA always repeat.",
        )
        layout = st.selectbox(
            "Map drawn by",
            ["", *engine.maps.MAPS],
            key="prepare/layout",
            format_func=lambda name: engine.maps.MAPS[name].title if name else "what keeps most in two minutes",
        )
    if brought and not any(values.get(p.name) for p in member.params):
        st.info("Say where the vectors are: a column that holds a list of numbers in each row, or a file.")
        there(data)
        return
    wanted = engine.building.wanted_by_pages(data, member.name, values, repeatable=repeatable, layout=layout)
    engine.building.check_paths(wanted.values(), state.allowed_folders())
    todo = dict(engine.building.plan(wanted, data.added))
    fresh = {key: made for key, made in todo.items() if key not in data.added}
    if not fresh:
        st.success("Everything is prepared: vectors, neighbours, map, topics and signals.", icon=":material/check:")
    else:
        total = engine.building.cost_of_all(data, fresh)
        st.caption(f"Takes {plain(total.words())}. A first map comes long before the end.")
        on = engine.building.key_of(engine.building.spec("embedding", member.name, values))
        offers = engine.building.layout_offers(data, on, repeatable=repeatable)
        drawn = next((o for o in offers if any(made.member == o.member.name for made in fresh.values())), None)
        if drawn:
            st.caption(
                f"The map is drawn by {drawn.member.title}. {plain(engine.building.layouts_sentence(data, offers))}"
            )
        if st.button("Prepare", type="primary", icon=":material/play_arrow:", key="prepare/go"):
            params = engine.building.spec("embedding", member.name, values).params
            work = {
                "do": "prepare",
                "embedder": member.name,
                "params": params,
                "repeatable": repeatable,
                "layout": layout,
            }
            jobs.launch(data.store, cast(dict, work), "Prepare the corpus")
    there(data)


def there(data: Dataset) -> None:
    """What slow work has added, with the few facts that a person asks for."""
    if not data.added:
        return
    for key in data.keys_of("embedding"):
        _embedding(data, key)
    with st.expander("What is there", expanded=False):
        lines = []
        for key, artefact in data.added.items():
            lines.append(
                {
                    "Kind": engine.store.FAMILIES[artefact.family].title.capitalize(),
                    "Name": key,
                    "Facts": facts(artefact),
                    "MB": artefact.size / 1e6,
                }
            )
        st.dataframe(
            lines, hide_index=True, width="stretch", column_config={"MB": st.column_config.NumberColumn(format="%.1f")}
        )


def _embedding(data: Dataset, key: str) -> None:
    """One embedding in a line: what made it, and how many rows the model does not read to their end."""
    notes = data.added[key].notes
    cut = cast(dict[str, int], notes.get("truncated") or {})
    said = [f"**{plain(key)}**: {notes.get('dimension')} dimensions", plain(str(notes.get("runtime", "")))]
    st.markdown(", ".join(word for word in said if word))
    if cut.get("rows"):
        st.caption(
            f"{cut['rows']:,} rows ({cut['rows'] / max(data.n, 1):.1%}) are longer than the {cut['limit']:,} tokens "
            f"that the model reads, half of them by more than {cut['median_over']:,}; what lies beyond is not read."
        )
    elif cut.get("limit"):
        st.caption(f"No row is longer than the {cut['limit']:,} tokens that the model reads.")


def facts(artefact: "engine.store.Artefact") -> str:
    """The facts of a thing in words: runtime and model, recall, trust."""
    notes = artefact.notes
    said = []
    if "dimension" in notes:
        said.append(f"{notes['dimension']} dimensions")
    for key in ("runtime", "precision", "device", "kind"):
        if notes.get(key):
            said.append(str(notes[key]))
    cut = cast(dict[str, int], notes.get("truncated") or {})
    if cut.get("texts"):
        said.append(f"{cut['texts']:,} texts longer than {cut['limit']} tokens are read in part")
    if notes.get("recall_says"):
        said.append(str(notes["recall_says"]))
    if notes.get("reason"):
        said.append(str(notes["reason"]))
    if artefact.family == "map" and (words := engine.maps.trust_words(notes)):
        said.append(words)
    return "; ".join(said)
