"""The labels that are reviewed, who reviews, and what has to be measured first."""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError, Spec
from engine.labels import Labelled
from ui.frame import jobs, state
from ui.widgets.say import part, plain

NAME = "review/name"
LABEL = "review/label"


@dataclass(frozen=True)
class Reviewed:
    """label: the column, or the set that people began, "" for none. embedding: the key that doubt is measured by, ""
    for none; annotator: who answers; named: whether that is a name that somebody gave. about: the
    column that answers are about, "" for that one: answers to corrected labels are about those that came. own: the
    doubt of a model of one's own, None where the probe's is asked for. alone: whether its neighbours are left out."""

    label: str
    embedding: str
    annotator: str
    named: bool = True
    about: str = ""
    own: Spec | None = None
    alone: bool = False

    @property
    def asked(self) -> str:
        """The column, or the set, that answers are about."""
        return self.about or self.label

    @property
    def near(self) -> str:
        """The embedding whose neighbours doubt stands on, "" for none."""
        return "" if self.alone else self.embedding

    @property
    def own_key(self) -> str:
        """The key of the doubt of a model of one's own, "" for the probe's."""
        return engine.building.key_of(self.own) if self.own else ""

    @property
    def model(self) -> str:
        """What told the labels of rows, in words."""
        return "your model" if self.own else "the probe"


def choose(data: Dataset) -> Reviewed:
    """Let the person choose the labels and say who they are; without labels rows can be kept and dropped."""
    columns = engine.labels.label_columns(data)
    begun = [name for name in engine.marks.label_sets(data.store) if name not in data.columns]
    if name := st.session_state.pop("review/begun", ""):
        st.session_state[LABEL] = name
    which, more, who = st.columns([3, 1.6, 2], vertical_alignment="bottom")
    label = which.selectbox(
        "Labels", [*columns, *begun], key=LABEL, placeholder="None yet: keep and drop only",
        format_func=lambda name: f"{name} (begun here)" if name in begun else name,
    ) or ""  # fmt: skip
    with more.popover("New labels", icon=":material/new_label:", width="stretch", key=f"review/labels/{label}"), part():
        _name_labels(data, engine.building.corrected_of(data, label) or label)
    _held()
    name = who.text_input(
        "Your name", key=NAME, max_chars=60, placeholder="so that answers of several people are kept apart",
        help="It is written beside your answers and goes out with them.",
    )  # fmt: skip
    st.session_state[f"{NAME}/held"] = name
    with_graph = [key for key in data.keys_of("embedding") if f"graph@{key}" in data.added]
    embedding, about = with_graph[-1] if with_graph else "", engine.building.corrected_of(data, label)
    own, alone = _own(data, label, embedding) if label in data.columns else (None, False)
    return Reviewed(label, embedding, _annotator(name), bool(name.strip()), about, own, alone)


def _own(data: Dataset, label: str, embedding: str) -> tuple[Spec | None, bool]:
    """Doubt by the probabilities of a model of one's own, where there are any and the person wants it; and whether the
    neighbours are left out."""
    name = "label_doubt_by_probabilities"
    there = [data.added[key].spec for key in data.keys_of("signal")[::-1]]
    found = next((made for made in there if made.member == name and made.params["label"] == label), None)
    if found is None and (columns := engine.signals.probability_columns(data, label)):
        found = engine.building.spec("signal", name, {"label": label, "probabilities": list(columns)})
    if found is None:
        return None, False
    read = cast(list[str], found.params["probabilities"])
    named = ", ".join(read[:3]) + (f" and {len(read) - 3:,} more" if read[3:] else "")
    with st.container(horizontal=True):
        on = _toggle(
            f"Doubt by the probabilities in {plain(named)}", f"review/own/{label}", False,
            "What a model of your own found likely speaks in place of the small model that is fitted here. It "
            "must not have seen the rows when it was trained (out of fold), or it knows their labels by heart.",
        )  # fmt: skip
        beside = not (on and embedding) or _toggle(
            "Beside the nearest neighbours", f"review/own/near/{label}", True,
            "Neighbours are a second voice, and count for less where they meet the labels more rarely than your "
            "model does. Leave them out where it is far better than they are.",
        )  # fmt: skip
    return (found, not beside) if on else (None, False)


def _toggle(words: str, key: str, default: bool, about: str) -> bool:
    """A switch that stays as it was set while others are looked at."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"{key}/held", default)
    on = st.session_state[f"{key}/held"] = st.toggle(words, key=key, help=about)
    return bool(on)


def _annotator(name: str) -> str:
    """The name under which answers are kept, as it is kept; no person is a model."""
    if not name.strip():
        return f"browser {state.who()[:4]}"
    kept = engine.marks.short_name(name, "an annotator")
    if kept.startswith(engine.marks.MODEL.strip()):
        raise EngineError(f"A name cannot begin with “{engine.marks.MODEL}”: that is what a model said. Give another.")
    return kept


def _held() -> None:
    """The name stays when another page was looked at."""
    if NAME not in st.session_state and (held := st.session_state.get(f"{NAME}/held")):
        st.session_state[NAME] = held


def _name_labels(data: Dataset, label: str) -> None:
    """Labels that lack are added, and a new set is begun."""
    if label:
        known = engine.labels.labelled(data, label).names
        st.caption(
            f"{len(known):,} labels: " + ", ".join(plain(name) for name in known[:40]) + (" …" if known[40:] else "")
        )
        added = st.text_input(f"Add to {plain(label)}", key="review/labels/more", placeholder="a label that lacks")
        if st.button("Add this label", disabled=not added.strip(), key="review/labels/add", width="stretch"):
            engine.marks.name_labels(data.store, label, [added], who=state.who())
            st.rerun()
        st.divider()
    name = st.text_input(
        "Begin a set of labels", key="review/labels/name", placeholder="its name, such as topic",
        help="For rows that have no labels yet. What you answer becomes a column; undo takes it back.",
    )  # fmt: skip
    said = st.text_area("Its labels, one a line", key="review/labels/said", height=120)
    name = " ".join(name.split())
    names = list(dict.fromkeys(" ".join(line.split()) for line in said.splitlines() if line.strip()))
    if st.button("Begin it", disabled=len(names) < 2 or not name, key="review/labels/begin", width="stretch"):
        if name in data.columns or name in engine.marks.label_sets(data.store):
            raise EngineError(f"There are labels called {name!r} already. Choose them above, or take another name.")
        engine.marks.name_labels(data.store, name, names, who=state.who())
        st.session_state["review/begun"] = name
        st.rerun()
    if len(names) < 2:
        st.caption("Two labels at least.")


def labelled(data: Dataset, of: Reviewed) -> Labelled:
    """The labels that answers are about, as they stand in the column that is looked at."""
    on = engine.labels.labelled(data, of.asked)
    if of.asked == of.label:
        return on
    codes, names = data.codes(of.label)
    place = {name: code for code, name in enumerate(on.names)}
    into = np.array([*(place.get(name, -1) for name in names), -1], np.int64)
    return replace(on, came=into[codes])


def wanted(data: Dataset, of: Reviewed) -> dict[str, Spec]:
    """What doubt about labels stands on and is not measured yet, by key; by words where nothing is embedded."""
    probe = "label_doubt" if of.near else "label_doubt_by_words"
    members = ["label_agreement"] * bool(of.near) + [probe] * (of.own is None)
    params = {"embedding": of.near, "label": of.label} if of.near else {"label": of.label}
    made = [engine.building.spec("signal", name, params) for name in members]
    made += [of.own] if of.own else []
    return {key: one for one in made if (key := engine.building.key_of(one)) not in data.added}


def measured(data: Dataset, of: Reviewed) -> bool:
    """Whether doubt about these labels can be asked for."""
    return of.label in data.columns and not wanted(data, of)


def measure(data: Dataset, of: Reviewed) -> None:
    """The button that measures doubt, with what it takes."""
    lacks = wanted(data, of)
    cost = engine.building.cost_of_all(data, lacks)
    if of.own:
        others = " and with those of its nearest neighbours" if of.near else ""
        st.markdown(
            f"Each label is compared with what your model found likely{others}. Labels that it doubts come first."
        )
    elif of.embedding:
        st.markdown(
            "Each label is compared with those of its nearest neighbours, and with what a small model says that has "
            "learned from the other rows. Labels that both doubt come first."
        )
    else:
        st.markdown(
            "Each label is compared with what a small model says that has learned from the words of the other rows. "
            "Prepare the corpus on Open to doubt them by meaning too: it finds more, and shows the evidence."
        )
    if st.button(
        f"Look for doubtful labels ({engine.progress.words(max(cost.seconds, 1))})", type="primary",
        key="review/measure", icon=":material/straighten:", help=plain(f"Takes {cost.words()}."),
    ):  # fmt: skip
        jobs.start(data, lacks, f"Doubt about {of.label}")
