"""Columns of corrected cells and labels: which is there, how it is made, and what stands on cells as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.building.build import build
from engine.building.key_names import free_column, thing_of
from engine.building.plan import stands_on
from engine.building.spec import spec
from engine.dataset import Dataset, can_be_written, cell_texts, said_by_people
from engine.errors import EngineError
from engine.labels import corrections_ref
from engine.marks import Corrected, corrected, corrections_at, corrections_now, corrections_snapshot, settled
from engine.opening import CELL_EDITS, choose_view
from engine.progress import Progress, quiet
from engine.store import Spec
from engine.text import TextView


def correctable(data: Dataset) -> dict[str, str]:
    """The columns whose cells can be corrected, each with the column that the correction is of: its own, or the one
    that a column of corrected cells was made from."""
    return {key: of for key in data.columns if can_be_written(data, of := corrected_of(data, key) or key)}


def corrected_of(data: Dataset, key: str) -> str:
    """The column that a column of corrected cells was made from; "" for any other column."""
    made = data.added.get(key)
    return made.spec.on if made and made.family == "edit" and made.spec.member in CELL_EDITS else ""


def corrected_column(data: Dataset, column: str) -> str | None:
    """The column that has the corrections and answers of a column, of now or of before; None where none was made."""
    return next((key for key in data.keys_of("edit") if corrected_of(data, key) == column), None)


def corrected_spec(data: Dataset, column: str) -> tuple[str, Spec]:
    """The key and the spec of the column that has all corrections of a column, and all answers, as they are now.

    Raises `EngineError` where there are none, and were none.
    """
    (member,), there = CELL_EDITS, corrected_column(data, column)
    params: dict[str, str] = {}
    if corrections_now(data, column):
        params["cells"] = corrections_snapshot(data, column)
    if len(settled(data, column).rows):
        params["answers"] = corrections_ref(data, column)
    if there is None and not params:
        raise EngineError(
            f"No cell of {column!r} is corrected, and no label answered. Correct one in a row that is open, or answer "
            "one on Review."
        )
    made = spec("edit", member, params, on=column)
    return there or free_column(data, f"{column} (corrected)"), made


def lacks(data: Dataset, column: str) -> int:
    """Of how many cells the column says something else than people say now, corrected or answered; all of which they
    say something where there is no such column. What they said of rows that are gone is not missed."""
    key, found = corrected_column(data, column), settled(data, column)
    now = corrections_now(data, column)
    if len(found.rows):
        now |= zip(data.keys(found.rows), found.labels, strict=True)
    before = _said(data, key) if key else {}
    gone = [k for k in before if k not in now]
    back = int((data.rows_of(gone) >= 0).sum()) if gone else 0
    return back + sum(before.get(k, _NOT) != value for k, value in now.items())


def in_question(data: Dataset) -> list[Corrected]:
    """The columns in which cells are corrected, and those whose column of corrected cells lacks what people say now."""
    found = corrected(data)
    made = {of: key for key in data.keys_of("edit") if (of := corrected_of(data, key)) in data.columns}
    known = {one.column for one in found}
    return found + [Corrected(of, 0, 0, ()) for of in made if of not in known and lacks(data, of)]


def with_corrected(data: Dataset, column: str, progress: Progress = quiet) -> Dataset:
    """The dataset with the column that has all corrections and answers as they are now; the original stays."""
    key, made = corrected_spec(data, column)
    return build(data, {key: made}, progress)


def reads_corrected(data: Dataset, column: str) -> Dataset:
    """The dataset whose text is read from the corrected column in place of the original.

    What was measured on the text as it was stays on disk; measured anew, vectors of texts that did not change are
    taken from there.
    """
    key = corrected_column(data, column)
    if key is None:
        raise EngineError(f"There is no column with the corrections of {column!r} yet. Make it first.")
    return choose_view(data, _with(data.text_view, column, key))


def on_the_text(data: Dataset) -> dict[str, Spec]:
    """What was measured on the text of the rows, with all that stands on it, by key, what is below first."""
    text = {*data.text_view.columns}
    return {key: made.spec for key, made in data.added.items() if made.family != "edit" and text & _read_by(data, key)}


def stale(data: Dataset, rows: np.ndarray, keys: Sequence[str]) -> list[list[str]]:
    """For each row those of some columns whose value stands on a cell that people say otherwise since.

    keys: of columns; "" is the text of the row, and what was measured on it.
    """
    changed = changed_cells(data, rows)
    reads = {
        key: _text_reads(data) if not key else _read_by(data, data.columns[key].thing)
        for key in keys
        if not key or data.columns[key].thing
    }
    return [[key for key, read in reads.items() if read & dirty] if dirty else [] for dirty in changed]


def changed_cells(data: Dataset, rows: np.ndarray) -> list[set[str]]:
    """For each row the columns whose cell is not what people say it is: corrected since, or taken back since.

    An answer stands beside a label, which stays what it is; a column that took answers up is behind on later ones.
    """
    now = corrections_at(data, rows)
    made = {key: of for key in data.keys_of("edit") if (of := corrected_of(data, key))}
    if not made and not any(now):
        return [set() for _ in rows]
    answered = {of: _answered(data, of) for of in made.values()}
    found, row_keys = [], data.keys(rows) if made else [""] * len(rows)
    for row, row_key, said in zip(rows.tolist(), row_keys, now, strict=True):
        dirty = set(said)
        for key, of in made.items():
            there = answered[of].get(row, said[of].value if of in said else _NOT)
            before = _said(data, key).get(row_key, _NOT)
            if before != there and _cell(data, row, of, before) != _cell(data, row, of, there):
                dirty.add(key)
        found.append(dirty)
    return found


def _answered(data: Dataset, column: str) -> dict[int, str]:
    """The answers that hold, by row."""
    found = settled(data, column)
    return dict(zip(found.rows.tolist(), found.labels, strict=True))


def _cell(data: Dataset, row: int, column: str, said: object) -> object:
    """What a cell says, where nobody said anything what came."""
    return data.strings(column, np.array([row], np.int64))[0] if said is _NOT else said


def came(data: Dataset, row: int, column: str) -> str | None:
    """A cell as it came, as a person would write it."""
    return cell_texts(data, column, np.array([row], np.int64))[0]


_NOT = object()
"""What stands for no correction, beside None for a cell that is empty now."""


def _said(data: Dataset, key: str) -> Mapping[str, str | None]:
    """What people say of the cells of a column of corrected cells, by row key."""
    made = data.added[key].spec
    cells, answers = (str(made.params.get(name) or "") for name in ("cells", "answers"))
    return data._cache.get(f"cells/{cells}/{answers}", lambda: said_by_people(data, made.on, cells, answers))


def _read_by(data: Dataset, key: str) -> frozenset[str]:
    """The columns of the source, and of edits, that an added thing was measured on, at any depth.

    A column of corrected cells stands for the column that it was made from.
    """
    return data._cache.get(f"read by/{data.added[key].identity}/{data.text_view.json()}", lambda: _reads(data, key, ()))


def _text_reads(data: Dataset) -> frozenset[str]:
    """The columns that the text of the rows is read from, and what these were made from."""
    return frozenset().union(*(_reads(data, data.columns[k].thing or k, ()) for k in data.text_view.columns))


def _reads(data: Dataset, key: str, above: tuple[str, ...]) -> frozenset[str]:
    if key in above:
        return frozenset()
    made = data.added.get(key)
    if made is None:
        return frozenset([key]) if key in data.columns else frozenset()
    found = {key} if made.family == "edit" else set[str]()
    of_text = made.origin.text_view is not None or "texts" in made.origin.inputs
    below = {data.columns[k].thing or k for k in data.text_view.columns} if of_text else set[str]()
    below |= {thing_of(k) if k not in data.columns else data.columns[k].thing or k for k, _ in stands_on(made.spec)}
    for one in below:
        found |= _reads(data, one, (*above, key))
    return frozenset(found - {corrected_of(data, key)})


def _with(view: TextView, column: str, key: str) -> TextView:
    """A text view that reads one column in place of another."""
    columns = tuple(dict.fromkeys(key if c == column else c for c in view.columns))
    return replace(view, columns=columns, template=view.template.replace(f"{{{column}}}", f"{{{key}}}")).checked()
