"""What the cells of a text column are: integers, numbers, truth values, dates, or simply text; found as they stream."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from engine.opening.type_widening import marked

_INTEGER = r"^-?(0|[1-9][0-9]*)$"
# A leading zero is a code (a postcode, a version), not a number.
_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$|^-?\.[0-9]+$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATES = {
    "%Y-%m-%d": _DAY,
    "%Y-%m-%d %H:%M:%S": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$",
    "%Y-%m-%dT%H:%M:%S": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
    "%Y-%m-%dT%H:%M:%SZ": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "%Y-%m-%d %H:%M:%S.%f": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$",
    "%Y-%m-%dT%H:%M:%S.%f": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$",
    "%Y-%m-%dT%H:%M:%S.%fZ": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$",
}
_TRUTHS = {"true": ("true", "false"), "True": ("True", "False"), "TRUE": ("TRUE", "FALSE")}
_ALL = ("integer", "long integer", "number", *_TRUTHS, *_DATES)


class Guess:
    """Narrows down what a column of cells is, batch by batch.

    drift: (row, what was there before, the cell) when the column turned into text late.
    """

    def __init__(self, *, dates_only: bool = False) -> None:
        self._left = list(_DATES if dates_only else _ALL)
        self.drift: tuple[int, str, str] | None = None
        self._rows = 0
        self._values = 0

    def spoil(self) -> None:
        """The column also holds something that is not a text: no more guessing."""
        self._left = []

    def see(self, cells: pa.Array) -> None:
        """Look at one more batch, text or missing; empty cells say nothing."""
        first = self._rows
        self._rows += len(cells)
        if not self._left:
            return
        filled = pc.filter(cells, pc.fill_null(pc.not_equal(cells, ""), False))
        if not len(filled):
            return
        before, kept = self.word, _fitting(self._left, filled)
        if not kept and self._values and before:
            self._tell(cells, first, before)
        if not kept and not self._values and len(filled) > 1:
            # The first batch itself may turn: what were the cells before the one that does not fit?
            self._tell_within(cells, first)
        self._left = kept
        self._values += len(filled)

    @property
    def word(self) -> str:
        """What the cells are so far, in a word."""
        best = self._left[0] if self._left else ""
        return {"long integer": "integer", **dict.fromkeys(_TRUTHS, "boolean"), **dict.fromkeys(_DATES, "date")}.get(
            best, best
        )

    @property
    def shape(self) -> str:
        """How a date is written, such as `%Y-%m-%d`, or a truth value (`True`); "" for everything else."""
        best = self._left[0] if self._left and self._values else ""
        return best if best in _DATES or best in _TRUTHS else ""

    def field(self, name: str) -> pa.Field:
        """The field that the cells become."""
        best = self._left[0] if self._left and self._values else "text"
        if best == "integer":
            return marked(name, pa.int64())
        if best == "long integer":
            return marked(name, pa.large_string(), "integer")
        if best == "number":
            return marked(name, pa.float64())
        if best in _TRUTHS:
            return marked(name, pa.bool_())
        if best in _DATES:
            return marked(name, _date_type(best))
        return marked(name, pa.large_string())

    def _tell(self, cells: pa.Array, first: int, before: str) -> None:
        name = self._left[0]
        for at, cell in enumerate(cells.to_pylist()):
            if cell and not _fits(name, pa.array([cell], pa.large_string())):
                self.drift = (first + at, before, cell)
                return

    def _tell_within(self, cells: pa.Array, first: int) -> None:
        """In one batch: told only when nine of ten cells are numbers or dates, so that plain text is not news."""
        filled = pc.filter(cells, pc.fill_null(pc.not_equal(cells, ""), False))
        for word, pattern in (("integer", _INTEGER), ("number", _NUMBER), ("date", _DAY)):
            fits = pc.match_substring_regex(filled, pattern)
            if fits[0].as_py() and 0.9 * len(filled) <= pc.sum(fits).as_py() < len(filled):
                odd = filled[pc.index(fits, False).as_py()].as_py()
                self.drift = (first + pc.index(cells, odd).as_py(), word, odd)
                return


def converted(cells: pa.Array, field: pa.Field) -> pa.Array:
    """Cells as the field that `Guess` found; an empty cell of a column that is not text is missing."""
    if field.type == pa.large_string():
        return cells
    filled = pc.if_else(pc.fill_null(pc.equal(cells, ""), False), pa.scalar(None, pa.large_string()), cells)
    if field.type == pa.bool_():
        filled = pc.utf8_lower(filled)
    return filled.cast(field.type)


def _fitting(names: list[str], filled: pa.Array) -> list[str]:
    """Those of the names that all cells fit. One look at the first cell spares most of the work."""
    first = filled[:1]
    near = [name for name in names if _near(name, first[0].as_py())]
    if near and near[0] == "integer" and _fits("integer", filled):
        return near  # every integer is a long integer and a number as well
    return [name for name in near if _fits(name, filled)]


def _near(name: str, cell: str) -> bool:
    if name in _TRUTHS:
        return cell in _TRUTHS[name]
    pattern = _DATES.get(name) or (_NUMBER if name == "number" else _INTEGER)
    return re.search(pattern, cell) is not None


def _fits(name: str, filled: pa.Array) -> bool:
    if name in _TRUTHS:
        return bool(pc.all(pc.is_in(filled, pa.array(_TRUTHS[name], pa.large_string()))).as_py())
    if name in _DATES:
        return _all(filled, _DATES[name]) and _casts(filled, _date_type(name))
    if name == "integer":
        return _all(filled, _INTEGER) and not _all_none(filled, "-0") and _casts(filled, pa.int64())
    if name == "long integer":
        return _all(filled, _INTEGER) and not _all_none(filled, "-0")
    return _all(filled, _NUMBER) and not _merges(filled)


def _merges(filled: pa.Array) -> bool:
    """Whether cells that differ would be the same number, as the versions 1.1 and 1.10 would."""
    return bool(pc.count_distinct(filled).as_py() > pc.count_distinct(filled.cast(pa.float64())).as_py())


def _all(values: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _all_none(values: pa.Array, text: str) -> bool:
    return bool(pc.any(pc.equal(values, text)).as_py())


def _casts(values: pa.Array, kind: pa.DataType) -> bool:
    try:
        values.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _date_type(shape: str) -> pa.DataType:
    if shape == "%Y-%m-%d":
        return pa.date32()
    return pa.timestamp("us", "UTC" if shape.endswith("Z") else None)
