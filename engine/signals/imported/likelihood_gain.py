"""What a large model finds likelier than a small one does."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Column, Help, Value, row_cost
from engine.signals.imported._numbers import means

ABOUT = About(
    title="Likelihood, large less small model",
    values={"likelihood_gain": Value("number", "log-probability a token, large less small")},
    cost=row_cost(50_000),
)


def likelihood_gain(
    data: Dataset,
    *,
    large: Annotated[Column, Help("Of the large model: lists of its tokens' numbers, or their mean.")],
    small: Annotated[Column, Help("Of the small model.")],
    given: Annotated[
        Literal["log-probabilities", "losses"], Help("Losses are log-probabilities with the sign turned round.")
    ] = "log-probabilities",
) -> dict[str, np.ndarray]:
    """Tell how much likelier a row is to a large model ({large}) than to a small one ({small}), by their {given}.

    float64, the mean over the tokens of each; NaN where one of them is missing. High: what the large model has learned
    and the small one has not. Near 0: what both find easy, or both find noise. MiniPLM (Gu et al. 2024) keeps the upper
    half.
    """
    sign = 1 if given == "log-probabilities" else -1
    return {"likelihood_gain": sign * (means(data, large) - means(data, small))}
