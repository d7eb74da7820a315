"""Rows out to other tools as tasks, and the labels that come back taken over as answers of the people who gave them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.labels import FORMATS, Arrived, Conflict, Format, Left, Returned
from ui.frame import state
from ui.review import labels
from ui.review.labels import Reviewed
from ui.widgets.say import part, plain

TITLES = {"label studio": "Label Studio", "argilla": "Argilla", "csv": "CSV"}
FILES = {"label studio": "tasks.json", "argilla": "records.json", "csv": "tasks.csv"}
FIRST, SHOWN, MOST_MAPPED, LONGEST_CODE = 200, 100, 30, 500
OUT = "(leave out)"
_KEY = "review/trip"


def draw(data: Dataset, of: Reviewed, rows: np.ndarray) -> None:
    """Both ways. rows: int64, those that may go out, the first first."""
    with st.expander(
        "Other tools: tasks out, labels back", icon=":material/sync_alt:", key=_KEY, on_change="rerun"
    ) as shown:
        if not shown.open:
            return
        if of.asked != of.label:
            of = replace(of, label=of.asked, own=None, alone=False)
        st.caption(
            "Rows are known again by their key. Nothing is sent anywhere: you carry the files. Texts are in them as "
            "they are, personal data too."
        )
        out, back = st.columns(2, gap="large")
        with out, part():
            _out(data, of, rows)
        with back, part():
            _back(data, of)


def _out(data: Dataset, of: Reviewed, rows: np.ndarray) -> None:
    st.subheader("Out", anchor=False)
    tool = st.segmented_control(
        "Tool", FORMATS, default=FORMATS[0], format_func=TITLES.__getitem__, key=f"{_KEY}/tool", required=True
    )
    if st.toggle("Only rows that nobody answered yet", key=f"{_KEY}/fresh"):
        rows = rows[~np.isin(rows, [one.row for one in engine.marks.answers(data, of.label)])]
    if not len(rows):
        st.info("No row is left to go out. Choose another queue above, or take answered rows too.")
        return
    most = len(rows)
    count = int(st.number_input(f"Rows, of {most:,} in their order", 1, most, min(FIRST, most), key=f"{_KEY}/count"))
    guesses = labels.measured(data, of) and st.toggle(
        "Suggest the likeliest label", key=f"{_KEY}/guess",
        help="Suggestions make quick, and lead: people follow them. Leave them out where you want to know what people "
        "say by themselves, as in an audit.",
    )  # fmt: skip
    st.download_button(
        f"Download {count:,} {'task' if count == 1 else 'tasks'}",
        lambda: _tasks(data, of, rows[:count], tool, guesses),
        f"{data.name}-{FILES[tool]}", "text/csv" if tool == "csv" else "application/json", key=f"{_KEY}/go",
        type="primary", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    _there(data, of, tool)


def _tasks(data: Dataset, of: Reviewed, rows: np.ndarray, tool: Format, guesses: bool) -> bytes:
    made = engine.labels.tasks_of(data, rows.tolist(), label=of.label)
    if guesses:
        signs = engine.labels.signs(data, of.label, of.near, own=of.own_key)
        made = engine.labels.with_guesses(made, rows, signs, data.codes(of.label)[1])
    return engine.labels.tasks_file(made, tool)


def _there(data: Dataset, of: Reviewed, tool: Format) -> None:
    """What to do with the file in the tool."""
    names = sorted(engine.labels.labelled(data, of.label).names)
    if tool == "label studio":
        st.caption(
            "In Label Studio make a project; under Settings, Labeling Interface, Code put this in place of what "
            "stands there. Then import the file. Afterwards export as JSON, JSON-MIN or CSV."
        )
        config = engine.labels.label_studio_config(names)
        if len(names) <= LONGEST_CODE:
            st.code(config, language="xml", height=200)
        else:
            st.download_button(
                f"Download the interface of {len(names):,} labels", config, "interface.xml", key=f"{_KEY}/config",
                on_click="ignore",
            )  # fmt: skip
    elif tool == "argilla":
        st.caption(
            "In Argilla the dataset needs a text field `text`, a label question `label` with the labels of this "
            "column, and a metadata property `given_label`. Then `dataset.records.from_json(...)`, and back with "
            "`dataset.records.to_json(...)`."
        )
    else:
        st.caption(
            "Write each label under `label`, who gave it under `annotator`. Leave `winnow_key` as it is, and save as "
            "CSV in UTF-8."
        )


def _back(data: Dataset, of: Reviewed) -> None:
    st.subheader("Back", anchor=False)
    if said := st.session_state.pop(f"{_KEY}/said", ""):
        st.success(plain(said), icon=":material/check:")
    given = st.file_uploader("The file that the tool exported", ["json", "csv", "tsv", "txt"], key=f"{_KEY}/back")
    if given is None:
        return
    back = _read(given.file_id, given.getvalue(), given.name)
    _parted(back)
    if not back.answers:
        st.warning("The file holds no label that can be taken over.")
        return
    who = ""
    if nameless := sum(not one.who for one in back.answers):
        who = st.text_input(
            f"Who gave the {nameless:,} labels without a name", key=f"{_KEY}/who", max_chars=60,
            placeholder=engine.labels.UNNAMED,
        ).strip()  # fmt: skip
    renamed = _renamed(data, of, back)
    undated = bool(st.session_state.get(f"{_KEY}/undated"))
    found = _arrived(data, of, given.file_id, back, who, renamed, undated)
    if undated or any(one.why == "answered here" and not one.answer.at for one in found.left):
        st.toggle("Labels without a time take the place of what the same person answered here", key=f"{_KEY}/undated")
    _say(found, back)
    _left(found.left)
    _differing(found.differing)
    if st.button(
        f"Take over {len(found.new):,} {'answer' if len(found.new) == 1 else 'answers'}", type="primary",
        disabled=not found.new, key=f"{_KEY}/take", icon=":material/move_to_inbox:",
    ):  # fmt: skip
        new = engine.marks.bring_in(data, of.label, found.new, who=state.who())
        state.was_told()
        waiting = f" {_rows(found.differing)} to settle under Where annotators differ." if found.differing else ""
        some = "1 answer is" if new == 1 else f"{new:,} answers are"
        st.session_state[f"{_KEY}/said"] = f"{some} taken over; one undo takes all back.{waiting}"
        st.rerun()


def _read(file: str, raw: bytes, name: str) -> Returned:
    """The labels of an uploaded file, read once."""
    held = st.session_state.get(f"{_KEY}/read")
    if held is None or held[0] != file:
        held = (file, engine.labels.answers_in(raw, name))
        st.session_state[f"{_KEY}/read"] = held
    return cast(Returned, held[1])


def _arrived(
    data: Dataset, of: Reviewed, file: str, back: Returned, who: str, renamed: dict[str, str], undated: bool
) -> Arrived:
    """What the file would bring as things stand; looked up anew once somebody marked something or asks otherwise."""
    marks = engine.marks.log.revision(data.store, "marks")
    asked = (data.fingerprint, of.label, file, marks, who, tuple(renamed.items()), undated)
    held = st.session_state.get(f"{_KEY}/arrived")
    if held is None or held[0] != asked:
        found = engine.labels.arrived(
            data, of.label, back.answers, annotator=who, renamed=renamed, undated=undated
        )  # fmt: skip
        held = (asked, found)
        st.session_state[f"{_KEY}/arrived"] = held
    return cast(Arrived, held[1])


def _parted(back: Returned) -> None:
    """What of the file is no label, with its place."""
    if not back.faults:
        return
    many = "1 record is no label" if len(back.faults) == 1 else f"{len(back.faults):,} records are no labels"
    with st.expander(many, icon=":material/error:", key=f"{_KEY}/faults"):
        st.dataframe(
            [{"record": one.place, "why": one.why} for one in back.faults[:SHOWN]],
            hide_index=True,
            key=f"{_KEY}/faulty",
        )
        st.caption("They stay in your file at these places; mend them there and bring the file again.")


def _renamed(data: Dataset, of: Reviewed, back: Returned) -> dict[str, str]:
    """What is meant by labels that the column does not have, as far as somebody says."""
    names = engine.labels.labelled(data, of.label).names
    known = set(names)
    strange = Counter(one.label for one in back.answers if one.label not in known)
    if not strange:
        return {}
    st.markdown(f"The column {plain(of.label)} does not have all labels of the file. Say which are meant:")
    found = {}
    for label, count in strange.most_common(MOST_MAPPED):
        meant = st.selectbox(
            f"{plain(label[:60])} · {count:,}", [OUT, *sorted(names)], key=f"{_KEY}/meant/{of.label}/{label}"
        )
        if meant != OUT:
            found[label] = meant
    if len(strange) > MOST_MAPPED:
        st.caption(
            f"These are the {MOST_MAPPED} that stand most often. The others are left out: rename them in the file."
        )
    return found


def _say(found: Arrived, back: Returned) -> None:
    """All labels of the file, by what becomes of them."""
    people = len({one.annotator for one in found.new})
    new = f"**{len(found.new):,}** to take over, by {people:,} {'person' if people == 1 else 'people'}"
    lines = [new if found.new else "nothing to take over"]
    lines += [f"**{len(found.same):,}** stand here already"] * bool(found.same)
    lines += [f"**{len(found.repeated):,}** by somebody who later answered the row again: the later counts"] * bool(
        found.repeated
    )
    lines += [f"**{len(found.left):,}** left out, see below"] * bool(found.left)
    lines += [f"**{back.skipped:,}** tasks skipped or without a label"] * bool(back.skipped)
    lines += [f"**{_rows(found.differing)}** where people would differ, see below"] * bool(found.differing)
    st.markdown(f"{TITLES[back.format]}, {len(back.answers):,} labels:\n" + "\n".join(f"- {line}" for line in lines))


_WHY = {
    "row unknown": "no such row here",
    "label unknown": "no such label here",
    "answered here": "the same person answered otherwise here",
    "name unfit": "a name that cannot be kept",
}


def _rows(of: Sequence[object]) -> str:
    return "1 row" if len(of) == 1 else f"{len(of):,} rows"


def _left(left: Sequence[Left]) -> None:
    if not left:
        return
    counts = Counter(one.why for one in left)
    words = ", ".join(f"{counts[why]:,} {_WHY[why]}" for why in engine.labels.WHYS if counts[why])
    with st.expander(f"Left out: {words}", icon=":material/rule:", key=f"{_KEY}/left"):
        st.dataframe(
            [{"why": x.words, "label": x.answer.label, "by": x.answer.who, "row": x.answer.key} for x in left[:SHOWN]],
            hide_index=True, key=f"{_KEY}/leaves",
        )  # fmt: skip
        st.download_button(
            f"Download these {len(left):,}", lambda: engine.labels.left_json(left), "left-out.json", "application/json",
            key=f"{_KEY}/rest", on_click="ignore", help="To be mended and brought again.",
        )  # fmt: skip


def _differing(differing: Sequence[Conflict]) -> None:
    if not differing:
        return
    with st.expander(f"People differ on {_rows(differing)}", icon=":material/groups:", key=f"{_KEY}/differ"):
        st.caption(
            "Everybody's answer is taken over. These rows then wait in the queue *Where annotators differ*; what was "
            "settled here stays until somebody settles it anew."
        )
        st.dataframe(
            [{"what": one.words(), "row": one.key} for one in differing[:SHOWN]], hide_index=True, key=f"{_KEY}/differs"
        )
