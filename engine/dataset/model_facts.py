"""What a fitted model says of itself, of each kind: pages show it, and a file from elsewhere may say anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import EngineError
from engine.registry import Json


@dataclass(frozen=True)
class HeldOut:
    """How texts held out score. low, median, high: perplexities, 0 where no text was held out."""

    texts: int
    surprising: float
    low: float = 0.0
    median: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class NgramFacts:
    """Of an n-gram model. kinds: different words that count as unknown; surprising: log10 of how likely a word is."""

    reference: str
    texts: int
    words: int
    held_out: HeldOut
    surprising: float
    kinds: int
    vocabulary: int
    runs: tuple[int, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Auc:
    """The area under the curve of scores held out, with the ends of its interval: 0 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Tells:
    """What says most that a text is liked, and that it is not: texts, or pairs of a word and its weight."""

    likes: tuple[Json, ...]
    dislikes: tuple[Json, ...]

    def __post_init__(self) -> None:
        for one in (*self.likes, *self.dislikes):
            pair = isinstance(one, list | tuple) and [type(part) for part in one] in ([str, float], [str, int])
            if not isinstance(one, str) and not pair:
                raise EngineError(f"What tells most is {one!r:.60}. It must be a text, or a word and its weight.")


@dataclass(frozen=True)
class PoolFacts:
    """What a pool adds to a classifier; shares from 0 to 1, None where its side has no other pool."""

    name: str
    texts: int
    likes: bool = False
    auc_with: float | None = None
    auc_without: float | None = None
    top_changed: float | None = None


@dataclass(frozen=True)
class RanksFacts:
    """Of a classifier that learned from ranks by examples: see `engine.recipe.Distilled`. None where nothing tells."""

    sample: int
    liked: int
    held_out: int
    correlation: float | None
    overlap: float | None
    by_chance: float
    by_set: Mapping[str, int]


@dataclass(frozen=True)
class ClassifierFacts:
    """Of a classifier. likes, dislikes: texts learned from; embedder: digest, "" for words; auc: where it was tried.

    ranks: of one that learned what ranks high for examples.
    """

    likes: int
    dislikes: int
    embedder: str
    tells: Tells
    pools: tuple[PoolFacts, ...]
    warnings: tuple[str, ...]
    auc: Auc | None = None
    ranks: RanksFacts | None = None


FACTS: dict[str, type] = {"ngram": NgramFacts, "classifier": ClassifierFacts}
"""What a model of each kind says of itself."""
