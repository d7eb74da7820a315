"""What InstructMining tells the worth of an instruction by, and the line that it draws through it."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, Embedding, Help, NumberColumn, Value, row_cost
from engine.signals.instructions._linear import fitted, predicted
from engine.signals.language._words import mtld, words
from engine.text import split

BLOCK_ROWS = 1 << 14

ABOUT = About(
    needs={"graph": ""},
    values={
        "answer_words": Value("integer", "words"),
        "answer_diversity": Value("number", "words until they repeat, MTLD"),
        "neighbour_distance": Value("number", "distance, 0 to 2"),
        "expected_log_loss": Value("number", "log of the loss, by the line"),
    },
    cost=row_cost(10_000),
)


def instruction_indicators(
    data: Dataset,
    *,
    embedding: Embedding,
    k: Annotated[int, Bounds(1, 30), Help("Which neighbour the distance is to.")] = 6,
    shortest: Annotated[int, Bounds(1, 10_000), Help("In words: a shorter answer has no diversity.")] = 10,
    reward: Annotated[NumberColumn | None, Help("Scores of a reward model, where there are any.")] = None,
    perplexity: Annotated[NumberColumn | None, Help("Perplexity of each row, where there is any.")] = None,
    losses: Annotated[
        NumberColumn | None, Help("Log losses of your own runs: the weights are fitted to them, those below not used.")
    ] = None,
    constant: float = 1.0694,
    weight_words: float = 8.257e-5,
    weight_distance: float = -0.935,
    weight_diversity: float = 0.0,
    weight_reward: float = -0.1498,
    weight_perplexity: float = 0.0,
) -> dict[str, np.ndarray]:
    """Measure an answer's length, its variety and how far its row is from the {k}th neighbour by {embedding}.

    int32 words; float32 MTLD (see `lexical_diversity`) and Euclidean distance of unit vectors, √(2 - 2 · similarity).
    In a pair or a chat they are of the last answer, else of the whole text; the vectors are of what was embedded.
    expected_log_loss: a line through these and the columns named, low is good. Its weights are those that
    InstructMining (Cao et al. 2023) found for its models and data, as quoted by a public re-implementation: they are
    bound to that data, so take the order for a guess, and fit your own. With `losses` they are fitted by least squares
    where all is known (ten rows a weight, 30 at least), and every row gets what the line says. A weight counts where
    its column is named. NaN where an indicator with a weight is missing.
    """
    graph = data.graph(embedding)
    if k > graph.neighbours.shape[1]:
        raise EngineError(
            f"The neighbour graph of {embedding!r} holds {graph.neighbours.shape[1]} neighbours. Take k up to that."
        )
    like = np.where(graph.neighbours[:, k - 1] >= 0, graph.similarity[:, k - 1], np.nan)
    distance = np.sqrt(np.maximum(2 - 2 * like, 0)).astype(np.float32)
    found = {
        "answer_words": np.zeros(data.n, np.int32),
        "answer_diversity": np.full(data.n, np.nan, np.float32),
        "neighbour_distance": data.per_row(distance, data.embedding(embedding).texts),
    }
    for start in range(0, data.n, BLOCK_ROWS):
        rows = data.rows()[start : start + BLOCK_ROWS]
        for row, said in enumerate(words(_answers(data, rows)), start):
            found["answer_words"][row], found["answer_diversity"][row] = len(said), mtld(said, shortest)
    columns = [*found.values(), *(data.numbers(c) if c else np.zeros(data.n) for c in (reward, perplexity))]
    known = np.column_stack(columns).astype(np.float64)
    of_columns = (weight_reward if reward else 0.0, weight_perplexity if perplexity else 0.0)
    given = (constant, weight_words, weight_diversity, weight_distance, *of_columns)
    weights = fitted(known, data.numbers(losses)) if losses else np.array(given)
    return found | {"expected_log_loss": predicted(known, weights).astype(np.float32)}


def _answers(data: Dataset, rows: np.ndarray) -> list[str]:
    """The last answer of each row where there are prompts and answers, else its text."""
    view = data.text_view
    if view.kind not in ("pair", "chat"):
        return data.texts(rows)
    return split(view, {key: data.cells(key, rows) for key in view.columns}, len(rows))[1]
