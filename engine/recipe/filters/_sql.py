"""One SQL expression over the columns of a row, evaluated in a sandbox: no files, no network, no statements."""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.recipe.filters._sqlworker import MEMORY, Failed, sandbox, worker

SECONDS = 30.0
LONGEST = 10_000
BLOCK_BYTES = 128 << 20
_OPEN = "SELECT ("

_ALLOWED = {
    *("CONJUNCTION", "COMPARISON", "FUNCTION", "COLUMN_REF", "CONSTANT", "OPERATOR", "CAST", "CASE", "BETWEEN"),
    *("COLLATE", "LAMBDA", "TYPE"),
}

_REFUSED = {
    "SUBQUERY": "a query inside the expression",
    "WINDOW": "a window over other rows",
    "STAR": "a star",
    "PARAMETER": "a parameter",
    "DEFAULT": "DEFAULT",
}

# Words that stand for the clock or the session without brackets, where no column is called so.
_SESSION = {
    *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
    *("current_user", "session_user", "user", "current_role", "current_catalog", "current_schema"),
}

# DuckDB lists these as functions of their arguments alone; they look at the clock or at the build.
_UNSTEADY = {"current_localtime", "current_localtimestamp", "version"}

# Macros that stand on their arguments alone; all others look at the session or the catalogue.
_MACROS = re.compile(r"(list|array)_\w+|nullif|split_part|date_add|days_in_month|fmod|fdiv|if|json")

_CARET = re.compile(r"LINE (\d+): (.*)\n( *)\^")


def checked_expression(expression: str, known: Iterable[str]) -> tuple[str, ...]:
    """The columns that an expression reads, in order, after a check that it is one over a single row.

    known: column keys. Raises `EngineError` for a statement, a query, an aggregate, a function whose answer changes
    from run to run, a column that is not there, and what DuckDB cannot read, with the place.
    """
    tree = _tree(expression)
    keys = list(known)
    scalars = _scalars()
    columns: dict[str, None] = {}
    own: set[str] = set()
    for node in _nodes(tree):
        kind = str(node["class"])
        if kind not in _ALLOWED:
            said = _REFUSED.get(kind, kind.lower())
            raise EngineError(f"The expression holds {said}{_place(node)}. Use the columns of the row alone.")
        if kind == "LAMBDA":
            lhs = cast(dict[str, object], node["lhs"])
            names = [n["column_names"] for n in _nodes(lhs) if n["class"] == "COLUMN_REF"]
            folded_keys = {k.casefold() for k in keys}
            own |= {n for n in (cast(list[str], n)[0] for n in names) if n.casefold() not in folded_keys}
        if kind == "FUNCTION":
            _check_function(node, scalars)
    for node in _nodes(tree):
        if node["class"] == "COLUMN_REF":
            path = cast(list[str], node["column_names"])
            if path[0] not in own:
                columns[_column(path, keys, _place(node))] = None
    folded = [c.casefold() for c in columns]
    if len(set(folded)) < len(folded):
        raise EngineError(
            "The expression reads two columns whose names differ in case only. SQL cannot tell them apart."
        )
    return tuple(columns)


def _check_function(node: Mapping[str, object], scalars: frozenset[str]) -> None:
    name = str(node["function_name"]).lower()
    if name == "age" and len(cast(list[object], node["arguments"])) == 1:
        raise EngineError(f"age{_place(node)} of one date counts up to today. Give two: age(until, since).")
    if name not in scalars:
        raise EngineError(
            f"The function {node['function_name']!r}{_place(node)} cannot be used: an expression sees one row, "
            f"and gives the same answer at each run. Use a function of the row's values."
        )


def evaluate(data: Dataset, expression: str, rows: np.ndarray, seconds: float = SECONDS) -> np.ndarray:
    """Which rows the expression holds for: bool (len(rows),); an unknown answer (NULL) does not hold.

    Raises `EngineError` as `checked_expression` does, when the answer is not yes or no, when a value does not fit, and
    past the limit of time or memory.
    """
    columns = checked_expression(expression, data.columns)
    per_row = sum(data.column(c).nbytes for c in columns) / max(data.n, 1)
    size = max(int(BLOCK_BYTES / max(per_row, 1)), 1)
    until = time.monotonic() + seconds
    result = np.zeros(len(rows), bool)
    for start in range(0, max(len(rows), 1), size):
        part = rows[start : start + size]
        # A table needs a column, also for an expression that reads none.
        table = pa.table({c: data.column(c, part) for c in columns} or {"none": pa.nulls(len(part), pa.bool_())})
        try:
            found = worker().ask(f"{_OPEN}{expression}\n) AS holds FROM rows", table, until - time.monotonic())
        except Failed as failure:
            raise EngineError(_why_not(failure, seconds)) from None
        if pa.types.is_boolean(found.type):
            result[start : start + size] = found.fill_null(False).to_numpy()
        elif not pa.types.is_null(found.type):
            raise EngineError(
                f"The expression gives {found.type}, not yes or no. Compare it, for example: {expression} > 0."
            )
    return result


@lru_cache(maxsize=1)
def _scalars() -> frozenset[str]:
    """Names of the functions that give the same answer for the same arguments, of one row."""
    con = sandbox()
    listed = con.execute("SELECT function_name, function_type, stability FROM duckdb_functions()").fetchall()
    con.close()
    steady = {n for n, kind, stability in listed if kind == "scalar" and stability == "CONSISTENT"}
    changing = {n for n, kind, stability in listed if kind != "macro" and stability not in ("CONSISTENT", None)}
    summing = {n for n, kind, _ in listed if kind in ("aggregate", "window")}
    macros = {n for n, kind, _ in listed if kind == "macro" and _MACROS.fullmatch(n)}
    return frozenset(n.lower() for n in (steady - changing - summing - _UNSTEADY) | macros)


@lru_cache(maxsize=64)
def _tree(expression: str) -> Mapping[str, object]:
    """The one expression as DuckDB reads it, as a tree; nothing is run."""
    if len(expression) > LONGEST:
        raise EngineError(
            f"The expression has {len(expression):,} characters; {LONGEST:,} is the most. Make it shorter."
        )
    if not expression.strip():
        raise EngineError("The expression is empty. Write a condition, such as words > 10 AND language = 'en'.")
    con = sandbox()
    answer = con.execute("SELECT json_serialize_sql(?::VARCHAR)", [f"{_OPEN}{expression}\n)"]).fetchone()
    con.close()
    read: Any = json.loads(cast(tuple[str], answer)[0])
    if read["error"]:
        if read.get("error_type") == "not implemented":
            raise EngineError("Only a condition can stand here, not a statement. Write for example words > 10.")
        place = int(read["position"]) - len(_OPEN) if str(read.get("position", "")).isdigit() else -1
        at = f" at character {min(place, len(expression)) + 1}" if place >= 0 else ""
        raise EngineError(f"The expression cannot be read{at}: {read['error_message']}.")
    statements = read["statements"]
    node: Any = statements[0]["node"] if len(statements) == 1 else {"type": "several"}
    whole = (
        node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not node["modifiers"]
        and not node["cte_map"]["map"]
        and not any(node[k] for k in ("where_clause", "group_expressions", "group_sets", "having", "sample", "qualify"))
    )
    if not whole:
        raise EngineError(
            "Only one condition can stand here, not a query or a statement. Write for example words > 10."
        )
    return cast(Mapping[str, object], node["select_list"][0])


def _nodes(tree: object) -> Iterator[Mapping[str, object]]:
    """Every expression in the tree, without recursion, so that a deep one cannot break the process."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, Mapping):
            if "class" in node:
                yield node
            left += reversed(list(node.values()))
        elif isinstance(node, list):
            left += reversed(node)


def _column(names: list[str], keys: list[str], place: str) -> str:
    """The key of a column that the expression names; SQL does not tell upper from lower case."""
    if names[0] in keys:
        return names[0]
    alike = [k for k in keys if k.casefold() == names[0].casefold()]
    if len(alike) == 1:
        return alike[0]
    if ".".join(names) in keys:
        raise EngineError(
            f'The column {".".join(names)!r}{place} has a dot in its name. Write it as "{".".join(names)}".'
        )
    if names[0].lower() in _SESSION:
        raise EngineError(
            f"{names[0]}{place} cannot be used: an expression gives the same answer at each run, so it may not ask the "
            "clock or who runs it. Write a date, such as DATE '2024-06-30'."
        )
    raise EngineError(
        f"{unknown('column', names[0], keys)} A name with other signs than letters stands in double quotes."
    )


def _place(node: Mapping[str, object]) -> str:
    """Where a part stands in the expression, in words."""
    at = int(cast(int, node.get("query_location", -1))) - len(_OPEN)
    return f" at character {at + 1}" if 0 <= at < LONGEST else ""


def _why_not(failure: Failed, seconds: float) -> str:
    if failure.kind == "late":
        return f"The expression took more than {seconds:g} seconds and was stopped. Make it simpler."
    if failure.kind == "memory":
        return f"The expression needs more than {MEMORY} of memory and was stopped. Make it simpler."
    return _said(str(failure))


def _said(message: str) -> str:
    """DuckDB's complaint as one sentence, with the place in the person's own expression."""
    reason = message.split("\n\n")[0].splitlines()[0].rstrip(".!")
    found = _CARET.search(message)
    place = ""
    if found and "..." not in found[2]:
        at = len(found[3]) - len(f"LINE {found[1]}: ") - (len(_OPEN) if found[1] == "1" else 0)
        place = f" at {f'line {found[1]}, ' if found[1] != '1' else ''}character {at + 1}"
    hint = " TRY_CAST gives no answer instead of an error." if "Conversion" in reason else ""
    return f"The expression cannot be evaluated{place}: {reason}.{hint}"
