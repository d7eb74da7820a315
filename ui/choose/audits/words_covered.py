"""How many words of a target the choice holds as it grows."""

import streamlit as st

import engine
from engine import Dataset
from engine.look import Vocabulary, kept
from ui.choose import measured
from ui.choose.audits import asked
from ui.choose.covered import SAID
from ui.frame import wanted
from ui.widgets import charts
from ui.widgets.say import plain


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Ask for the target's texts, then show the curve beside random choices."""
    st.caption(
        "Which of a target's words, and runs of two and three, stand in the choice. Words that a model never meets in "
        "training it can hardly learn; that a word is there does not mean that it is used the same way."
    )
    at = asked.choice(done)
    if at is None:
        return
    name, given = wanted.ask(data, "audit/words")
    if not given:
        st.info("Give texts of the target: typed, as a file, or rows of this corpus.", icon=":material/flag:")
        return
    target = wanted.ref_of(data, "audit/words", name, given)
    found = measured.ask(
        done, at, kept.Asked("vocabulary", knobs={"target": target}), "Count the words", kind="primary"
    )
    if isinstance(found, Vocabulary):
        _shown(found)


def _shown(found: Vocabulary) -> None:
    lines = [
        "| Of the target | Different ones | This choice has | Random, 19 of 20 | All rows | Than random |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for one in found.found:
        for what, value, chance, most, said in (
            (f"{one.title}, different ones", one.end.types, one.end.random_types, one.all_types, one.verdicts[0]),
            (f"{one.title}, as often as said", one.end.mass, one.end.random_mass, one.all_mass, one.verdicts[1]),
        ):
            lines.append(
                f"| {what} | {one.types:,} | **{value:.1%}** | {chance.low:.1%} to {chance.high:.1%} | {most:.1%} | "
                f"{SAID[said]} |"
            )
    st.markdown("\n".join(lines))
    words = found.found[0]
    if len(words.curve) > 2:
        st.markdown("##### Share of all that the target says, after so many picks")
        charts.line(
            [one.rows for one in words.curve], [one.mass for one in words.curve], "audit/words/curve", x="rows picked",
            y="share said",
            band=([one.random_mass.low for one in words.curve], [one.random_mass.high for one in words.curve]),
        )  # fmt: skip
        st.caption("The band is where 19 of 20 random choices of that size lie.")
    if words.enough:
        st.markdown(f"**{words.enough:,}** picks reach nine tenths of what all rows hold of its words.")
    if found.missing:
        named = ", ".join(f"{word} ({many:,})" for word, many in found.missing)
        st.markdown(f"Not in the choice, with how often the target says them: {plain(named)}")
    if found.inside:
        st.warning(f"{found.inside:,} picks are texts of the target themselves, so they hold its words.")
