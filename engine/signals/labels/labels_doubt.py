"""Where rows have several labels: which one should not be there, and which is lacking."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import copy_groups, label_sets, probe_sets, quality, seen_meaning, surely
from engine.registry import About, Bounds, Column, Embedding, Help, Json, Value, row_cost
from engine.signals.labels._labelled import COPIES, blocks, empty


def names_of(data: Dataset, params: Mapping[str, Json]) -> tuple[str, ...]:
    """The labels in the sets."""
    return label_sets(data, str(params["labels"]), str(params["separator"])).names


ABOUT = About(
    title="Doubt of several labels a row",
    needs={"graph": ""},
    values={
        "labels_given": Value("integer", "labels"),
        "labels_quality": Value("number", "0 to 1"),
        "worst_label_confidence": Value("number", "0 to 1"),
        "doubted_label": Value("category", names=names_of),
        "doubted_confidence": Value("number", "probability of the least likely given label, 0 to 1"),
        "lacking_label": Value("category", names=names_of),
        "lacking_confidence": Value("number", "probability of the likeliest other, 0 to 1"),
    },
    cost=row_cost(5_000),
)


def labels_doubt(
    data: Dataset,
    *,
    embedding: Embedding,
    labels: Annotated[Column, Help("A column of lists, of JSON lists, or of texts with labels beside each other.")],
    separator: Annotated[str, Help("What stands between the labels of a text, such as , or ;. Lists need none.")] = "",
    copies: Annotated[
        float, Bounds(0.5, 1.0), Help("Similarity from which texts are copies, which never teach each other.")
    ] = COPIES,
) -> dict[str, np.ndarray]:
    """Which of the several {labels} of a row should not be there, and which is lacking, by {embedding}.

    Each label is told against the rest by a probe of four fifths of the rows, copies of the row not among them; rows
    without labels by all. float32 doubted_confidence: the probability of the given label that is least likely;
    doubted_label: the least likely one that is no likelier than it is on the mean for rows without it.
    lacking_confidence: the probability of the likeliest label that was not given; lacking_label: the likeliest that is
    as likely as on the mean for rows that have it. worst_label_confidence: the
    least probability of any answer, of labels given and not given. labels_quality: 0.8 of that, 0.16 of the next worst,
    and so on: low is doubtful. labels_given: how many. Missing for a row without labels (what it may lack is told),
    without a vector, and for a label of which nothing is known from outside. An empty list is labelled with none.
    Source: confident learning for each label (Northcutt et al. 2021); Thyagarajan et al. 2022 for several.
    Raises `EngineError` where fewer than two labels are used, and for more rows times labels than memory holds.
    """
    sets, seen = label_sets(data, labels, separator), seen_meaning(data, embedding)
    p = probe_sets(seen, sets, copy_groups(data, embedding, copies, sets.there))
    yes, no = surely(p, sets, np.flatnonzero(sets.there & seen.there))
    found = empty(data.n, {name: None for name, value in ABOUT.values.items() if value.type == "number"})
    doubted, lacking = np.full((2, data.n), -1, np.int32)
    for part in blocks(data.n, len(sets.names)):
        given, here = sets.given[part].toarray(), p[part]
        of_label = np.where(given, here, 1 - here)
        there = sets.there[part] & ~np.isnan(here).all(axis=1)
        own, others = np.where(given, np.nan_to_num(here, nan=2), 2), np.where(given, -1, np.nan_to_num(here, nan=-1))
        worst, best = own.min(axis=1), others.max(axis=1)
        found["doubted_confidence"][part] = np.where(there & (worst <= 1), worst, np.nan)
        found["lacking_confidence"][part] = np.where(best >= 0, best, np.nan)
        wrong, lost = own <= no, others >= yes
        doubted[part] = np.where(there & wrong.any(axis=1), np.where(wrong, own, 2).argmin(axis=1), -1)
        lacking[part] = np.where(lost.any(axis=1), np.where(lost, others, -1).argmax(axis=1), -1)
        found["labels_quality"][part] = np.where(there, quality(of_label), np.nan)
        found["worst_label_confidence"][part] = np.where(there, np.nan_to_num(of_label, nan=2).min(axis=1), np.nan)
    there = sets.there & seen.there
    counted = np.where(there, np.asarray(sets.given.sum(axis=1)).ravel(), np.nan).astype(np.float32)
    return {"labels_given": counted, **found, "doubted_label": doubted, "lacking_label": lacking}
