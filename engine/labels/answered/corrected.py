"""Answers as a column: frozen as they stand, so that what stands on it can be made again."""

import numpy as np

from engine.dataset import Dataset, answered_labels, store_keys
from engine.errors import EngineError
from engine.marks import answers, settled
from engine.registry import Json

ANSWERED = "answered_label"
"""The signal, and its value, that holds answers where people began a set of labels: where a column had them before,
they are taken up by its column of corrected cells."""


def answered_column(data: Dataset, column: str) -> str | None:
    """The signal that holds what the answers to a set that people began come to just now; nothing is written."""
    found = settled(data, column)
    now = dict(zip(data.keys(found.rows), found.labels, strict=True))
    for one in data.columns.values():
        if one.name != ANSWERED or one.thing not in data.keys_of("signal"):
            continue
        said = answered_labels(data, str(data.artefact("signal", one.thing).spec.params["answers"]))
        if said.column == column and dict(zip(said.keys, said.labels, strict=True)) == now:
            return one.key
    return None


def corrections_ref(data: Dataset, column: str) -> str:
    """A snapshot of what the answers for a column come to, with who said it and when; the same answers give the same.

    Rows whose annotators differ, and rows that nobody could tell, are not in it. Raises `EngineError` where nothing is
    answered yet.
    """
    found = settled(data, column)
    if not len(found.rows):
        raise EngineError(
            f"No label of {column!r} is answered yet, or annotators differ on all. Answer some on Review."
        )
    store_keys(data)
    told = dict(zip(found.rows.tolist(), found.labels, strict=True))
    who: dict[int, list[str]] = {}
    when: dict[int, str] = {}
    for one in answers(data, column):
        if one.row in told and one.label == told[one.row]:
            who.setdefault(one.row, []).append(one.annotator)
            when[one.row] = max(when.get(one.row, ""), one.at)
    keys = data.keys(found.rows)
    order = np.argsort(np.array(keys), kind="stable").tolist()
    body: dict[str, Json] = {
        "column": column,
        "keys": [keys[i] for i in order],
        "labels": [found.labels[i] for i in order],
        "annotators": [[name for name in who[int(found.rows[i])] if name] for i in order],
        "at": [when[int(found.rows[i])] for i in order],
    }
    return data.store.write_ref("answers", body)
