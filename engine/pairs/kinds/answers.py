"""Rows with the same prompt and different answers."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, Pairs, distinct, hashes_of, text_blocks
from engine.errors import EngineError
from engine.pairs.kinds.alike import (
    Alike,
    AnyCase,
    AnyDigits,
    AnyPunctuation,
    AnySpace,
    AnyUnicodeForm,
    AnyUrl,
    without,
)
from engine.pairs.tick import Tick, silent
from engine.registry import About, Help, TextColumn, Value, row_cost
from engine.text import split

ABOUT = About(
    title="Same prompt, different answers",
    cost=row_cost(75_000),
    values={"answers": Value("integer", "different answers to the prompt")},
)
BLOCK_ROWS = 1 << 14


def answers(
    data: Dataset,
    tick: Tick = silent,
    *,
    prompt: Annotated[
        TextColumn | None, Help("Left out: the prompt of the text, where that is a pair or a chat.")
    ] = None,
    answer: Annotated[TextColumn | None, Help("Left out: the answer of the text, of a chat its last turn.")] = None,
    any_unicode_form: AnyUnicodeForm = False,
    any_case: AnyCase = False,
    any_space: AnySpace = False,
    any_punctuation: AnyPunctuation = False,
    any_digits: AnyDigits = False,
    any_url: AnyUrl = False,
) -> Pairs:
    """Find rows with the same prompt and different answers.

    Rows share a node where their prompt is the same and has two different answers or more, so that `dedup` keeps the
    best of them, or the best k. Those are k rows: where answers repeat too, drop the repeats first (`exact`), then they
    are k answers. A row whose prompt has one answer only, however often, is compared with nothing here; so is one
    without a prompt or without an answer. What does not count does so in neither. In a chat the prompt is all before
    the assistant's last turn. value: int32 (n,), the different answers of a row's prompt, 0 without either. Raises
    `EngineError` where the text is no pair and no chat and the columns are not named, or only one of them.
    """
    alike = Alike(any_unicode_form, any_case, any_space, any_punctuation, any_digits, any_url)
    hashes = np.zeros((2, data.n, 2), np.uint64)
    for start, both in _blocks(data, prompt, answer):
        tick("Comparing prompts", start, data.n)
        for side, texts in zip(hashes, both, strict=True):
            side[start : start + len(texts)] = hashes_of(without(alike, texts).fill_null("").to_pylist())
    hashes[:, ~hashes.any(axis=2).all(axis=0)] = 0
    prompts, answered = (distinct(side)[0] for side in hashes)
    there = prompts >= 0
    # One of each prompt with each of its answers: how often a prompt is among them is how many it has.
    once = np.unique(np.stack([prompts[there], answered[there]]), axis=1)[0]
    many = np.bincount(once, minlength=int(prompts.max(initial=-1)) + 1).astype(np.int32)
    value = np.where(there, np.r_[many, 0][prompts], 0).astype(np.int32)
    # Prompts are numbered by first appearance, so those that are left are too.
    number = np.where(many > 1, np.cumsum(many > 1) - 1, -1).astype(np.int32)
    nothing = np.empty(0, np.int32)
    of_row = np.where(there, np.r_[number, -1][prompts], -1).astype(np.int32)
    return Pairs(of_row, nothing, nothing, np.empty(0, np.float32), value=value)


def _blocks(data: Dataset, prompt: str | None, answer: str | None) -> Iterator[tuple[int, tuple[pa.Array, pa.Array]]]:
    """The first row of each block, with its prompts and answers: large_string, null where missing."""
    if prompt and answer:
        sides = (text_blocks(data, column, data.rows()) for column in (prompt, answer))
        for (start, prompts), (_, answered) in zip(*sides, strict=True):
            yield start, (prompts, answered)
        return
    if prompt or answer:
        raise EngineError(f"{prompt or answer!r} is named alone. Name both, the column of prompts and that of answers.")
    if data.text_view.kind not in ("pair", "chat"):
        raise EngineError(
            f"The text of a row is {data.text_view.words()}, neither a prompt with its answer nor a chat. Name the "
            "column of prompts and that of answers."
        )
    for start in range(0, data.n, BLOCK_ROWS):
        rows = data.rows()[start : start + BLOCK_ROWS]
        both = split(data.text_view, {key: data.cells(key, rows) for key in data.text_view.columns}, len(rows))
        yield start, (pa.array(both[0], pa.large_string()), pa.array(both[1], pa.large_string()))
