"""JSON lines: one object a line."""

import json as json_
from collections.abc import Iterator
from typing import Annotated

import orjson
import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._input import Input, Report, split_lines, utf8
from engine.opening.sources._values import Kinds, batch_of
from engine.registry import About, Help

_BATCH_BYTES = 8 << 20
_BATCH_ROWS = 20_000
# orjson turns integers beyond 64 bits into floats without a word; such lines go to the slower reader that keeps them.
_AS_ZEROS = bytes(48 if 48 <= c <= 57 else 32 for c in range(256))
_LONG_NUMBER = b"0" * 19


ABOUT = About(title="JSON lines", suffixes=(".jsonl", ".ndjson"))


def jsonl(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as utf-16; found by itself when not given")] = None,
) -> Iterator[pa.RecordBatch]:
    """Read JSON lines, one object a line (encoding: {encoding}).

    The bytes of each row are kept in the column `raw`. A line that is not an object is rejected; where the first line
    is a text, number or list, every line becomes a column `value`.
    """
    kinds = Kinds(report.drift)
    rows: list[dict[str, object]] = []
    raws: list[bytes] = []
    size = done = 0
    plain: bool | None = None
    for number, line in enumerate(split_lines(utf8(source.path, report, encoding, few_bad=3)), 1):
        line = line.strip(b"\r\t ")
        if not line:
            continue
        value, reason = parsed(line)
        if not reason and plain is None:
            plain = not isinstance(value, dict)
        if not reason and isinstance(value, dict) == plain:
            reason = (
                "not an object as the first line is"
                if not plain
                else "an object, where the first line is a plain value"
            )
        if reason:
            report.reject(number, line, reason)
            continue
        rows.append(value if isinstance(value, dict) else {"value": value})
        raws.append(line)
        size += len(line)
        if size >= _BATCH_BYTES or len(rows) >= _BATCH_ROWS:
            yield batch_of(rows, raws, kinds, done)
            done += len(rows)
            rows, raws, size = [], [], 0
    if rows:
        yield batch_of(rows, raws, kinds, done)
    elif not done and plain is None and not report.trouble and not source.path.stat().st_size:
        raise EngineError(f"{source.name} is empty. Choose a file with at least one row.")


def parsed(text: bytes) -> tuple[object, str]:
    """The value of a JSON text, or the reason why it is none. Integers of any size and NaN are kept."""
    try:
        if _LONG_NUMBER not in text.translate(_AS_ZEROS):
            return orjson.loads(text), ""
    except orjson.JSONDecodeError:
        pass
    try:
        return json_.loads(text.decode()), ""
    except UnicodeDecodeError as error:
        return None, f"bytes that are not UTF-8 at position {error.start:,}"
    except json_.JSONDecodeError as error:
        return None, f"not JSON: {error.msg} at character {error.pos:,}"
    except (RecursionError, ValueError) as error:
        return None, f"not readable: {error}"
