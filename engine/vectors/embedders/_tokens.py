"""What a model reads of a text: cut at its limit, with a share for each part of a pair; and batches of one length."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STEP = 8


@dataclass(frozen=True)
class Reading:
    """The tokens that the model reads. tokens: how many the whole text has; cut: first character left out, or -1."""

    ids: list[int]
    tokens: int
    cut: int


def read(
    ids: Sequence[int],
    special: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    *,
    limit: int,
    answer_at: int = -1,
    share: float = 0.5,
) -> Reading:
    """Cut a text to the model's limit.

    special: 1 for the marks that the model wants at the ends, which stay. offsets: characters of each token. answer_at:
    where the answer of a pair begins: then the prompt gets at least its share of the tokens, the answer the others, and
    neither leaves unused what the other needs.
    """
    if len(ids) <= limit:
        return Reading(list(ids), len(ids), -1)
    inner = [i for i, mark in enumerate(special) if not mark]
    room = max(limit - (len(ids) - len(inner)), 0)
    prompt = sum(offsets[i][0] < answer_at for i in inner) if answer_at > 0 else len(inner)
    answer = len(inner) - prompt
    for_prompt = min(prompt, max(int(share * room), room - answer)) if answer else room
    kept = inner[:for_prompt] + inner[prompt : prompt + room - for_prompt]
    left_out = inner[for_prompt] if for_prompt < prompt else inner[prompt + room - for_prompt]
    keep = set(kept)
    return Reading([ids[i] for i, mark in enumerate(special) if mark or i in keep], len(ids), offsets[left_out][0])


def batches(lengths: Sequence[int], *, limit: int, room: int) -> list[tuple[int, np.ndarray]]:
    """Texts of one padded length together, longest first: (padded length, positions) for each batch.

    A text is always padded to the next multiple of 8 of its own length, whatever stands beside it: with a runtime whose
    rows do not touch each other, its vector then depends on that text alone. room: tokens a batch, padding included.
    """
    padded = np.minimum(-(-np.asarray(lengths, np.int64) // STEP) * STEP, max(limit, STEP))
    padded = np.maximum(padded, np.asarray(lengths, np.int64))
    found = []
    for length in np.unique(padded)[::-1].tolist():
        mine = np.flatnonzero(padded == length)
        size = max(1, room // max(length, 1))
        found += [(int(length), mine[at : at + size]) for at in range(0, len(mine), size)]
    return found


def padded_batch(readings: Sequence[Reading], length: int, pad: int) -> tuple[np.ndarray, np.ndarray]:
    """int64 (b, length) of token numbers, and of 1 for a token and 0 for padding."""
    ids = np.full((len(readings), length), pad, np.int64)
    mask = np.zeros((len(readings), length), np.int64)
    for row, reading in enumerate(readings):
        ids[row, : len(reading.ids)] = reading.ids
        mask[row, : len(reading.ids)] = 1
    return ids, mask
