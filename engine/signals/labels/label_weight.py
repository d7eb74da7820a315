"""How much a row's label should count in training, instead of being dropped or trusted."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import ProbeKind, class_means, confident, copy_groups, probe, seen_meaning
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import COPIES, blocks, labelled

PRIOR = 20.0
"""Rows that straying to any other label alike counts as, for each label."""

ABOUT = About(
    title="Weight of a label",
    needs={"graph": ""},
    values={"label_weight": Value("number", "probability that the label is right, 0 to 1")},
    cost=row_cost(5_000),
)


def label_weight(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    by: Annotated[ProbeKind, Help("What learns the labels, as for label_doubt.")] = "by count",
    copies: Annotated[
        float, Bounds(0.5, 1.0), Help("Similarity from which texts are copies, which never teach each other.")
    ] = COPIES,
) -> dict[str, np.ndarray]:
    """Weigh a row by how likely its {label} is right, told by a probe ({by}) on {embedding} that has not seen it.

    float32 label_weight, 0 to 1: by the probe's probabilities of all labels, out of fold and calibrated, and by how
    labels stray to each other, as confident learning counts it, drawn towards straying to any other alike where few
    rows tell. To be exported as a column beside the rows: a loss times it counts doubtful rows less, where a cut would
    drop them. Where labels overlap it is too low: confident learning takes that for error. Missing where the probe
    cannot tell (see `label_doubt`): give such rows 1, or label them. The stand-in, without a training loop, for
    self-taught rescaling (Heck et al. 2024) and for self-training with weights (LiST: Wang et al. 2022). Raises
    `EngineError` where fewer than two labels are used, and for more rows times labels than memory holds.
    """
    rows = labelled(data, label, embedding)
    groups = copy_groups(data, embedding, copies, rows.codes >= 0)
    found = probe(seen_meaning(data, embedding), rows.codes, groups, len(rows.names), kind=by)
    known = np.flatnonzero(found.known)
    values = np.full(data.n, np.nan, np.float32)
    values[known] = right(found.probability, rows.codes, known)
    return {"label_weight": values}


def right(probability: np.ndarray, codes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float64 (r,): how likely the labels of some rows are right.

    probability: float32 (n, K), of labels as they are given; codes: int (n,); known: int64 (r,), rows. A label j
    becomes a given one y as often as confident learning finds it to, which counts as much as 20 rows of straying
    anywhere; by Bayes' rule the given label y of a row is right with T(y|y) q(y) / Σ T(y|j) q(j), where q is the
    probability without what strays anywhere.
    """
    from scipy.sparse import csr_array

    classes, means = probability.shape[1], class_means(probability, codes)
    best = np.concatenate(
        [
            confident(probability[known[part]], codes[known[part]], means)
            for part in blocks(len(known), probability.shape[1])
        ]
        or [known[:0]]
    )
    some = best >= 0
    given = codes[known]
    strayed = float((best[some] != given[some]).sum()) / max(len(known), 1)
    each = strayed / max(classes - 1, 1)
    met = csr_array((np.ones(int(some.sum())), (given[some], best[some])), shape=(classes, classes))
    count = np.asarray(met.sum(axis=0)).ravel() + PRIOR
    found = np.empty(len(known))
    for part in blocks(len(known), classes):
        q, own = probability[known[part]].astype(np.float64), given[part]
        q = np.clip((q - each) / max(1 - strayed - each, 1e-9), 0, 1) / count
        mine = q[np.arange(len(own)), own]
        prior = PRIOR * (each * (q.sum(axis=1) - mine) + (1 - strayed) * mine)
        whole = np.asarray(met[own].multiply(q).sum(axis=1)).ravel() + prior
        right = mine * (met.diagonal()[own] + PRIOR * (1 - strayed))
        found[part] = np.divide(right, whole, out=np.zeros(len(own)), where=whole > 0)
    return found
