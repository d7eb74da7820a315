"""The topic tree: areas over topics, each a selection; names, merges and splits by hand, with undo."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import TopicLevel
from ui.explore.proposed_names import proposed_names
from ui.frame import state
from ui.frame.selection_bar import current, take
from ui.map import data as map_data
from ui.widgets.say import plain


def tree(data: Dataset) -> None:
    """Draw the newest topics with their sizes; a click selects."""
    keys = data.keys_of("topics")
    if not keys:
        st.info("There are no topics yet. Prepare the corpus on the Open page.", icon=":material/account_tree:")
        return
    key = st.selectbox("Topics", keys, len(keys) - 1, key="tree/key") if len(keys) > 1 else keys[0]
    rows = _rows(data.added[key].identity, key, data)
    areas = sorted({r[0] for r in rows if r[0] >= 0}, key=lambda a: -sum(r[3] for r in rows if r[0] == a))
    names = {r[0]: r[1] for r in rows}
    area = st.selectbox(
        "Area",
        areas,
        key="tree/area",
        format_func=lambda a: f"{names[a]} ({sum(r[3] for r in rows if r[0] == a):,} rows)",
    )
    mine = [r for r in rows if r[0] == area]
    grouped = {"Group": [r[5] for r in mine]} if any(r[5] for r in mine) else {}
    event = st.dataframe(
        {"Rows": [r[3] for r in mine], "Topic": [r[4] for r in mine]} | grouped,
        hide_index=True,
        width="stretch",
        height=min(35 * (len(mine) + 1) + 2, 260),
        key=f"tree/rows/{key}/{area}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config={"Rows": st.column_config.NumberColumn(format="localized", width=70)},
    )
    chosen = [mine[i][2] for i in event.selection.rows]
    with st.container(horizontal=True):
        if st.button("Select the area" if not chosen else "Select", icon=":material/select_all:", key="tree/select"):
            step = (
                engine.recipe.topic_step(data, key, chosen)
                if chosen
                else engine.recipe.topic_step(data, key, [int(area)], level="area")
            )
            take(current().to(step))
            st.rerun()
        if len(chosen) > 1 and st.button(
            "Merge", icon=":material/merge:", key="tree/merge", help="They become one topic"
        ):
            engine.topics.merge(data, key, chosen, who=state.who())
            st.rerun()
        if len(chosen) == 1 and st.button("Split in two", icon=":material/call_split:", key="tree/split"):
            engine.topics.split(data, key, chosen[0], who=state.who())
            st.rerun()
    if len(chosen) == 1:
        _card(data, key, chosen[0])
    proposed_names(data, key)


def _card(data: Dataset, key: str, number: int) -> None:
    card = _made(data.added[key].identity, key, number, data)
    st.markdown(f"##### {plain(card.name)}")
    st.caption(f"{card.rows:,} rows, {card.texts:,} distinct texts, {card.share:.1%} of all")
    st.markdown(" · ".join(plain(t.text) for t in card.terms[:10]))
    for difference in card.differences[:4]:
        st.caption(plain(difference.sentence()))
    for row, text in zip(card.exemplars, data.texts(card.exemplars), strict=True):
        words, button = st.columns([6, 1], vertical_alignment="center")
        words.caption(plain(" ".join(text[:400].split())[:200]))
        if button.button("", icon=":material/open_in_new:", key=f"tree/row/{row}", help="Open this row"):
            state.focus(int(row))
            st.rerun()
    name = st.text_input("Rename", card.name, key=f"tree/name/{key}/{number}")
    if name != card.name and st.button("Take this name", key="tree/name/go"):
        engine.topics.rename(data, key, number, name, who=state.who())
        st.rerun()


def about(data: Dataset, key: str, number: object, level: object) -> dict[str, object] | None:
    """What the card of a topic, of a group or of an area says on the map; None where there is no such.

    level: as the map numbers them, the coarsest is 0.
    """
    topics = data.topics(key)
    levels = dict(enumerate(map_data.levels(topics)))
    if not isinstance(number, int) or not isinstance(level, int) or level not in levels:
        return None
    if number not in topics.level(levels[level])[1]:
        return None
    card = _made(data.added[key].identity, key, number, data, levels[level])
    texts = (" ".join(text[:400].split()) for text in data.texts(card.exemplars))
    return {
        "name": card.name,
        "area": card.area if level else "",
        "said": f"{card.rows:,} rows, {card.texts:,} distinct texts, {card.share:.1%} of all",
        "terms": [term.text for term in card.terms[:10]],
        "differences": [difference.sentence() for difference in card.differences[:3]],
        "rows": [[int(row), text[:160]] for row, text in zip(card.exemplars, texts, strict=True)],
    }


@st.cache_data(max_entries=16, show_spinner=False)
def _made(identity: str, key: str, number: int, _data: Dataset, level: TopicLevel = "topic") -> "engine.topics.Card":
    return engine.topics.topic_card(_data, key, number, level=level)


@st.cache_data(max_entries=8, show_spinner=False)
def _rows(identity: str, key: str, _data: Dataset) -> list[tuple[int, str, int, int, str, str]]:
    """(area, area's name, topic, rows, topic's name, name of the group between them) of every topic."""
    topics = _data.topics(key)
    topic, area = np.asarray(topics.topic), np.asarray(topics.area)
    there = topic >= 0
    sizes = np.bincount(topic[there], weights=np.asarray(topics.texts.count)[there]).astype(int)
    of = dict(zip(topic[there].tolist(), area[there].tolist(), strict=True))
    names, areas = topics.names, topics.area_names
    words = topics.group_names
    group = {t: words.get(g, "") for t, g in topics.group_of.items()}
    rows = [
        (a, areas.get(a, f"area {a}"), t, int(sizes[t]), names.get(t, f"topic {t}"), group.get(t, ""))
        for t, a in of.items()
    ]
    return sorted(rows, key=lambda r: -r[3])
