"""Whether an embedding holds some words nearer to one kind of thing than others: WEAT for words, SEAT for sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.lines import finite, one_line, p_words, shielded
from engine.registry import Json
from engine.store import plain
from engine.vectors import embed_texts
from indexes import to_float

EXACT, SAMPLED, RESAMPLES = 20_000, 10_000, 1_000
FEWEST = 3
PLACE = "{}"
SURE = 0.05
STREAM = 1_000_211
Verdict = Literal["surely", "other words might not", "chance may"]
SAID: Mapping[Verdict, str] = {
    "surely": "",
    "other words might not": " Other words of these kinds might not show it.",
    "chance may": " Chance alone may well do as much.",
}


@dataclass(frozen=True)
class Association:
    """Four lists of words or sentences. x, y: those that are compared; a, b: what they may be nearer to.

    effect: how many standard deviations x is nearer to a than to b, beyond y: from -2 to 2; low, high: its 95 %
    interval over bootstrap samples of all four lists. p: how likely x and y dealt out anew differ as much, either way;
    exact: whether all ways to deal them were tried, deals: how many were. nearer: of each of x and y its cosine to a
    less that to b, the most of a first.
    """

    x: tuple[str, ...]
    y: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    embedding: str
    templates: tuple[str, ...]
    effect: float
    low: float
    high: float
    p: float
    exact: bool
    deals: int
    nearer: tuple[tuple[str, str, float], ...]
    unknown: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether chance alone may do that, and whether other words of these kinds would show it too."""
        if self.p >= SURE:
            return "chance may"
        return "surely" if self.low > 0 or self.high < 0 else "other words might not"

    def json(self) -> dict[str, Json]:
        """All of it."""
        return {name: finite(plain(value)) for name, value in vars(self).items()} | {"verdict": self.verdict}

    def markdown(self) -> list[str]:
        """What it comes to, in Markdown."""
        return _lines(self, shielded)

    def text(self) -> list[str]:
        """The same lines for a terminal."""
        return _lines(self, one_line)


def association(
    data: Dataset,
    x: Sequence[str],
    y: Sequence[str],
    a: Sequence[str],
    b: Sequence[str],
    *,
    embedding: str,
    templates: Sequence[str] = (),
    seed: int = 0,
) -> Association:
    """Test by the embedding's own model whether x is nearer to a than to b, more than y is.

    templates: sentences with {} where a word is put, as in “This is {}.”; each word then is the mean over its
    sentences, so that what is dealt out anew are words, not sentences of one word. A text that the model makes nothing
    of is left out and named. Raises `EngineError` for fewer than three texts in a list.
    """
    if wrong := [one for one in templates if PLACE not in one]:
        raise EngineError(f"The template {wrong[0][:60]!r} has no {PLACE} where a word goes. Write 'This is {{}}.'")
    lists = [tuple(dict.fromkeys(text.strip() for text in texts if text.strip())) for texts in (x, y, a, b)]
    if both := sorted({*lists[0]} & {*lists[1]}):
        raise EngineError(f"{both[0]!r} stands in both lists that are compared. Leave it in one.")
    words = [word for texts in lists for word in texts]
    forms = [one.replace(PLACE, word) for word in words for one in (templates or (PLACE,))]
    if not forms:
        raise EngineError("There is nothing to compare. Give four lists of words.")
    vectors = to_float(embed_texts(data, embedding, forms, query=False)).astype(np.float64)
    vectors = vectors.reshape(len(words), -1, vectors.shape[1])
    there = np.linalg.norm(vectors, axis=2).min(axis=1) > 0
    at = np.split(np.arange(len(words)), np.cumsum([len(texts) for texts in lists])[:-1])
    parts = [vectors[rows[there[rows]]] for rows in at]
    named = [tuple(words[row] for row in rows if there[row]) for rows in at]
    if short := [name for name, part in zip("XYAB", parts, strict=True) if len(part) < FEWEST]:
        many = len(parts["XYAB".index(short[0])])
        raise EngineError(
            f"The list {short[0]} has {many} texts that the model knows, and {FEWEST} are needed; 8 tell something. "
            "Give more."
        )
    return _measured(
        parts, named, embedding, tuple(templates), tuple(words[row] for row in np.flatnonzero(~there)), seed
    )


def nearness(words: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float64 (w,): of each word its mean cosine to a less that to b. All: float (·, forms, d), of length 1.

    Forms of two words are compared with each other all over, and the mean taken.
    """
    middle = [part.mean(axis=(0, 1)) for part in (a, b)]
    return np.asarray(words.mean(axis=1) @ (middle[0] - middle[1]))


def effect_size(s: np.ndarray, first: int) -> float:
    """How far the first values lie above the others, in standard deviations of all. Source: Caliskan et al. 2017.

    >>> round(effect_size(np.array([1.0, 1.0, 0.0, 0.0]), 2), 4)
    1.7321
    """
    spread = s.std(ddof=1)
    return float((s[:first].mean() - s[first:].mean()) / spread) if spread > 1e-12 else 0.0


def dealt(s: np.ndarray, first: int, seed: int) -> tuple[float, bool, int]:
    """How likely the first so many of some values, dealt out anew, differ from the others as much; whether that is
    exact, and of how many deals.

    >>> dealt(np.array([3.0, 2.0, 1.0, 0.0]), 2, 0)
    (0.3333333333333333, True, 6)
    """
    ways = comb(len(s), first)
    found = abs(s[:first].mean() - s[first:].mean()) - 1e-12
    if ways <= EXACT:
        picks = np.array(list(combinations(range(len(s)), first)))
        exact = True
    else:
        rng = np.random.default_rng([seed, STREAM])
        picks = np.argsort(rng.random((SAMPLED, len(s))), axis=1)[:, :first]
        exact = False
    sums = s[picks].sum(axis=1)
    apart = np.abs(sums / first - (s.sum() - sums) / (len(s) - first))
    as_far = int((apart >= found).sum())
    return (as_far / ways if exact else (1 + as_far) / (1 + SAMPLED)), exact, ways if exact else SAMPLED


def _measured(
    parts: Sequence[np.ndarray], named: Sequence[tuple[str, ...]], embedding: str, templates: tuple[str, ...],
    unknown: tuple[str, ...], seed: int,
) -> Association:  # fmt: skip
    x, y, a, b = parts
    s = nearness(np.concatenate([x, y]), a, b)
    p, exact, deals = dealt(s, len(x), seed)
    rng = np.random.default_rng([seed, STREAM, 1])
    again = []
    for _ in range(RESAMPLES):
        u, v, c, d = (part[rng.integers(0, len(part), len(part))] for part in parts)
        again.append(effect_size(nearness(np.concatenate([u, v]), c, d), len(u)))
    low, high = np.quantile(again, [0.025, 0.975])
    order = np.argsort(-s, kind="stable").tolist()
    words = [*((word, "X") for word in named[0]), *((word, "Y") for word in named[1])]
    nearer = tuple((*words[i], float(s[i])) for i in order)
    effect = effect_size(s, len(x))
    return Association(
        named[0], named[1], named[2], named[3], embedding, templates, effect, float(low), float(high), p, exact, deals,
        nearer, unknown,
    )  # fmt: skip


def _lines(found: Association, safe: Callable[[str], str]) -> list[str]:
    lists = (found.x, found.y, found.a, found.b)
    x, y, a, b = (safe(", ".join(part[:3]) + (" …" if len(part) > 3 else "")) for part in lists)
    near = [f"{safe(word)} ({side}, {value:+.3f})" for word, side, value in found.nearer]
    how = f"all {found.deals:,} ways to deal them" if found.exact else f"{found.deals:,} ways to deal them, at random"
    chance = SAID[found.verdict]
    written = [
        f"X ({x}) is {'nearer to' if found.effect >= 0 else 'farther from'} A ({a}) than to B ({b}), beside Y ({y}): "
        f"effect {found.effect:+.2f} of 2 "
        f"({found.low:+.2f} to {found.high:+.2f}), {p_words(found.p)} over {how}.{chance}",
        f"- Nearest to A: {', '.join(near[:5])}.",
        f"- Nearest to B: {', '.join(near[:-6:-1])}.",
    ]
    if found.unknown:
        written.append(f"- The model knows nothing of: {safe(', '.join(found.unknown))}.")
    return written
