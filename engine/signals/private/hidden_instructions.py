"""Places in a text that would steer a language model that reads it."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.private._instructions import instructions


def _spans(texts: list[str]) -> list[list[tuple[int, int]]]:
    return [instructions(text) for text in texts]


ABOUT = About(
    title="Hidden instructions",
    values={"hidden_instructions": Value("integer", "places in the text")},
    spans=_spans,
    cost=row_cost(20_000),
)


def hidden_instructions(texts: list[str]) -> dict[str, np.ndarray]:
    """Count places that give orders to a language model that reads the text (prompt injection).

    int64. Orders to forget other instructions, another role without rules, leave to break rules, questions for the
    hidden prompt, marks of a chat template, text that nobody sees (Unicode tags), and all that inside Base64. Rules see
    known ways of putting it, in English: none found does not mean none there.
    """
    return {"hidden_instructions": np.fromiter((len(instructions(text)) for text in texts), np.int64, len(texts))}
