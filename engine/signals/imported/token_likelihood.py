"""How likely a text's tokens were to a model, the least likely by themselves."""

import zlib
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Bounds, Column, Help, Value, row_cost
from engine.signals.imported._numbers import mean_of, sorted_numbers

ABOUT = About(
    title="Least likely tokens (Min-K%)",
    values={
        "lowest_log_probs": Value("number", "log-probability, mean of the lowest"),
        "mean_log_prob": Value("number", "log-probability, mean"),
        "log_prob_tokens": Value("integer", "tokens"),
        "log_prob_by_size": Value("number", "mean log-probability by kilobyte compressed"),
    },
    cost=row_cost(10_000),
)


def token_likelihood(
    data: Dataset,
    *,
    column: Annotated[Column, Help("Lists of the log-probabilities of each row's tokens, as a model gave them.")],
    share: Annotated[float, Bounds(1, 100), Help("Of the tokens, %. Few: the most surprising alone. 100: all.")] = 20,
) -> dict[str, np.ndarray]:
    """Average the {share} % of a row's tokens in {column} that were least likely.

    float64, natural logarithms as they were given; higher is likelier, and likelier seen when the model was trained.
    At least one token counts; missing ones, such as the first of a text, do not. NaN for a row without any. Beside it
    two plain measures: the mean of all, and that mean by the kilobytes of the row's text as zlib compresses it. All
    depend on length: compare texts of like length (log_prob_tokens). Source: Min-K% Prob (Shi et al. 2023), which takes
    20 %; its public code stores the negated value.
    """
    found = {name: np.full(data.n, np.nan) for name in ABOUT.values}
    found["log_prob_tokens"] = np.zeros(data.n, np.int32)
    for block in sorted_numbers(data, column):
        rows = slice(block.start, block.start + len(block.count))
        # A hair above, so that 20 % of 5, which is 0.99999 in floating point, is one.
        lowest = np.maximum(np.floor(share / 100 * block.count + 1e-9), 1)
        found["lowest_log_probs"][rows] = mean_of(block, block.place < lowest[block.row])
        found["mean_log_prob"][rows] = mean_of(block, np.ones(len(block.row), bool))
        found["log_prob_tokens"][rows] = block.count
        sizes = [_compressed(text) for text in data.texts(data.rows()[rows])]
        found["log_prob_by_size"][rows] = found["mean_log_prob"][rows] / np.array(sizes)
    return found


def _compressed(text: str) -> float:
    """Kilobytes, NaN for no text."""
    return len(zlib.compress(text.encode("utf8", "surrogatepass"))) / 1000 if text else np.nan
