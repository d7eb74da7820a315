"""Delimited text: CSV, TSV and their relatives."""

import codecs
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Annotated

import pyarrow as pa
import pyarrow.csv

from engine.errors import EngineError
from engine.opening.sources._count import csv_records
from engine.opening.sources._dialect import dialect
from engine.opening.sources._encoding import is_utf8
from engine.opening.sources._input import (
    LARGEST_ROW,
    SAMPLE_BYTES,
    Input,
    LargestRow,
    Report,
    Stream,
    set_aside,
    too_long,
    utf8,
)
from engine.opening.sources._records import MOST_CELLS, Cut, cut
from engine.opening.sources._values import HELD
from engine.registry import About, Help

# Arrow reads up to 32 blocks ahead, and a row must fit in one.
_BLOCK = 8 << 20
_BATCH_ROWS = 20_000
_BATCH_BYTES = 8 << 20
_NOT_UTF8 = "bytes that are not UTF-8; if most of the file looks wrong, name its encoding, such as cp1252"


ABOUT = About(title="CSV", suffixes=(".csv", ".tsv", ".tab"), count=csv_records)


@dataclass(frozen=True)
class _Form:
    """How the cells of a file stand, and its columns. skipped: records up to the first row; largest: bytes of a row."""

    delimiter: str
    quote: str
    names: tuple[str, ...]
    skipped: int
    largest: int

    @property
    def schema(self) -> pa.Schema:
        """Every column as text that is yet to be looked at."""
        return pa.schema([pa.field(name, pa.large_string(), metadata={HELD: b"cells"}) for name in self.names])


def csv(
    source: Input,
    report: Report,
    *,
    delimiter: Annotated[str | None, Help("what stands between cells; found by itself when not given")] = None,
    quote: Annotated[str | None, Help("what stands around a cell; found by itself when not given")] = None,
    header: Annotated[bool, Help("whether the first line names the columns")] = True,
    encoding: Annotated[str | None, Help("such as cp1252; found by itself when not given")] = None,
    largest_row: LargestRow = LARGEST_ROW,
) -> Iterator[pa.RecordBatch]:
    """Read delimited text (delimiter: {delimiter}, quote: {quote}, header: {header}, encoding: {encoding}).

    Every cell comes as text, marked `cells`; types are found once the whole file has been seen. An absent cell is
    missing, a quoted empty one is the empty text. A row with too many or too few cells, that is not UTF-8 or that is
    longer than {largest_row} MB is rejected. `line` in a rejected row counts records, the header being the first.

    Arrow reads as far as it can. From the first block on that it cannot read (a row longer than a block, bytes that are
    not UTF-8), the file is read record by record.
    """
    blocks = utf8(source.path, report, encoding)
    sample = b""
    for block in blocks:
        sample += block
        if len(sample) >= SAMPLE_BYTES:
            break
    if len(sample) < SAMPLE_BYTES and not sample.strip():
        raise EngineError(f"{source.name} is empty. Choose a file with at least a header and one row.")
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    delimiter, quote = dialect(text, source.name, delimiter or "", quote or "")
    report.facts |= {"delimiter": delimiter, "quote": quote, "header": header}
    seen = [sample]
    records = cut(chain([sample], _noted(blocks, seen, largest_row << 20)), delimiter, quote, largest_row << 20)
    first, skipped = _first(records, report, source.name, largest_row, header)
    names = [_text(cell).strip() for cell in first.cells] if header else [""] * len(first.cells)
    names = [name or f"column {i + 1}" for i, name in enumerate(names)]
    form = _Form(delimiter, quote, tuple(names), skipped, largest_row << 20)
    rest = chain([b"".join(seen)[first.end if header else 0 :]], blocks)
    told: set[int] = set()
    done = yield from _read_fast(rest, report, form, told)
    if done is not None:
        again = cut(utf8(source.path, report, encoding), delimiter, quote, form.largest)
        yield from _read_on(again, report, form, done, told)


def _noted(blocks: Iterator[bytes], seen: list[bytes], most: int) -> Iterator[bytes]:
    """The same blocks, each kept in `seen` as well, until that holds more than so many bytes."""
    while sum(map(len, seen)) <= most and (block := next(blocks, None)) is not None:
        seen.append(block)
        yield block


def _first(records: Iterator[Cut], report: Report, name: str, largest_row: int, header: bool) -> tuple[Cut, int]:
    """The first record, or the one that names the columns; and how many stand before the first row."""
    number = 0
    for number, record in enumerate(records, 1):
        if record.too_long:
            raise EngineError(
                f"The first row of {name} is longer than {largest_row:,} MB, or has more than {MOST_CELLS:,} cells. "
                "Is it delimited text? If it is, open again with --largest-row and more MB."
            )
        if not header:
            return record, 0
        if any((cell or b"").strip() for cell in record.cells):
            return record, number
        set_aside(report, number, record.raw, "nothing in it, and it stands before the header")
    return Cut([], b"", 0, 0), number


def _read_fast(
    rest: Iterator[bytes], report: Report, form: _Form, told: set[int]
) -> Generator[pa.RecordBatch, None, int | None]:
    """The rows as Arrow reads them; returns the number of the last record read where it gives up, None at the end.

    told: numbers of the records that were rejected, filled as they come.
    """
    # Arrow swallows what is raised inside its handler, so rows wait here until it is done with a block.
    ragged: list[pyarrow.csv.InvalidRow] = []

    def wait(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    if not form.names:
        return None
    keys = [f"f{i}" for i in range(len(form.names))]
    quotes = [0]
    block = min(_BLOCK, form.largest // 4)  # a row of more than two is not read here
    row = 0
    last: pa.RecordBatch | None = None
    try:
        reader = pyarrow.csv.open_csv(
            Stream(_whole_ends(_valid(_counting(rest, form.quote.encode(), quotes)), block)),
            pyarrow.csv.ReadOptions(column_names=keys, use_threads=False, block_size=block),
            pyarrow.csv.ParseOptions(
                delimiter=form.delimiter,
                quote_char=form.quote or False,
                newlines_in_values=bool(form.quote),
                invalid_row_handler=wait,
            ),
            pyarrow.csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(keys, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        for batch in reader:
            told |= _reject(report, ragged, form)
            row += batch.num_rows
            if last is not None:
                yield last
            last = pa.RecordBatch.from_arrays(batch.columns, schema=form.schema)
        told |= _reject(report, ragged, form)
    except (pa.ArrowInvalid, pa.ArrowCapacityError, UnicodeDecodeError):
        if last is not None:
            yield last
        return _record(row, told)
    if last is not None:
        if quotes[0] % 2 and last.num_rows and any("\n" in (cells[-1].as_py() or "") for cells in last.columns):
            yield last.slice(0, last.num_rows - 1)  # does a quote of the last row not close? That reader can tell
            return _record(row, told) - 1
        yield last
    return None


def _read_on(
    records: Iterator[Cut], report: Report, form: _Form, done: int, told: set[int]
) -> Iterator[pa.RecordBatch]:
    """The rows behind the so-many-th record below the header, one at a time; those told of are passed over."""
    rows: list[list[bytes | None]] = []
    size = 0
    for number, record in enumerate(records, 1 - form.skipped):
        if number <= done or number in told:
            continue
        if why := _unfit(record, form):
            set_aside(report, number + form.skipped, record.raw, why)
            continue
        rows.append(record.cells)
        size += len(record.raw)
        if len(rows) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield _batch(rows, form)
            rows, size = [], 0
    if rows:
        yield _batch(rows, form)


def _unfit(record: Cut, form: _Form) -> str:
    """Why a record cannot be a row, "" where it can."""
    lines = f"; it takes in {record.lines:,} lines" if record.lines > 100 else ""
    if record.size > form.largest:
        return too_long(record.size, form.largest) + lines
    if record.too_long:
        return f"more than {MOST_CELLS:,} cells{lines}"
    if record.open and record.lines:
        return f"a quote that does not close takes in {record.lines:,} lines, to the end of the file"
    if len(record.cells) != len(form.names):
        return _ragged(len(record.cells), len(form.names), record.lines)
    return "" if is_utf8(record.raw) else _NOT_UTF8


def _batch(rows: list[list[bytes | None]], form: _Form) -> pa.RecordBatch:
    columns = [pa.array(cells, pa.large_binary()).cast(pa.large_string()) for cells in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=form.schema)


def _whole_ends(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Blocks of `size` at most, never parted between \\r and \\n: Arrow would drop the \\n, also inside a cell."""
    waiting: list[bytes] = []
    room = size - 1
    for block in blocks:
        at = 0
        while len(block) - at > room:
            end = at + room + block.startswith(b"\n", at + room)
            yield b"".join([*waiting, block[at:end]])
            waiting, room, at = [], size - 1, end
        waiting.append(block[at:])
        room -= len(block) - at
    if any(waiting):
        yield b"".join(waiting)


def _counting(blocks: Iterator[bytes], quote: bytes, total: list[int]) -> Iterator[bytes]:
    """The same blocks; counts the quotes in them."""
    for block in blocks:
        total[0] += block.count(quote) if quote else 0
        yield block


def _valid(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same blocks as long as they are UTF-8: Arrow loses all behind a ragged row that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in blocks:
        decoder.decode(block)
        yield block
    decoder.decode(b"", True)


def _record(row: int, told: set[int]) -> int:
    """Which record below the header the so-many-th readable row is: those told of stand between."""
    for number in sorted(told):
        row += number <= row
    return row


def _reject(report: Report, ragged: list[pyarrow.csv.InvalidRow], form: _Form) -> set[int]:
    """Tell of the rows with too many or too few cells, and forget them; gives the numbers of their records."""
    numbers = {row.number or 0 for row in ragged}
    for row in ragged:
        why = _ragged(row.actual_columns, row.expected_columns, row.text.count("\n"))
        set_aside(report, (row.number or 0) + form.skipped, row.text.encode(), why)
    ragged.clear()
    return numbers


def _ragged(cells: int, expected: int, lines: int) -> str:
    more = f"; a quote that does not close takes in {lines:,} lines" if lines > 100 else ""
    return f"{'1 cell' if cells == 1 else f'{cells:,} cells'} where the header has {expected:,}{more}"


def _text(cell: bytes | None) -> str:
    return (cell or b"").decode("utf-8", "replace")
