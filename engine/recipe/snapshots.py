"""Refs: immutable snapshots of what steps need beyond the table, and the steps that name them."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args

import numpy as np

from engine.dataset import Dataset, Examples, TextSet, TopicLevel, drawn_digest, store_keys
from engine.errors import EngineError
from engine.marks import Kind, keys_with
from engine.recipe.filters.topic import GROUP
from engine.recipe.polygon import checked_polygon
from engine.recipe.recipe import Step
from engine.registry import Json
from engine.vectors import embed_texts

Do = Literal["keep", "drop"]
MOST_TEXTS = 32 << 20
"""Bytes of a set that goes with a recipe: half of the largest recipe that is read."""
MOST_EXAMPLES = 10_000


def listed_ref(data: Dataset, rows: np.ndarray) -> str:
    """A list of rows by key, in any order; the same rows give the same ref."""
    store_keys(data)
    return data.store.write_ref("rows", {"keys": cast(list[Json], sorted(data.keys(np.unique(rows))))})


def numbers_ref(data: Dataset, name: str, rows: np.ndarray, values: np.ndarray) -> str:
    """Keep a number of each of some rows, such as how often it was picked. values: float, NaN for a row without one."""
    there = np.isfinite(values)
    said = [float(f"{value:.6g}") for value in values[there]]
    return data.store.write_ref(
        "numbers", {"name": name, "keys": list(data.keys(rows[there])), "values": cast(list[Json], said)}
    )


def pairs_ref(data: Dataset, first: np.ndarray, second: np.ndarray) -> str:
    """Pairs of rows by key, one after the other; in any order, and whichever is named first, they give the same ref."""
    store_keys(data)
    both = sorted(sorted(pair) for pair in zip(data.keys(first), data.keys(second), strict=True))
    return data.store.write_ref("rows", {"keys": [key for pair in both for key in pair]})


def marks_ref(data: Dataset, what: str) -> str:
    """The rows that carry a mark now: always keep, never keep, note, or tag:NAME; also those of earlier revisions."""
    kind, name = mark_of(what)
    keys = keys_with(data, kind, name)
    if not keys:
        raise EngineError(f"No row is {marked_label(what)}. Mark some rows first.")
    return data.store.write_ref("rows", {"keys": cast(list[Json], sorted(keys))})


def region_ref(data: Dataset, map_key: str, polygon: np.ndarray) -> str:
    """A region drawn on a map: corners float (m, 2) in the map's units, with the digest of the very map."""
    corners = checked_polygon(np.asarray(polygon, np.float64))
    content: dict[str, Json] = {
        "map": map_key,
        "digest": drawn_digest(data, "map", map_key, ("x", "y")),
        "rows": data.fingerprint,
        "polygon": cast(list[Json], corners.tolist()),
    }
    placed: dict[str, Json] = {"placed": True} if data.added[map_key].notes.get("placed_rows") else {}
    return data.store.write_ref("region", content | placed)


def texts_ref(data: Dataset, other: TextSet) -> str:
    """The texts of another set, which go with the recipe: what a row was found to share can be shown beside it.

    Raises `EngineError` for a set too large to go with a recipe.
    """
    size = sum(len(text.encode(errors="replace")) for text in other.texts)
    if size > MOST_TEXTS:
        raise EngineError(
            f"The texts of {other.name} take {size / (1 << 20):,.0f} MB; at most {MOST_TEXTS >> 20} MB go with a "
            "recipe. Open it together with the rows as one dataset and compare by the column that says which is which "
            "(`overlaps_part`), or compare with a part of it."
        )
    content: dict[str, Json] = {"name": other.name, "texts": list(other.texts), "rows": list(other.rows)}
    return data.store.write_ref("texts", content)


def target_ref(
    data: Dataset,
    embedding: str,
    vector: np.ndarray,
    *,
    text: str = "",
    more: Sequence[str] = (),
    less: Sequence[str] = (),
    unlike: np.ndarray | None = None,
) -> str:
    """What rows are compared with: int16 (d,) on the grid of an embedding, and the text or keys that it came from.

    unlike: int16 (d,), what rows are to be less like than they are like the vector.
    """
    artefact = data.artefact("embedding", embedding)
    away: dict[str, Json] = {} if unlike is None else {"unlike": cast(list[Json], unlike.astype(int).tolist())}
    return data.store.write_ref(
        "target",
        away
        | {
            "embedding": embedding,
            "identity": artefact.identity,
            "embedder": str(artefact.origin.facts.get("embedder", "")),
            "rows": data.fingerprint,
            "vector": cast(list[Json], np.asarray(vector).astype(int).tolist()),
            "text": text,
            "more": list(more),
            "less": list(less),
        },
    )


def examples_ref(
    data: Dataset,
    name: str,
    sets: Mapping[str, Sequence[str]],
    *,
    rows: Mapping[str, np.ndarray] | None = None,
    embedding: str = "",
) -> str:
    """Examples of what is wanted: texts by the target that they belong to, and rows that are examples themselves.

    rows: int64, by target. embedding: of which their vectors go along, "" for texts alone. Blank texts are left out, of
    equal ones in a target one stays. Raises `EngineError` where no example is left, and for more than go with a recipe.
    """
    found = {(of, text): "" for of, texts in sets.items() for text in texts if text.strip()}
    for of, some in (rows or {}).items():
        said = zip(data.texts(some), data.keys(some), strict=True)
        found |= {(of, text): key for text, key in said if text.strip()}
    size = sum(len(text.encode(errors="replace")) for _, text in found)
    if size > MOST_TEXTS or (embedding and len(found) > MOST_EXAMPLES):
        raise EngineError(
            f"{name} has {len(found):,} examples of {size / (1 << 20):,.0f} MB; {MOST_EXAMPLES:,} of "
            f"{MOST_TEXTS >> 20} MB go with a recipe. Take a part of them by chance: more hardly change what is chosen."
        )
    texts = [text for _, text in found]
    content: dict[str, Json] = {
        "name": name, "texts": cast(list[Json], texts), "sets": [of for of, _ in found], "keys": list(found.values()),
        "rows": data.fingerprint,
    }  # fmt: skip
    if embedding and texts:
        artefact = data.artefact("embedding", embedding)
        content |= {
            "embedding": embedding, "identity": artefact.identity,
            "embedder": str(artefact.origin.facts.get("embedder", "")),
            "packed": Examples.pack(_vectors(data, embedding, texts, list(found.values()))),
        }  # fmt: skip
    Examples(**{k: tuple(v) if isinstance(v, list) else v for k, v in content.items()})  # type: ignore[arg-type]
    return data.store.write_ref("examples", content)


def _vectors(data: Dataset, embedding: str, texts: Sequence[str], keys: Sequence[str]) -> np.ndarray:
    """int16 (M, d): of rows those that are stored, of other texts by the model that made them."""
    vectors = data.embedding(embedding)
    row = data.rows_of(keys)
    node = np.where(row >= 0, vectors.texts.of_row[row], -1)
    found = np.zeros((len(texts), vectors.grid.shape[1]), np.int16)
    found[node >= 0] = vectors.grid[node[node >= 0]]
    if len(lacks := np.flatnonzero(node < 0).tolist()):
        found[lacks] = embed_texts(data, embedding, [texts[i] for i in lacks], query=False)
    return found


def listed_step(data: Dataset, rows: np.ndarray, label: str = "", *, do: Do = "keep") -> Step:
    """The step that keeps (or drops) these rows."""
    said = label or f"{len(np.unique(rows)):,} listed rows"
    return Step("listed", {"listed": listed_ref(data, rows), "label": said, "do": do}).checked()


def marks_step(data: Dataset, what: str, *, do: Do = "keep") -> Step:
    """The step that keeps (or drops) the rows with a mark as of now: always keep, never keep, note, or tag:NAME."""
    return Step("marked", {"marks": marks_ref(data, what), "label": marked_label(what), "do": do}).checked()


def region_step(
    data: Dataset, map_key: str, polygon: np.ndarray, label: str = "the region drawn", *, do: Do = "keep"
) -> Step:
    """The step that keeps (or drops) what lies inside a region of a map."""
    ref = region_ref(data, map_key, polygon)
    return Step("region", {"map": map_key, "region": ref, "label": label, "do": do}).checked()


def overlaps_step(
    data: Dataset,
    other: TextSet,
    *,
    least: int = 13,
    unit: Literal["words", "characters"] = "words",
    edited: bool = True,
    column: str | None = None,
    do: Do = "drop",
) -> Step:
    """The step that drops (or keeps) the rows that share a run of words with another set."""
    params: dict[str, Json] = {
        "other": texts_ref(data, other),
        "label": other.name,
        "least": least,
        "unit": unit,
        "edited": edited,
        "column": column,
        "do": do,
    }
    return Step("overlaps", params).checked()


def topic_step(
    data: Dataset,
    topics: str,
    numbers: Sequence[int],
    *,
    level: TopicLevel = "topic",
    do: Do = "keep",
) -> Step:
    """The step that keeps (or drops) topics or areas by number, -1 for none, bound to the very topics.

    topics: their key, such as `topics@minilm`. A group stands for its topics: the step names them, and the group.
    Raises `EngineError` for a number that is not there.
    """
    made = data.topics(topics)
    _, names = made.level(level)
    if gone := [n for n in numbers if n not in names and n != -1]:
        raise EngineError(f"{topics!r} has no {level} {gone[0]} any more. Choose from the map as it is drawn now.")
    label = ", ".join(f"“{names[n]}”" if n in names else "what belongs to none" for n in numbers)
    if level == "group":
        numbers = sorted(topic for topic, group in made.group_of.items() if group in numbers)
        level, label = "topic", f"{GROUP}{label}"
    params: dict[str, Json] = {
        "topics": topics,
        "numbers": [str(n) for n in numbers],
        "level": level,
        "bound": f"{data.fingerprint}/{drawn_digest(data, 'topics', topics, (level,))}",
        "label": label,
        "do": do,
    }
    return Step("topic", params).checked()


def mark_of(what: str) -> tuple[Kind, str]:
    """The kind and the name of a mark written as always keep, never keep, note or tag:NAME."""
    kind, _, name = what.partition(":")
    if (kind == "tag") != bool(name) or kind not in get_args(Kind):
        raise EngineError(f"{what!r} is not a mark. Give always keep, never keep, note, or tag:NAME.")
    return cast(Kind, kind), name


def marked_label(what: str) -> str:
    """A mark in words."""
    kind, name = mark_of(what)
    words = {"always keep": "always kept by hand", "never keep": "never kept by hand", "note": "noted"}
    return f"tagged “{name}”" if kind == "tag" else words[kind]
