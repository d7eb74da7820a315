"""Run signals over a dataset: row signals in batches, in several processes where it pays; corpus signals at once."""

import os
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import with_models
from engine.progress import Progress
from engine.registry import Json, Member
from engine.store import Store

BATCH_ROWS = 4096
POOL_SECONDS = 8.0
"""A pool takes a few seconds to start: it pays for work that takes longer than this."""


def row_signals(
    data: Dataset,
    members: Sequence[Member],
    params: Mapping[str, Json],
    progress: Progress,
    *,
    workers: int | None = None,
) -> list[dict[str, np.ndarray]]:
    """The values of row signals for every row, each of length n: of each member, with the same parameters for all.

    They see a batch of texts one after the other, so that what they share is made once.
    workers: processes; None starts them only when the first batches say that it pays. The values do not depend on it.
    Raises `EngineError` when a signal breaks its law (another number of values than rows).
    """
    for member in members:
        member.check(params)
    starts = list(range(0, max(data.n, 1), BATCH_ROWS))
    parts: list[list[dict[str, np.ndarray]]] = []
    begun = time.perf_counter()

    def took(part: list[dict[str, np.ndarray]]) -> None:
        parts.append(part)
        names = ", ".join(member.about.called or member.name for member in members)
        progress(f"Counting {names}", min(len(parts) * BATCH_ROWS, data.n), data.n)

    for start in starts:
        left = (time.perf_counter() - begun) / max(1, len(parts)) * (len(starts) - len(parts))
        if workers == 1 or (workers is None and (len(parts) < 2 or left < POOL_SECONDS)):
            took(_batch(data, members, params, start, min(data.n, start + BATCH_ROWS)))
        else:
            break
    if len(parts) < len(starts):
        processes = min(workers or len(os.sched_getaffinity(0)), len(starts) - len(parts))
        from joblib.externals.loky import ProcessPoolExecutor
        from joblib.externals.loky.backend import get_context

        # Started afresh, never forked: the parent may hold threads (a server, a tokenizer) that a fork would break. And
        # without running the person's own script again in each process, as the standard library's pool does.
        with ProcessPoolExecutor(processes, context=get_context("loky")) as pool:
            try:
                waiting = [
                    pool.submit(
                        _in_worker,
                        (str(data.store.folder), data.fingerprint),
                        tuple(members),
                        dict(params),
                        start,
                        min(data.n, start + BATCH_ROWS),
                    )
                    for start in starts[len(parts) :]
                ]
                for future in waiting:
                    took(future.result())
            finally:
                pool.shutdown(wait=False, kill_workers=True)
    return [
        {name: np.concatenate([part[i][name] for part in parts]) for name in parts[0][i]} for i in range(len(members))
    ]


def corpus_signal(
    data: Dataset, member: Member, params: Mapping[str, Json], progress: Progress
) -> dict[str, np.ndarray]:
    """The values of a corpus signal for every row, each of length n."""
    progress(f"Computing {member.name}", 0, 1)
    values = cast(dict[str, np.ndarray], member.function(data, **with_models(data, member, params)))
    _lawful(member.name, values, data.n)
    progress(f"Computing {member.name}", 1, 1)
    return values


def _batch(
    data: Dataset, members: Sequence[Member], params: Mapping[str, Json], start: int, stop: int
) -> list[dict[str, np.ndarray]]:
    rows = np.arange(start, stop, dtype=np.int64)
    texts = data.texts(rows)
    found = [
        cast(dict[str, np.ndarray], member.function(texts, **with_models(data, member, params))) for member in members
    ]
    for member, values in zip(members, found, strict=True):
        _lawful(member.name, values, len(rows))
    return found


def _lawful(name: str, values: Mapping[str, np.ndarray], n: int) -> None:
    for value, array in values.items():
        if array.shape != (n,):
            raise EngineError(
                f"The signal {name!r} gave {value!r} the shape {array.shape} for {n:,} rows. Mend its code."
            )


def _in_worker(
    where: tuple[str, str], members: tuple[Member, ...], params: dict[str, Json], start: int, stop: int
) -> list[dict[str, np.ndarray]]:
    """One batch in another process. where: the dataset's folder, and the fingerprint that it must still have."""
    folder, fingerprint = where
    data = _dataset(folder)
    if data.fingerprint != fingerprint:
        raise EngineError("The source was opened again while signals were computed. Start them once more.")
    return _batch(data, members, params, start, stop)


@cache
def _dataset(folder: str) -> Dataset:
    return Dataset.load(Store(Path(folder)))
