"""How much of a text lies in a concept that a few phrases, or rows, span."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.corpus._subspace import basis, left_out, shares
from engine.vectors import embed_texts

BLOCK_TEXTS = 1 << 14
MOST_ROWS = 200

ABOUT = About(
    values={
        "concept_share": Value("number", "share of the vector, 0 to 1"),
        "concept_margin": Value("number", "share above that of the least typical phrase"),
        "concept_similarity": Value("number", "mean similarity to the phrases, -1 to 1"),
    },
    cost=row_cost(100_000),
)


def concept(
    data: Dataset,
    *,
    embedding: Embedding,
    phrases: Annotated[
        tuple[str, ...], Help("What the concept is about, in a few words each: five to twenty phrases that differ.")
    ],
    column: Annotated[
        CategoryColumn | None, Help("Rows instead of phrases, which then are its name: the column that tells them.")
    ] = None,
    value: Annotated[str, Help("Their value in that column.")] = "",
    dimensions: Annotated[
        int, Bounds(1, 64), Help("Directions of it that count. Few: what the phrases have in common.")
    ] = 8,
) -> dict[str, np.ndarray]:
    """Tell how much of a text lies in the concept that {phrases} span, by {embedding}.

    float32 (n,). The phrases are embedded as the texts were; concept_share is the length of the vector's part in their
    strongest directions (‖P e‖, P from a singular value decomposition). concept_margin: that less the least share that
    any phrase has in the directions of the others, so 0 is where to begin to look for a cut; NaN with one phrase.
    concept_similarity: the mean cosine of text and phrases, which has a sign. Rows may stand for phrases, 200 drawn by
    chance at most: the way where vectors were given without the model that made them. Missing for a row without a
    vector. Raises `EngineError` without phrases or rows, and where the embedding cannot read phrases. After SAFREE
    (Yoon et al. 2024), which takes the tokens of a prompt where this takes the whole text.
    """
    spanning = _spanning(data, embedding, phrases, column, value)
    directions = basis(spanning, dimensions)
    least = float(np.min(left_out(spanning, dimensions)))
    vectors = data.embedding(embedding)
    share, like = np.zeros(len(vectors.texts), np.float32), np.zeros(len(vectors.texts), np.float32)
    middle = spanning.mean(axis=0)
    for start in range(0, len(vectors.texts), BLOCK_TEXTS):
        part = slice(start, start + BLOCK_TEXTS)
        some = _unit(vectors.floats(part))
        share[part], like[part] = shares(some, directions), some @ middle
    found = {"concept_share": share, "concept_margin": share - np.float32(least), "concept_similarity": like}
    return {name: data.per_row(values, vectors.texts) for name, values in found.items()}


def _spanning(data: Dataset, embedding: str, phrases: tuple[str, ...], column: str | None, value: str) -> np.ndarray:
    """float64 (k, d): unit vectors of the phrases, or of rows."""
    if not column:
        said = [phrase.strip() for phrase in phrases if phrase.strip()]
        if not said:
            raise EngineError("Nothing says what the concept is. Give phrases of a few words.")
        try:
            grid = embed_texts(data, embedding, said, query=False)
        except EngineError as error:
            raise EngineError(f"{error} Or let rows stand for phrases: name a column and a value.") from error
        return _unit(grid.astype(np.float64))
    codes, labels = data.codes(column)
    vectors = data.embedding(embedding)
    rows = codes == labels.index(value) if value in labels else np.zeros(data.n, bool)
    texts = np.unique(vectors.texts.of_row[rows & (vectors.texts.of_row >= 0)])
    if not len(texts):
        raise EngineError(f"No row with a vector has the {column} {value!r}. Choose a value that some have.")
    drawn = np.random.default_rng(0).permutation(len(texts))[:MOST_ROWS]
    return _unit(vectors.floats(np.sort(texts[drawn])).astype(np.float64))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
