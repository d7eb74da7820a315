"""How varied the words of a text are."""

from typing import Annotated

import numpy as np

from engine.registry import About, Bounds, Help, Value, row_cost
from engine.signals.language._words import mtld, words

ABOUT = About(
    values={"lexical_diversity": Value("number", "words until they repeat, MTLD")},
    cost=row_cost(15_000),
)


def lexical_diversity(
    texts: list[str],
    *,
    shortest: Annotated[
        int, Bounds(1, 10_000), Help("In words: shorter texts have no value. It was validated from 100 words on.")
    ] = 50,
) -> dict[str, np.ndarray]:
    """Measure how long a text of {shortest} words or more goes on before its words repeat (MTLD).

    float32: the mean length in words of the stretches that it takes until no more than 72 of 100 words differ, read
    forwards and backwards; reviews of films have 90 to 200. Unlike the share of different words it does not fall with
    length. NaN for a shorter text, and for one in which no word comes twice. Case does not matter; in scripts without
    spaces each sign is a word, so compare within a language.

    McCarthy and Jarvis 2010, "MTLD, vocd-D, and HD-D". A last, unfinished stretch counts as the part of one that it is.
    """
    return {"lexical_diversity": np.array([mtld(said, shortest) for said in words(texts)], np.float32)}
