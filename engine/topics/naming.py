"""Names for topics and areas: phrases that set them apart, by counts and, where a model embeds texts, by meaning."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.registry import Json
from engine.text import Term
from engine.topics.areas import directions, group_of_topics, topic_directions, topic_sums
from engine.topics.choosing import chosen, joined, joint_score
from engine.topics.evidence import Evidence, evidence
from engine.topics.meaning import Meaning, Phrases, apart, aptness, phrase_vectors
from engine.topics.telling import Candidates, Telling
from engine.vectors import embed_texts, embeds_texts

TEXTS_A_TOPIC = 400
_MOST_TEXTS = 200_000
_KEPT_TERMS = 10
_CANDIDATES, _FEWEST_CANDIDATES, _MOST_CANDIDATES = 40, 8, 6_000
_OPENING = 40


@dataclass(frozen=True)
class Named:
    """Names by number, unique among siblings, and the terms behind them, the most telling first."""

    names: dict[int, str] = field(default_factory=dict)
    area_names: dict[int, str] = field(default_factory=dict)
    terms: dict[int, list[Term]] = field(default_factory=dict)
    area_terms: dict[int, list[Term]] = field(default_factory=dict)
    group_names: dict[int, str] = field(default_factory=dict)
    group_terms: dict[int, list[Term]] = field(default_factory=dict)


def name_topics(data: Dataset, vectors: Vectors, topic: np.ndarray, area: np.ndarray) -> dict[str, Json]:
    """Names and terms of topics and areas, as the sidecar of topics keeps them.

    topic, area: int32 (m,) over the distinct texts of the vectors, -1 is noise. At most 400 texts a topic are read,
    drawn evenly by a fixed seed, fewer where that would be more than 200,000; 2,000 characters of each. `read` says how
    many; `by_meaning` whether a model helped.
    """
    drawn, area_of = _drawn(topic, area)
    texts = {number: data.texts(np.sort(vectors.texts.first[some])) for number, some in drawn.items()}
    by_meaning = embeds_texts(data, vectors.key) and len(drawn) > 0
    meaning = None
    centres = topic_directions(vectors, topic)
    group = group_of_topics(centres[sorted(drawn)], np.array([area_of[number] for number in sorted(drawn)]))
    group_of = dict(zip(sorted(drawn), group.tolist(), strict=False))
    if by_meaning:
        meaning = Meaning(
            {number: centres[number] for number in drawn},
            lambda phrases: embed_texts(data, vectors.key, list(phrases), query=False),
        )
    named = name_texts(
        texts,
        area_of,
        group_of=group_of,
        meaning=meaning,
        central=lambda n: central_text(data, vectors, topic == n),
    )
    return {
        "names": {str(number): text for number, text in named.names.items()},
        "area_names": {str(number): text for number, text in named.area_names.items()},
        "terms": {str(number): _terms_json(terms) for number, terms in named.terms.items()},
        "area_terms": {str(number): _terms_json(terms) for number, terms in named.area_terms.items()},
        "area_of": {str(number): int(of) for number, of in area_of.items()},
        "group_of": {str(number): of for number, of in group_of.items()},
        "group_names": {str(number): text for number, text in named.group_names.items()},
        "group_terms": {str(number): _terms_json(terms) for number, terms in named.group_terms.items()},
        "read": sum(len(some) for some in texts.values()),
        "by_meaning": by_meaning,
        "weighs_repeats": False,
    }


def _terms_json(terms: list[Term]) -> list[Json]:
    return [{"term": t.text, "inside": round(t.inside, 4), "outside": round(t.outside, 4)} for t in terms]


def _drawn(topic: np.ndarray, area: np.ndarray) -> tuple[dict[int, np.ndarray], dict[int, int]]:
    """Some texts of each topic, and each topic's area."""
    rng = np.random.default_rng(0)
    drawn: dict[int, np.ndarray] = {}
    area_of: dict[int, int] = {}
    order = np.argsort(topic, kind="stable")
    order = order[topic[order] >= 0]
    numbers, starts, sizes = np.unique(topic[order], return_index=True, return_counts=True)
    most = min(TEXTS_A_TOPIC, max(1, _MOST_TEXTS // max(1, len(numbers))))
    for number, start, size in zip(numbers.tolist(), starts.tolist(), sizes.tolist(), strict=True):
        members = order[start : start + size]
        drawn[number] = members if size <= most else rng.choice(members, most, replace=False)
        area_of[number] = int(area[members[0]])
    return drawn, area_of


def central_text(data: Dataset, vectors: Vectors, inside: np.ndarray) -> str:
    """The text nearest to the middle of some nodes, bool (m,), ties by their order."""
    members = np.flatnonzero(inside)
    part = np.asarray(vectors.grid[members])
    # Whole numbers below 2^53: the order does not depend on how a machine sums up.
    middle = topic_sums(part, np.zeros(len(part), dtype=np.int64), topics=1)[0]
    best = members[int(np.argmax(part.astype(np.float64) @ middle.astype(np.float64)))]
    return data.texts(np.asarray(vectors.texts.first[[best]], dtype=np.int64))[0]


def name_texts(
    texts: Mapping[int, Sequence[str]],
    area_of: Mapping[int, int],
    *,
    central: Callable[[int], str],
    group_of: Mapping[int, int] | None = None,
    meaning: Meaning | None = None,
) -> Named:
    """Name topics from some of their texts: {topic: texts}, {topic: area}, {topic: group} where there are groups.

    A topic is named by what sets it apart from all others and, as much, from its siblings; an area by what most of its
    topics have and those of other areas do not, by phrases that stand for different topics of it. Where nothing sets a
    topic apart, its name is how its `central` text begins.
    """
    named = Named()
    numbers = sorted(texts)
    if not numbers:
        return named
    parts = {"area": area_of} | ({"group": group_of} if group_of else {})
    levels = {level: _Parts.of(numbers, part) for level, part in parts.items()}
    found = evidence([texts[number] for number in numbers])
    limit = min(_CANDIDATES, max(_FEWEST_CANDIDATES, _MOST_CANDIDATES // len(numbers)))
    telling = {level: Telling(found, part.of_topic) for level, part in levels.items()}
    of_topic = [telling["area"].topic(i, limit=limit) for i in range(len(numbers))]
    of_part = {
        level: [telling[level].area_of_topics(i, limit=limit) for i in range(len(part.numbers))]
        for level, part in levels.items()
    }
    vectors, centres = None, np.empty((0, 0))
    if meaning is not None:
        candidates = [*of_topic, *(some for level in of_part.values() for some in level)]
        vectors = phrase_vectors(meaning, [found.spelled[p] for some in candidates for p in some.at.tolist()])
        centres = np.array([meaning.centres[number] for number in numbers])
    shares, middles = _Shares(found), apart(centres) if meaning is not None else centres
    for own in levels["area"].members:
        siblings: list[str] = []
        for i in own.tolist():
            terms = _terms(found, of_topic[i], vectors, middles, i, shares.of([i]))
            wanted = _joined(terms) or _opening(central(numbers[i]))
            siblings.append(_unique(wanted, terms, siblings))
            named.names[numbers[i]], named.terms[numbers[i]] = siblings[-1], terms
    for level, part in levels.items():
        names, all_terms = (
            (named.area_names, named.area_terms) if level == "area" else (named.group_names, named.group_terms)
        )
        middles = apart(part.middles(centres)) if meaning is not None else centres
        for a, (number, own) in enumerate(zip(part.numbers, part.members, strict=True)):
            terms = _terms(found, of_part[level][a], vectors, middles, a, shares.of(own.tolist()))
            wanted = _joined(terms) or named.names[numbers[own[0]]]
            names[number], all_terms[number] = _unique(wanted, terms, names.values()), terms
    return named


@dataclass(frozen=True)
class _Parts:
    """Topics in areas, or in groups. numbers: of the areas; of_topic: place of each topic's area, int64 (topics,)."""

    numbers: list[int]
    of_topic: np.ndarray

    @staticmethod
    def of(topics: list[int], part_of: Mapping[int, int]) -> "_Parts":
        numbers, places = np.unique([part_of[topic] for topic in topics], return_inverse=True)
        return _Parts(numbers.tolist(), places)

    @property
    def members(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.of_topic == place) for place in range(len(self.numbers))]

    def middles(self, centres: np.ndarray) -> np.ndarray:
        return directions(np.array([centres[own].sum(axis=0) for own in self.members]))


class _Shares:
    """Share of texts with each phrase in some topics, and in the others: the mean over topics."""

    def __init__(self, found: Evidence) -> None:
        self.covers, self.total = found.covers, np.asarray(found.covers.sum(axis=0)).ravel()

    def of(self, topics: list[int]) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
        def shares(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            inside = np.asarray(self.covers[topics][:, at].sum(axis=0)).ravel()
            others = self.covers.shape[0] - len(topics)
            return inside / len(topics), np.maximum(self.total[at] - inside, 0.0) / max(others, 1)

        return shares


def _terms(
    found: Evidence,
    some: Candidates,
    vectors: Phrases | None,
    centres: np.ndarray,
    own: int,
    shares: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> list[Term]:
    """The phrases of a topic or an area, the best for a name first."""
    if not len(some.at):
        return []
    phrases = [found.spelled[p] for p in some.at.tolist()]
    of = None if vectors is None else vectors.of(phrases)
    near, apt = (None, some.score) if of is None else aptness(of, centres, own)
    score = joint_score(phrases, some.score, near, apt)
    taken = chosen(phrases, score, of, limit=_KEPT_TERMS, stands=some.stands)
    inside, outside = shares(some.at[taken])
    return [
        Term(phrases[i], float(a), float(b), float(score[i]))
        for i, a, b in zip(taken, inside.tolist(), outside.tolist(), strict=True)
    ]


def _joined(terms: list[Term]) -> str:
    return joined([term.text for term in terms], [term.score for term in terms], [term.inside for term in terms])


def _opening(text: str) -> str:
    """How a text begins: the name where no phrase sets the topic apart."""
    opening = " ".join(text.split())
    return f"“{opening[:_OPENING].rstrip()}{'…' if len(opening) > _OPENING else ''}”" if opening else "no text"


def _unique(wanted: str, terms: list[Term], siblings: Iterable[str]) -> str:
    """A name that no sibling has: with one more term where there is one, else with a number."""
    there = set(siblings)
    if wanted not in there:
        return wanted
    for term in terms:
        if term.text not in wanted and f"{wanted}, {term.text}" not in there:
            return f"{wanted}, {term.text}"
    return next(f"{wanted} ({i})" for i in range(2, len(there) + 3) if f"{wanted} ({i})" not in there)
