"""What a column is: its key and name, its type, and where it came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.store import Artefact, read

ColumnType = Literal["text", "integer", "number", "boolean", "date", "list", "json", "category"]
MISSING = "(missing)"
"""What rows without a value are called as a group of a column: on the screen, in quotas and in evidence."""

ColumnOrigin = Literal["source", "edit", "signal", "topics"]

COLUMN_FITS: Mapping[str, tuple[ColumnType, ...]] = {
    "number": ("integer", "number"),
    "text": ("text",),
    "category": ("text", "category", "boolean", "integer", "list"),
    "date": ("date",),
}
"""The types of columns to choose from, by what a parameter asks for; where it asks for nothing, any fits."""


@dataclass(frozen=True)
class ColumnInfo:
    """A column as the screen names it.

    key: unique, what recipes say. name: as in the source (may repeat). thing: key of the artefact that it lies in, ""
    for one of the source; stored: its name there.
    unit: of a number, such as "characters" or "similarity, -1 to 1". held: what its stored text stands for: `number`,
    `date` and `moment` (a date in UTC) are read as such; `integer` (beyond 64 bits) and `json` come as text.
    """

    key: str
    name: str
    type: ColumnType
    origin: ColumnOrigin = "source"
    role: str = ""
    unit: str = ""
    thing: str = ""
    stored: str = ""
    labels: tuple[str, ...] = ()
    identity: str = ""
    held: str = ""

    @property
    def names_rows(self) -> bool:
        """Whether its values seem to be names of rows, by its role or by what it is called; nobody cuts by such."""
        key = self.key.lower()
        return self.role == "id" or (self.origin == "source" and (key in ("id", "key", "uuid") or key.endswith("_id")))


@dataclass(frozen=True)
class AddedColumn:
    """A column as the sidecar of an artefact lists it under `columns`. array: the one of its arrays that holds it."""

    key: str
    name: str
    type: ColumnType
    origin: ColumnOrigin
    array: str
    unit: str = ""
    labels: tuple[str, ...] = ()


def added_columns(artefact: Artefact, taken: Collection[str] = ()) -> dict[str, ColumnInfo]:
    """The columns that an artefact adds, as its sidecar lists them.

    taken: keys of the source. What is in the source stays reachable: a signal `words` beside a column `words` has the
    key `words (signal)`.
    """
    listed = artefact.notes.get("columns", [])
    found = {}
    for body in listed if isinstance(listed, list) else []:
        c = read(AddedColumn, body, f"a column of {artefact.key!r}")
        key = f"{c.key} ({c.origin})" if c.key in taken else c.key
        found[key] = ColumnInfo(
            key, c.name, c.type, c.origin, "", c.unit, artefact.key, c.array, c.labels, artefact.identity
        )
    return found


def without_origin(key: str) -> str:
    """The key of a signal or an edit as it is called where the source has no column of that name."""
    return key.removesuffix(" (signal)").removesuffix(" (edit)")
