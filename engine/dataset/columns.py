"""What a column is: its key and name, its type, and where it came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from engine.registry import Json
from engine.store import Artefact

ColumnType = Literal["text", "integer", "number", "boolean", "date", "list", "json", "category"]


@dataclass(frozen=True)
class ColumnInfo:
    """A column as the screen names it.

    key: unique, what recipes say. name: as in the source (may repeat). stored: where it lies.
    unit: of a number, such as "characters" or "similarity, -1 to 1".
    """

    key: str
    name: str
    type: ColumnType
    origin: Literal["source", "edit", "signal", "clusters"] = "source"
    role: str = ""
    unit: str = ""
    stored: str = ""
    labels: tuple[str, ...] = ()
    identity: str = ""


def source_column(c: Mapping[str, Json]) -> ColumnInfo:
    """A column of the source, as the record of the dataset describes it."""
    return ColumnInfo(
        key=str(c["key"]),
        name=str(c["name"]),
        type=cast(ColumnType, c["type"]),
        role=str(c.get("role", "")),
        stored=str(c["stored"]),
    )


def added_columns(artefact: Artefact, taken: Collection[str] = ()) -> dict[str, ColumnInfo]:
    """The columns that an artefact adds, as its sidecar lists them under `columns`.

    taken: keys of the source. What is in the source stays reachable: a signal `words` beside a column `words` has the
    key `words (signal)`.
    """
    found = {}
    for c in cast(list[dict[str, Json]], artefact.notes.get("columns", [])):
        said = str(c["key"])
        key = f"{said} ({c['origin']})" if said in taken else said
        found[key] = ColumnInfo(
            key=key,
            name=str(c.get("name", said)),
            type=cast(ColumnType, c["type"]),
            origin=cast(Literal["edit", "signal", "clusters"], c["origin"]),
            unit=str(c.get("unit", "")),
            stored=f"{artefact.key}/{c['array']}",
            labels=tuple(cast(list[str], c.get("labels", []))),
            identity=artefact.identity,
        )
    return found


def without_origin(key: str) -> str:
    """The key of a signal or an edit as it is called where the source has no column of that name."""
    return key.removesuffix(" (signal)").removesuffix(" (edit)")
