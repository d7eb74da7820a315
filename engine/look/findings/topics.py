"""Topics that look like leftovers: traces of markup, few letters, other words or script; and those of one template."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, Topics
from engine.look.findings.finding import Finding, by_rule, rows_words, share_words, weighed
from engine.progress import Progress
from engine.recipe import topic_step
from engine.store import Key
from engine.text import FLAWS, positions
from engine.topics import exemplars, topic_directions

TEXTS_A_TOPIC = 200
CHARACTERS = 1000
FEWEST_TEXTS, FEWEST_TOPICS = 5, 4
USUAL, FEWEST_WORDS = 100, 3
PHRASE, MOST_TEXTS = 6, 0.5
_SCRIPTS = "Latin Cyrillic Greek Arabic Hebrew Devanagari Bengali Thai Hangul Han Hiragana Katakana".split()
# How far from the middle of all topics counts as far, in robust standard deviations (1.4826 × the median deviation).
_FAR = 2.5
_VERY_FAR = 4.0
_LEAST_DEVIATION = 0.02


@dataclass(frozen=True)
class Look:
    """What is measured of some texts of a topic. Shares are 0 to 1.

    traces: texts with damage, markup and the like; letters: of all signs that are no space, the middle text; usual: of
    the words, those among the 100 most usual of the corpus; words: of a text, on average; scripts: of the letters, by
    script; phrase: six words that most texts share, repeated: by how many; nearest: similarity to the nearest other
    topic; alike: of its texts to its middle.
    """

    traces: float
    letters: float
    usual: float
    words: float
    scripts: np.ndarray
    phrase: str
    repeated: float
    nearest: float
    alike: float


def of_topics(data: Dataset, progress: Progress) -> Iterator[Finding]:
    """Findings about the newest topics, where there are any."""
    keys = data.keys_of("topics")
    if not keys:
        return
    topics = data.topics(keys[-1])
    sizes = np.bincount(topics.topic[topics.topic >= 0], minlength=1)
    numbers = np.flatnonzero(sizes >= FEWEST_TEXTS).tolist()
    if len(numbers) < FEWEST_TOPICS:
        return
    looks = _looks(data, topics, numbers, progress)
    vectors = data.embedding(Key.read(topics.key).on)
    for number, evidence, look in zip(numbers, said_of(looks), looks, strict=True):
        template = not evidence and look.repeated >= MOST_TEXTS
        if not evidence and not template:
            continue
        members = np.flatnonzero(topics.topic == number)
        count = int(topics.texts.count[members].sum())
        name = topics.names.get(number, f"topic {number}")
        what = f"The topic “{name}” ({rows_words(count)}, {share_words(count, data.n)}) "
        if template:
            what += f"comes from one template: {look.repeated:.0%} of its texts share the words “{look.phrase}”."
        else:
            what += f"is unlike the rest: {evidence[0]}."
        found = Finding(
            f"topic/{topics.key}/{number}/{name}",
            what,
            "templates" if template else "odd topic",
            count,
            weighed(6, count, data.n) if template else 9 + weighed(2, count, data.n),
            examples=tuple(exemplars(vectors, members).tolist()),
            evidence=tuple(f"{one[:1].upper()}{one[1:]}." for one in evidence[1:]),
        )
        yield by_rule(data, found, topic_step(data, topics.key, [number], do="drop"))


def said_of(looks: Sequence[Look]) -> list[list[str]]:
    """For each topic what speaks for it being a leftover, the strongest first; nothing for one that is like others.

    Some kinds of evidence are enough alone. Standing apart and being loose are not: content can be so too; only both
    together speak.
    """
    usual, letters, nearest, alike = (
        np.array([getattr(look, name) for look in looks]) for name in ("usual", "letters", "nearest", "alike")
    )
    of_scripts = np.stack([look.scripts for look in looks])
    scripts, traces = np.median(of_scripts, axis=0), float(np.median([look.traces for look in looks]))
    apart, loose, words = _deviation(nearest) < -_FAR, _deviation(alike) < -_FAR, _deviation(usual) < -_VERY_FAR
    found = []
    for i, look in enumerate(looks):
        strong, weak = [], []
        if look.traces >= max(0.25, 4 * traces):
            strong.append(f"{look.traces:.0%} of its texts hold traces such as markup (of a usual topic {traces:.0%})")
        if look.letters < np.median(letters) - 0.2:
            strong.append(
                f"{look.letters:.0%} of the signs of a text are letters (of a usual topic {np.median(letters):.0%})"
            )
        top = int(look.scripts.argmax())
        if look.scripts[top] > 0.5 and scripts[top] < 0.1:
            strong.append(f"it is written in {_SCRIPTS[top]} letters, the rest is not")
        elif words[i] and look.usual < 0.5 * np.median(usual) and look.words >= FEWEST_WORDS:
            strong.append(
                f"{look.usual:.0%} of its words are among the {USUAL} most usual ones of the corpus (of a usual topic "
                f"{np.median(usual):.0%}): another language, a list, or no language"
            )
        if look.repeated >= MOST_TEXTS:
            weak.append(f"{look.repeated:.0%} of its texts share the words “{look.phrase}”")
        if apart[i]:
            weak.append(f"no other topic is near (similarity {look.nearest:.2f}, usually {np.median(nearest):.2f})")
        if loose[i]:
            weak.append(
                f"its texts are little alike (similarity {look.alike:.2f} to their middle, usually "
                f"{np.median(alike):.2f})"
            )
        found.append([*strong, *weak] if strong or (apart[i] and loose[i]) else [])
    return found


def _deviation(values: np.ndarray) -> np.ndarray:
    """How far each value lies from the middle one, in robust standard deviations."""
    off = values - np.median(values)
    return off / max(1.4826 * float(np.median(np.abs(off))), _LEAST_DEVIATION)


def _looks(data: Dataset, topics: Topics, numbers: list[int], progress: Progress) -> list[Look]:
    texts = []
    for at, number in enumerate(numbers):
        progress("Looking at the topics", at, len(numbers))
        members = np.flatnonzero(topics.topic == number)
        evenly = members[np.unique(np.linspace(0, len(members) - 1, TEXTS_A_TOPIC).astype(int))]
        texts.append([text[:CHARACTERS] for text in data.texts(topics.texts.first[evenly])])
    words = [[_words(text) for text in some] for some in texts]
    usual = _usual(words)
    vectors = data.embedding(Key.read(topics.key).on)
    middles = topic_directions(vectors, topics.topic)[numbers]
    near = middles @ middles.T
    np.fill_diagonal(near, -1)
    looks = []
    for at, number in enumerate(numbers):
        members = np.flatnonzero(topics.topic == number)[:5000]
        phrase, repeated = _phrase(words[at])
        looks.append(
            Look(
                traces=_traces(texts[at]),
                letters=_letters(texts[at]),
                usual=_share(words[at], usual),
                words=sum(map(len, words[at])) / len(words[at]),
                scripts=_scripts("".join(texts[at])),
                phrase=phrase,
                repeated=repeated,
                nearest=float(near[at].max()),
                alike=float((vectors.floats(members) @ middles[at]).mean()),
            )
        )
    return looks


def _words(text: str) -> list[str]:
    import re2

    return [word.lower() for word in re2.findall(r"[\p{L}\p{M}]+", text)]


def _usual(words: Sequence[Sequence[Sequence[str]]]) -> set[str]:
    """The words that most texts hold; each topic counts the same, whatever its size."""
    shares: dict[str, float] = {}
    for some in words:
        for word, count in Counter(word for text in some for word in set(text)).items():
            shares[word] = shares.get(word, 0.0) + count / len(some)
    return {word for word, _ in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:USUAL]}


def _share(texts: Sequence[Sequence[str]], usual: set[str]) -> float:
    words = [word for text in texts for word in text]
    return sum(word in usual for word in words) / max(len(words), 1)


def _traces(texts: list[str]) -> float:
    block = pa.array(texts, pa.large_string())
    return len(np.unique(np.concatenate([positions(trace, block) for trace in FLAWS]))) / len(texts)


def _letters(texts: list[str]) -> float:
    signs = [[sign for sign in text if not sign.isspace()] for text in texts]
    return float(np.median([sum(map(str.isalpha, some)) / max(len(some), 1) for some in signs]))


def _scripts(text: str) -> np.ndarray:
    """Shares of the letters by script, float (scripts,)."""
    import re2

    counts = np.array([sum(map(len, re2.findall(rf"\p{{{script}}}+", text))) for script in _SCRIPTS], float)
    return counts / max(counts.sum(), 1)


def _phrase(texts: Sequence[Sequence[str]]) -> tuple[str, float]:
    """The six words in a row that most of the texts hold, and how many do, as a share."""
    counts: Counter[str] = Counter()
    for words in texts:
        counts.update({" ".join(words[i : i + PHRASE]) for i in range(len(words) - PHRASE + 1)})
    if not counts:
        return "", 0.0
    phrase, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return phrase, count / len(texts) if count > 1 else 0.0
