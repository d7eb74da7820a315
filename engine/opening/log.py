"""A log with a line for each row and step, as a training writes it: it becomes a series of numbers a row."""

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.opening.open import open_source
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import canonical

NAMES = ("id", "key", "row_id", "sample_id", "example_id", "idx", "index")
STEPS = ("step", "global_step", "epoch", "round", "iteration", "checkpoint")
"""What the columns of a log are often called, in this order."""
MOST_BYTES = 32 << 20
"""Of all series of a log: half of the largest recipe that is read."""


@dataclass(frozen=True)
class LogTable:
    """A log as it was read: its columns by name, each cell as text, None for an empty one. left: lines not read."""

    name: str
    columns: Mapping[str, Sequence[str | None]]
    left: int = 0


@dataclass(frozen=True)
class Log:
    """A series of numbers for some rows. column: of the dataset, whose values name the rows; keys: these.

    values: in the order of the steps, None for a number that is missing. title: what the column may be called. unknown:
    names that are no row's; nameless: lines left out, as they have no name or no step; missing: steps without a number;
    without: rows that no line is about; unread: lines that the file's reader set aside.
    """

    name: str
    title: str
    column: str
    keys: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unknown: tuple[str, ...]
    nameless: int
    missing: int
    without: int
    unread: int

    def text(self) -> list[str]:
        """In words."""
        least, most = (end(map(len, self.values)) for end in (min, max))
        steps = f"{most:,} each" if least == most else f"{least:,} to {most:,} each"
        said = [f"{self.name} has steps of {len(self.keys):,} values of {self.column!r}, {steps}."]
        if self.unknown:
            said.append(f"Names that are no row's, left out: {len(self.unknown):,}, such as {self.unknown[0][:60]!r}.")
        if self.nameless:
            said.append(f"Lines without a name or a step, left out: {self.nameless:,}.")
        if self.missing:
            said.append(f"Steps without a number: {self.missing:,}.")
        if self.without:
            said.append(f"Rows without a line: {self.without:,}.")
        if self.unread:
            said.append(f"Lines that could not be read: {self.unread:,}.")
        return said


def log_table(
    source: str | Path, *, name: str = "", allowed: Sequence[Path] | None = None, progress: Progress = quiet
) -> LogTable:
    """The columns of a log: any file that could be opened. allowed: as for `open_source`."""
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        data = open_source(source, place, allowed=allowed, progress=progress)
        columns = {c.key: data.strings(c.key, data.rows()) for c in data.columns.values() if c.role != "source"}
        return LogTable(name or Path(source).name, columns, data.record.rejected)


def uploaded_log(raw: bytes, name: str) -> LogTable:
    """The columns of a log that came through a browser, by its bytes and name."""
    if not raw.strip():
        raise EngineError(f"{name} is empty. Give a table with a line for each row and step.")
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        path = Path(place) / f"log{Path(name).suffix.lower() or '.csv'}"
        path.write_bytes(raw)
        return log_table(path, name=name)


def columns_guessed(data: Dataset, table: LogTable, column: str) -> tuple[str, str, str]:
    """Which columns of a log name the row, the step and the number, "" for none that is plainly meant."""
    lower = {name.lower(): name for name in reversed(list(table.columns))}
    key = next((lower[one] for one in (column.lower(), *NAMES) if one in lower), "")
    step = next((lower[one] for one in STEPS if one in lower and lower[one] != key), "")
    others = [name for name in table.columns if name not in (key, step)]
    others = [name for name in others if _counts(table.columns[name])] or others
    return key, step, others[0] if len(others) == 1 else ""


def _counts(cells: Sequence[str | None]) -> bool:
    """Whether the first cells that say something are numbers."""
    said = [cell for cell in cells[:100] if cell]
    return bool(said) and sum(_number(cell) is not None for cell in said) > len(said) / 2


def read_log(
    data: Dataset, table: LogTable, *, column: str = "", key: str = "", step: str = "", value: str = ""
) -> Log:
    """The series of a log: for each value of a column of the dataset the numbers, ordered by step.

    column: of the dataset, whose values name the rows, "" for its id; key, step, value: columns of the log, guessed
    where they are left out. Nothing is kept yet: see `log_ref`. Raises `EngineError` for columns that nothing tells of,
    cells that are no numbers, a step that a row has twice, and a log of other rows.
    """
    column = column or data.id_column()
    if not column:
        raise EngineError(
            f"No column of {data.name!r} names its rows. Say which column the log names them by, or open the source "
            "again with one as the id."
        )
    data.info(column)
    guessed = columns_guessed(data, table, column)
    names = tuple(given or guess for given, guess in zip((key, step, value), guessed, strict=True))
    for name, what in zip(names, ("the row", "the step", "the number"), strict=True):
        if not name:
            there = ", ".join(table.columns)
            raise EngineError(f"Nothing tells which column of {table.name} is {what}. Name it; there are: {there}.")
        if name not in table.columns:
            raise unknown(f"column of {table.name}", name, table.columns)
    if len(set(names)) < 3:
        raise EngineError(f"The row, its step and the number are three columns, not {', '.join(names)}. Name each.")
    told = dict.fromkeys(name for name in data.strings(column, data.rows()) if name is not None)
    steps, numbers = (_numbers(table, name) for name in names[1:])
    found: dict[str, dict[float, float | None]] = {}
    strangers, twice, nameless = dict[str, None](), dict[str, float](), 0
    for row, at, number in zip(table.columns[names[0]], steps, numbers, strict=True):
        if not row or at is None:
            nameless += 1
        elif row not in told:
            strangers[row] = None
        elif at in found.setdefault(row, {}):
            twice.setdefault(row, at)
        else:
            found[row][at] = number
    if not found:
        first = next(iter(strangers), "")
        raise EngineError(
            f"No line of {table.name} is about a row of {data.name!r}: {column!r} never says {first[:60]!r} or any "
            "other of its names. Name the columns by which both know a row."
        )
    if twice:
        first, at = next(iter(twice.items()))
        raise EngineError(
            f"{names[1]!r} is {at:g} in two lines of {first[:60]!r} (names with a step twice: {len(twice):,}). Keep "
            f"one line for each row and step of {table.name}; of several runs give each a file of its own."
        )
    series = {name: tuple(some[at] for at in sorted(some)) for name, some in found.items()}
    rows = sum(name not in found for name in data.strings(column, data.rows()))
    missing = sum(number is None for some in series.values() for number in some)
    return Log(
        table.name, f"{names[2]} by {names[1]}", column, tuple(series), tuple(series.values()), tuple(strangers),
        nameless, missing, rows, table.left,
    )  # fmt: skip


def _numbers(table: LogTable, column: str) -> list[float | None]:
    """The cells of a column as numbers, None for a missing or infinite one; raises `EngineError` for a word."""
    found = [None if not cell else _number(cell) for cell in table.columns[column]]
    wrong = [cell for cell, number in zip(table.columns[column], found, strict=True) if cell and number is None]
    if wrong:
        raise EngineError(
            f"{column!r} of {table.name} holds {wrong[0][:40]!r}, which is no number (cells that are none: "
            f"{len(wrong):,}). Name another column, or write numbers there; an empty cell is a missing one."
        )
    return [None if number is None or not math.isfinite(number) else number for number in found]


def _number(cell: str) -> float | None:
    try:
        return float(cell) if cell.strip().lower() not in ("none", "null") else math.nan
    except ValueError:
        return None


def log_ref(data: Dataset, log: Log) -> str:
    """Keep the series of a log, six digits of each number; the same ones give the same ref.

    Raises `EngineError` where they are too large to travel with a recipe.
    """
    values: list[Json] = [
        [None if number is None else float(f"{number:.6g}") for number in some] for some in log.values
    ]
    content: dict[str, Json] = {"name": log.name, "column": log.column, "keys": list(log.keys), "values": values}
    if (size := len(canonical(content))) > MOST_BYTES:
        raise EngineError(
            f"The series of {log.name} take {size / (1 << 20):,.0f} MB; at most {MOST_BYTES >> 20} MB go with a "
            "recipe. Take fewer steps, or write the lists into a column of the source and open it again."
        )
    return data.store.write_ref("series", content)
