"""Two sets of rows of one corpus side by side: what differs, by how much, and how surely."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import ColumnInfo, Dataset, distinct_texts
from engine.look.choices import shifts
from engine.look.choices.lines import Told, day, number, p_words, share
from engine.look.choices.runs_of_words import Runs, runs_in_one, runs_of, words_named
from engine.look.evidence import looked_at
from engine.look.groups import both_ends, group_columns, groups
from engine.pairs import grouped
from engine.progress import Progress, quiet
from engine.recipe import cost_column

SURE = 0.05
MOVED, TERMS = 5, 12
"""Values of a column, and words to either side, that are named."""
WORDS_OF = 20_000
"""Rows of a side whose words are read, at most; taken at random of more."""
PRIOR = 1_000.0
"""Words that both sides are believed to share before they are looked at: at most so many, and a tenth of all."""
CHANCES = 5
SURELY = 4.0
"""Standard errors from which a word counts: among 20,000 words about one passes by accident."""
NUMBERS = ("integer", "number", "date")


@dataclass(frozen=True)
class NumberShift:
    """A column of numbers. middle_a, middle_b: medians. effect: Cliff's delta of A against B, -1 to 1.

    p: how likely chance alone shifts it so far, corrected for all columns (Benjamini, Hochberg); missing_a, missing_b:
    rows without a number. dates: whether the medians are seconds since 1970.
    """

    column: str
    middle_a: float
    middle_b: float
    effect: float
    p: float
    missing_a: int
    missing_b: int
    dates: bool = False

    @property
    def words(self) -> str:
        """The shift in a word: large, middling, small, or no shift."""
        return shifts.size_words(self.effect) if not np.isnan(self.effect) else "not measured"

    def middles(self) -> tuple[str, str]:
        """Both medians as they stand in a line: dates as days."""
        shown = day if self.dates else number
        return shown(self.middle_a), shown(self.middle_b)


@dataclass(frozen=True)
class Moved:
    """A value of a column and its share of the rows of A and of B, 0 to 1."""

    value: str
    share_a: float
    share_b: float


@dataclass(frozen=True)
class CategoryShift:
    """A column of values. effect: total variation, the share of rows that would have to change, 0 to 1; p: corrected.

    moved: the values whose share differs most. topics: whether these are topics.
    """

    column: str
    effect: float
    p: float
    moved: tuple[Moved, ...]
    topics: bool


@dataclass(frozen=True)
class Term:
    """A word that A says more often than B, or less. surely: standard errors, below 0 for less often.

    a, b: how often it is said in a thousand words of each. A word counts once a row, however often the row says it: one
    row that says it ten times is no sign of ten.
    """

    word: str
    surely: float
    a: float
    b: float


@dataclass(frozen=True)
class Words:
    """What is said. more, less: the words that A says surely more often than B, and less often, the surest first.

    divergence: bits a word that telling A by the words of B costs more; by_chance: the same of random rows in the place
    of A: what the size of the sets alone makes of it. rows_a, rows_b: whose words were read.
    """

    more: tuple[Term, ...]
    less: tuple[Term, ...]
    divergence: float
    by_chance: float
    rows_a: int
    rows_b: int


@dataclass(frozen=True)
class Side:
    """One of the two sets. repeats: rows that repeat an earlier one of the set. tokens: None where not measured."""

    name: str
    rows: int
    repeats: int
    tokens: int | None


@dataclass(frozen=True)
class Scorecard(Told):
    """Two sets of rows side by side. common: rows in both; repeats_by: what counts as a repeat.

    numbers and categories: the largest shift first. p is told from rows that are in one set only, or where one set
    holds the other, from the smaller against the rest of the larger.
    """

    a: Side
    b: Side
    common: int
    repeats_by: str
    numbers: tuple[NumberShift, ...]
    categories: tuple[CategoryShift, ...]
    words: Words | None

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """Lines of Markdown, nothing in which a corpus could steer a page."""
        return _lines(self, safe)

    def clear(self) -> tuple[NumberShift | CategoryShift, ...]:
        """The shifts that are no accident, p below 0.05 after correction."""
        found: list[NumberShift | CategoryShift] = [*self.numbers, *self.categories]
        return tuple(one for one in found if one.p < SURE)


def scorecard(
    data: Dataset,
    a: np.ndarray,
    b: np.ndarray,
    *,
    names: tuple[str, str] = ("A", "B"),
    columns: Sequence[str] | None = None,
    pairs: str | None = None,
    words: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
) -> Scorecard:
    """Lay two sets of rows side by side: kept and dropped, two choices, before and after, a subset and its target.

    a, b: int64 row numbers, in any order. columns: which to compare; left out, all numbers and all that make groups.
    pairs: by which a row repeats another; left out, the newest pairs; "" or none: equal texts. words: whether to read
    the texts, which takes longest.
    """
    a, b = np.unique(a), np.unique(b)
    wanted = [data.info(key) for key in columns] if columns is not None else _columns(data)
    here, there = _only(a, b)
    numbers, categories = [], []
    for at, info in enumerate(wanted):
        progress("Comparing columns", at, len(wanted))
        if info.type in NUMBERS and not _as_groups(info):
            numbers.append(_number(data, info, a, b, here, there))
        else:
            categories.append(_category(data, info, a, b, here, there))
    p = shifts.corrected([*(one.p for one in numbers), *(one.p for one in categories)])
    numbers = [replace(one, p=value) for one, value in zip(numbers, p, strict=False)]
    categories = [replace(one, p=value) for one, value in zip(categories, p[len(numbers) :], strict=True)]
    by = next(iter(data.keys_of("pairs")[::-1]), "") if pairs is None else pairs
    return Scorecard(
        _side(data, names[0], a, by),
        _side(data, names[1], b, by),
        len(np.intersect1d(a, b)),
        by,
        tuple(sorted(numbers, key=lambda one: -np.nan_to_num(abs(one.effect)))),
        tuple(sorted(categories, key=lambda one: -np.nan_to_num(one.effect))),
        _words(data, a, b, seed, progress) if words else None,
    )


def _columns(data: Dataset) -> list[ColumnInfo]:
    """All numbers and all that make groups; no names of rows, and nothing twice."""
    grouping = group_columns(data)
    found = [data.info(key) for key in grouping]
    return [
        *(one for one in found if not (one.type in NUMBERS and not _as_groups(one))),
        *(c for c in data.columns.values() if c.type in NUMBERS and not _as_groups(c) and not c.names_rows),
    ]


def _as_groups(info: ColumnInfo) -> bool:
    """Whether numbers are codes rather than amounts: labels, sources and languages."""
    return info.role in ("label", "source", "language") or info.type not in NUMBERS


def _only(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that p is told from: what only one set has; where one holds the other, the smaller against the rest."""
    in_a, in_b = np.setdiff1d(a, b), np.setdiff1d(b, a)
    if len(in_a) and len(in_b):
        return in_a, in_b
    return (a, in_b) if len(in_b) else (in_a, b)


def _number(
    data: Dataset, info: ColumnInfo, a: np.ndarray, b: np.ndarray, here: np.ndarray, there: np.ndarray
) -> NumberShift:
    values = data.numbers(info.key)
    x, y = values[a], values[b]
    return NumberShift(
        info.key, _middle(x), _middle(y), shifts.cliffs_delta(x, y), shifts.rank_p(values[here], values[there]),
        int(np.isnan(x).sum()), int(np.isnan(y).sum()), info.type == "date",
    )  # fmt: skip


def _middle(values: np.ndarray) -> float:
    there = values[~np.isnan(values)]
    return float(np.median(there)) if len(there) else float("nan")


def _category(
    data: Dataset, info: ColumnInfo, a: np.ndarray, b: np.ndarray, here: np.ndarray, there: np.ndarray
) -> CategoryShift:
    whole, tested = groups(data, info.key, a, b), groups(data, info.key, here, there)
    most = both_ends(whole, MOVED)
    gain = np.abs(whole.share_after - whole.share_before)
    most = most[np.argsort(-gain[most], kind="stable")][:MOVED]
    moved = tuple(
        Moved(whole.names[i], float(whole.share_after[i]), float(whole.share_before[i])) for i in most if gain[i] > 0
    )
    return CategoryShift(
        info.key,
        shifts.total_variation(whole.after, whole.before),
        shifts.counts_p(tested.after, tested.before),
        moved,
        info.origin == "topics",
    )


def _side(data: Dataset, name: str, rows: np.ndarray, pairs: str) -> Side:
    if pairs:
        found = data.pairs(pairs)
        repeats = len(grouped(found, found.lowest, rows).repeats)
    else:
        of_row = distinct_texts(data).of_row[rows]
        repeats = int((of_row >= 0).sum()) - len(np.unique(of_row[of_row >= 0]))
    column = cost_column(data, "tokens")
    tokens = int(np.nansum(data.numbers(column, rows))) if column else None
    return Side(name, len(rows), repeats, tokens)


def _words(data: Dataset, a: np.ndarray, b: np.ndarray, seed: int, progress: Progress) -> Words | None:
    """Words of a sample of both sets; nothing where neither says a word."""
    a, b = looked_at(a, WORDS_OF, seed), looked_at(b, WORDS_OF, seed)
    # Words are not thinned out as runs are: fewer rows are read where texts are long.
    fewer = WORDS_OF // runs_in_one(data, np.union1d(a, b), 1)
    a, b = looked_at(a, fewer, seed), looked_at(b, fewer, seed)
    runs = runs_of(data, np.union1d(a, b), longest=1, progress=progress)
    if not len(runs.mass) or not len(a) or not len(b):
        return None
    here, there = _only(a, b)
    once = runs.once_a_row()
    weight = min(PRIOR, int(once.mass.sum()) / 10)
    found = shifts.log_odds(_said(once, here), _said(once, there), weight)
    order = np.argsort(-np.abs(found), kind="stable")
    sure = order[np.abs(found[order]) >= SURELY]
    more, less = sure[found[sure] > 0][:TERMS], sure[found[sure] < 0][:TERMS]
    names = words_named(data, runs, np.concatenate([more, less]))
    rates = [1000 * side / max(int(side.sum()), 1) for side in (_said(once, a), _said(once, b))]

    def terms(which: np.ndarray) -> tuple[Term, ...]:
        return tuple(
            Term(names[i], round(float(found[i]), 2), round(float(rates[0][i]), 3), round(float(rates[1][i]), 3))
            for i in which.tolist()
            if i in names
        )

    rng = np.random.default_rng([seed, CHANCES])
    shuffled = [_shuffled(a, b, rng) for _ in range(CHANCES)]
    chance = [shifts.divergence(_said(runs, one), _said(runs, other)) for one, other in shuffled]
    return Words(
        terms(more),
        terms(less),
        shifts.divergence(_said(runs, a), _said(runs, b)),
        float(np.mean(chance)),
        len(a),
        len(b),
    )


def _shuffled(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Random rows in the place of both sets, as many, and as many in both."""
    order = rng.permutation(np.union1d(a, b))
    common = len(a) + len(b) - len(order)
    return order[: len(a)], order[len(a) - common :]


def _said(runs: Runs, rows: np.ndarray) -> np.ndarray:
    """int64 (words,): how often each word stands in some of the rows."""
    return np.bincount(runs.of[np.isin(runs.rows, rows)[runs.place]], minlength=len(runs.mass))


def _lines(card: Scorecard, safe: Callable[[str], str]) -> Iterator[str]:
    """safe: makes text of a corpus fit for where the lines stand."""
    a, b = safe(card.a.name), safe(card.b.name)
    yield f"{a}: {card.a.rows:,} rows; {b}: {card.b.rows:,} rows; in both {card.common:,}."
    by = f"by {safe(card.repeats_by)}" if card.repeats_by else "by equal texts"
    yield f"Rows that repeat another of their set, {by}: {card.a.repeats:,} and {card.b.repeats:,}."
    if card.a.tokens is not None and card.b.tokens is not None:
        yield f"Tokens: {card.a.tokens:,} and {card.b.tokens:,}."
    for one in card.numbers:
        said = f"median {' and '.join(one.middles())}"
        yield f"- {safe(one.column)}: {said}; {one.words} (Cliff's delta {one.effect:+.2f}, {p_words(one.p)})."
    for kind in card.categories:
        moved = "; ".join(f"{safe(m.value)} {share(m.share_a)} and {share(m.share_b)}" for m in kind.moved)
        total = f"{share(kind.effect)} of the rows would have to change" if kind.effect > 0 else "the same shares"
        yield f"- {safe(kind.column)}: {total} ({p_words(kind.p)}){'. Most moved: ' + moved if moved else ''}."
    if card.words:
        for way, terms in (("more", card.words.more), ("less", card.words.less)):
            if terms:
                yield f"- Words that {a} says {way} often: {', '.join(safe(t.word) for t in terms)}."
        yield (
            f"- To tell {a} by the words of {b} costs {card.words.divergence:.3f} bits a word more; "
            f"random rows in the place of {a}: {card.words.by_chance:.3f}."
        )
