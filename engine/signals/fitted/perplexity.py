"""How surprising a text is to a model of a reference."""

from typing import Annotated

import numpy as np

from engine.models import UNKNOWN, NgramModel, Said, fingerprints, parts, said
from engine.registry import About, Help, Kind, Value, row_cost
from engine.signals.fitted._named import model_named
from engine.text import merged, readable, word_places

MOST_MARKED = 50


def _spans(texts: list[str], *, model: NgramModel) -> list[list[tuple[int, int]]]:
    """The words of each text that surprise the model most, at most 50."""
    found = []
    for text in texts:
        words = said([text])
        likely = model.log10(words)
        odd = np.flatnonzero(likely < model.surprising)
        odd = odd[np.argsort(likely[odd], kind="stable")[:MOST_MARKED]]
        places = word_places(readable(text)) if len(odd) else []
        found.append(merged([(start, end) for _, start, end in (places[i] for i in odd) if start < end]))
    return found


ABOUT = About(
    title="Perplexity by a reference",
    portable="carries a fitted model",
    values={
        "perplexity": Value("number", "per word, 1 or more; higher is more surprising"),
        "unknown_words": Value("number", "share of words that the reference has not, 0 to 1"),
        "in_reference": Value("boolean"),
    },
    spans=_spans,
    words=model_named,
    cost=row_cost(15_000),
)


def perplexity(
    texts: list[str],
    *,
    model: Annotated[NgramModel, Kind("model", "ngram"), Help("a model fitted on a reference of your choice")],
) -> dict[str, np.ndarray]:
    """How surprising the words of a text are, each after those before it, to the model {model}.

    float64 perplexity, 10 to the power of the mean of −log10 p of its words, NaN for a text without a word; float64
    share of words that the model does not know, NaN too; bool whether the very text, case and punctuation aside, is in
    the reference: then the model has seen it, and its perplexity is too low. A row is compared with the reference: far
    above is another subject, language or damage, far below is boilerplate. Short texts vary most.
    Source: Wenzek et al. 2020 (CCNet); Kneser, Ney 1995.
    """
    some = [_values(said(texts[start:stop]), model) for start, stop in parts(texts)]
    types = {"perplexity": np.float64, "unknown_words": np.float64, "in_reference": np.bool_}
    return {name: np.concatenate([np.zeros(0, t), *(s[i] for s in some)]) for i, (name, t) in enumerate(types.items())}


def _values(found: Said, model: NgramModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, row = len(found.lengths), np.repeat(np.arange(len(found.lengths)), found.lengths)
    words = np.where(found.lengths > 0, found.lengths, np.nan)
    mean = np.bincount(row, model.log10(found), minlength=n) / words
    unknown = np.bincount(row, model.ids(found.words) == UNKNOWN, minlength=n) / words
    known_text = np.isin(fingerprints(found), model.reference) & (found.lengths > 0)
    return 10**-mean, unknown, known_text
