"""One hint at a time: what a person would do next with this dataset."""

import streamlit as st

import engine
from engine import Dataset
from engine.registry import Json
from ui.frame import jobs, state
from ui.widgets.say import link, plain


def next_one(data: Dataset) -> None:
    """Say the next thing to do, with the way there; nothing once the recipe chooses rows."""
    running = any(job.status == "running" for job in engine.jobs.all_jobs(data.store))
    steps = state.recipe().steps
    drawn = any(not key.startswith("preview@") for key in data.keys_of("map"))
    if not drawn and not running:
        _prepare(data)
    elif not drawn:
        _hint("The map is being prepared. Everything else works already.", "clean", "Look at the scores")
    elif not steps:
        _hint(
            "Next: look at the map, or cut by a score. Every cut becomes a step of the recipe.",
            "explore",
            "Explore",
        )
    elif not any(step.selects for step in steps) and not _near(data):
        _hint(
            "Next: find near repeats, which no rule for equal texts sees, or choose how much to keep.", "clean", "Clean"
        )
    elif not any(step.selects for step in steps):
        _hint("Next: choose how much to keep, beside a random choice.", "choose", "Choose")


def _near(data: Dataset) -> bool:
    """Whether repeats were looked for beyond equal texts, as rows that meet in many words or in meaning."""
    return any(engine.Key.read(key).name != "exact" for key in data.keys_of("pairs"))


def _prepare(data: Dataset) -> None:
    """The button that prepares the corpus as most people want it; other ways stand on the page Open."""
    first = next(iter(engine.vectors.EMBEDDERS))
    repeatable = data.n <= engine.building.REPEATABLE_MOST
    total = engine.building.cost_of_all(data, engine.building.wanted_by_pages(data, first, repeatable=repeatable))
    words, start = st.columns([6, 1], vertical_alignment="center")
    words.info(
        f"Next: prepare the corpus, so that it gets a map, topics and scores. Takes {plain(total.words())}. "
        "The page Open has other ways.",
        icon=":material/lightbulb:",
    )
    if start.button("Prepare", type="primary", icon=":material/play_arrow:", key="hint/prepare", width="stretch"):
        params = dict(engine.building.spec("embedding", first).params)
        work: dict[str, Json] = {"do": "prepare", "embedder": first, "params": params, "repeatable": repeatable}
        jobs.launch(data.store, work, "Prepare the corpus")


def _hint(text: str, page: str, label: str) -> None:
    words, way = st.columns([6, 1], vertical_alignment="center")
    words.info(text, icon=":material/lightbulb:")
    with way:
        link(page, label)
