"""What the choice that is being set up would pick, seen on a sample, drawn again whenever a knob moves."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset, EngineError, Step
from engine.dataset import called
from engine.look import Covering, Measured, Preview
from ui.choose import noted
from ui.frame import state
from ui.widgets import charts
from ui.widgets.say import plain

KEY = "preview"
DRAWN, FEW_DRAWN, READ, FEW = 2_000, 200, 5, 10
FAINT, LONGEST = "rgba(140,150,146,.35)", 300
DIGITS = "{:,.3g}"
SAID = {
    "better than random": "better", "no better than random on this": "no better", "worse than random": "worse",
    "not measured": "",
}  # fmt: skip
MEANS = SAID | {
    "better than random": "higher", "no better than random on this": "no different", "worse than random": "lower"
}  # fmt: skip


def draw(data: Dataset, step: Step | None) -> None:
    """The preview of a choice that is not the one which stands. step: as the form says, None where it lacks some."""
    done = state.run()
    if step is None or any(_same(one.step, step) for one in done.stages[1:] if one.step.selects):
        return
    with st.container(border=True, key=KEY):
        if not _on():
            return
        left, keep = state.left_before_selectors(), np.sort(done.kept_by_hand)
        if wrong := engine.recipe.lacking(data, step):
            raise EngineError(wrong)
        bits = [np.packbits(np.isin(data.rows(), rows)).tobytes().hex() for rows in (left, keep)]
        digest = engine.store.digest_of([data.store.stamp(), step.json(), *bits])
        found = _found(digest, data, step, left, keep)
        _headline(found, Budget.read(step.params["budget"]))  # type: ignore[arg-type]
        if found.covering is None:
            return
        _places(data, found)
        purpose = step.member.about.purpose
        if purpose == "target":
            noted.figures(step.member, {k: v for k, v in found.notes.items() if k not in engine.recipe.EVIDENCE})
        if purpose == "thin":
            st.caption("This is chance itself: other ways of choosing are measured by it.")
        else:
            _table(found.means, found.covering)
        if purpose == "target":
            st.caption("Toward a target it is wanted that the rest is covered less: what counts is the target.")
        _first(data, found)


def _same(stands: Step, step: Step) -> bool:
    """Whether a choice says what the form says. Which rows it goes on from was set when it was made."""
    both = []
    for one in (stands, step):
        budget = Budget.read(one.params["budget"])  # type: ignore[arg-type]
        both.append((one.do, {**one.params, "budget": {**budget.json(), "after": bool(budget.after)}}))
    return both[0] == both[1]


def _on() -> bool:
    """Whether one wants to see it, as it was set last."""
    key = f"{KEY}/on"
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"{key}/held", True)
    about = (
        "Picks from a sample, small enough for a second or so, whenever you change something. Nothing is chosen by it."
    )
    on = st.session_state[f"{key}/held"] = st.toggle("Preview as I change it", key=key, help=about)
    return bool(on)


@st.cache_data(max_entries=32, show_spinner="Drawing the preview…")
def _found(digest: str, _data: Dataset, _step: Step, _left: np.ndarray, _keep: np.ndarray) -> Preview:
    return engine.look.preview(_data, _step, _left, _keep)


def _headline(found: Preview, budget: Budget) -> None:
    """On how many rows it is, and what that means."""
    many, picks = len(found.rows), len(found.picks)
    st.markdown(f"##### Preview on {'all ' if found.whole else f'{many:,} of '}{found.of:,} rows")
    if not picks:
        st.caption("With this budget nothing is picked.")
        return
    rows = "1 row" if picks == 1 else f"{picks:,} rows"
    if found.whole:
        st.caption(f"{rows} would be picked, just these. Nothing is chosen until you press the button on the left.")
        return
    said = f"{rows} picked of a random sample, as {plain(str(budget))} would be of all."
    few = " So few say little: look at the choice itself." if picks < FEW else ""
    st.caption(f"{said}{few} Nothing is chosen until you press the button on the left.")


def _places(data: Dataset, found: Preview) -> None:
    """Where the picks lie among the others."""
    key = engine.look.map_of(data)
    if key is None:
        st.caption("There is no map to show the picks on. Make one on Explore.")
        return
    others = np.setdiff1d(found.rows, found.picks)
    # As dense as they are, but of few picks all.
    most = max(FEW_DRAWN, round(DRAWN * len(found.picks) / max(len(others), DRAWN)))
    kinds, said = [], []
    for name, rows, drawn, colour in (
        ("not picked", others, DRAWN, FAINT),
        ("picked", found.picks, most, charts.KEPT),
    ):
        some = rows[np.unique(np.linspace(0, len(rows) - 1, min(drawn, len(rows))).astype(int))]
        x, y = engine.look.place_of(data, key, some).T
        kinds.append(charts.Placed(name, x, y, colour, "circle", 5 if colour == FAINT else 6))
        if len(some) < len(rows):
            said.append(f"{len(some):,} of the {len(rows):,} {name}")
    charts.placed(kinds, f"{KEY}/map", height=280)
    if said:
        st.caption(f"Drawn: {' and '.join(said)}.")


def _table(means: Sequence[Measured], covering: Covering) -> None:
    """Each figure, of the picks and where those of random ones lie."""
    figures = [*((one, MEANS) for one in means), *((one, SAID) for one in covering.figures if not _all(one))]
    if not figures:
        st.caption("Embed the corpus on the Open page to see how well the picks cover it.")
        return
    lines = ["| | Picks | Random | Than random |", "| --- | ---: | ---: | --- |"]
    lines += [_line(one, words[one.verdict]) for one, words in figures]
    st.markdown("\n".join(lines))


def _all(one: Measured) -> bool:
    """Whether any choice of this size reaches all that there is, so that the figure says nothing."""
    return one.of is not None and one.value == one.chance.low == one.of


def _line(one: Measured, said: str) -> str:
    of = f" of {one.of:,}" if one.of is not None else ""
    value, low, high = (DIGITS.format(number) for number in (one.value, one.chance.low, one.chance.high))
    cells = [f"**{value}**{of}", f"{low} to {high}", said]
    return "| " + " | ".join([plain(one.title), *cells]) + " |"


def _first(data: Dataset, found: Preview) -> None:
    """The first picks, with their values of the columns that the choice goes by."""
    rows = found.picks[:READ]
    st.caption("The first picks")
    columns = {one.name: data.numbers(one.name, rows) for one in found.means}
    texts = [text[:LONGEST] for text in data.texts(rows)]
    apart = {name: st.column_config.NumberColumn(format="localized") for name in columns}
    shown = {"Row": called(data, rows), **columns, "Text": texts}
    st.dataframe(shown, hide_index=True, key=f"{KEY}/first", column_config=apart)
