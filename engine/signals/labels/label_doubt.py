"""How doubtful the label of a row is to a probe that has not seen it."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import ProbeKind, copy_groups, probe, seen_meaning
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._doubts import VALUES, doubts
from engine.signals.labels._labelled import COPIES, labelled

ABOUT = About(
    title="Label doubt by a probe",
    needs={"graph": ""},
    version=2,
    values={**VALUES, "label_energy": Value("number", "higher is like no label")},
    cost=row_cost(5_000),
)


def label_doubt(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    by: Annotated[
        ProbeKind,
        Help(
            "What learns the labels. By count: naive Bayes for few, else logistic regression, or where that "
            "takes minutes linear discriminants. Nearest: the 15 nearest labelled rows."
        ),
    ] = "by count",
    sure: Annotated[float, Bounds(0.5, 0.999), Help("The share at which one label stands out from those left.")] = 0.95,
    hardness: Annotated[float, Bounds(0.1, 10.0), Help("High: only what is quite sure counts as easy.")] = 1.0,
    copies: Annotated[
        float, Bounds(0.5, 1.0), Help("Similarity from which texts are copies, which never teach each other.")
    ] = COPIES,
) -> dict[str, np.ndarray]:
    """How doubtful the {label} of a row is to a probe ({by}) that learned from others by {embedding}.

    Each row is told by a probe of four fifths of the rows, its copies not among them; rows without a label by all.
    float32 self_confidence: the probability of the given label; label_margin: what it has more than the likeliest
    other; label_entropy: how even all are. likely_label, second_label: the two likeliest. confused_with: how many
    runners-up must go until the likeliest has {sure} of the rest: 0 is sure. maybe_label, maybe_too: the first two of
    them, none where it is sure: likely_label, but maybe one of these. confident_label: the likeliest that
    reaches the mean probability of its own rows (confident learning); another one than the given label is an issue.
    easy_label: 1 - (1 - self_confidence) ^ {hardness}, for keeping fewer easy rows. label_energy: −log Σ exp of the
    probe's scores: high where no label fits. Missing without a vector, and for a label that only one group of copies
    has: nothing is known of it from outside.
    Source: Northcutt et al. 2021; Li et al. 2020 (dice loss); Yang et al. 2023 (ShrinkMatch); Liu et al. 2020 (energy).
    Raises `EngineError` where fewer than two labels are used, and for more rows times labels than memory holds.
    """
    rows = labelled(data, label, embedding)
    groups = copy_groups(data, embedding, copies, rows.codes >= 0)
    found = probe(seen_meaning(data, embedding), rows.codes, groups, len(rows.names), kind=by)
    told = found.known | (rows.codes < 0)
    found.probability[~told] = np.nan
    values = doubts(found.probability, rows.codes, sure=sure, hardness=hardness)
    return {**values, "label_energy": np.where(told, found.energy, np.nan).astype(np.float32)}
