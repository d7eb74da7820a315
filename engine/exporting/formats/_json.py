"""Rows as JSON: numbers, dates and nested values as other programs read them."""

import base64
import datetime
import decimal
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias, cast

import numpy as np
import orjson
import pyarrow as pa

from engine.exporting.formats._output import Output, Row, as_written

Compression: TypeAlias = Literal["none", "gzip", "zstd"]
SUFFIX = {"none": "", "gzip": ".gz", "zstd": ".zst"}


@contextmanager
def writing_lines(path: Path, compression: Compression) -> Iterator[pa.NativeFile]:
    """A file to write bytes to, packed as asked."""
    with pa.OSFile(str(path), "wb") as file:
        if compression == "none":
            yield file
        else:
            with pa.CompressedOutputStream(file, compression) as packed:
                yield packed


def reading(path: Path) -> Iterator[bytes]:
    """The lines of a file that `writing_lines` wrote, a block at a time."""
    packing = next((k for k, suffix in SUFFIX.items() if suffix and path.name.endswith(suffix)), None)
    with pa.input_stream(str(path), compression=packing) as file:
        rest = b""
        while block := file.read(1 << 20):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
        if rest:
            yield rest


def dump(value: object) -> bytes:
    """A value as JSON in UTF-8 on one line: dates as ISO 8601, decimals digit by digit, bytes as text or base64."""
    try:
        return orjson.dumps(value, default=_other, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        # Whole numbers past 64 bits and halves of surrogate pairs are beyond orjson.
        return json.dumps(value, default=_plain, separators=(",", ":")).encode()


def _other(value: object) -> object:
    if isinstance(value, decimal.Decimal):
        return orjson.Fragment(str(value))
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    return str(value)


def lines(output: Output, rows: np.ndarray, start: int) -> list[bytes]:
    """Each row of a batch as one JSON object.

    A row of a JSON source goes out as the bytes that came in, with the columns that were added put in at its end. Where
    columns were left out, its values are taken from those bytes, so that what was absent stays absent.
    """
    extra = _extras(output, rows, start)
    raws = None if _renamed(output) else output.data.raw(rows)
    if raws is None:
        return [_object([*one, *more]) for one, more in zip(_built(output, output.columns, rows), extra, strict=True)]
    held = _held(output)
    source = [k for k in output.columns if k in held]
    chosen = [n for k, n in zip(output.columns, output.names, strict=True) if k in set(source)]
    beside = _built(output, [k for k in output.columns if k not in set(source)], rows)
    found = []
    for i, raw in enumerate(raws):
        more = [*beside[i], *extra[i]]
        if raw is None or not raw.lstrip().startswith(b"{"):  # pooled with a source that is not JSON
            found.append(_object([*_built(output, source, rows[i : i + 1])[0], *more]))
        elif source == held:
            found.append(_with(_one_line(raw), more))
        else:
            found.append(_with(_chosen(raw, chosen), more))
    return found


def members(names: Sequence[str], table: pa.Table) -> list[list[bytes]]:
    """`"name":value` of each column, row by row."""
    columns = [[dump(v) for v in column.to_pylist()] for column in table.columns]
    keys = [orjson.dumps(n) + b":" for n in names]
    return [[k + v for k, v in zip(keys, row, strict=True)] for row in zip(*columns, strict=True)] or [
        [] for _ in range(table.num_rows)
    ]


def _held(output: Output) -> list[str]:
    """The columns that stand in the bytes of a JSON row: those of the source, but for the one that pooling added."""
    keys = [c.key for c in output.data.columns.values() if c.origin == "source"]
    return keys[:-1] if len(output.data.record.files) > 1 else keys


def _renamed(output: Output) -> bool:
    """Whether files were pooled under other names than their own; their bytes then say the old ones."""
    return bool(output.data.record.source_options.get("file_roles"))


def _object(members: list[bytes]) -> bytes:
    return b"{" + b",".join(members) + b"}"


def _built(output: Output, keys: Sequence[str], rows: np.ndarray) -> list[list[bytes]]:
    """`"name":value` of some columns, row by row; a name that repeats gives way to its key, as an object needs."""
    found: list[list[bytes]] = [[] for _ in rows]
    for key in keys:
        name = output.names[output.columns.index(key)]
        head = orjson.dumps(name if output.names.count(name) == 1 else key) + b":"
        as_is = output.data.columns[key].type in ("json", "integer")  # JSON text, or an integer past 64 bits as text
        column = output.data.column(key, rows)
        if key in output.shapes and not pa.types.is_boolean(column.type):
            column = as_written(column, output.shapes[key])
        for one, value in zip(found, column.to_pylist(), strict=True):
            one.append(head + (value.encode() if as_is and isinstance(value, str) else dump(value)))
    return found


def _extras(output: Output, rows: np.ndarray, start: int) -> list[list[bytes]]:
    if not output.extras:
        return [[] for _ in rows]
    arrays = output.added(rows, start)
    names = [e.name for e in output.extras]
    return members(names, pa.Table.from_arrays(arrays, names=[str(i) for i in range(len(arrays))]))


def _one_line(raw: bytes) -> bytes:
    # A line break inside a JSON string is written \n, so a real one can only stand between values.
    return raw.strip().replace(b"\r", b" ").replace(b"\n", b" ")


def _with(head: bytes, more: list[bytes]) -> bytes:
    if not more:
        return head
    inside = head.rstrip()[1:-1].strip()
    return b"{" + b",".join([*([inside] if inside else []), *more]) + b"}"


def _chosen(raw: bytes, names: list[str]) -> bytes:
    value = cast(dict[str, object], json.loads(raw, parse_float=decimal.Decimal))
    return b"{" + b",".join(orjson.dumps(n) + b":" + dump(value[n]) for n in names if n in value) + b"}"


def pairs(line: bytes) -> Row:
    """A line as pairs of name and value; whole numbers of any size, and names that repeat, are kept."""
    return cast(Row, json.loads(line, object_pairs_hook=tuple)) if line.strip() else ()
