"""Whether a target and an embedding belong together: the very vectors, the very model, or the very examples."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from engine.dataset import Dataset, read_ref
from engine.errors import EngineError
from engine.vectors import comparable, target_between


def checked_target(data: Dataset, embedding: str, ref: str, label: str = "of this step") -> np.ndarray:
    """The vector of a target, int16 (d,); raises `EngineError` where it was made with other vectors."""
    there = read_ref(data, ref, "target")
    if not belongs(data, embedding, ref):
        raise EngineError(
            f"The target {label} was made with other vectors ({there['embedding']!r}, {str(there['identity'])[:8]}…) "
            f"than {embedding!r} holds ({data.artefact('embedding', embedding).identity[:8]}…). Search again here, or "
            "use the embedding that it was made with."
        )
    return np.asarray(there["vector"], np.int16)


def unlike_of(data: Dataset, ref: str) -> np.ndarray | None:
    """What a target's rows are to be less like, int16 (d,); None for most targets."""
    there = read_ref(data, ref, "target").get("unlike")
    return None if there is None else np.asarray(there, np.int16)


def belongs(data: Dataset, embedding: str, ref: str) -> bool:
    """Whether a target can be compared with an embedding.

    It can with the vectors that it was made from, and with others of the very same model. Given vectors name no model:
    there it must come out again, number for number, from the examples that it was made of (after rows were appended).
    """
    there = read_ref(data, ref, "target")
    vector = cast(list[int], there["vector"])
    if len(cast(list[int], there.get("unlike", vector))) != len(vector):
        return False
    if comparable(data, embedding, str(there["identity"]), str(there["embedder"]), len(vector)):
        return True
    more, less = (cast(list[str], there[side]) for side in ("more", "less"))
    if "unlike" in there:
        return vector == _again(data, embedding, more, []) and there["unlike"] == _again(data, embedding, less, [])
    return vector == _again(data, embedding, more, less)


def _again(data: Dataset, embedding: str, more: Sequence[str], less: Sequence[str]) -> list[int]:
    """The target between the same examples here, [] where one of them is not here or has no vector."""
    vectors = data.embedding(embedding)
    rows = data.rows_of([*more, *less])
    if not len(rows) or (rows < 0).any() or (vectors.texts.of_row[rows] < 0).any():
        return []
    nodes = vectors.texts.of_row[rows]
    try:
        return cast(list[int], target_between(vectors, nodes[: len(more)], nodes[len(more) :]).astype(int).tolist())
    except EngineError:  # here they cancel each other: it is another target
        return []
