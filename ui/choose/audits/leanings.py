"""Whether the embedding holds some words nearer to one kind of thing than others (WEAT, SEAT)."""

from collections.abc import Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.look import Association, kept
from engine.registry import Json
from ui.choose import measured
from ui.choose.audits import asked
from ui.widgets import charts
from ui.widgets.say import plain

TITLES = {"x": "Compared", "y": "With", "a": "Nearer to", "b": "Than to"}
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "Flowers and insects, pleasant and unpleasant: to see that it measures at all": {
        "x": "rose, tulip, daisy, lily, violet, orchid, lilac, clover",
        "y": "ant, wasp, flea, mosquito, cockroach, termite, locust, bedbug",
        "a": "happy, love, peace, friend, gift, laughter, honest, pleasure",
        "b": "hatred, filth, poison, disaster, ugly, agony, rotten, prison",
    },
    "Women and men, family and career": {
        "x": "he, him, man, boy, father, brother, husband, uncle",
        "y": "she, her, woman, girl, mother, sister, wife, aunt",
        "a": "career, salary, office, manager, business, profession, boss, promotion",
        "b": "home, children, marriage, kitchen, wedding, household, relatives, nursery",
    },
}
OWN = "Words of your own"


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Ask for four lists of words, embed them by the corpus's own model, and show how near each is."""
    st.caption(
        "The embedding that sorts, searches and chooses here has its own leanings. Four lists of words show one: are "
        "the first nearer to the third than to the fourth, more than the second are? It says nothing of the texts of "
        "the corpus, nor of a model trained on them."
    )
    if not (embedding := asked.embedding(data)):
        return
    begin = st.selectbox("Begin with", [*EXAMPLES, OWN], key="audit/leanings/example")
    given = EXAMPLES.get(str(begin), {})
    lists = {}
    for row in (("x", "y"), ("a", "b")):
        for place, name in zip(st.columns(2), row, strict=True):
            text = place.text_area(
                TITLES[name], given.get(name, ""), key=f"audit/leanings/{name}/{begin}", height=80,
                placeholder="words with commas between them",
            )  # fmt: skip
            lists[name] = [word.strip() for word in text.replace("\n", ",").split(",") if word.strip()]
    sentences = st.text_input(
        "In sentences", key="audit/leanings/templates", placeholder="This is {}. | They said {}.",
        help="Sentences with {} where each word is put, with | between them; then whole sentences are compared.",
    )  # fmt: skip
    templates = [one.strip() for one in sentences.split("|") if one.strip()]
    if not all(lists.values()):
        st.info("Give words in each of the four lists; eight tell something.", icon=":material/edit:")
        return
    knobs: dict[str, Json] = {**{of: [*words] for of, words in lists.items()}, "templates": [*templates]}
    found = measured.ask(
        done, kept.place_of(done), kept.Asked("association", embedding, knobs=knobs), "Compare them", kind="primary"
    )
    if isinstance(found, Association):
        _shown(found)


def _shown(found: Association) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric("Effect, −2 to 2", f"{found.effect:+.2f}", width="content")
        st.metric("19 times in 20 within", f"{found.low:+.2f} to {found.high:+.2f}", width="content")
        st.metric("By chance alone", "p < 0.001" if found.p < 0.001 else f"p {found.p:.3f}", width="content")
    more = "nearer to" if found.effect >= 0 else "farther from"
    first, third = (plain(", ".join(part[:3])) for part in (found.x, found.a))
    lean = f"**{first} … are {more} {third} … than the words that they are compared with are.**"
    if found.verdict == "other words might not":
        lean += " Chance alone would hardly do that, but other words of these kinds might not show it."
    elif found.verdict == "chance may":
        lean = "**No sign of a leaning:** words dealt out by chance may well differ as much."
    st.markdown(lean)
    charts.dots(
        {name: [(word, value) for word, side, value in found.nearer if side == of]
         for name, of in ((TITLES["x"].lower(), "X"), (TITLES["y"].lower(), "Y"))},
        "audit/leanings/chart", x="cosine to “nearer to” less that to “than to”",
    )  # fmt: skip
    how = f"all {found.deals:,} ways" if found.exact else f"{found.deals:,} random ways"
    st.caption(
        f"p is told from {how} to deal the compared words into two lists; the interval from lists drawn anew with "
        "repeats. Few words make it wide."
    )
    if found.unknown:
        st.caption(plain(f"The model knows nothing of: {', '.join(found.unknown)}."))
