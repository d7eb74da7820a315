"""The chats of a dataset, block by block, so that memory does not grow with the rows."""

from collections.abc import Iterator

import numpy as np

from engine.dataset import Dataset, text_blocks
from engine.errors import EngineError
from engine.text import Turn, turns

BLOCK_ROWS = 1 << 14


def chats(
    data: Dataset, prompt: str | None, answer: str | None, rows: np.ndarray
) -> Iterator[tuple[int, list[list[Turn]]]]:
    """Position of the first row, and the turns of each row of a block.

    Of two columns where they are named, a user's turn and an assistant's, both there even where a cell is empty; else
    of the text of the rows. Raises `EngineError` for one column alone, and where the text is no pair and no chat.
    """
    if bool(prompt) != bool(answer):
        raise EngineError(f"{prompt or answer!r} is named alone. Name both, the column of prompts and that of answers.")
    if prompt and answer:
        sides = (text_blocks(data, column, rows) for column in (prompt, answer))
        for (start, asked), (_, said) in zip(*sides, strict=True):
            both = zip(asked.fill_null("").to_pylist(), said.fill_null("").to_pylist(), strict=True)
            yield start, [[Turn("user", question), Turn("assistant", reply)] for question, reply in both]
        return
    view = data.text_view
    if view.kind not in ("pair", "chat"):
        raise EngineError(
            f"The text of a row is {view.words()}, neither a prompt with its answer nor a chat. Name the column of "
            "prompts and that of answers."
        )
    for start in range(0, len(rows), BLOCK_ROWS):
        block = rows[start : start + BLOCK_ROWS]
        yield start, turns(view, {key: data.cells(key, block) for key in view.columns}, len(block))
