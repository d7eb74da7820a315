"""How likely a text is one that a person likes, by its vector."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import Classifier
from engine.registry import About, Embedding, Help, Kind, Value, row_cost
from engine.signals.fitted._named import model_named

BLOCK = 1 << 13


ABOUT = About(
    title="Own classifier by meaning",
    portable="carries a fitted model",
    values={"classifier_by_meaning": Value("number", "probability, 0 to 1", good=True)},
    words=model_named,
    cost=row_cost(500_000),
)


def classifier_by_meaning(
    data: Dataset,
    *,
    model: Annotated[Classifier, Kind("model", "classifier"), Help("a classifier of vectors, fitted on your pools")],
    embedding: Embedding,
) -> dict[str, np.ndarray]:
    """How likely a text is one that you like, by {model} on the vectors of {embedding}.

    float64, 0 to 1, one a row from its vector alone; NaN for a row without one. As if rows were liked as often as in
    the pools. Raises `EngineError` for vectors of another model than those it was fitted on.
    """
    model.check("vectors")
    vectors = data.embedding(embedding)
    made_by = str(data.artefact("embedding", embedding).origin.facts.get("embedder", ""))
    if made_by != model.embedder or (len(vectors.grid) and vectors.grid.shape[1] != len(model.weights)):
        raise EngineError(
            f"The classifier {model.name!r} was fitted on vectors of another model than {embedding!r} has here. "
            "Embed with the same model, or fit it again."
        )
    found = np.empty(len(vectors.grid))
    for start in range(0, len(found), BLOCK):
        found[start : start + BLOCK] = model.of_vectors(vectors.floats(slice(start, start + BLOCK)))
    return {"classifier_by_meaning": data.per_row(found, vectors.texts)}
