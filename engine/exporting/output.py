"""What goes out of a run: columns in the order they came, and beside them signals, marks, rank and vectors."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, Vectors
from engine.errors import EngineError, unknown
from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Extra, Output, Turn
from engine.exporting.masking import Mask, masked_columns
from engine.exporting.rewritten import Counts, Rewrite, rewritten
from engine.exporting.softening import SOFT, Soft
from engine.exporting.softening import TYPE as SOFT_TYPE
from engine.exporting.split import Placed, Split
from engine.exporting.tagging import BEFORE, PHASE, PLAIN, Prefix, Tag, text_to_begin
from engine.exporting.weighing import WEIGHT, Weight
from engine.marks import RowMarks, of_rows
from engine.recipe import Recipe, Run, Step
from engine.registry import Json
from engine.store import plain, read
from engine.text import Turn as Speech
from engine.text import python_values
from engine.text import turns as speeches
from indexes import GRID

VectorType = Literal["float32", "int16"]


@dataclass(frozen=True)
class Wanted:
    """What to write, as it stands under `output` in a recipe.

    columns: keys of source and edited columns; none means all, edits last. embedding: its key; its vectors are written
    as float32 or as the int16 of the grid (times 1/2048). signals: keys of signals and topics. marks: tags, note and
    verdict. rank: the place in pick order, from 0. turns: of a format of chats, the column that holds what each part
    says (system, user, input, assistant); none means as the text view sees the row. split: parts, such as train and
    test. mask: personal data and secrets that go out as a placeholder. tag: rows that a filter would drop, kept and
    told apart. prefix: metadata before the text. weight: what each row counts, in a column `weight`.
    soft: what a probe takes each row for, in a column `soft_label`.
    """

    format: str = "parquet"
    params: Mapping[str, Json] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    embedding: str = ""
    vector_type: VectorType = "float32"
    signals: tuple[str, ...] = ()
    marks: bool = False
    rank: bool = False
    turns: Mapping[str, str] = field(default_factory=dict)
    split: Split | None = None
    mask: Mask | None = None
    tag: Tag | None = None
    prefix: Prefix | None = None
    weight: Weight | None = None
    soft: Soft | None = None

    def json(self) -> dict[str, Json]:
        """Complete, the format's own parameters too; of what came later, such as a split, only where there is one."""
        said = {f.name: plain(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) is not None}
        return said | {"params": EXPORTERS[self.format].json(self.params)}

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Wanted":
        """Read `output` of a recipe; a field that this version cannot write is refused by name."""
        found = read(Wanted, value, "a recipe's output")
        for names in (found.columns, found.signals):
            if twice := [name for name in names if names.count(name) > 1]:
                raise EngineError(f"The output names {twice[0]!r} twice. Name each column once.")
        _check_turns(found)
        return replace(found, params=EXPORTERS[found.format].json(found.params))


def _check_turns(wanted: Wanted) -> None:
    """Raise `EngineError` for a part of a chat that the format does not have, and for a chat without a user."""
    parts = EXPORTERS[wanted.format].about.parts
    if wanted.turns and not parts:
        raise EngineError(
            f"The format {wanted.format!r} holds columns, not chats: nobody speaks in it. Leave --turns out, or choose "
            f"{', '.join(name for name, m in EXPORTERS.items() if m.about.parts)}."
        )
    for part, column in wanted.turns.items():
        if part not in parts:
            raise unknown(f"part of a chat in {wanted.format}", part, parts)
        if not isinstance(column, str) or not column:
            raise EngineError(f"The part {part!r} of a chat must name a column; it is {column!r}.")
    if wanted.turns and "user" not in wanted.turns:
        raise EngineError("Say which column holds what the user says: without one nobody asks. Add user=COLUMN.")


def output_of(
    run: Run,
    wanted: Wanted,
    report: Callable[[int, int], None] = lambda d, t: None,
    placed: Placed | None = None,
) -> Output:
    """The rows of a run with what is wanted beside them; raises `EngineError` for a column that is not there.

    placed: the parts of the rows, where a split is wanted; rows that are in no part are not written.
    """
    rewrites = rewrites_of(run, wanted)
    data = rewritten(run.data, rewrites)
    columns = wanted.columns or tuple(c.key for c in data.columns.values() if c.origin in ("source", "edit"))
    names = tuple(data.info(key).name for key in columns)
    extras = [_signal(data, key) for key in wanted.signals]
    extras += _told(run, wanted)
    if wanted.rank:
        extras.append(Extra("rank", pa.int64(), lambda rows, ranks: pa.array(ranks)))
    if wanted.weight:
        weights = wanted.weight.of(run.data, run.rows)
        extras.append(Extra(WEIGHT, pa.float64(), lambda rows, ranks: pa.array(weights[ranks])))
    if soft := wanted.soft:
        extras.append(Extra(SOFT, SOFT_TYPE, lambda rows, _: soft.of(run.data).values(rows)))
    if placed and not placed.split.in_files:
        words = placed.words()
        extras.append(Extra("part", pa.string(), lambda rows, ranks: pa.array(words[ranks], pa.string())))
    if wanted.marks:
        extras += _marks(data)
    if wanted.embedding:
        extras.append(_vectors(data.embedding(wanted.embedding), wanted.vector_type))
    free: list[Extra] = []
    for extra in extras:  # each against those before it too: a tag's column may be called as another
        free.append(replace(extra, name=_free(extra.name, {*names, *columns, *(e.name for e in free)})))
    only = placed.ranks() if placed else None
    return Output(
        data, run.rows, columns, names, tuple(free), turns_of(data, wanted.turns), report, only, frozenset(rewrites)
    )


def as_written(run: Run, wanted: Wanted) -> Dataset:
    """The dataset of a run with the texts as they go out."""
    return rewritten(run.data, rewrites_of(run, wanted))


def rewrites_of(run: Run, wanted: Wanted) -> dict[str, Rewrite]:
    """What is done to the texts of each column, by key; raises `EngineError` for a column that is not there."""
    data, mask, tag, prefix = run.data, wanted.mask, wanted.tag, wanted.prefix
    found: dict[str, Rewrite] = {}
    hide: list[Rewrite] = [lambda text, row, counts: mask.masked(text, counts)] if mask else []
    if mask:
        columns = masked_columns(data, mask, [*wanted.turns.values()], wanted.columns)
        for key in columns:
            data.info(key)
        found = dict.fromkeys(columns, *hide)
    before = []
    if prefix:
        data.info(prefix.column)
        # A value that goes into the text is masked there, whatever becomes of its own column.
        before.append(prefix.rewrite(data, prefix.plain_rows(data, run.rows), *hide))
    if tag and not tag.column:
        before.append(tag.rewrite(tag.verdicts(data, run.rows)))
    if before:
        key = text_to_begin(data, wanted)
        if wanted.columns and key not in wanted.columns and not EXPORTERS[wanted.format].about.parts:
            raise EngineError(
                f"A tag or metadata would stand before {key!r}, which is not among the columns that are written: "
                f"{', '.join(wanted.columns)}. Name it too."
            )
        found[key] = _one_after_the_other([*([found[key]] if key in found else []), *before])
    return found


def _one_after_the_other(rewrites: Sequence[Rewrite]) -> Rewrite:
    def rewrite(text: str, row: int, counts: Counts) -> str:
        for one in rewrites:
            text = one(text, row, counts)
        return text

    return rewrite


def judging(recipe: Recipe) -> tuple[Step, ...]:
    """Every step that says something of rows: those of the recipe, and the one that its output tags by."""
    tag = Wanted.from_json(recipe.output).tag if recipe.output.get("tag") else None
    return (*recipe.steps, *([tag.step] if tag else ()))


def _told(run: Run, wanted: Wanted) -> list[Extra]:
    """Columns that say of each row how it is tagged, and whether metadata stands before its text."""
    found = []
    if (tag := wanted.tag) and tag.column:
        found.append(_either(tag.column, tag.verdicts(run.data, run.rows), tag.good, tag.bad))
    if prefix := wanted.prefix:
        found.append(_either(PHASE, prefix.plain_rows(run.data, run.rows), PLAIN, BEFORE))
    return found


def _either(name: str, which: np.ndarray, yes: str, no: str) -> Extra:
    words = np.array([no, yes], object)
    return Extra(name, pa.string(), lambda rows, _: pa.array(words[which[rows].astype(np.int8)], pa.string()))


def _free(name: str, taken: set[str]) -> str:
    """The name, with as many `winnow_` in front as it needs to be the only one.

    >>> _free("rank", {"rank", "winnow_rank"})
    'winnow_winnow_rank'
    """
    return name if name not in taken else _free(f"winnow_{name}", taken)


def _signal(data: Dataset, key: str) -> Extra:
    info = data.info(key)
    if info.origin == "source":
        raise EngineError(f"{key!r} is a column of the source, not a signal. Name it under columns.")
    kind = data.column(key, np.empty(0, np.int64)).type
    return Extra(key, kind, lambda rows, _: data.column(key, rows).cast(kind).combine_chunks())


def _vectors(vectors: Vectors, kind: VectorType) -> Extra:
    made = pa.list_(pa.float32() if kind == "float32" else pa.int16())

    def values(rows: np.ndarray, ranks: np.ndarray) -> pa.Array:
        nodes = vectors.texts.of_row[rows]
        there = nodes >= 0
        grid = np.asarray(vectors.grid[nodes[there]])
        flat = (grid.astype(np.float32) / np.float32(GRID) if kind == "float32" else grid).reshape(-1)
        ends = np.cumsum(there, dtype=np.int32) * np.int32(vectors.grid.shape[1])
        offsets = pa.array(np.concatenate([np.zeros(1, np.int32), ends]))
        return pa.ListArray.from_arrays(offsets, pa.array(flat), type=made, mask=pa.array(~there))

    return Extra("vector", made, values)


def _marks(data: Dataset) -> list[Extra]:
    """Tags, note and verdict of each row, from what people did."""
    texts = pa.list_(pa.string())

    def words(marked: RowMarks) -> str | None:
        return {"keep": "always keep", "drop": "never keep"}.get(marked.verdict)

    return [
        Extra("tags", texts, lambda rows, _: pa.array([list(m.tags) for m in of_rows(data, rows)], texts)),
        Extra(
            "note",
            pa.string(),
            lambda rows, _: pa.array([m.note or None for m in of_rows(data, rows)], pa.string()),
        ),
        Extra("verdict", pa.string(), lambda rows, _: pa.array([words(m) for m in of_rows(data, rows)], pa.string())),
    ]


def turns_of(data: Dataset, mapped: Mapping[str, str]) -> Callable[[np.ndarray], list[list[Turn] | str]]:
    """Rows -> the chat of each as the text view sees it, or why there is none.

    mapped: the column of each part, where somebody says it. A chat of OpenAI messages keeps all that its turns hold
    (tool calls, images). Without a chat, the columns with the roles prompt and answer (and system) make one; a plain
    text is what the assistant says, and nobody asks for it.
    """
    for column in mapped.values():
        data.info(column)
    if mapped:
        return lambda rows: _mapped(data, rows, mapped)
    view = data.text_view
    roles = {c.role: c.key for c in data.columns.values() if c.role}
    if view.kind == "chat" and view.chat == "openai":
        return lambda rows: [_whole(v) for v in python_values(data.cells(view.columns[0], rows))]
    if view.kind == "chat" and view.chat == "alpaca":
        return lambda rows: _alpaca(data, rows)
    if view.kind in ("chat", "pair"):
        return lambda rows: [
            _plain(s, pair=view.kind == "pair")
            for s in speeches(view, {c: data.cells(c, rows) for c in view.columns}, len(rows))
        ]
    if "prompt" in roles and "answer" in roles:
        return lambda rows: _paired(data, rows, roles)
    return lambda rows: [[{"role": "assistant", "content": t}] if t else "its text is empty" for t in data.texts(rows)]


def _mapped(data: Dataset, rows: np.ndarray, mapped: Mapping[str, str]) -> list[list[Turn] | str]:
    """Each part from the column that was named for it; an input stands below what the user says."""
    said = {part: data.strings(column, rows) for part, column in mapped.items()}
    found: list[list[Turn] | str] = []
    for i in range(len(rows)):
        here = {part: values[i] or "" for part, values in said.items()}
        asked, more = here["user"], here.get("input", "")
        user: Turn = {"role": "user", "content": "\n\n".join(t for t in (asked, more) if t)}
        if "input" in here:
            user |= {"instruction": asked, "input": more}
        turns = [user]
        if here.get("system"):
            turns.insert(0, {"role": "system", "content": here["system"]})
        if "assistant" in here:
            turns.append({"role": "assistant", "content": here["assistant"]})
        lacks = next((part for part in ("user", "assistant") if part in here and not here[part]), "")
        found.append(f"its column for the {lacks}, {mapped[lacks]!r}, is empty" if lacks else turns)
    return found


def _whole(value: object) -> list[Turn] | str:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return "its chat is not JSON"
    if isinstance(value, dict):
        value = value.get("messages")
    if not isinstance(value, list) or not value:
        return "it has no turns"
    if not all(isinstance(turn, dict) and turn.get("role") for turn in value):
        return "it has a turn without a role"
    # In Arrow every turn has every field; what is missing there was absent, but for content, which may be null.
    return [{k: v for k, v in turn.items() if v is not None or k == "content"} for turn in value]


def _plain(said: Sequence[Speech], pair: bool) -> list[Turn] | str:
    if not said:
        return "it has no turns"
    if pair and [s.role for s in said] != ["user", "assistant"]:
        return f"it has no {'answer' if said[0].role == 'user' else 'prompt'}"
    return [{"role": s.role, "content": s.text} for s in said]


def _alpaca(data: Dataset, rows: np.ndarray) -> list[list[Turn] | str]:
    """Alpaca rows keep instruction and input apart, so that they can go out as they came."""
    view = data.text_view
    values = {c: data.cells(c, rows) for c in view.columns}
    apart = {f: data.strings(c, rows) for f, c in zip(view.fields, view.columns, strict=True)}
    found: list[list[Turn] | str] = []
    for i, said in enumerate(speeches(view, values, len(rows))):
        turns = _plain([s for s in said if s.role != "system"], pair=True)
        if not isinstance(turns, str):
            parts = {f: (apart[f][i] if f in apart else "") or "" for f in ("instruction", "input")}
            turns[0] = {**turns[0], **parts}
            system: list[Turn] = [{"role": s.role, "content": s.text} for s in said if s.role == "system"]
            turns = [*system, *turns]
        found.append(turns)
    return found


def _paired(data: Dataset, rows: np.ndarray, roles: Mapping[str, str]) -> list[list[Turn] | str]:
    named = (("system", "system"), ("prompt", "user"), ("answer", "assistant"))
    columns = [(as_, data.strings(roles[role], rows)) for role, as_ in named if role in roles]
    found: list[list[Turn] | str] = []
    for i in range(len(rows)):
        turns: list[Turn] = [{"role": as_, "content": v[i]} for as_, v in columns if v[i]]
        missing = next(
            (w for w, r in (("prompt", "user"), ("answer", "assistant")) if r not in {t["role"] for t in turns}), ""
        )
        found.append(f"it has no {missing}" if missing else turns)
    return found
