"""Filters on the fields of a row as an expression in the syntax of Python, which both tools read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa

from engine.dataset import ColumnInfo, Dataset
from engine.exporting.scale.translated import Untold, bound
from engine.recipe import NESTS, Step
from engine.registry import Json


@dataclass(frozen=True)
class Fields:
    """How a tool reads the fields of a row.

    number, text: the expression for a column by its name. there: whether such a text is there, as an expression of it.
    letters: whether it can ask what a text begins and ends with. sizes: the expression for the length of a row's text,
    by the unit of the signal that measures it.
    """

    number: Callable[[str], str]
    text: Callable[[str], str]
    there: Callable[[str], str]
    letters: bool
    sizes: Callable[[str], str]


def condition(data: Dataset, step: Step, fields: Fields) -> str:
    """A filter or nest as an expression that is true of the rows that stay; raises `Untold`."""
    if why := bound(step):
        raise Untold(why)
    if step.do in NESTS:
        inner = [f"({condition(data, part, fields)})" for part in step.steps if part.on]
        if not inner:
            return "True"
        joined = (" and " if step.do == "all of" else " or ").join(inner)
        return f"not ({joined})" if step.do == "not" else joined
    if step.do == "number_range":
        return _number_range(data, step, fields)
    if step.do == "values":
        return _values(data, step, fields)
    if step.do == "text":
        return _text(data, step, fields)
    raise Untold("No operator there says the same to the letter.")


def name_in_files(info: ColumnInfo) -> str:
    """What the files call a column; raises `Untold` where none of them has it, or two have one name."""
    if info.origin != "source":
        raise Untold(f"{info.key!r} was made here; the tool cannot make the same.")
    if info.key != info.name:
        raise Untold(f"Two columns are called {info.name!r} in the files.")
    return info.name


def text_field(data: Dataset) -> str | None:
    """What the files call the text of a row; None where it is made here, from several columns or by an edit."""
    view = data.text_view
    if view.kind != "column" or not view.columns:
        return None
    try:
        return name_in_files(data.info(view.columns[0]))
    except Untold:
        return None


def ends(step: Step) -> tuple[float | None, float | None]:
    """Both ends of a range, None for one that is open."""
    low, high = (cast("float | None", step.params.get(end)) for end in ("low", "high"))
    return low, high


def _number_range(data: Dataset, step: Step, fields: Fields) -> str:
    info = data.info(str(step.params["column"]))
    if info.origin == "signal" and info.key in ("characters", "utf8_bytes"):
        value = fields.sizes(info.key)
    elif info.held:
        raise Untold(f"{info.key!r} holds numbers that are kept as text here, for their digits.")
    else:
        value = fields.number(name_in_files(info))
    low, high = ends(step)
    if step.params.get("keep_missing"):
        outside = [f"{value} < {low!r}"] * (low is not None) + [f"{value} > {high!r}"] * (high is not None)
        return f"not ({' or '.join(outside)})" if outside else "True"
    inside = [f"{value} >= {low!r}"] * (low is not None) + [f"{value} <= {high!r}"] * (high is not None)
    return " and ".join(inside or [f"{value} == {value}"])


def _values(data: Dataset, step: Step, fields: Fields) -> str:
    value = _words(data, data.info(str(step.params["column"])), fields)
    listed = f"{value} in {[str(v) for v in cast(list[Json], step.params['values'])]!r}"
    if step.params.get("missing"):
        listed = f"({listed}) or not ({fields.there(value)})"
    return f"not ({listed})" if step.params.get("do") == "drop" else listed


def _words(data: Dataset, info: ColumnInfo, fields: Fields) -> str:
    """The expression for a column that is text in the files too; numbers as categories are text here only."""
    name = name_in_files(info)
    kind = data.column(info.key, np.empty(0, np.int64)).type
    if info.held or not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise Untold(f"{info.key!r} holds {info.held or kind}, which is text on the screen only.")
    if any(drift.column == name for drift in data.record.drift):
        raise Untold(f"{name!r} does not hold text alone in the files; what else it holds is compared as text here.")
    return fields.text(name)


def _text(data: Dataset, step: Step, fields: Fields) -> str:
    if not step.params.get("match_case") or step.params["how"] == "has the words":
        raise Untold("Words, and letters whatever their case, are compared otherwise there.")
    column = step.params.get("column") or next(iter(data.text_view.columns), "")
    if not step.params.get("column") and (data.text_view.kind != "column" or not column):
        raise Untold("The text of a row is made of several columns here.")
    value, how = _words(data, data.info(str(column)), fields), step.params["how"]
    find = repr(str(step.params["find"]))
    if how in ("starts with", "ends with") and not fields.letters:
        raise Untold("No operator there asks what a text begins or ends with.")
    found = {
        "contains": f"{find} in {value}",
        "starts with": f"{value}.startswith({find})",
        "ends with": f"{value}.endswith({find})",
        "is": f"{value} == {find}",
    }[str(how)]
    found = f"({fields.there(value)}) and {found}"
    return f"not ({found})" if step.params.get("do") == "drop" else found
