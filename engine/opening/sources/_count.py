"""How many records a file holds, found without its reader: what no reader can lose without being noticed."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import EngineError
from engine.opening.sources._input import Input, blocks, silent, utf8
from engine.registry import Json

Facts = Mapping[str, Json]
Tick = Callable[[int], None]

_END = 10


def unpacked(source: Input, facts: Facts, tick: Tick, number: Callable[[Iterator[bytes]], int]) -> int:
    """A number counted over the file as UTF-8; one more where its packing is damaged: the reader lists that too."""
    report = silent(tick)
    encoding = facts.get("encoding")
    return number(utf8(source.path, report, str(encoding) if encoding else None)) + bool(report.trouble)


def json_lines(source: Input, facts: Facts, tick: Tick) -> int:
    """The lines that are not blank."""
    return unpacked(source, facts, tick, lambda text: filled_lines(text, b" \t\r"))


def text_lines(source: Input, facts: Facts, tick: Tick) -> int:
    """The lines that are not blank; a form feed is blank too."""
    return unpacked(source, facts, tick, lambda text: filled_lines(text, b" \t\r\v\f"))


def texts_of(source: Input, facts: Facts, tick: Tick) -> int:
    """The files of a folder; one more for each with a damaged packing, of which the readable part is a row."""
    return len(source.files) + sum(_damaged(path) for path in source.files)


def footer_rows(source: Input, facts: Facts, tick: Tick) -> int:
    """The rows that the footer of a Parquet file says."""
    try:
        return int(pq.read_metadata(source.path).num_rows)
    except (pa.ArrowInvalid, OSError) as error:
        raise EngineError(f"{source.name} has no footer that says its rows: {error}. Write it again.") from error


def table_rows(source: Input, facts: Facts, tick: Tick) -> int:
    """The rows of a table in memory."""
    return 0 if source.frame is None else int(source.frame.num_rows)


def csv_records(source: Input, facts: Facts, tick: Tick) -> int:
    """The records by the rules of quotes: a line end within a quoted cell ends none, an empty line is none."""
    quote, delimiter = str(facts.get("quote") or ""), str(facts.get("delimiter") or ",")

    def records(text: Iterator[bytes]) -> int:
        plain = outside_quotes(text, delimiter.encode(), quote.encode()) if quote else text
        return filled_lines((block.replace(b"\r", b"\n") for block in plain), b"")

    found = unpacked(source, facts, tick, records)
    return found - 1 if facts.get("header") and found else found


def _damaged(path: Path) -> bool:
    """Whether the packing of a file breaks off; a file that cannot be read at all is rejected as such."""
    report = silent()
    try:
        deque(blocks(path, report), maxlen=0)
    except EngineError:
        return False
    return bool(report.trouble)


def filled_lines(text: Iterator[bytes], blank: bytes) -> int:
    """How many lines have anything but `blank` bytes in them.

    >>> filled_lines(iter([b"a", b"b\\n \\n", b"\\nc"]), b" ")
    2
    """
    found, begun = 0, False
    for block in text:
        block = block.translate(None, blank)
        if block:
            ends = np.frombuffer(block, np.uint8) == _END
            found += int(np.count_nonzero(ends[1:] & ~ends[:-1])) + int(begun and ends[0])
            begun = not ends[-1]
    return found + int(begun)


def outside_quotes(text: Iterator[bytes], delimiter: bytes, quote: bytes) -> Iterator[bytes]:
    """The same text with every quoted cell blotted out, so that each line end left ends a record.

    A quote opens a cell only where the cell starts; a doubled one within it is text. What stands between two blocks is
    kept as three facts, so that a quote that never closes takes no memory.

    >>> b"".join(outside_quotes(iter([b'a,"b\\n', b'""c",5"\\n']), b",", b'"')).count(b"\\n")
    1
    """
    ends_of_cells = delimiter + b"\n\r"
    q, ends = re.escape(quote), re.escape(delimiter) + rb"\n\r"
    inner = rb"[^%b]*+(?:%b%b[^%b]*+)*+" % (q, q, q, q)
    close = re.compile(inner + q)
    cell = re.compile(rb"%b(?<![^%b]%b)%b(%b?)" % (q, ends, q, inner, q))
    inside, fresh, run = False, True, 0
    for block in _then_an_end(text):
        # A quote at the end of a block may be the first half of a doubled one; of a run only odd or even matters.
        part = quote * (2 - run % 2 if run else 0) + block
        body = part.rstrip(quote) if block else part
        run = len(part) - len(body)
        if not body:
            continue
        plain, now_inside = _by_parity(body, ends_of_cells, quote, inside, fresh)
        if plain is None:
            plain, now_inside = b"", inside
            closed = close.match(body) if inside else None
            if closed or not inside:
                # The sign in front keeps a quote in the middle of a cell from being taken for one at its start.
                rest = b"x" + body[closed.end() :] if closed else (b"" if fresh else b"x") + body
                plain = cell.sub(rb"\0\1", rest.replace(b"\0", b"?"))
                now_inside = plain.endswith(b"\0")
        inside, fresh = now_inside, not now_inside and body[-1] in ends_of_cells
        yield plain


def _by_parity(body: bytes, ends: bytes, quote: bytes, inside: bool, fresh: bool) -> tuple[bytes | None, bool]:
    """The text with what stands between quotes blotted out, the quick way: by whether the quotes so far are even.

    None where a quote stands in the middle of a cell and so is only a sign: then each cell has to be looked at.
    """
    signs = np.frombuffer(body, np.uint8)
    quotes = signs == quote[0]
    at = np.flatnonzero(quotes)
    if not len(at):
        return (b"x" if inside else body), inside
    opening = at[int(inside) :: 2]
    before = signs[opening - 1]  # of one at the very start this looks at the end, and is set right below
    good = np.isin(before, np.frombuffer(ends + quote, np.uint8))
    if len(opening) and opening[0] == 0:
        good[0] = fresh
    if not good.all():
        return None, inside
    covered = (np.cumsum(quotes, dtype=np.uint8) + np.uint8(inside)) & 1
    return np.where(covered, np.uint8(ord("x")), signs).tobytes(), bool(covered[-1])


def _then_an_end(text: Iterator[bytes]) -> Iterator[bytes]:
    yield from (block for block in text if block)
    yield b""
