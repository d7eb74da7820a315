"""Fit a classifier on pools that a person likes, and pools that they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.dataset import Dataset, FittedModel, PackedArray, check_name, name_from
from engine.errors import EngineError
from engine.models import _features
from engine.models._corpus import FEW, turned
from engine.models._doubts import by_format, by_length, shape_of
from engine.models._logistic import VECTORS, WORDS, Line, Matrix, auc, folds_of, interval, line, out_of_fold, platt
from engine.models._words import fingerprints, parts, said
from engine.models.classifier import VERSION, on_grid
from engine.models.keep import Known, keep
from engine.models.pool import Pool
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.vectors import embed_texts

Of = Literal["words", "vectors"]
MOST_TEXTS = 20_000
FEW_TEXTS = 10
RANDOM_ROWS = (200, 5_000)
TOLD = 12
SAMPLE = 2_000
TOP = 0.1


@dataclass(frozen=True)
class _Labelled:
    """The texts of all pools. liked: bool (n,). pool: int64 (n,), which; groups: uint64, equal where the words are."""

    pools: tuple[str, ...]
    texts: list[str]
    rows: np.ndarray
    liked: np.ndarray
    pool: np.ndarray
    groups: np.ndarray

    def some(self, keep: np.ndarray) -> "_Labelled":
        """Those where `keep` says so: bool (n,), or numbers."""
        at = np.arange(len(self.texts))[keep]
        texts = [self.texts[i] for i in at]
        return _Labelled(self.pools, texts, self.rows[at], self.liked[at], self.pool[at], self.groups[at])


def fit_classifier(
    data: Dataset,
    likes: Sequence[Pool],
    dislikes: Sequence[Pool] = (),
    *,
    of: Of = "words",
    embedding: str = "",
    name: str = "",
    progress: Progress = quiet,
) -> Known:
    """A model of what the liked pools have and the others have not, kept in the dataset.

    of: words and pairs of words, which mean the same in any corpus; or vectors of an embedding, by meaning. Without a
    disliked pool, rows by chance stand for it. What stands on both sides is left out. The signal `classifier`, of
    vectors `classifier_by_meaning`, gives each row the probability that it is liked, as if rows were liked as often as
    in the pools. In the facts: the AUC of scores held out (copies kept together) with the interval that 95 of 100
    draws lie in, what tells most, what each pool adds, and under `warnings` what is doubtful. The same pools give the
    same model. Source: DFN (Fang et al. 2023), Ultra-FineWeb (Wang et al. 2025); Platt 1999.
    Raises `EngineError` where a side has no text.
    """
    return keep(data, learned(data, likes, dislikes, of=of, embedding=embedding, name=name, progress=progress))


def learned(
    data: Dataset,
    likes: Sequence[Pool],
    dislikes: Sequence[Pool] = (),
    *,
    of: Of = "words",
    embedding: str = "",
    name: str = "",
    progress: Progress = quiet,
) -> FittedModel:
    """The model that `fit_classifier` keeps, before it is kept: more can be said of it then."""
    name = name or name_from(likes[0].name if likes else "")
    check_name(name)
    progress("Reading the pools", 0, 4)
    found, warnings = _labelled(data, likes, dislikes)
    progress("Learning", 1, 4)
    x, buckets = _seen(data, found, of, embedding)
    strength, turn = WORDS if of == "words" else VECTORS, None
    if of == "vectors" and len(found.texts) < FEW:
        turn = turned(data.embedding(embedding))
        x = x @ turn
    whole, folds = line(x, found.liked, strength), folds_of(found.groups, found.liked)
    progress("Trying it on texts held out", 2, 4)
    scores = out_of_fold(x, found.liked, folds, strength)
    slope, offset = platt(scores, found.liked) if _both(found.liked, scores) else (1.0, 0.0)
    facts: dict[str, Json] = {
        "likes": int(found.liked.sum()),
        "dislikes": int((~found.liked).sum()),
        "embedder": _embedder(data, embedding) if of == "vectors" else "",
        "tells": _tells(found, whole, buckets, x),
    }
    if _both(found.liked, scores):
        low, high = interval(scores, found.liked)
        facts["auc"] = {"value": _short(auc(scores, found.liked)), "low": _short(low), "high": _short(high)}
        warnings += _shallow(found, folds, low)
    warnings += _few(found, slope)
    progress("What each pool adds", 3, 4)
    facts["pools"] = _pools(data, found, x, folds, scores, _Asked(data, of, embedding, buckets, whole, strength, turn))
    facts["warnings"] = list(warnings)
    weights = whole.weights if turn is None else turn @ whole.weights
    kept = np.flatnonzero(on_grid(weights)) if of == "words" else np.arange(len(weights))
    arrays = {
        "weights": on_grid(weights[kept]),
        "buckets": (buckets[kept] if of == "words" else np.zeros(0)).astype(np.uint32),
        "line": on_grid(np.array([whole.intercept, slope, offset])),
    }
    packed = {key: PackedArray.of(array) for key, array in arrays.items()}
    progress("What each pool adds", 4, 4)
    return FittedModel(name, "classifier", VERSION, {"of": of}, facts, packed)


def _labelled(data: Dataset, likes: Sequence[Pool], dislikes: Sequence[Pool]) -> tuple[_Labelled, list[str]]:
    """All texts that can be learned from, and what there is to say about the others."""
    warnings: list[str] = []
    if not dislikes:
        dislikes = [_by_chance(data, likes)]
        warnings.append(
            f"There is no pool of texts that are not liked: {len(dislikes[0].texts):,} rows by chance stand for it, "
            "some of which you may like too. The probability is that of being one of yours among those."
        )
    pools = [*likes, *dislikes]
    texts = [text for pool in pools for text in pool.texts]
    pool = np.repeat(np.arange(len(pools)), [len(p.texts) for p in pools])
    groups, words = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.int64)
    for start, stop in parts(texts):
        found = said(texts[start:stop])
        groups[start:stop], words[start:stop] = fingerprints(found), found.lengths
    rows = np.concatenate([np.zeros(0, np.int64), *(p.rows for p in pools)])
    whole = _Labelled(tuple(p.name for p in pools), texts, rows, pool < len(likes), pool, groups)
    if empty := int((words == 0).sum()):
        warnings.append(f"{empty:,} texts without a word were left out.")
    both = np.intersect1d(groups[whole.liked], groups[~whole.liked])
    shared = np.isin(groups, both) & (words > 0)
    if shared.any():
        named = [p for i, p in enumerate(whole.pools) if (shared & (pool == i)).any()]
        warnings.append(
            f"{len(both):,} texts stand on both sides ({', '.join(map(repr, named))}) and were left out of both."
        )
    kept = whole.some((words > 0) & ~shared)
    for side, what in ((kept.liked, "liked"), (~kept.liked, "not liked")):
        if not side.any():
            raise EngineError(f"No text is left that is {what}. {' '.join(warnings)} Add texts to its pools.")
    chosen = np.concatenate([_at_most(np.flatnonzero(side)) for side in (kept.liked, ~kept.liked)])
    if len(chosen) < len(kept.texts):
        warnings.append(f"{len(chosen):,} of {len(kept.texts):,} texts were learned from, taken by chance.")
    return kept.some(np.sort(chosen)), warnings


def _at_most(rows: np.ndarray) -> np.ndarray:
    return rows if len(rows) <= MOST_TEXTS else np.random.default_rng(0).permutation(rows)[:MOST_TEXTS]


def _by_chance(data: Dataset, likes: Sequence[Pool]) -> Pool:
    """Rows of the corpus that are in no pool."""
    taken = np.concatenate([np.zeros(0, np.int64), *(pool.rows for pool in likes)])
    free = np.setdiff1d(data.rows(), taken)
    many = int(np.clip(sum(len(pool.texts) for pool in likes), *RANDOM_ROWS))
    rows = np.random.default_rng(0).permutation(free)[:many]
    known = set(fingerprints(said([text for pool in likes for text in pool.texts])).tolist())
    pool = Pool.of_rows(data, "rows by chance", rows)
    copies = np.isin(fingerprints(said(pool.texts)), list(known)) if known else np.zeros(len(pool.texts), bool)
    return Pool.of_rows(data, "rows by chance", pool.rows[~copies])


def _seen(data: Dataset, found: _Labelled, of: Of, embedding: str) -> tuple[Matrix, np.ndarray]:
    """What is learned from, a row a text, and of words the bucket of each column."""
    if of == "vectors":
        return _vectors(data, embedding, found.texts, found.rows), np.zeros(0, np.int64)
    counted = _features.counted(found.texts)
    buckets = np.unique(counted.bucket)
    return _features.matrix(counted, buckets), buckets


def _vectors(data: Dataset, embedding: str, texts: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """float32 (n, d): those of the rows, and those that the same model makes of texts from elsewhere."""
    stored = data.embedding(embedding)
    node = np.where(rows >= 0, stored.texts.of_row[rows], -1)
    vectors = np.asarray(stored.floats(np.maximum(node, 0)), np.float32)
    if len(lacking := np.flatnonzero(node < 0)):
        vectors[lacking] = embed_texts(data, embedding, [texts[i] for i in lacking.tolist()], query=False) / np.float32(
            2048
        )
    return vectors


def _embedder(data: Dataset, embedding: str) -> str:
    return str(data.artefact("embedding", embedding).origin.facts.get("embedder", ""))


def _both(liked: np.ndarray, scores: np.ndarray) -> bool:
    """Whether there are scores held out of both kinds, and of all texts."""
    return bool(not np.isnan(scores).any() and liked.any() and not liked.all())


def _tells(found: _Labelled, whole: Line, buckets: np.ndarray, x: Matrix) -> dict[str, Json]:
    """What says most that a text is liked, and that it is not: words, or beginnings of texts for vectors."""
    if not len(buckets):
        order = np.argsort(whole.margins(x), kind="stable")
        ends = {"likes": order[::-1][:TOLD], "dislikes": order[:TOLD]}
        return {
            side: [found.texts[i][:80] for i in at if found.liked[i] == (side == "likes")] for side, at in ends.items()
        }
    order = np.argsort(np.round(whole.weights, 6), kind="stable")
    ends = {"likes": order[::-1][:TOLD], "dislikes": order[:TOLD]}
    words = _features.names(found.texts, buckets[np.concatenate(list(ends.values()))])
    sides: dict[str, Json] = {}
    for side, at in ends.items():
        sign = 1 if side == "likes" else -1
        sides[side] = [[words[int(buckets[i])], _short(whole.weights[i])] for i in at if sign * whole.weights[i] > 0]
    return sides


def _shallow(found: _Labelled, folds: np.ndarray, low: float) -> list[str]:
    """Whether it may be chance, or something that nobody meant tells the sides apart as well. low: of the AUC."""
    if low <= 0.5:
        return ["It may be no better than chance yet: its interval holds one half. Judge more rows."]
    shape = shape_of(found.texts)
    ways = (("length", by_length(shape, found.liked)), ("format", by_format(shape, found.liked, folds)))
    more = {
        "length": "Take pools of like length, or cut by length and leave the classifier out.",
        "format": "Digits, capitals, marks, markup and lines do: take pools that are written alike.",
    }
    return [
        f"{way.capitalize()} alone tells the sides apart as well (AUC {value:.3f}, where the classifier has at least "
        f"{low:.3f}). {more[way]}"
        for way, value in ways
        if value >= low
    ]


def _few(found: _Labelled, slope: float) -> list[str]:
    warnings = []
    sides = sorted([("liked", int(found.liked.sum())), ("not liked", int((~found.liked).sum()))], key=lambda s: s[1])
    (least, few), (_, many) = sides
    if few < FEW_TEXTS:
        warnings.append(
            f"Only {few:,} texts are {least}: the probability is little more than an order. "
            f"{FEW_TEXTS} of each are a beginning."
        )
    elif many > 20 * few:
        warnings.append(
            f"There are {many / few:,.0f} times as many texts on the other side as are {least}. Probabilities follow "
            "that share; where rows are liked more often, they are too low for what is rare."
        )
    if slope <= 0:
        warnings.append("On texts held out it is no better than chance: the pools do not differ in what it sees.")
    return warnings


@dataclass(frozen=True)
class _Asked:
    """Some rows of the corpus, ready to be scored by other lines too."""

    data: Dataset
    of: Of
    embedding: str
    buckets: np.ndarray
    whole: Line
    strength: float
    turn: np.ndarray | None

    def top(self, by: Line, x: Matrix) -> set[int]:
        margins = by.margins(x)
        return set(np.argsort(-margins, kind="stable")[: max(1, round(len(margins) * TOP))].tolist())

    def rows(self) -> "Matrix | None":
        rows = np.sort(np.random.default_rng(0).permutation(self.data.n)[:SAMPLE])
        if self.of == "words":
            return _features.matrix(_features.counted(self.data.texts(rows)), self.buckets) if len(rows) else None
        stored = self.data.embedding(self.embedding)
        nodes = stored.texts.of_row[rows]
        vectors = stored.floats(nodes[nodes >= 0])
        return (vectors if self.turn is None else vectors @ self.turn) if len(vectors) else None


def _pools(
    data: Dataset, found: _Labelled, x: Matrix, folds: np.ndarray, scores: np.ndarray, asked: _Asked
) -> list[Json]:
    """Each pool: how many texts it has, and what changes without it, where its side has another.

    auc_with, auc_without: of the texts of the other pools. top_changed: the share of the rows that score highest, a
    tenth of 2,000 rows of the corpus, that are others without it.
    """
    told: list[Json] = []
    sides = np.array([found.liked[found.pool == number][:1].sum() for number in range(len(found.pools))])
    sample = asked.rows() if max(np.bincount(sides)) > 1 else None
    for number, name in enumerate(found.pools):
        mine = found.pool == number
        if not mine.any():
            told.append({"name": name, "texts": 0})
            continue
        liked = bool(found.liked[mine][0])
        entry: dict[str, Json] = {"name": name, "likes": liked, "texts": int(mine.sum())}
        if (found.liked[~mine] == liked).any():
            without = line(x[~mine], found.liked[~mine], asked.strength)
            left = out_of_fold(x, found.liked, folds, asked.strength, ~mine)
            others = found.liked[~mine]
            if _both(others, scores[~mine]) and _both(others, left[~mine]):
                entry["auc_with"] = _short(auc(scores[~mine], others))
                entry["auc_without"] = _short(auc(left[~mine], others))
            if sample is not None:
                before, after = asked.top(asked.whole, sample), asked.top(without, sample)
                entry["top_changed"] = _short(1 - len(before & after) / len(before))
        told.append(entry)
    return told


def _short(value: float) -> float:
    return float(f"{value:.4g}")
