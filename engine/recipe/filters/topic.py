"""Keep or drop the rows of some topics."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict, drawn_digest
from engine.errors import EngineError
from engine.registry import Clusters, Help


def topic(
    data: Dataset,
    rows: np.ndarray,
    *,
    clusters: Clusters,
    topics: Annotated[tuple[str, ...], Help("Numbers of topics or areas; -1 is what belongs to none.")],
    level: Literal["topic", "area"] = "topic",
    bound: Annotated[str, Help("What the numbers belong to: fingerprint of the rows / digest of the clusters.")] = "",
    label: Annotated[str, Help("What they are called on the screen; left out: their numbers.")] = "",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows of {level} {topics} {label} in {clusters}.

    A row without text belongs to none (-1). Raises `EngineError` for a number that is not there, and when the clusters
    are others than those that the numbers belong to.
    """
    made = data.topics(clusters)
    digest = drawn_digest(data, "clusters", clusters, (level,))
    if bound and bound.rpartition("/")[2] != digest:
        raise EngineError(
            f"Topic {', '.join(topics)} was chosen in other clusters than {clusters!r} holds now "
            f"({bound.rpartition('/')[2][:8]}…, not {digest[:8]}…). Choose the topics again."
        )
    number, names = (made.topic, made.names) if level == "topic" else (made.area, made.area_names)
    per_row = data._cache.get(
        f"{level}/{digest}", lambda: data.per_row(number, made.nodes, missing=-1).astype(np.int32)
    )
    mine = data.take(per_row, rows)
    wanted = [_number(text, names, level, clusters) for text in topics]
    found = np.isin(mine, wanted)
    keep = found if do == "keep" else ~found

    def words(i: int) -> str:
        at = int(mine[i])
        return f"it belongs to no {level}" if at < 0 else f"{level} is {at}, “{names.get(at, f'{level} {at}')}”"

    return Verdict(keep, words)


def _number(text: str, names: Mapping[int, str], level: str, clusters: str) -> int:
    known = {str(k): k for k in names} | {"-1": -1}
    if text not in known:
        shown = ", ".join(list(known)[:20])
        raise EngineError(f"{clusters!r} has no {level} {text!r}. There is: {shown}.")
    return known[text]
