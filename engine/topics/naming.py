"""Names for topics without a model: the terms that set a topic apart, first from all others, then from its siblings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset, DistinctTexts
from engine.registry import Json
from engine.text import MOST_SPREAD, Counts, Term, count_terms, rates, spread, telling_terms

TEXTS_A_TOPIC = 400
_NAME_TERMS = 3
_KEPT_TERMS = 10
_FEWEST_FRESH = 2
_ENOUGH = 0.1
_OPENING = 40


@dataclass(frozen=True)
class Named:
    """Names by number, unique among siblings, and the terms behind them, the most telling first."""

    names: dict[int, str]
    area_names: dict[int, str]
    terms: dict[int, list[Term]]
    area_terms: dict[int, list[Term]]


def name_topics(data: Dataset, nodes: DistinctTexts, topic: np.ndarray, area: np.ndarray) -> dict[str, Json]:
    """Names and terms of topics and areas, as the sidecar of topics keeps them.

    topic, area: int32 (m,) over the nodes, -1 is noise. At most 400 texts a topic are read, drawn evenly by a fixed
    seed, 2,000 characters of each; `read` says how many.
    """
    texts, area_of = _texts_by_topic(data, nodes, topic, area)
    named = name_texts(texts, area_of)
    return {
        "names": {str(number): text for number, text in named.names.items()},
        "area_names": {str(number): text for number, text in named.area_names.items()},
        "terms": {str(number): _terms_json(terms) for number, terms in named.terms.items()},
        "area_terms": {str(number): _terms_json(terms) for number, terms in named.area_terms.items()},
        "area_of": {str(number): int(of) for number, of in area_of.items()},
        "read": sum(len(some) for some in texts.values()),
        "weighs_repeats": False,
    }


def _terms_json(terms: list[Term]) -> list[Json]:
    return [{"term": t.text, "inside": round(t.inside, 4), "outside": round(t.outside, 4)} for t in terms]


def _texts_by_topic(
    data: Dataset, nodes: DistinctTexts, topic: np.ndarray, area: np.ndarray
) -> tuple[dict[int, list[str]], dict[int, int]]:
    """Some texts of each topic, and each topic's area."""
    rng = np.random.default_rng(0)
    texts: dict[int, list[str]] = {}
    area_of: dict[int, int] = {}
    order = np.argsort(topic, kind="stable")
    found = np.unique(topic[order], return_index=True, return_counts=True)
    for number, start, size in zip(*(part.tolist() for part in found), strict=True):
        members = order[start : start + size]
        if number >= 0:
            some = members if len(members) <= TEXTS_A_TOPIC else rng.choice(members, TEXTS_A_TOPIC, replace=False)
            texts[number] = data.texts(np.sort(nodes.first[some]))
            area_of[number] = int(area[members[0]])
    return texts, area_of


def name_texts(texts: Mapping[int, list[str]], area_of: Mapping[int, int]) -> Named:
    """Name topics from some of their texts: {topic: texts}, {topic: area}.

    An area's terms set it apart from the topics of the other areas; a topic's terms set it apart from all other topics
    and, as much, from its siblings, and leave out what the area's name says already. Rates are averaged over topics, so
    that a large one does not speak for the rest.
    """
    named = Named({}, {}, {}, {})
    numbers = sorted(texts)
    counts = count_terms([texts[number] for number in numbers])
    shares = rates(counts)
    sums = shares.sum(axis=0)
    groups = {area: [i for i, n in enumerate(numbers) if area_of[n] == area] for area in sorted(set(area_of.values()))}
    evenly = spread(shares)
    by_area = [shares[own].mean(axis=0) for own in groups.values()]
    # A word may lie in all topics of an area, but not in most topics there are.
    evenly_by_area = np.where(
        evenly > MOST_SPREAD, 1.0, spread(np.array(by_area).reshape(len(groups), shares.shape[1]))
    )
    for area, own in groups.items():
        inside = shares[own].sum(axis=0)
        rest = [(sums - inside, len(numbers) - len(own))]
        # A word of one topic, however usual there, does not speak for its whole area.
        weight = np.minimum(shares[own], _ENOUGH).mean(axis=0)
        area_terms = _apart(counts, inside / len(own), rest, evenly_by_area, (), weight)
        named.area_terms[area] = area_terms
        said = [term.text.lower() for term in area_terms[:_NAME_TERMS]] if len(own) > 1 else []
        siblings: list[str] = []
        for i in own:
            rest = [(sums - shares[i], len(numbers) - 1), (inside - shares[i], len(own) - 1)]
            terms = _apart(counts, shares[i], rest, evenly, ())
            fresh = _apart(counts, shares[i], rest, evenly, said)
            if len(fresh) < _FEWEST_FRESH:
                # The area's name has said nearly everything: better said again than not at all.
                fresh += [term for term in terms if term not in fresh]
            siblings.append(_unique(_joined(fresh) or _opening(texts[numbers[i]]), fresh, siblings))
            named.names[numbers[i]], named.terms[numbers[i]] = siblings[-1], terms
        if len(area_terms) < _FEWEST_FRESH:
            # Nothing is common to the whole area: it is called by the first words of its largest topics.
            area_terms = area_terms + [terms[0] for i in own if (terms := named.terms[numbers[i]])]
            area_terms = list({term.text: term for term in area_terms}.values())
        area_name = _joined(area_terms) or _opening(texts[numbers[own[0]]])
        named.area_names[area] = _unique(area_name, area_terms, named.area_names.values())
    return named


def _apart(
    counts: Counts,
    inside: np.ndarray,
    rest: list[tuple[np.ndarray, int]],
    evenly: np.ndarray,
    said: Sequence[str],
    weight: np.ndarray | None = None,
) -> list[Term]:
    """Terms that set a group apart from the others: from each (sum of shares, topics) of `rest` to equal parts."""
    means = [np.maximum(total, 0.0) / topics for total, topics in rest if topics > 0]
    if not means:
        return []
    return telling_terms(counts, inside, np.mean(means, axis=0), evenly, limit=_KEPT_TERMS, taken=said, weight=weight)


def _joined(terms: list[Term]) -> str:
    return ", ".join(term.text for term in terms[:_NAME_TERMS])


def _opening(texts: list[str]) -> str:
    """How the first text begins: the name where no term sets the topic apart."""
    opening = " ".join(texts[0].split()) if texts else ""
    return f"“{opening[:_OPENING].rstrip()}{'…' if len(opening) > _OPENING else ''}”" if opening else "no text"


def _unique(wanted: str, terms: list[Term], siblings: Iterable[str]) -> str:
    """A name that no sibling has: with one more term where there is one, else with a number."""
    there = set(siblings)
    if wanted not in there:
        return wanted
    for term in terms[_NAME_TERMS:]:
        if f"{wanted}, {term.text}" not in there:
            return f"{wanted}, {term.text}"
    return next(f"{wanted} ({i})" for i in range(2, len(there) + 3) if f"{wanted} ({i})" not in there)
