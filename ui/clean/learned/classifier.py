"""An own classifier: what it learns from, the questions that teach it most, and what it is worth."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.models import Known
from engine.registry import Json
from ui.clean import by_keys
from ui.clean.learned import fitting, pools, scored
from ui.frame import reading
from ui.reader.reader import reader
from ui.widgets.say import part, plain

KEY = "learned/classifier"
ASKED = 5


@st.fragment
def draw(data: Dataset, left: np.ndarray) -> None:
    """The questions on the left; what is learned from, and what was learned, on the right."""
    likes, dislikes = by_keys.answered(data, pools.LIKING)
    asked, learned = st.columns([3, 2], gap="large")
    with asked, part():
        _questions(data, likes, dislikes)
    with learned, part():
        _pools(data, left)
        _learned(data)


def _pools(data: Dataset, left: np.ndarray) -> None:
    offered = pools.offered(data, left)
    likes = st.multiselect("Rows like these", list(offered), [pools.LIKED], key=f"{KEY}/likes")
    dislikes = st.multiselect(
        "and not like these", list(offered), [pools.DISLIKED], key=f"{KEY}/dislikes",
        help="Left empty, rows by chance stand for them.",
    )  # fmt: skip
    embeddings = data.keys_of("embedding")
    by = st.selectbox(
        "It looks at", ["words", *embeddings], len(embeddings), key=f"{KEY}/by",
        format_func=lambda name: "words and pairs of words" if name == "words" else f"meaning, by {name}",
        help="Meaning learns from fewer rows. Words mean the same in any corpus: such a model travels.",
    )  # fmt: skip
    name = st.text_input("Name of the model", "liked", key=f"{KEY}/name")
    if st.button("Learn", type="primary", key=f"{KEY}/fit", width="stretch", disabled=not likes):
        of: dict[str, Json] = {"of": "words"} if by == "words" else {"of": "vectors", "embedding": by}
        learn = {"likes": _made(offered, likes), "dislikes": _made(offered, dislikes)}
        fitting.fit(data, "classifier", learn, {**of, "name": name.replace("/", " ")}, KEY)


def _made(offered: Mapping[str, Callable[[], np.ndarray]], names: Sequence[str]) -> dict[str, np.ndarray]:
    made = dict[str, np.ndarray]()
    for number, name in enumerate(names, 1):
        plain_name = name.replace("/", " ")
        made[plain_name if plain_name not in made else f"{plain_name} {number}"] = offered[name]()
    return {name: rows for name, rows in made.items() if len(rows)}


def _learned(data: Dataset) -> None:
    model = scored.choose(data, "classifier", KEY, lambda known: "ranks" not in known.facts)
    if model is None:
        st.info(
            "Nothing is learned yet. Like and dislike ten rows here, or name rows that are as you want them.",
            icon=":material/favorite:",
        )
        return
    worth(data, model, KEY)


def worth(data: Dataset, model: Known, key: str) -> None:
    """What a classifier is worth and what it tells by, with the button that scores every row. key: of the widgets."""
    facts = model.facts
    said = f"{facts['likes']:,} liked, {facts['dislikes']:,} not."
    if "ranks" in facts:
        said = f"It learned from {facts['likes']:,} liked and {facts['dislikes']:,} others."
    auc = cast("Mapping[str, float] | None", facts.get("auc"))
    if auc:
        said += (
            f" Of a liked row and another, both held out, it ranks the liked one higher in {auc['value']:.0%} of pairs "
            f"({auc['low']:.0%} to {auc['high']:.0%}; half is chance)."
        )
    st.markdown(said)
    scored.warnings(model)
    _measured(data, model, key)
    _tells(model, key)


def _measured(data: Dataset, model: Known, key: str) -> None:
    embedder = str(model.facts.get("embedder") or "")
    if not embedder:
        scored.measure(data, "classifier", {"model": model.ref}, key)
        return
    fits = [
        k for k in data.keys_of("embedding") if data.artefact("embedding", k).origin.facts.get("embedder") == embedder
    ]
    if fits:
        scored.measure(data, "classifier_by_meaning", {"model": model.ref, "embedding": fits[-1]}, key)


def _tells(model: Known, key: str) -> None:
    """What says most that a row is liked, and what each pool adds."""
    tells = cast("Mapping[str, list[Json]]", model.facts.get("tells") or {})
    with st.expander("What tells most, and what each pool adds", key=f"{key}/tells"):
        for side, name in (("likes", "Liked"), ("dislikes", "Not liked")):
            told = [" ".join(str(t[0] if isinstance(t, list) else t).split())[:60] for t in tells.get(side, [])]
            st.markdown(f"**{name}**: {plain(' · '.join(told)) or 'nothing'}")
        found = cast("list[Mapping[str, Json]]", model.facts.get("pools") or [])
        st.dataframe(
            [
                {
                    "Pool": pool.get("name"), "Rows": pool.get("texts"), "AUC with it": pool.get("auc_with"),
                    "without": pool.get("auc_without"), "Top rows changed": pool.get("top_changed"),
                }
                for pool in found
            ],
            hide_index=True, width="stretch",
            column_config={"Top rows changed": st.column_config.NumberColumn(format="percent")},
        )  # fmt: skip


def _questions(data: Dataset, likes: np.ndarray, dislikes: np.ndarray) -> None:
    """Rows to like or not by keys; when all are judged, the next ones that teach most."""
    st.markdown(f"**{len(likes):,}** liked, **{len(dislikes):,}** not liked. These rows teach most now:")
    st.caption("K: I like it, and on to the next. D: I do not. U: undo. What you say changes nothing in the recipe.")
    key, known = f"{KEY}/asked/{data.fingerprint}", np.r_[likes, dislikes]
    rows = st.session_state.get(key)
    if rows is None or np.isin(rows, known).all():
        rows = st.session_state[key] = _asked(data, likes, dislikes)
    if not len(rows):
        st.caption("Every row with a text is judged.")
        return
    reader(
        data,
        rows,
        key=KEY,
        hooks=by_keys.hooks(data, pools.LIKING),
        height=640,
        version=reading.said_of(data),
        focus=int(rows[0]),
    )


def _asked(data: Dataset, likes: np.ndarray, dislikes: np.ndarray) -> np.ndarray:
    """The rows that teach most; without an embedding, rows by chance."""
    keys = data.keys_of("embedding")
    if keys:
        return engine.models.questions(data, likes, dislikes, embedding=keys[-1], count=ASKED)
    free = np.setdiff1d(data.rows(), np.r_[likes, dislikes])
    some = np.random.default_rng(len(likes) + len(dislikes)).permutation(free)[: 20 * ASKED]
    return np.sort([row for row, text in zip(some, data.texts(some), strict=True) if text.strip()][:ASKED])
