"""Rows as chats: the turns of each, and the rows that have none counted with the reason."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import orjson

from engine.exporting.formats._changes import Changes
from engine.exporting.formats._json import SUFFIX, Compression, dump, members, writing_lines
from engine.exporting.formats._output import Output, Turn, Written


def write_chats(
    output: Output, path: Path, compression: Compression, shaped: Callable[[list[Turn]], dict[str, object] | str]
) -> Written:
    """Write one JSON object a row. shaped: the turns -> the object, or the reason why the format cannot hold them."""
    path = path.with_name(path.name + SUFFIX[compression])
    unfit: list[int] = []
    reasons: list[str] = []
    written = 0
    changes = Changes()
    with writing_lines(path, compression) as file:
        for start, rows in output.slices():
            good: list[int] = []
            objects: list[dict[str, object]] = []
            for i, turns in enumerate(output.turns(rows)):
                made = turns if isinstance(turns, str) else shaped(turns)
                if isinstance(made, str):
                    unfit.append(int(rows[i]))
                    reasons.append(made)
                else:
                    good.append(i)
                    objects.append(made)
            more = _more(output, rows, start, changes)
            file.write(b"".join(_line(one, more[i]) for i, one in zip(good, objects, strict=True)))
            written += len(good)
    return Written((path,), written, np.array(unfit, np.int64), tuple(reasons), changes.sentences)


def _more(output: Output, rows: np.ndarray, start: int, changes: Changes) -> list[list[bytes]]:
    import pyarrow as pa

    arrays = output.added(rows, start)
    if not arrays:
        return [[] for _ in rows]
    names = [e.name for e in output.extras]
    return members(names, pa.Table.from_arrays(arrays, names=names), changes)


def _line(one: dict[str, object], more: list[bytes]) -> bytes:
    return b"{" + b",".join([*(orjson.dumps(k) + b":" + dump(v) for k, v in one.items()), *more]) + b"}\n"


def said(turn: Turn) -> str:
    """What a turn says, as text; a part that is not text is left to the formats that can hold it."""
    content = turn.get("content")
    return content if isinstance(content, str) else ""


def only_text(turns: list[Turn]) -> str | None:
    """The reason why turns cannot go into a format of plain texts, or None."""
    if any(turn.get("tool_calls") or turn.get("function_call") for turn in turns):
        return "it has a tool call, which this format cannot hold"
    if not all(isinstance(turn.get("content"), str) for turn in turns):
        return "it has a part that is not text"
    return None
