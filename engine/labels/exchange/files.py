"""Files of labels, read and written."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np
import orjson

from engine.dataset import Dataset
from engine.errors import EngineError, NotFound, unknown
from engine.labels.exchange._said import KEY, Answer, Fault, Read, Returned, Task, Unfit, each_of
from engine.labels.exchange.argilla import answers_of_record, argilla_records, is_record
from engine.labels.exchange.label_studio import answer_of_least, answers_of_task, is_task, label_studio_tasks
from engine.labels.exchange.sheet import answer_of_row, rows_of_sheet, sheet
from engine.store import write_bytes

Format = Literal["label studio", "argilla", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
LARGEST = 1 << 30
"""Bytes of a file of labels: it is read into memory."""
MOST_FAULTS = 10_000


def tasks_of(data: Dataset, rows: Sequence[int], *, label: str = "", suggested: str = "", sure: str = "") -> list[Task]:
    """Rows as tasks. label: the column of labels that they have, where it is there; suggested: of a model; sure:
    of how likely these are, 0 to 1. "" for none."""
    some = np.asarray(rows, np.int64)
    columns = [data.strings(key, some) if key in data.columns else [None] * len(some) for key in (label, suggested)]
    likely = data.numbers(sure, some).tolist() if sure else [None] * len(some)
    return [
        Task(key, text, given or "", guess or "", None if chance is None or chance != chance else chance)
        for key, text, given, guess, chance in zip(data.keys(some), data.texts(some), *columns, likely, strict=True)
    ]


def write_tasks(tasks: Sequence[Task], path: Path, format: Format) -> None:
    """Write tasks as a file that the tool imports; whole or not at all. Raises `EngineError` where a folder stands."""
    if path.is_dir():
        raise EngineError(f"{path} is a folder. Name the file to write the tasks to.")
    write_bytes(path, tasks_file(tasks, format))


def tasks_file(tasks: Sequence[Task], format: Format) -> bytes:
    """What `write_tasks` writes, as bytes."""
    if format not in FORMATS:
        raise unknown("format of tasks", format, FORMATS)
    if format == "csv":
        # With its mark of the encoding, without which spreadsheets take UTF-8 for something else.
        return b"\xef\xbb\xbf" + sheet(tasks).encode("utf-8", "replace")
    made = label_studio_tasks(tasks) if format == "label studio" else argilla_records(tasks)
    return json.dumps(made, ensure_ascii=True, indent=1).encode()


def read_answers(path: Path, *, largest: int = LARGEST) -> Returned:
    """The labels of a file that came back: Label Studio's JSON, JSON-MIN or CSV, Argilla's JSON, or a plain CSV.

    Nothing is taken over yet: see `arrived`. A record that is no label is listed with why. Raises `EngineError` for a
    file that is none of these, and for one of more than `largest` bytes.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise EngineError(f"{path} is no file. Choose the file that the tool exported.")
        if size > largest:
            raise EngineError(
                f"{path.name} has {size:,} bytes; labels are read from files up to {largest:,}. Export fewer rows at "
                "once, or without their predictions."
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror or error}.") from error
    return answers_in(raw, path.name)


def answers_in(raw: bytes, name: str = "The file") -> Returned:
    """What `read_answers` gives, of bytes."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    begin = raw.lstrip()[:1]
    if not begin:
        raise EngineError(f"{name} is empty. Export the labels again.")
    if begin in b"[{":
        return _of_json(raw, name)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise EngineError(
            f"{name} is neither JSON nor a table in UTF-8 (byte {error.start:,}). Save it as CSV in UTF-8, or export "
            "JSON."
        ) from None
    if "\0" in text:
        raise EngineError(f"{name} is no text. Export the labels as JSON or CSV.")
    return _collected("csv", rows_of_sheet(text), lambda row: each_of([cast("Mapping[str, str]", row)], answer_of_row))


def _of_json(raw: bytes, name: str) -> Returned:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        found = _once_more(raw, name, error)
    records = found if isinstance(found, list) else [found]
    first = next((r for r in records if isinstance(r, dict)), {})
    if is_record(first):
        return _collected("argilla", records, answers_of_record)
    if is_task(first):
        return _collected("label studio", records, answers_of_task)
    if KEY in first:
        return _collected("label studio", records, lambda record: each_of([record], answer_of_least))
    keys = ", ".join(repr(str(key)[:40]) for key in list(first)[:8]) or "no object"
    raise EngineError(
        f"{name} is JSON, though no export of labels: its first record has {keys}. Export JSON or JSON-MIN from Label "
        f"Studio, or records from Argilla; tasks must carry {KEY!r}, as they went out."
    )


def _once_more(raw: bytes, name: str, error: orjson.JSONDecodeError) -> object:
    """Python writes NaN into JSON, which is none; its own reader takes it."""
    if b"NaN" in raw or b"Infinity" in raw:
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            pass
    raise EngineError(
        f"{name} is no JSON: {error.msg} (line {error.lineno}, column {error.colno}). It may be cut off: export it "
        "again."
    ) from None


def _collected(format: str, records: Iterable[object], read: Callable[[Mapping[str, object]], Read]) -> Returned:
    answers: list[Answer] = []
    faults: list[Fault] = []
    skipped = more = 0
    for place, record in enumerate(records, 1):
        try:
            if not isinstance(record, dict):
                raise Unfit("it is no object")
            found = read(record)
        except Unfit as why:
            found = Read((), 0, (str(why),))
        answers += found.answers
        skipped += found.skipped
        fit = max(MOST_FAULTS - len(faults), 0)
        faults += [Fault(place, why) for why in found.unfit[:fit]]
        more += len(found.unfit[fit:])
    if more:
        faults.append(Fault(0, f"{more:,} more are no labels"))
    return Returned(tuple(answers), tuple(faults), skipped, format)
