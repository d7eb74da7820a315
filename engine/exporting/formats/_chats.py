"""Rows as chats: the turns of each, and the rows that have none counted with the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import numpy as np
import orjson

from engine.errors import EngineError
from engine.exporting.formats._changes import Changes
from engine.exporting.formats._json import SUFFIX, Compression, dump, members, writing_lines
from engine.exporting.formats._output import Output, Turn, Written
from engine.registry import Help

WithoutUser: TypeAlias = Annotated[
    Literal["refuse", "leave out"],
    Help("A chat in which no user speaks teaches nobody to answer: refuse to write, or leave such rows out"),
]
NO_USER = "it has no user turn"
_SHOWN = 3


def write_chats(
    output: Output,
    path: Path,
    compression: Compression,
    without_user: WithoutUser,
    shaped: Callable[[list[Turn]], dict[str, object] | str],
) -> Written:
    """Write one JSON object a row. shaped: the turns -> the object, or the reason why the format cannot hold them.

    All rows are looked over first: raises `EngineError` where no user speaks in some, unless those are to be left out.
    """
    if without_user == "refuse":
        refuse_without_user(output)
    path = path.with_name(path.name + SUFFIX[compression])
    unfit: list[int] = []
    reasons: list[str] = []
    written = 0
    changes = Changes()
    with writing_lines(path, compression) as file:
        for ranks, rows in output.slices():
            good: list[int] = []
            objects: list[dict[str, object]] = []
            for i, turns in enumerate(output.turns(rows)):
                made = turns if isinstance(turns, str) else shaped(turns) if has_user(turns) else NO_USER
                if isinstance(made, str):
                    unfit.append(int(rows[i]))
                    reasons.append(made)
                else:
                    good.append(i)
                    objects.append(made)
            more = _more(output, rows, ranks, changes)
            file.write(b"".join(_line(one, more[i]) for i, one in zip(good, objects, strict=True)))
            written += len(good)
    return Written((path,), written, np.array(unfit, np.int64), tuple(reasons), changes.sentences)


def has_user(turns: list[Turn]) -> bool:
    """Whether a user says something in a chat."""
    return any(str(turn["role"]).lower() in ("user", "human", "prompter") for turn in turns)


def refuse_without_user(output: Output) -> None:
    """Raise `EngineError` where no user speaks in some chats, with their number, the first of them, and the way out."""
    found: list[int] = []
    for rows in output.every():
        found += [
            int(row)
            for row, turns in zip(rows, output.turns(rows), strict=True)
            if not isinstance(turns, str) and not has_user(turns)
        ]
    if not found:
        return
    rows = np.array(found[:_SHOWN], np.int64)
    first = "; ".join(
        f"row {row:,}: {' '.join(text.split())[:60]!r}" for row, text in zip(rows, output.data.texts(rows), strict=True)
    )
    raise EngineError(
        f"In {len(found):,} of {len(output.rows):,} chats no user says anything, so that a question would become what "
        f"the assistant says ({first}). Say which column holds what the user says and which what the assistant "
        "answers (on the page under “Who says what”, or with --turns user=COLUMN assistant=COLUMN), or leave such "
        "rows out (--without-user 'leave out')."
    )


def _more(output: Output, rows: np.ndarray, ranks: np.ndarray, changes: Changes) -> list[list[bytes]]:
    import pyarrow as pa

    arrays = output.added(rows, ranks)
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
