"""The only form in the app: drawn from a member's parameters, so that a new member brings its own."""

import re
from collections.abc import Collection, Mapping
from typing import Any, cast

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset, EngineError
from engine.dataset import COLUMN_FITS
from engine.models import models
from engine.registry import Ends, Member, Param
from ui.widgets.say import message, plain

HIDDEN = ("rows", "target")
"""Kinds that a person does not type: they come from a selection, a search or a map."""

_NAMED = ("column", "pairs", "embedding", "map", "topics", "model")
_THINGS = {
    "column": "a column",
    "column number": "a column of numbers",
    "column text": "a column of text",
    "column category": "a column of categories",
    "column date": "a column of dates",
    "pairs": "pairs of repeats: find them under Duplicates first",
    "embedding": "an embedding: embed the corpus on Open first",
    "model ngram": "a model of a reference: fit one under Own models first",
    "model classifier": "a classifier: teach one under Own models first",
    "map": "a map",
    "topics": "topics",
}

MOST_NAMED = 60
UNITS = ("rows", "percent", "tokens", "bytes")
FARTHEST = float(2**53 - 1)


def choose(members: Mapping[str, Member], key: str, label: str = "Kind", first: str = "") -> Member:
    """Let the person choose a member of a family; `first`, else the first in the list, is the default."""
    names = list(members)
    at = names.index(first) if first in names else 0
    name = st.selectbox(label, names, at, format_func=lambda n: members[n].title, key=f"{key}/member")
    member = members[name]
    st.caption(outline(member))
    return member


def outline(member: Member) -> str:
    """What a member does, as markup, the names of its knobs slanted where their values will stand."""
    said = member.outline("‹{}›").replace("‹do›", "Keep or drop")
    knobs = re.compile("‹(.+?)›")
    named = knobs.sub(lambda knob: f"‹{knob[1].replace('_', ' ')}›", said)
    return knobs.sub(r"*\1*", plain(named))


def fields(
    member: Member,
    data: Dataset | None,
    key: str,
    given: Mapping[str, object] | None = None,
    only: bool | None = None,
    *,
    hide: Collection[str] = (),
    left: np.ndarray | None = None,
) -> dict[str, object]:
    """Draw one widget for each parameter; returns the values, ready for `member.check`.

    given: values to start from, such as those of the step that is being edited. Hidden kinds keep what is given.
    hide: knobs set elsewhere. only: True draws the parameters that must be given, False the others; None draws all.
    left: int64, the rows that a budget is of, None for all.
    """
    values: dict[str, object] = {}
    for param in member.params if only is None else [p for p in member.params if p.required == only]:
        start = (given or {}).get(param.name, param.default)
        if param.kind in HIDDEN or param.name in hide:
            if start:
                values[param.name] = start
            continue
        place = f"{key}/{member.name}/{param.name}"
        if param.kind == "budget":
            values[param.name] = _budget(param, start, data, place, left)
            continue
        value = _widget(param, start, data, place, values)
        if value is not None or param.optional:
            values[param.name] = value
    return values


def complete(member: Member, values: Mapping[str, object]) -> bool:
    """Whether every parameter that must be given is given."""
    return all(not p.required or values.get(p.name) not in (None, "", (), []) for p in member.params)


def can_be_filled(member: Member, data: Dataset) -> bool:
    """Whether there is something to choose for every parameter that must name a thing of the dataset."""
    return not lacks(member, data)


def lacks(member: Member, data: Dataset) -> str:
    """What the dataset has not that a parameter must name: “an embedding”, “a column of numbers”; "" for nothing."""
    named = [p for p in member.params if p.required and p.kind in _NAMED]
    param = next((p for p in named if not names(p, data)), None)
    return _THINGS.get(f"{param.kind} {param.of}".strip(), param.kind) if param else ""


def _as_label(choice: str) -> str:
    """A choice as a label: `square root` → Square root."""
    return choice[:1].upper() + choice[1:]


def _widget(param: Param, start: object, data: Dataset | None, key: str, before: Mapping[str, object]) -> object:
    label, about = param.label, param.help or None
    if param.kind == "boolean":
        return st.checkbox(label, bool(start), key=key, help=about)
    if param.kind == "choice":
        at = param.choices.index(str(start)) if start in param.choices else 0
        chosen = st.selectbox(label, param.choices, at, format_func=_as_label, key=key)
        if about:
            st.caption(plain(about))
        return chosen
    if param.kind in ("number", "integer"):
        return _number(param, start, key)
    if param.kind == "expression":
        text = st.text_area(
            label, str(start or ""), key=key, help=about, placeholder="characters > 50 AND section = 'math'"
        )
        if data is not None:
            named = [k if k.isidentifier() else f'"{k}"' for k in list(data.columns)[:MOST_NAMED]]
            more = len(data.columns) - len(named)
            st.caption(f"Columns: {plain(', '.join(named))}{f' and {more:,} more' if more else ''}")
        return text
    if param.kind == "texts":
        return _texts(label, start, data, key, before, about)
    if param.kind == "numbers":
        text = st.text_input(
            label, ", ".join(str(v) for v in _items(start)), key=key, help=about or "Numbers, comma between"
        )
        try:
            return tuple(float(v) for v in text.replace(";", ",").split(",") if v.strip())
        except ValueError:
            st.caption(f":material/error: {plain(text)} is no list of numbers. Put a comma between two of them.")
            return ()
    if param.kind in ("text", "path"):
        return st.text_input(label, str(start or ""), key=key, help=about)
    options = names(param, data)
    if not options:
        st.caption(f"{label}: nothing there yet that fits.")
        return None
    if param.many:
        given = [name for name in _items(start) if name in options]
        return tuple(st.multiselect(label, options, given, key=key, help=about))
    if param.optional or not param.required:
        there = options.index(str(start)) if start in options else None
        return st.selectbox(label, options, there, key=key, help=about, placeholder="none") or param.default
    at = options.index(str(start)) if start in options else 0
    shown = _model_name if param.kind == "model" else str
    return st.selectbox(label, options, at, format_func=shown, key=key, help=about)


def _model_name(ref: str) -> str:
    return ref.rpartition("/")[0]


def names(param: Param, data: Dataset | None) -> list[str]:
    """What a parameter that names a thing can name: columns of the right type, embeddings, maps, topics."""
    if data is None:
        return []
    if param.kind == "column":
        fit = COLUMN_FITS.get(param.of)
        return [c.key for c in data.columns.values() if fit is None or c.type in fit]
    if param.kind == "model":
        return [known.ref for known in models(data, param.of)]
    return data.keys_of(param.kind)


def _number(param: Param, start: object, key: str) -> object:
    low, high = (param.bounds.low, param.bounds.high) if param.bounds else (-FARTHEST, FARTHEST)
    about = param.help or (f"{param.wanted().capitalize()}." if param.bounds else "")
    if param.ends:
        return _between(param.label, float(cast(float, start)), key, float(low), float(high), param.ends, about)
    return number(
        param.label, cast(float | None, start), key, whole=param.kind == "integer", low=low, high=high, about=about,
        placeholder="no limit" if param.optional else "",
    )  # fmt: skip


def _between(label: str, value: float, key: str, low: float, high: float, ends: Ends, about: str) -> float:
    """A slider, with what both its ends mean below them."""
    chosen = st.slider(label, low, high, value, (high - low) / 100, key=key, help=about or None)
    left, right = st.columns(2)
    left.caption(plain(ends.low))
    right.caption(plain(ends.high), text_alignment="right")
    return float(chosen)


def number(
    label: str,
    value: float | None,
    key: str,
    *,
    whole: bool,
    low: float = -FARTHEST,
    high: float = FARTHEST,
    step: float | None = None,
    about: str = "",
    placeholder: str = "",
) -> float | None:
    """One number, whole or not: every argument of the widget must be of the same kind, whatever the column's is.

    A limit beyond 2⁵³, which a browser cannot count to, is no limit. value None: an empty field.
    """
    kind = int if whole else float
    # Streamlit's overloads tell an empty field from a filled one by type, which no variable can.
    given: dict[str, Any] = {
        "min_value": None if low <= -FARTHEST else kind(low),
        "max_value": None if high >= FARTHEST else kind(high),
        "value": None if value is None else kind(value),
        "step": 1 if whole else step,
        "format": None if whole else "%.6g",
    }
    return st.number_input(label, **given, key=key, help=about or None, placeholder=placeholder or None)


def _budget(param: Param, start: object, data: Dataset | None, key: str, left: np.ndarray | None) -> dict[str, object]:
    """An amount as a person writes it, `10,000` or `10 %`; one that is none is said beside it, and counts as 0. Another
    unit asks for as much in that one."""
    at = Budget.read(start) if start is not None else Budget(1000)  # type: ignore[arg-type]
    amount, unit = st.columns([4, 3], vertical_alignment="bottom")
    for field, begins in ((key, f"{at.amount:,.15g}"), (f"{key}/unit", at.unit)):
        st.session_state.setdefault(field, begins)
    about, before = param.help or None, st.session_state[f"{key}/unit"]
    chosen = unit.selectbox("Unit", UNITS, key=f"{key}/unit", on_change=_in_unit, args=(key, before, data, left))
    text = amount.text_input(param.label, key=key, help=about, placeholder="10,000", on_change=_tidy, args=(key,))
    try:
        return {"amount": _typed(text, chosen).amount, "unit": chosen}
    except EngineError as error:
        message(error)
        return {"amount": 0.0, "unit": chosen}


def _typed(text: str, unit: str) -> Budget:
    """The budget that a person typed: its own unit counts, else the one that is set."""
    if re.search(r",(?!\d{3}(?!\d))", text):
        raise EngineError(f"{text!r} can be read in two ways. Write 2.5 for two and a half, 2,500 for two thousand.")
    found = Budget.read(text if re.search("%|[a-z]{2}", text, re.IGNORECASE) else f"{text.strip() or 0} {unit}")
    if not found.amount:
        raise EngineError("This budget keeps nothing. Write how much to keep, for example 10,000 or 10 %.")
    if found.unit == "rows" and not float(found.amount).is_integer():
        raise EngineError(f"A budget of {found} ends in a part of a row. Write a whole number, or choose another unit.")
    return found


def _in_unit(key: str, was: str, data: Dataset | None, left: np.ndarray | None) -> None:
    """Write as much as was asked for in the unit that is chosen now."""
    if data is None:
        return
    try:
        amount = _typed(st.session_state[key], was)
    except EngineError:
        return  # said beside the field
    rows = data.rows() if left is None else left
    st.session_state[key] = f"{engine.recipe.in_unit(data, amount, st.session_state[f'{key}/unit'], rows).amount:,.15g}"


def _tidy(key: str) -> None:
    """Take a unit that was typed out of the amount into its field, and write the amount with its thousands apart."""
    try:
        found = _typed(st.session_state[key], st.session_state[f"{key}/unit"])
    except EngineError:
        return  # said beside the field
    st.session_state[f"{key}/unit"], st.session_state[key] = found.unit, f"{found.amount:,.15g}"


def _texts(
    label: str, start: object, data: Dataset | None, key: str, before: Mapping[str, object], about: str | None
) -> tuple[str, ...]:
    """Several texts: values of the column chosen above where there is one, else free words."""
    column = next(
        (v for k, v in before.items() if k in ("column", "by") and data is not None and v in data.columns), None
    )
    options = list(_items(start))
    if column is not None and data is not None:
        _, labels = data.codes(str(column))
        options += [v for v in labels[:2000] if v not in options]
    return tuple(
        st.multiselect(label, options, list(_items(start)), key=f"{key}/{column}", help=about, accept_new_options=True)
    )


def _items(start: object) -> tuple[str, ...]:
    return tuple(str(v) for v in start) if isinstance(start, list | tuple) else ()
