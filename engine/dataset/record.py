"""The record of a dataset: where its rows came from, what its columns are, and what each key means now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from engine.dataset.columns import ColumnType
from engine.registry import Json
from engine.store import FORMAT, Store, plain, read_stored
from engine.text import TextView


@dataclass(frozen=True)
class SourceFile:
    """A file that was read. bytes, sha256: as it lies on disk; facts: what its reader found (encoding, delimiter …).

    schema: of a file that has types, what it says of its columns, by key; see `schema_of`.
    """

    name: str
    path: str
    bytes: int
    sha256: str
    format: str = ""
    rows: int = 0
    rejected: int = 0
    facts: Mapping[str, Json] = field(default_factory=dict)
    schema: str = ""


@dataclass(frozen=True)
class Drift:
    """A column that holds something else from a row on; row: counted from 0 within the file."""

    file: str
    column: str
    row: int
    before: str
    after: str


@dataclass(frozen=True)
class Rows:
    """A file of rows: a segment of the one table."""

    file: str
    rows: int


@dataclass(frozen=True)
class SourceColumn:
    """A column of the source.

    stored: its name in the file of rows. held: what its text stands for, as in `ColumnInfo`. written: the shape in
    which dates or truth values were written. read_as: its type before a person made it a category.
    """

    key: str
    name: str
    type: ColumnType
    stored: str
    role: str = ""
    held: str = ""
    written: str = ""
    read_as: ColumnType | None = None

    @property
    def plain_type(self) -> ColumnType:
        """The type as it was read, before anybody made it a category."""
        return self.read_as or self.type

    def as_category(self, yes: bool = True) -> "SourceColumn":
        """The same column, counted as categories, or no longer."""
        return replace(self, type="category" if yes else self.plain_type, read_as=self.plain_type)


@dataclass(frozen=True)
class Record:
    """What dataset.json holds.

    fingerprint: digest of the files and of how they were read. rows_read: rows before a sample was drawn. current: the
    identity that a key means, where several artefacts have it. rejected: rows that could not be read.
    """

    name: str
    revision: int
    fingerprint: str
    files: tuple[SourceFile, ...]
    rows_read: int
    source_options: Mapping[str, Json]
    segments: tuple[Rows, ...]
    columns: tuple[SourceColumn, ...]
    drift: tuple[Drift, ...] = ()
    text_view: TextView = TextView()
    current: Mapping[str, str] = field(default_factory=dict)
    rejected: int = 0
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of the one table."""
        return sum(segment.rows for segment in self.segments)


def read_record(store: Store) -> Record:
    """The record of a dataset; raises `NotFound` where there is none."""
    return read_stored(Record, store.record_json(), f"the record of {store.folder.name!r}")


def write_record(store: Store, record: Record) -> None:
    store.write_record_json(plain(record))  # type: ignore[arg-type]


def change_record(store: Store, change: Callable[[Record], Record]) -> None:
    """Write what `change` makes of the record; others that change it wait, so that nothing of theirs is lost."""
    with store.record_alone():
        write_record(store, change(read_record(store)))


def make_current(store: Store, key: str, identity: str) -> None:
    """Let a key mean this artefact, of several that have it."""
    change_record(store, lambda record: replace(record, current={**record.current, key: identity}))
