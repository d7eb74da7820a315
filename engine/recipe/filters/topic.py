"""Keep or drop the rows of some topics."""

from collections.abc import Mapping
from typing import Annotated, Literal, cast

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, drawn_digest
from engine.errors import EngineError
from engine.registry import About, Help, Json, TopicsName


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    """Why the numbers mean nothing on a dataset: topics of other rows, or others than it has now."""
    rows, _, digest = str(params.get("bound", "")).partition("/")
    key = str(params["topics"])
    if rows and rows != data.fingerprint:
        return "topics of other rows"
    if rows and key in data.added and digest != drawn_digest(data, "topics", key, (str(params.get("level", "topic")),)):
        return f"other topics than {key!r} holds now"
    return ""


GROUP = "group "
"""How the label of all topics of a group begins; that of topics begins with a quotation mark."""


def _words(values: Mapping[str, object]) -> Mapping[str, str]:
    """Topics by name, by number where they have none; what belongs to none is “no topic”."""
    numbers, level, label = cast(tuple[str, ...], values["numbers"]), str(values["level"]), str(values["label"])
    if numbers == ("-1",):
        return {"level": f"no {level}", "label": ""}
    if label.startswith(GROUP):
        return {"level": GROUP.strip(), "label": label.removeprefix(GROUP)}
    return {"level": level if len(numbers) == 1 else f"{level}s", "label": label or " or ".join(numbers)}


ABOUT = About(portable="this corpus only", foreign=_foreign, short="{level} {label}", words=_words)


def topic(
    data: Dataset,
    rows: np.ndarray,
    *,
    topics: TopicsName,
    numbers: Annotated[tuple[str, ...], Help("Of topics or areas; -1 is what belongs to none.")],
    level: Literal["topic", "area"] = "topic",
    bound: Annotated[str, Help("What the numbers belong to: fingerprint of the rows / digest of the topics.")] = "",
    label: Annotated[str, Help("What they are called on the screen; left out: their numbers.")] = "",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows of {level} {label}.

    A row without text belongs to none (-1). Raises `EngineError` for a number that is not there, and when the
    topics are others than those that the numbers belong to.
    """
    made = data.topics(topics)
    digest = drawn_digest(data, "topics", topics, (level,))
    if bound and bound.rpartition("/")[2] != digest:
        raise EngineError(
            f"Topic {', '.join(numbers)} was chosen among other topics than {topics!r} holds now "
            f"({bound.rpartition('/')[2][:8]}…, not {digest[:8]}…). Choose the topics again."
        )
    number, names = made.level(level)
    per_row = data._cache.get(
        f"{level}/{digest}", lambda: data.per_row(number, made.texts, missing=-1).astype(np.int32)
    )
    mine = data.take(per_row, rows)
    wanted = [_number(text, names, level, topics) for text in numbers]
    found = np.isin(mine, wanted)
    keep = found if do == "keep" else ~found

    def words(i: int) -> str:
        at = int(mine[i])
        return f"it belongs to no {level}" if at < 0 else f"{level} is {at}, “{names.get(at, f'{level} {at}')}”"

    return Verdict(keep, words)


def _number(text: str, names: Mapping[int, str], level: str, topics: str) -> int:
    known = {str(k): k for k in names} | {"-1": -1}
    if text not in known:
        shown = ", ".join(list(known)[:20])
        raise EngineError(f"{topics!r} has no {level} {text!r}. There is: {shown}.")
    return known[text]
