"""Delimited text: CSV, TSV and their relatives."""

import codecs
import csv as csv_
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.csv

from engine.errors import EngineError
from engine.opening.sources._count import csv_records
from engine.opening.sources._input import LARGEST_ROW, SAMPLE_BYTES, Input, LargestRow, Report, Stream, utf8
from engine.opening.sources._values import HELD
from engine.registry import About, Help

_DELIMITERS = (",", "\t", ";", "|", "\x1f")
# Arrow reads up to 32 blocks ahead; a row must fit in one.
_BLOCK = 16 << 20


ABOUT = About(title="CSV", suffixes=(".csv", ".tsv", ".tab"), count=csv_records)


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
    missing, a quoted empty one is the empty text. A row with too many or too few cells, or that is not UTF-8, is
    rejected. `line` in a rejected row counts records, the header being the first.
    """
    blocks = utf8(source.path, report, encoding)
    sample = b""
    for block in blocks:
        sample += block
        if len(sample) >= SAMPLE_BYTES:
            break
    if not sample.strip():
        raise EngineError(f"{source.name} is empty. Choose a file with at least a header and one row.")
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    asked, quote = quote, quote or _quote(text)
    delimiter = delimiter or ("\t" if ".tsv" in source.name.lower() else _delimiter(text, quote))
    if not asked and delimiter == "\t" and _bare_quotes(text):
        quote = ""
    report.facts |= {"delimiter": delimiter, "quote": quote, "header": header}
    first, used = _first(text, delimiter, quote)
    names = first if header else [f"column {i + 1}" for i in range(len(first))]
    names = [name.strip() or f"column {i + 1}" for i, name in enumerate(names)]
    rest = chain([sample[used if header else 0 :]], blocks)
    yield from _batches(source, report, rest, names, delimiter, quote, 1 if header else 0)


def _batches(
    source: Input, report: Report, rest: Iterator[bytes], names: list[str], delimiter: str, quote: str, skipped: int
) -> Iterator[pa.RecordBatch]:
    # Arrow swallows what is raised inside its handler, so rows wait here until it is done with a block.
    ragged: list[pyarrow.csv.InvalidRow] = []
    told: list[int] = []

    def wait(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    keys = [f"f{i}" for i in range(len(names))]
    quotes = [0]
    stream = io.BufferedReader(Stream(_counting(rest, quote.encode(), quotes)), 1 << 20)
    if not stream.peek(1):
        return
    schema = pa.schema([pa.field(name, pa.large_string(), metadata={HELD: b"cells"}) for name in names])
    row = 0
    last: pa.RecordBatch | None = None
    try:
        reader = pyarrow.csv.open_csv(
            stream,
            pyarrow.csv.ReadOptions(column_names=keys, use_threads=False, block_size=_BLOCK),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char=quote or False, newlines_in_values=bool(quote), invalid_row_handler=wait
            ),
            pyarrow.csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(keys, pa.large_binary()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        for batch in reader:
            told += _reject(report, ragged, skipped)
            arrays, bad = _texts(batch)
            if bad:
                for at in bad:
                    raw = delimiter.encode().join(c[at].as_py() or b"" for c in batch.columns)
                    report.reject(
                        _record(row + at + 1, told) + skipped,
                        raw,
                        "bytes that are not UTF-8; if most of the file looks wrong, name its encoding, such as cp1252",
                    )
                keep = pa.array([i for i in range(batch.num_rows) if i not in bad], pa.int64())
                arrays, _ = _texts(batch.take(keep))
            row += batch.num_rows
            if last is not None:
                yield last
            last = pa.RecordBatch.from_arrays(arrays, schema=schema)
        told += _reject(report, ragged, skipped)
    except pa.ArrowInvalid as error:
        told += _reject(report, ragged, skipped)
        if "Empty CSV" not in str(error):
            long = "a row is longer than 16 MB, or a quote does not close" if "straddl" in str(error) else str(error)
            report.trouble = report.trouble or f"it cannot be read further: {long}"
    if last is not None:
        yield _closed(last, report, _record(row, told) + skipped) if quotes[0] % 2 else last


def _counting(blocks: Iterator[bytes], quote: bytes, total: list[int]) -> Iterator[bytes]:
    """The same blocks; counts the quotes in them."""
    for block in blocks:
        total[0] += block.count(quote) if quote else 0
        yield block


def _closed(batch: pa.RecordBatch, report: Report, line: int) -> pa.RecordBatch:
    """The last rows of a file with an odd number of quotes: a cell of the very last one may have taken in the rest."""
    cells = [c[-1].as_py() or "" for c in batch.columns] if batch.num_rows else []
    taken = sum(cell.count("\n") for cell in cells)
    if not taken:
        return batch
    said = f"a quote that does not close takes in {taken:,} lines, to the end of the file"
    report.reject(line, "\n".join(cells).encode(), said)
    return batch.slice(0, batch.num_rows - 1)


def _record(row: int, told: list[int]) -> int:
    """Which record of the file the so-many-th readable row is: those told of stand between."""
    for number in told:
        row += number <= row
    return row


def _reject(report: Report, ragged: list[pyarrow.csv.InvalidRow], skipped: int) -> list[int]:
    """Tell of the rows with too many or too few cells, and forget them; gives the numbers of their records."""
    numbers = sorted(row.number or 0 for row in ragged)
    for row in ragged:
        lines = row.text.count("\n")
        more = f"; a quote that does not close takes in {lines:,} lines" if lines > 100 else ""
        cells = "1 cell" if row.actual_columns == 1 else f"{row.actual_columns:,} cells"
        said = f"{cells} where the header has {row.expected_columns:,}{more}"
        report.reject((row.number or 0) + skipped, row.text.encode("utf-8", "surrogateescape"), said)
    ragged.clear()
    return numbers


def _texts(batch: pa.RecordBatch) -> tuple[list[pa.Array], set[int]]:
    """The columns as text, and the rows whose bytes are not UTF-8."""
    bad: set[int] = set()
    arrays = []
    for column in batch.columns:
        try:
            arrays.append(column.cast(pa.large_string()))
        except pa.ArrowInvalid:
            bad |= {i for i, v in enumerate(column.to_pylist()) if v is not None and not _readable(v)}
            arrays.append(column)
    return arrays, bad


def _readable(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first(text: str, delimiter: str, quote: str) -> tuple[list[str], int]:
    """The cells of the first record that is not blank, and how many bytes it takes up."""
    lines = text.splitlines(keepends=True) if "\n" not in text else text.split("\n")
    ended = lines if "\n" not in text else [line + "\n" for line in lines[:-1]] + lines[-1:]
    _unlimited()
    reader = csv_.reader(iter(ended), delimiter=delimiter, **_quoting(quote))
    for cells in reader:
        if any(c.strip() for c in cells):
            return cells, len("".join(ended[: reader.line_num]).encode())
    return [], 0


def _delimiter(text: str, quote: str) -> str:
    """The delimiter that cuts the first records into the same number of cells, more than one; else a comma."""
    _unlimited()
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            records = [
                r for r in islice(csv_.reader(io.StringIO(text), delimiter=delimiter, quotechar=quote), 100) if r
            ]
        except csv_.Error:
            continue
        # The sample may end within the last record.
        sizes = [len(r) for r in (records[:-1] if len(records) > 2 else records)]
        if sizes and sizes[0] > 1:
            score = sizes.count(sizes[0]) / len(sizes) + min(sizes[0], 50) / 1000
            if score > most:
                best, most = delimiter, score
    return best


def _quoting(quote: str) -> dict[str, Any]:
    return {"quotechar": quote} if quote else {"quoting": csv_.QUOTE_NONE}


def _bare_quotes(text: str) -> bool:
    """Whether quotes are only letters, as often in tables with tabs: they open cells and do not close them."""
    opened = text.count('\t"') + text.count('\n"')
    closed = text.count('"\t') + text.count('"\n') + text.count('"\r\n')
    return abs(opened - closed) > 1 + 0.01 * max(opened, closed)


def _quote(text: str) -> str:
    """The character around cells: double quotes, unless only single ones stand beside delimiters."""
    single = sum(text.count(f"{d}'") for d in _DELIMITERS[:4]) + text.count("\n'")
    closed = sum(text.count(f"'{d}") for d in _DELIMITERS[:4]) + text.count("'\n")
    return "'" if '"' not in text and min(single, closed) > 2 else '"'


def _unlimited() -> None:
    csv_.field_size_limit(1 << 30)
