"""One finding: what it is, why it matters, what opens it and what drops it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.dataset import Dataset
from engine.recipe import Step, verdict
from engine.store import Spec

WHY: Mapping[str, str] = {
    "repeats": "A text that is there several times is learned several times; a copy in the test set flatters a score.",
    "near repeats": "Training sees the same text again, and counting equal texts does not notice.",
    "rejected": "What could not be read is missing from everything that follows.",
    "drift": "A column that changes what it holds half-way often means that two sources were put together.",
    "gaps": "A row without this value comes out as an empty prompt, answer or label wherever it is used.",
    "no column": "Files that were pooled need not have the same columns; what reads this gets nothing from those rows.",
    "constant": "A column that never changes says nothing about a row.",
    "looks like": "Treated as what they are, its values can be counted, filtered and balanced.",
    "imbalance": "A model learns what is frequent; what is rare is learned badly, and measured worse.",
    "far out": "Numbers this far from all others are often slips of typing, or in another unit.",
    "long": "Most models cut such a text, and one of them weighs as much as many others.",
    "short": "So short a text seldom says enough to learn from.",
    "dates": "A date this early is mostly a field that nobody filled in.",
    "ids": "Where two rows share an id, marks, joins and splits may mean the wrong one.",
    "placeholders": "A word that stands for nothing is learned as if it said something.",
    "almost numbers": "A few cells keep the whole column from being cut and counted as numbers.",
    "beginnings": "A beginning that many texts share is a template: it is learned instead of what follows.",
    "damaged letters": "Damaged letters are learned as if people wrote so.",
    "markup": "Tags and escapes are learned as if they were language.",
    "addresses": "An address may be a person's, and a model may say it to strangers.",
    "control characters": "Signs that cannot be seen part words for a model, and trouble what reads the export.",
    "refusals": "A model that is shown refusals learns to refuse.",
    "no letters": "There is no language in it to learn from.",
    "invisible signs": "They make equal texts unequal, and words into others for a model.",
    "mixed alphabets": "A letter of another alphabet looks right, and makes another word of it for a model.",
    "templates": "Texts made from one template teach the template; a few of them say as much as all.",
    "unread": "The map, topics, search by meaning and repeats in meaning stand on what its model has read.",
    "odd topic": "Rows that are unlike everything else, in the same way, are often leftovers and not content.",
}
"""Why a kind of finding matters, in a sentence."""

EXAMPLES = 3


@dataclass(frozen=True)
class Finding:
    """Something odd about a dataset.

    id: the same on every run while what it is about is there; what: a sentence; kind: a word; count: rows that it is
    about; weight: how much it matters. opens: the filter of those rows, None where no filter says it; bits: packed bool
    (n/8), the rows themselves. step: the rule that drops them, None where no rule says it or it would drop more than
    half; needs: what has to be built before it can run, by key. examples: up to three rows. evidence: what else speaks
    for it, in sentences. treat: a column that could be treated as `categories` or `list` instead of opening anything.
    """

    id: str
    what: str
    kind: str
    count: int
    weight: float
    opens: Step | None = None
    bits: np.ndarray | None = field(default=None, repr=False)
    step: Step | None = None
    needs: Mapping[str, Spec] = field(default_factory=dict)
    examples: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    column: str = ""
    treat: str = ""
    delimiter: str = ""

    @property
    def why(self) -> str:
        """Why it matters, in a sentence."""
        return WHY[self.kind]

    @property
    def portable(self) -> bool:
        """Whether its rule can run on other data."""
        return self.step is not None and all(leaf.member.about.portable == "portable" for leaf, _ in self.step.leaves())


def rows_behind(data: Dataset, finding: Finding) -> np.ndarray:
    """The rows that a finding is about, int64 ascending; none where it is about no rows."""
    bits = finding.bits if finding.bits is not None else _judged(data, finding.opens)
    return np.flatnonzero(np.unpackbits(bits, count=data.n))


def complete(data: Dataset, finding: Finding) -> Finding:
    """The finding with its rows and, where the look named none, examples from their beginning, middle and end."""
    finding = replace(finding, bits=finding.bits if finding.bits is not None else _judged(data, finding.opens))
    rows = rows_behind(data, finding)
    if finding.examples or not len(rows):
        return finding
    return replace(
        finding, examples=tuple(rows[np.unique(np.linspace(0, len(rows) - 1, EXAMPLES).astype(int))].tolist())
    )


def _judged(data: Dataset, opens: Step | None) -> np.ndarray:
    return np.packbits(verdict(data, opens, data.rows()).keep if opens else np.zeros(data.n, bool))


def packed(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """Rows as packed bool (n/8)."""
    mask = np.zeros(data.n, bool)
    mask[rows] = True
    return np.packbits(mask)


def by_rule(data: Dataset, finding: Finding, step: Step) -> Finding:
    """The finding with the rule that drops its rows, which also opens them; no rule where it would drop most rows."""
    opens = finding.opens or (opposite(step) if finding.bits is None else None)
    return replace(finding, opens=opens, step=step if 2 * finding.count <= data.n else None)


def opposite(step: Step) -> Step:
    """The filter that keeps what this one drops."""
    if "do" in step.params:
        return replace(step, params={**step.params, "do": "keep" if step.params["do"] == "drop" else "drop"})
    return Step("not", steps=(step,))


def drop(do: str, **params: object) -> Step:
    """The step that drops the rows which a filter finds."""
    return Step(do, {**params, "do": "drop"}).checked()  # type: ignore[dict-item]


def rows_words(count: int) -> str:
    """Rows as people count them."""
    return "1 row" if count == 1 else f"{count:,} rows"


def share_words(count: int, of: int) -> str:
    """A share as people say it."""
    share = 100 * count / max(of, 1)
    return f"{share:.0f}%" if share >= 1 else f"{share:.1f}%" if share >= 0.1 else "under 0.1%"


def rows_say(count: int, of: int, words: str) -> str:
    """How many rows do something. words: a verb as of several rows, and what goes on after it.

    >>> rows_say(1, 50, "hold no letter")
    '1 row (2%) holds no letter'
    """
    verb, _, rest = words.partition(" ")
    return " ".join(filter(None, [f"{rows_words(count)} ({share_words(count, of)})", verb + "s" * (count == 1), rest]))


def weighed(kind: float, count: int, n: int) -> float:
    """Heavier the more rows it concerns; a single row still counts."""
    return kind * (0.3 + 0.7 * min(1.0, count / max(n, 1) * 4))
