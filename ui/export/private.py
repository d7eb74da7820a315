"""Personal data and secrets among the rows that go out: counted by kind, and kept, masked or dropped."""

from dataclasses import replace
from typing import get_args

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.exporting import Mask, PrivateThings, Wanted
from engine.signals import PLACEHOLDERS, Region, private_places
from ui.frame import jobs, reading, state
from ui.frame.steps import add_step
from ui.reader.book import Beside
from ui.widgets.say import plain

_KEY = "export/private"
_REGIONS: tuple[Region, ...] = get_args(Region)
_DOES = {
    "keep": "As it came",
    "mask": "Mask",
    "drop": "Drop the rows",
}


def choose(data: Dataset, done: "engine.recipe.Run", said: Mask | None, columns: list[str]) -> Mask | None:
    """What is masked, kind by kind, as the person chooses it; None for nothing.

    said: what the recipe says. columns: those that go out, none for all.
    """
    found = _found(data, done, said, columns)
    there = [kind for kind in PLACEHOLDERS if found.kinds[kind].places or (said and kind in said.kinds)]
    with st.container(border=True):
        st.markdown("**Personal data and secrets**")
        st.caption(_looked(found))
        more = st.toggle("All kinds, also those that were not found", key=f"{_KEY}/all") if len(there) < 8 else True
        kinds = {kind: word for kind in (PLACEHOLDERS if more else there) if (word := _choice(data, found, said, kind))}
        kinds |= {kind: word for kind, word in (said.kinds if said else {}).items() if not more and kind not in there}
        if not kinds:
            return None
        texts = engine.exporting.text_columns(data)
        usual = engine.exporting.masked_columns(data, Mask(kinds))
        begin = [key for key in (said.columns if said and said.columns else usual) if key in texts]
        which = st.multiselect(
            "In these columns", texts, begin, key=f"{_KEY}/columns", placeholder="where the text is",
            help="In lists and objects too; not in the names of their fields, and not in numbers.",
        )  # fmt: skip
        region = said.region if said else "any"
        home = st.selectbox(
            "Numbers without + are at home in", _REGIONS, _REGIONS.index(region), key=f"{_KEY}/region",
            help="Telephone numbers and national ids are written otherwise in each country.",
        )  # fmt: skip
        named = () if which == usual else tuple(which)
        return replace(said or Mask(), kinds=kinds, columns=named, region=home)


def _looked(found: PrivateThings) -> str:
    rows = "all" if found.looked == found.of else f"{found.looked:,}, evenly spread, of the {found.of:,}"
    return f"Looked for in {rows} rows that go out, by rules: names of persons are not looked for."


def _choice(data: Dataset, found: PrivateThings, said: Mask | None, kind: str) -> str | None:
    """What stands in the place of a kind, None where it is not masked."""
    things, masked = found.kinds[kind], bool(said and kind in said.kinds)
    name, does, word = st.columns([3, 2, 2], vertical_alignment="center")
    where = f" ({', '.join(plain(key) for key in things.columns)})" if things.columns else ""
    words = engine.exporting.WORDS[kind]
    rows = "1 row" if things.rows == 1 else f"{things.rows:,} rows"
    name.markdown(f"{words[:1].upper()}{words[1:]}: **{things.places:,}** in {rows}{where}")
    done = does.selectbox(
        words, list(_DOES), int(masked), key=f"{_KEY}/{kind}", format_func=_DOES.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    if done == "drop":
        _drop(data, kind)
    if done != "mask":
        return None
    begin = said.kinds[kind] if said and masked else PLACEHOLDERS[kind]
    return word.text_input(
        f"In the place of {words}", begin, 200, key=f"{_KEY}/word/{kind}", label_visibility="collapsed",
        help="Such as <EMAIL>; FineWeb writes email@example.com, and 22.214.0.1 for addresses of machines.",
    )  # fmt: skip


def _drop(data: Dataset, kind: str) -> None:
    """Dropping is a step of the recipe, as every other reason why a row goes."""
    step, needs = engine.exporting.dropping(kind)
    missing = {key: made for key, made in needs.items() if key not in data.added}
    if missing and st.button("Measure them first", icon=":material/straighten:", key=f"{_KEY}/measure/{kind}"):
        jobs.start(data, missing, f"Measure {', '.join(missing)}")
    elif not missing and step in state.recipe().steps:
        st.caption("A step of the recipe drops them.")
    elif not missing and st.button("Add the step that drops them", type="primary", key=f"{_KEY}/drop/{kind}"):
        add_step(step)


def warn(data: Dataset, done: "engine.recipe.Run", asked: Wanted, shows: bool) -> None:
    """Say what goes out unmasked, and show ten rows before and after, where anything can go out."""
    found = _found(data, done, asked.mask, engine.exporting.going_out(data, asked))
    if left := engine.exporting.unmasked(data, asked, found).words():
        st.warning(plain(left), icon=":material/privacy_tip:")
    rows = np.unique(np.concatenate([things.examples for things in found.kinds.values()]))[:10]
    if len(rows) and shows:
        with st.expander("Rows with personal data, before and after", key=f"{_KEY}/examples"):
            _examples(data, done, asked, rows)


def _examples(data: Dataset, done: "engine.recipe.Run", asked: Wanted, rows: np.ndarray) -> None:
    """Rows with what was found marked, beside the text as it goes out."""
    after = engine.exporting.as_written(done, asked)
    mask = asked.mask or Mask()
    kinds = frozenset(PLACEHOLDERS)

    def spans(some: np.ndarray) -> list[list[tuple[int, int, str]]]:
        found = (
            private_places(text, kinds, region=mask.region, least_bits=mask.least_bits) for text in data.texts(some)
        )
        return [[(place.start, place.end, place.kind) for place in places] for places in found]

    reading.rows(
        data, rows, key=f"{_KEY}/rows", spans=spans, version=engine.store.digest_of(engine.store.plain(asked)),
        beside=lambda some: [Beside("As it goes out", text) for text in after.texts(some)],
    )  # fmt: skip


def _found(data: Dataset, done: "engine.recipe.Run", mask: Mask | None, columns: list[str]) -> PrivateThings:
    stage = done.stages[-1]
    settings = [mask.region, mask.least_bits] if mask else []
    digest = engine.store.digest_of([data.store.stamp(), stage.bits.tobytes().hex(), *columns, *settings])
    return _counted(str(data.store.folder), digest, done, columns, mask)


@st.cache_data(max_entries=16, show_spinner="Looking for personal data…")
def _counted(
    folder: str, digest: str, _done: "engine.recipe.Run", _columns: list[str], _mask: Mask | None
) -> PrivateThings:
    return engine.exporting.private_things(_done.data, np.flatnonzero(_done.mask), _columns, _mask)
