"""Parts such as train and test: the form, and what would be reached, before anything is written."""

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.exporting import EACH, ONE, Split, WrittenSplit
from ui.widgets.say import link, plain

_FIRST = {"train": 0.8, "validation": 0.1, "test": 0.1}
_KEY = "export/split"
_NEVER = "Such as an author or a document: all rows of one value go to the same part."
_BRIDGES = (
    "Few rows may join what would else go to several parts, as links in a chain. They are left out only where shares "
    "cannot be met with them, and each is named with the parts that it joins."
)
_STRATIFY = "Each part gets its share of every value, as far as groups of rows that are alike allow."


def split(data: Dataset, said: Split | None) -> tuple[Split | None, str]:
    """The parts as the person chooses them, None for none; and why they cannot be made, "" where they can.

    said: what the recipe says. All of the form stays, so that what stands below a wrong share is not lost.
    """
    with st.container(border=True):
        if not st.toggle(
            "Split into parts",
            said is not None,
            key=f"{_KEY}/on",
            help="Train, validation, test or any names: rows that are alike never stand in two parts.",
        ):
            return None, ""
        parts = _parts(dict(said.parts) if said else _FIRST)
        pairs = _pairs(data, dict(said.pairs) if said else None)
        left, right = st.columns(2, vertical_alignment="bottom")
        columns = [c.key for c in data.columns.values() if c.type not in ("list", "json")]
        groups = [key for key in engine.look.group_columns(data) if key in columns]
        never = _column(left, "Never across parts", columns, said.never_across if said else "", _NEVER)
        stratify = _column(right, "The same mix in each part", groups, said.stratify if said else "", _STRATIFY)
        left, right = st.columns(2, vertical_alignment="bottom")
        start = round(100 * (said.bridges if said else 0.0), 4)
        go = left.number_input("May be left out, %", 0.0, 50.0, start, 0.5, key=f"{_KEY}/bridges", help=_BRIDGES)
        seed = right.number_input(
            "Seed", 0, None, said.seed if said else 0, key=f"{_KEY}/seed", help="Another number, another split."
        )
        one = st.checkbox(
            "All parts in one file, with a column `part`",
            bool(said and not said.in_files),
            key=f"{_KEY}/one",
            help="Otherwise each part has a file of its own, which loaders take as splits.",
        )
        search = any(engine.exporting.across_of(data, key, least) for key, least in pairs.items()) and st.checkbox(
            "Compare every row of a part with all of the others",
            bool(said and said.search),
            key=f"{_KEY}/search",
            help="Finds what the pairs have missed, and moves it. It takes longer, the more rows there are.",
        )
    try:
        _whole(parts)
        return Split.from_json(
            {
                "parts": {name: share / 100 for name, share in parts.items() if share}, "pairs": {**pairs},
                "stratify": stratify, "never_across": never, "bridges": round(go / 100, 6), "seed": int(seed),
                "files": ONE if one else EACH, "search": search,
            }
        ), ""  # fmt: skip
    except EngineError as error:
        return None, str(error)


def _parts(begin: dict[str, float]) -> dict[str, float]:
    """The share of each part by name, typed in percent; one of 0 is no part."""
    named = st.text_input("Names of the parts", ", ".join(begin), key=f"{_KEY}/names", help="With commas in between.")
    names = list(dict.fromkeys(name.strip() for name in named.split(",") if name.strip()))
    found = {}
    for place, name in zip(st.columns(max(1, len(names)), vertical_alignment="bottom"), names, strict=False):
        share = round(100 * begin.get(name, 0.1), 6)
        found[name] = place.number_input(f"{name}, %", 0.0, 100.0, share, 1.0, key=f"{_KEY}/share/{name}", format="%g")
    return found


def _whole(parts: dict[str, float]) -> None:
    """Raise `EngineError` where percents do not add up to 100."""
    if abs((whole := sum(parts.values())) - 100) > 1e-4:
        raise EngineError(f"The shares of the parts add up to {whole:g} %. Make it 100 %.")


def _pairs(data: Dataset, begin: dict[str, float] | None) -> dict[str, float]:
    """The pairs that may not cross, each with the least similarity that counts."""
    there = data.keys_of("pairs")
    if not there:
        st.caption("Nothing is kept apart yet: no repeats have been looked for in this dataset.")
        link("Clean", "Look for repeats")
        return {}
    chosen = st.multiselect(
        "Kept apart: pairs that may not cross",
        there,
        there if begin is None else [key for key in begin if key in there],
        format_func=engine.building.title_of,
        key=f"{_KEY}/pairs",
        placeholder="none",
        help="Rows that these find alike always go to the same part.",
    )
    found = {}
    for key in chosen:
        pairs = data.pairs(key)
        found[key] = 1.0
        if len(pairs.similarity) and pairs.lowest < 1:
            least = max(pairs.lowest, min((begin or {}).get(key, 0.8), 1.0))
            found[key] = st.slider(
                f"Least similarity of {plain(engine.building.title_of(key).lower())}",
                pairs.lowest,
                1.0,
                least,
                0.01,
                key=f"{_KEY}/least/{key}",
            )
    return found


def _column(place: "st.delta_generator.DeltaGenerator", label: str, keys: list[str], begin: str, about: str) -> str:
    at = keys.index(begin) if begin in keys else None
    return place.selectbox(label, keys, at, key=f"{_KEY}/{label}", placeholder="none", help=about) or ""


def draw(data: Dataset, done: "engine.recipe.Run", wanted: Split) -> None:
    """What would be reached: rows and shares of each part, the largest group, what is left out."""
    digest = engine.store.digest_of([data.store.stamp(), done.mask.tobytes().hex(), engine.store.plain(wanted)])
    found = _reached(str(data.store.folder), digest, done, wanted)
    if isinstance(found, str):
        st.error(plain(found), icon=":material/error:")
        return
    st.dataframe(
        [
            {"Part": p.name, "Rows": f"{p.rows:,}", "Share": f"{p.reached:.2%}", "Wanted": f"{p.wanted:.2%}"}
            for p in found.parts
        ],
        hide_index=True,
        width="stretch",
    )
    groups = f"{found.groups:,} groups of rows that stay together; the largest has {found.largest:,} rows."
    if found.off > 1 and not wanted.bridges:
        groups += " Letting a few rows go that join such groups may help."
    st.caption("\n".join(f"- {plain(said)}" for said in (*found.says, groups)))


@st.cache_data(max_entries=16, show_spinner="Parting the rows…")
def _reached(folder: str, digest: str, _done: "engine.recipe.Run", _wanted: Split) -> WrittenSplit | str:
    """What a split reaches, or why it cannot be made."""
    try:
        placed = engine.exporting.placed(_done.data, _done.rows, _wanted)
        return engine.exporting.reached(_done.data, placed, [""] * len(_wanted.parts), _done.rows[:0])
    except EngineError as error:
        return str(error)
