"""How doubtful the label of a row is to a probe of words, where nothing was embedded."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset
from engine.models import groups_of_words, labels_of_nodes, probe, seen_words
from engine.registry import About, Bounds, CategoryColumn, Help, Value, row_cost
from engine.signals.labels._doubts import VALUES, doubts
from engine.signals.labels._labelled import used

MOST_CELLS = 20_000_000
"""Labels times words: of more labels fewer words count, so that their counts fit the memory."""
TOLD = ("self_confidence", "label_margin", "label_entropy", "likely_label", "second_label", "confident_label")

ABOUT = About(
    title="Label doubt by words",
    values={
        **{f"words_{name}": VALUES[name] for name in TOLD},
        "words_label_energy": Value("number", "higher is like no label"),
        "words_copies_disagree": Value("number", "share of the same texts with another, 0 to 1"),
    },
    cost=row_cost(5_000),
)


def label_doubt_by_words(
    data: Dataset,
    *,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    by: Annotated[
        Literal["by count", "logistic", "naive Bayes", "nearest"],
        Help("What learns the labels. By count: naive Bayes for few, else logistic regression where it is quick."),
    ] = "by count",
    most: Annotated[
        int, Bounds(100, 1_000_000), Help("Words and pairs of words that count, those that stand in most texts.")
    ] = 1 << 16,
) -> dict[str, np.ndarray]:
    """How doubtful the {label} of a row is to a probe ({by}) of its words and pairs of words; no embedding is needed.

    As `label_doubt`, which sees meaning: each row is told by a probe of four fifths of the rows, those of the same
    words (case and signs apart) not among them; rows without a label by all. float32 words_self_confidence,
    words_label_margin, words_label_entropy, words_label_energy; words_likely_label, words_second_label,
    words_confident_label. Of more than 305 labels fewer
    words count. words_copies_disagree: of the other labelled rows with the same words the share that has
    another label. Words are hashed. Missing without a word that another text has too, and for a label that only one
    text has.
    Source: Northcutt et al. 2021; multinomial naive Bayes (Rennie et al. 2003), hashing (Weinberger et al. 2009).
    Raises `EngineError` where fewer than two labels are used, and for more rows times labels than memory holds.
    """
    classes = len(data.codes(label)[1])
    seen, groups = seen_words(data, min(most, MOST_CELLS // max(classes, 1))), groups_of_words(data)
    codes, names = used(data, label, seen.there)
    found = probe(seen, codes, groups, len(names), kind=by)
    told = found.known | (codes < 0) & seen.there
    found.probability[~told] = np.nan
    values = doubts(found.probability, codes, sure=0.95, hardness=1.0)
    energy = np.where(told, found.energy, np.nan).astype(np.float32)
    return {
        **{f"words_{name}": values[name] for name in TOLD},
        "words_label_energy": energy, "words_copies_disagree": _disagree(groups, codes, len(names)),
    }  # fmt: skip


def _disagree(groups: np.ndarray, codes: np.ndarray, classes: int) -> np.ndarray:
    """float32 (n,): of the other labelled rows of a group the share that has another label, NaN where there is none."""
    rows, found = np.flatnonzero(codes >= 0), np.full(len(codes), np.nan, np.float32)
    count = np.bincount(groups[rows], minlength=groups.max(initial=0) + 1)[groups[rows]]
    share = labels_of_nodes(groups[rows], codes[rows], groups.max(initial=0) + 1, classes)
    same = np.asarray(share[groups[rows], codes[rows]]).ravel() * count
    found[rows[count > 1]] = 1 - ((same - 1) / np.maximum(count - 1, 1))[count > 1]
    return found
