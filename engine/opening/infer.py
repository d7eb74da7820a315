"""What the cells of a text column are: integers, numbers, truth values, dates, or simply text; found as they stream.

A column gets a type only where no cell loses anything. Numbers that print back as their cells are stored as numbers;
where only the spelling would go (19.90), the cells are stored and read as numbers; where digits would go, it is text.
"""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from engine.opening.type_widening import LARGEST_WHOLE, MOMENT, WIDE, marked

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
# Longer whole numbers are written 1e+10 when they are stored as numbers.
_LARGEST_PLAIN = 10**10 - 1
# So few digits without an exponent are held by every float64; only others need a closer look.
_SHORT = r"^-?[0-9.]{1,15}$"
_TRUTHS = {"true": ("true", "false"), "True": ("True", "False"), "TRUE": ("TRUE", "FALSE")}
_NUMBERS = ("number", "spelled number")
_ALL = ("integer", "long integer", *_NUMBERS, *_TRUTHS, *_DATES)


class Guess:
    """Narrows down what a column of cells is, batch by batch.

    drift: (row, what was there before, what came in words) when the column turned into text late.
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
            self._values += len(cells) - cells.null_count
            return
        filled = pc.filter(cells, pc.fill_null(pc.not_equal(cells, ""), False))
        if not len(filled):
            return
        before, kept = self.word, _fitting(self._left, filled)
        if not kept and self._values and before:
            self._tell(cells, first, before)
        if not kept and not self._values:
            # The first batch itself may turn: what were the cells before the one that does not fit?
            self._tell_within(cells, first)
        self._left = kept
        self._values += len(filled)

    @property
    def word(self) -> str:
        """What the cells are so far, in a word."""
        return _word(self._left[0]) if self._left else ""

    @property
    def fits(self) -> Sequence[str] | None:
        """All that the cells may be, the narrowest first; None where no cell holds anything."""
        return self._left if self._values else None

    @property
    def dates(self) -> str:
        """Of a column of dates whether they are days and times of no zone (`date`) or of UTC (`moment`), else ""."""
        return _zone(self._left)

    def _tell(self, cells: pa.Array, first: int, before: str) -> None:
        for at, cell in enumerate(cells.to_pylist()):
            if cell and not any(_fits(name, pa.array([cell], pa.large_string())) for name in self._left):
                self.drift = (first + at, before, _lost(cell) or _text(cell))
                return

    def _tell_within(self, cells: pa.Array, first: int) -> None:
        """In one batch: told only when nine of ten cells are numbers or dates, so that plain text is not news."""
        filled = pc.filter(cells, pc.fill_null(pc.not_equal(cells, ""), False))
        if "number" in self._left and _all(filled, _NUMBER):
            lost = ((at, _lost(cell)) for at, cell in enumerate(cells.to_pylist()) if cell)
            self.drift = next(((first + at, "number", said) for at, said in lost if said), None)
            return
        for word, pattern in (("integer", _INTEGER), ("number", _NUMBER), ("date", _DAY)):
            fits = pc.match_substring_regex(filled, pattern)
            if fits[0].as_py() and 0.9 * len(filled) <= pc.sum(fits).as_py() < len(filled):
                odd = filled[pc.index(fits, False).as_py()].as_py()
                self.drift = (first + pc.index(cells, odd).as_py(), word, _text(odd))
                return


def joint_field(name: str, guesses: Iterable[Guess]) -> pa.Field:
    """The field that the cells of several files become, as if they stood in one."""
    seen = [g for g in guesses if g.fits is not None]
    fits = [n for n in seen[0].fits or () if all(n in (g.fits or ()) for g in seen)] if seen else []
    best = fits[0] if fits else ""
    if best == "integer":
        return marked(name, pa.int64(), "" if "number" in fits else WIDE)
    if best == "long integer":
        return marked(name, pa.large_string(), "integer")
    if best in _NUMBERS:
        return marked(name, pa.float64()) if best == "number" else marked(name, pa.large_string(), "number")
    if best in _TRUTHS:
        return marked(name, pa.bool_(), shape=best)
    if best in _DATES:
        return marked(name, _date_type(best), shape=best)
    # Days in one file, times in another: no shape writes both, so the cells are kept.
    dates = {g.dates for g in seen}
    return marked(name, pa.large_string(), dates.pop() if len(dates) == 1 else "")


def converted(cells: pa.Array, field: pa.Field) -> pa.Array:
    """Cells as the field that was found for them; an empty cell of a column that is not text is missing."""
    if field.type == pa.large_string() and not field.metadata:
        return cells
    filled = pc.if_else(pc.fill_null(pc.equal(cells, ""), False), pa.scalar(None, pa.large_string()), cells)
    if field.type == pa.bool_():
        filled = pc.utf8_lower(filled)
    return filled.cast(field.type)


def _fitting(names: list[str], filled: pa.Array) -> list[str]:
    """Those of the names that all cells fit. One look at the first cell spares most of the work."""
    near = [name for name in names if _near(name, filled[0].as_py())]
    if near and near[0] == "integer" and _fits("integer", filled):
        ends = pc.min_max(pc.cast(filled, pa.int64())).as_py()
        largest = max(-ends["min"], ends["max"])
        too_long = {n for n, most in zip(_NUMBERS, (_LARGEST_PLAIN, LARGEST_WHOLE), strict=True) if largest > most}
        return [name for name in near if name not in too_long]
    fits: list[str] = []
    for name in near:
        if (name == "spelled number" and "number" in fits) or _fits(name, filled):
            fits.append(name)
    return fits


def _near(name: str, cell: str) -> bool:
    if name in _TRUTHS:
        return cell in _TRUTHS[name]
    pattern = _DATES.get(name) or (_NUMBER if name in _NUMBERS else _INTEGER)
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
    return _all(filled, _NUMBER) and not _merges(filled) and _holds(filled, spelling=name == "number")


def _holds(filled: pa.Array, *, spelling: bool) -> bool:
    """Whether a float64 holds every number; spelling: also as it is written."""
    if not spelling:
        filled = pc.filter(filled, pc.invert(pc.match_substring_regex(filled, _SHORT)))
    other = pc.filter(filled, pc.not_equal(filled.cast(pa.float64()).cast(pa.large_string()), filled))
    return not len(other) if spelling else not any(_lost(cell) for cell in pc.unique(other).to_pylist())


def _lost(cell: str) -> str:
    """What is told of a number that a float64 cannot hold, "" of one that it can.

    It can where it prints as the number again, either as short as may be or with as many digits as the cell has:
    0.1 and 0.10000000000000001 are the same float64; 9007199254740993 and 1e400 are none.
    """
    if not re.search(_NUMBER, cell):
        return ""
    exact, near = Decimal(cell), float(cell)
    digits = len(exact.as_tuple().digits)
    if math.isfinite(near) and exact in (Decimal(repr(near)), Decimal(f"{near:.{digits - 1}e}")):
        return ""
    return f"a number that a 64-bit float cannot hold, so all are kept as text: {_shown(cell)}"


def _text(cell: str) -> str:
    return f"text: {_shown(cell)}"


def _shown(cell: str) -> str:
    return cell if len(cell) <= 60 else cell[:60] + "…"


def _word(name: str) -> str:
    """What a column is, in a word, such as `date` for one of its shapes."""
    words = {"long integer": "integer", "spelled number": "number"}
    return words.get(name) or ("boolean" if name in _TRUTHS else "date" if name in _DATES else name)


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


def _zone(names: Sequence[str]) -> str:
    """Of shapes of dates whether their times are those of UTC (`moment`) or of no zone (`date`); "" for others."""
    if not names or names[0] not in _DATES:
        return ""
    return MOMENT if names[0].endswith("Z") else "date"
