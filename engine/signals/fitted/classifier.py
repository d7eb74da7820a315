"""How likely a text is one that a person likes, by its words."""

from typing import Annotated

import numpy as np

from engine.models import Classifier, counts, parts, said
from engine.registry import About, Help, Kind, Value, row_cost
from engine.signals.fitted._named import model_named

ABOUT = About(
    title="Own classifier",
    portable="carries a fitted model",
    values={"classifier": Value("number", "probability, 0 to 1", good=True)},
    words=model_named,
    cost=row_cost(10_000),
)


def classifier(
    texts: list[str],
    *,
    model: Annotated[Classifier, Kind("model", "classifier"), Help("a classifier of words, fitted on your pools")],
) -> dict[str, np.ndarray]:
    """How likely a text is one that you like, by the words of {model}.

    float64, 0 to 1; NaN for a text without a word. As if rows were liked as often as in the pools: where that is not
    so, the order is right and the probability is not. A classifier of vectors is asked by `classifier_by_meaning`.
    """
    model.check("words")
    found = [np.zeros(0)]
    for start, stop in parts(texts):
        words = said(texts[start:stop])
        found.append(np.where(words.lengths > 0, model.of_words(counts(words)), np.nan))
    return {"classifier": np.concatenate(found)}
