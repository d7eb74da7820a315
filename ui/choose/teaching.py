"""What a choice teaches: small models that learn from it, from random rows and from all, asked about rows held out."""

import streamlit as st

import engine
from engine import Dataset
from engine.look import Efficacy, kept
from ui.choose import measured
from ui.widgets.say import plain

WORDS = "The words of the texts"
NAMES = {"choice": "This choice", "random": "Random", "stratified": "Stratified", "everything": "All rows"}
PROBES = {"logistic": "Logistic regression", "nearest": "Nearest rows", "runs of words": "A model of words"}


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """A line for each small model, and whether random rows teach as much."""
    embedding, labels = measured.on(data), measured.labels(data)
    wanted = [*(labels if embedding else []), ""]
    label = st.selectbox(
        "Learn", wanted, format_func=lambda key: plain(key) if key else WORDS, key="teaching/label",
        help="A column of labels is learned from the vectors; the words of the texts by a model of words.",
    )  # fmt: skip
    found = measured.ask(
        done, at, kept.Asked("teaching", embedding, label or ""), "Let small models learn from it",
        "Ten times a fifth of the rows is held out; small models learn from this choice, from random rows and from all "
        "of the rest, and are asked about those held out.",
    )  # fmt: skip
    if isinstance(found, Efficacy):
        _table(found)


def _table(found: Efficacy) -> None:
    for trial in found.trials:
        better = "lower is better" if trial.measure == "perplexity" else "higher is better"
        st.markdown(f"##### {PROBES.get(trial.probe, trial.probe)}: {trial.measure}")
        lines = ["| Learned from | Rows | Right | 95 % of such trials |", "| --- | ---: | ---: | ---: |"]
        for arm in trial.arms:
            name = NAMES.get(arm.name, arm.name.capitalize())
            shown = f"**{name}**" if arm.name == "choice" else name
            lines.append(f"| {shown} | {arm.rows:,.0f} | {arm.mean:.3f} | {arm.low:.3f} to {arm.high:.3f} |")
        st.markdown("\n".join(lines))
        said = f"{trial.verdict[:1].upper()}{trial.verdict[1:]}"
        plainly = ": as far as this tells, random rows are as good." if "no better" in trial.verdict else "."
        st.markdown(
            f"**{said}**{plainly} The gain over random rows is {trial.gain:+.3f} ({trial.low:+.3f} to "
            f"{trial.high:+.3f}); {better}."
        )
    st.caption(
        f"Asked about {found.held_out:,} rows held out, {found.seeds} times. Of the rest {found.barred:,.0f} rows were "
        "copies of one held out, and could not be learned from."
    )
    for remark in found.remarks:
        st.caption(plain(remark))
