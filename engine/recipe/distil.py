"""A classifier that has learned which rows rank high for examples, for corpora too large to rank each row (BETR)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np

from engine.dataset import Dataset, distinct_texts, examples, name_from
from engine.errors import EngineError
from engine.models import Classifier, Known, Of, Pool, counts, keep, learned, parts, ready, said
from engine.progress import Progress, quiet
from engine.recipe.selectors.target._examples import Wanted, wanted
from engine.recipe.selectors.target._ranks import rank_scores
from engine.registry import Json
from engine.store import plain
from engine.vectors import embed_alone
from indexes import to_float

BLOCK = 8192
HELD = 5
"""One in so many of the sample is held out, to say how well ranks and classifier agree."""
FEWEST, LIKED = 20, 5


@dataclass(frozen=True)
class Distilled:
    """A classifier learned from ranks. model: for the signal `classifier`, of vectors `classifier_by_meaning`.

    sample: different texts that were ranked; liked: the highest of them, which it learned to tell from the rest. Of
    those held out: correlation of ranks and probability (Spearman), -1 to 1; overlap: of the highest by ranks the share
    that stands among as many highest by probability, where chance gives `by_chance`. by_set: of the liked, how many
    each target speaks for most.
    """

    model: Known
    sample: int
    liked: int
    held_out: int
    correlation: float
    overlap: float
    by_chance: float
    by_set: Mapping[str, int]

    @staticmethod
    def of(model: Known) -> "Distilled | None":
        """What a model says of how it was learned from ranks; None for one that was not."""
        ranks = cast("Mapping[str, Any] | None", model.facts.get("ranks"))
        if ranks is None:
            return None
        unsure = {name: float("nan") for name in ("correlation", "overlap") if ranks[name] is None}
        return Distilled(model, **{**ranks, **unsure})

    def json(self) -> dict[str, Json]:
        """All but the model itself, for programs."""
        said = {name: plain(value) for name, value in vars(self).items() if name != "model"}
        return {name: None if value != value else value for name, value in said.items()}  # NaN is no JSON

    def text(self) -> list[str]:
        """In words."""
        sets = ", ".join(f"{name} {count:,}" for name, count in self.by_set.items())
        told = f" ({sets})" if len(self.by_set) > 1 else ""
        return [
            f"Ranked {self.sample:,} texts of the corpus; the {self.liked:,} highest are liked{told}.",
            f"Of {self.held_out:,} held out, the classifier's highest hold {self.overlap:.0%} of the highest by ranks "
            f"(chance: {self.by_chance:.0%})"
            + ("." if np.isnan(self.correlation) else f"; the orders correlate by {self.correlation:.2f}."),
        ]


def distilled(
    data: Dataset,
    target: str,
    *,
    embedding: str = "",
    of: Of = "words",
    sample: int = 10_000,
    top: float = 10.0,
    of_ranks: Literal["best", "mean"] = "mean",
    name: str = "",
    seed: int = 0,
    progress: Progress = quiet,
) -> Distilled:
    """Rank a sample of the corpus by examples, as the selector `betr` ranks all rows, and learn to tell its highest.

    target: a ref of examples; embedding: whose vectors rank, of the dataset and of the examples; left out, the sample
    and the examples are embedded here by the model that comes with Winnow, and the rest of the corpus never is. of:
    what the classifier sees; words need no vectors to score all the others. sample: different texts; top: of them, %,
    are liked. Rows that are examples are not ranked. Source: Mizrahi et al. 2025.
    Raises `EngineError` for a sample too small to learn from, and vectors of another model than the examples'.
    """
    if not 0 < top < 100 or sample < FEWEST:
        raise EngineError(f"sample is {sample:,}, top {top:g} %. Give {FEWEST} or more, and a share between 0 and 100.")
    if of == "vectors" and not embedding:
        raise EngineError("A classifier of vectors needs an embedding of all rows. Give one, or let it see words.")
    rows = _sample(data, target, embedding, sample, seed)
    if (highest := round(len(rows) * top / 100)) < LIKED:
        raise EngineError(
            f"Of {len(rows):,} texts {top:g} % are {highest:,}, too few to learn from. Rank more (sample), or like a "
            "larger part of them (top)."
        )
    progress("Ranking a sample", 0, 3)
    pool, vectors = _vectors(data, target, embedding, rows, progress)
    blocks = [slice(start, start + BLOCK) for start in range(0, len(rows), BLOCK)]
    score, loudest = rank_scores(pool, len(rows), lambda: ((part, vectors[part]) for part in blocks), of_ranks)
    order = np.argsort(-score, kind="stable")
    liked, held = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    liked[order[:highest]] = True
    held[order[HELD // 2 :: HELD]] = True  # of high and low ranks alike
    called = examples(data, target).name
    progress("Learning", 1, 3)
    made = learned(
        data,
        [Pool.of_rows(data, f"near {called}".replace("/", " "), rows[liked & ~held])],
        [Pool.of_rows(data, "the rest of the sample", rows[~liked & ~held])],
        of=of, embedding=embedding, name=name or name_from(f"like {called}"),
    )  # fmt: skip
    progress("Trying it on the rest of the sample", 2, 3)
    told = _probability(data, cast(Classifier, ready(made)), rows[held], vectors[held])
    some = ~np.isnan(told)
    correlation, overlap = _agreement(score[held][some], told[some], int(liked[held].sum()))
    progress("Trying it on the rest of the sample", 3, 3)
    counted = np.bincount(loudest[liked], minlength=len(pool.sets)).tolist()
    ranks: dict[str, Json] = {
        "sample": len(rows), "liked": int(liked.sum()), "held_out": int(held.sum()), "by_chance": top / 100,
        "correlation": None if np.isnan(correlation) else correlation,
        "overlap": None if np.isnan(overlap) else overlap,
        "by_set": dict(zip(pool.sets, counted, strict=True)),
    }  # fmt: skip
    found = Distilled.of(keep(data, replace(made, facts={**made.facts, "ranks": ranks})))
    assert found is not None
    return found


def _sample(data: Dataset, target: str, embedding: str, sample: int, seed: int) -> np.ndarray:
    """int64 ascending: one row of each of some different texts, none of them an example."""
    of = examples(data, target)
    first = np.asarray(distinct_texts(data).first, np.int64)
    mine = data.rows_of([key for key in of.keys if key])
    free = first[~np.isin(distinct_texts(data).of_row[first], distinct_texts(data).of_row[mine[mine >= 0]])]
    if embedding:
        free = free[data.embedding(embedding).texts.of_row[free] >= 0]
    drawn = np.random.default_rng(seed).permutation(free)[:sample]
    texts, known = data.texts(drawn), set(of.texts)
    rows = np.sort(drawn[[bool(text.strip()) and text not in known for text in texts]])
    if len(rows) < FEWEST:
        raise EngineError(
            f"Only {len(rows):,} different texts are there beside the examples; a classifier learns from {FEWEST} at "
            "least. Take the selector `betr`, which ranks each row."
        )
    return rows


def _vectors(
    data: Dataset, target: str, embedding: str, rows: np.ndarray, progress: Progress
) -> tuple[Wanted, np.ndarray]:
    """The examples, and the vectors of the rows, float32 (r, d)."""
    if embedding:
        stored = data.embedding(embedding)
        return wanted(data, embedding, target), stored.floats(stored.texts.of_row[rows])
    of = examples(data, target)
    vectors = to_float(embed_alone([*of.texts, *data.texts(rows)], progress))
    sets = tuple(of.set_names())
    which = np.array([sets.index(name) for name in of.sets], np.int64)
    return Wanted(vectors[: len(of.texts)], which, sets, np.empty(0, np.int64)), vectors[len(of.texts) :]


def _probability(data: Dataset, found: Classifier, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """float64 (r,): what the classifier says of some rows, NaN for nothing to see."""
    if found.of == "vectors":
        return np.asarray(found.of_vectors(vectors))
    texts, told = data.texts(rows), [np.zeros(0)]
    for start, stop in parts(texts):
        words = said(texts[start:stop])
        told.append(np.where(words.lengths > 0, found.of_words(counts(words)), np.nan))
    return np.concatenate(told)


def _agreement(score: np.ndarray, told: np.ndarray, top: int) -> tuple[float, float]:
    """How far two orders agree: their correlation by ranks, and the share of the first's highest that the second has.

    >>> import numpy as np
    >>> correlation, overlap = _agreement(np.array([4.0, 3, 2, 1]), np.array([0.9, 0.2, 0.4, 0.1]), 2)
    >>> round(correlation, 3), overlap
    (0.8, 0.5)
    """
    from scipy.stats import spearmanr

    first, second = (set(np.argsort(-values, kind="stable")[:top].tolist()) for values in (score, told))
    overlap = len(first & second) / top if top else float("nan")
    if min(len(set(values.tolist())) for values in (score, told)) < 2:  # an order of nothing
        return float("nan"), overlap
    return float(spearmanr(score, told).statistic), overlap
