"""An own classifier that learns which rows rank high for examples: for corpora too large to rank each row."""

import streamlit as st

import engine
from engine import Dataset
from engine.dataset import name_from
from engine.registry import Json
from ui.clean.learned import classifier, fitting, scored
from ui.frame import wanted
from ui.widgets.say import part, plain

KEY = "learned/toward"
LEAST, MOST, USUAL = 100, 100_000, 10_000
BY = {"words": "words", "vectors": "meaning"}


@st.fragment
def draw(data: Dataset, left: object) -> None:
    """The examples and the knobs on the left; what was learned on the right."""
    given, learned = st.columns([3, 2], gap="medium")
    with given, part():
        _asked(data)
    with learned, part():
        _learned(data)


def _asked(data: Dataset) -> None:
    st.markdown("##### Examples of what is wanted")
    called, examples = wanted.ask(data, f"{KEY}/examples")
    embeddings = data.keys_of("embedding")
    of, by = "words", ""
    if embeddings:
        looks, ranked = st.columns(2)
        of = looks.segmented_control(
            "It looks at", list(BY), default="vectors", key=f"{KEY}/of", required=True, format_func=BY.__getitem__,
            help="Meaning finds more of what ranks high. Words, and pairs of them, need no vectors: such a model "
            "scores any corpus.",
        )  # fmt: skip
        by = ranked.selectbox(
            "The sample is ranked by", embeddings, len(embeddings) - 1, key=f"{KEY}/by",
            help="The vectors that say how like an example a text is.",
        )  # fmt: skip
    else:
        st.caption(
            "No row has a vector yet: the sample alone is embedded, by the model that comes with Winnow, and words are "
            "learned, so that no other row needs one."
        )
    drawn, liked = st.columns(2)
    sample = drawn.number_input(
        "Texts to rank", LEAST, MOST, USUAL, 1_000, key=f"{KEY}/sample",
        help="Different texts, drawn by chance, that are ranked by the examples. A fifth of them is held out.",
    )  # fmt: skip
    top = liked.slider(
        "Of them liked, %", 1, 50, 10, key=f"{KEY}/top",
        help="The highest by rank, which it learns to tell from the rest. Take the share that you want to keep of all.",
    )  # fmt: skip
    name = st.text_input("Name of the model", name_from(f"like {called}") if called else "", key=f"{KEY}/name/{called}")
    if not examples:
        st.info("Give examples of what is wanted: a few say little, a hundred say much.", icon=":material/flag:")
    if st.button("Learn what is like them", type="primary", key=f"{KEY}/fit", width="stretch", disabled=not examples):
        _fit(
            data, called, examples, {"of": of, "embedding": by, "sample": int(sample), "top": float(top), "name": name}
        )


def _fit(data: Dataset, called: str, examples: wanted.Given, params: dict[str, Json]) -> None:
    target = wanted.ref_of(data, KEY, called, examples, str(params["embedding"]))
    fitting.distil(data, target, {**params, "name": str(params["name"]).replace("/", " ")}, KEY)


def _learned(data: Dataset) -> None:
    st.caption(
        "For a share that is kept, not to find a few rows: of the highest tenth by rank such models held 86 % by "
        "meaning, 74 % by words, but narrow targets are lost among what is near them (average precision by words 0.12, "
        "by ranking every row 0.94). Where every row has a vector, choose by **betr** on the page Choose: it takes "
        "seconds.",
        help="Measured on ten intents of a public set, each of 75 rows in 23,695, with 5,000 texts ranked and the "
        "highest tenth liked. By meaning the average precision was 0.82.",
    )
    model = scored.choose(data, "classifier", KEY, lambda known: "ranks" in known.facts)
    ranks = engine.recipe.Distilled.of(model) if model else None
    if model is None or ranks is None:
        st.info("Nothing is learned yet. Give examples of what you want more of.", icon=":material/flag:")
        return
    for line in ranks.text():
        st.markdown(plain(line))
    classifier.worth(data, model, KEY)
