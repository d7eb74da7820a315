"""Suspects: rows whose label is doubtful, each of a kind, and what speaks for either label."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.store import Artefact

Kind = Literal["wrong", "contested", "odd", "copies"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DOUBTED = 0.75
"""Doubt from which little enough speaks for the given label."""
FLOOR, VOICE = 0.01, 3.0
"""What is added to probabilities before their odds are taken, and what full agreement weighs beside their logarithm.
These and `DOUBTED` were chosen on halves of three sets with planted errors: `benchmarks/labels_truth.py`."""
ODDEST = 0.025
"""The share of rows, of the highest energy, that can be odd at most."""
APART = 0.5
"""How scattered the neighbours of an odd row are at least, where 1 is every label alike."""
SPLIT = 0.7
"""The share of the votes for its label, below which raters are split over a row: of three, one is enough."""
BY_HEART, HARDLY, ENOUGH_TOLD = 0.995, 0.3, 0.98
"""Shares of the labels that a model agrees with, beyond which it is asked about: it has seen them, or means others; and
the share of them that it tells, below which that is said."""
COPIES_APART = 0.5
"""The share of its copies that have another label, from which copies contradict a row."""


@dataclass(frozen=True)
class Signs:
    """What was measured of each row. codes, likely, second, neighbours: int64 (n,), labels, -1 for none; the rest
    float64 (n,), NaN for none, as the signals `label_agreement`, `label_doubt` and `rater_votes` say. classes: labels
    that are in use."""

    codes: np.ndarray
    agreement: np.ndarray
    neighbours: np.ndarray
    apart: np.ndarray
    copies: np.ndarray
    confidence: np.ndarray
    margin: np.ndarray
    energy: np.ndarray
    likely: np.ndarray
    second: np.ndarray
    votes_for: np.ndarray
    votes_most: np.ndarray

    @property
    def classes(self) -> int:
        """How many labels are in use."""
        return len(np.unique(self.codes[self.codes >= 0]))


@dataclass(frozen=True)
class Suspects:
    """The doubtful rows of a column of labels, the most doubtful first.

    rows: int64 (s,). kind: int8 (s,), place in `KINDS`. score: float32 (s,), doubt, 0 to 1. suggested: int64 (s,), code
    of the label that speaks against the given one, -1 for none. label, embedding: what they were found by. copies:
    similarity from which texts are copies. own: by what model of one's own, "" for a probe.
    """

    rows: np.ndarray
    kind: np.ndarray
    score: np.ndarray
    suggested: np.ndarray
    label: str
    embedding: str
    copies: float
    own: str = ""

    def of(self, kind: Kind) -> np.ndarray:
        """The rows of one kind, in order: int64."""
        return self.rows[self.kind == KINDS.index(kind)]


def suspects(data: Dataset, label: str, *, embedding: str, own: str = "") -> Suspects:
    """The rows whose label is doubtful, the most doubtful first, each of one kind. embedding: "" for words alone.
    own: the key of measured `label_doubt_by_probabilities`, whose model speaks in place of the probe.

    *wrong*: the neighbours and the probe agree on another label, hardly anything speaks for the given one, and the
    raters, where there are votes, do not stand by it; raters who agree on another label stand in for one of the two.
    *contested*: the raters are split, or they, the neighbours, the probe and the given label are not of one mind.
    *odd*: like no label, among neighbours of many. *copies*: half or more of the rows with this very text, or nearly,
    have another label.
    Reads what `label_agreement`, `label_doubt` and, where it is there, `rater_votes` measured; raises `EngineError`
    where one of the first two was not. Without an embedding it reads `label_doubt_by_words` instead of both: the second
    voice for another label is then that its probability reaches the mean of its own rows, and no row is *odd*. Where a
    model of one's own speaks no row is *odd* either, and without an embedding none is one of *copies*.
    """
    found = signs(data, label, embedding, own=own)
    near = _measured(data, "label_agreement", label, embedding) if embedding else None
    copies = cast(float, near.spec.params["copies"]) if near else 1.0
    return Suspects(*judged(found), label, embedding, copies, own)


def doubt(confidence: np.ndarray, margin: np.ndarray, agreement: np.ndarray, *, voice: float = VOICE) -> np.ndarray:
    """How little speaks for the given label: float64 (n,), 0 to 1; NaN where nothing was measured.

    The logarithm of the odds of the likeliest other label against the given one, by the probe, and the neighbours that
    have another label, brought to 0 to 1 by its range; one alone where the other is missing. confidence: probability of
    the given label; margin: what that is more than the likeliest other; agreement: of the neighbours, 0 to 1. voice:
    how much they count, as `voice_of` tells.

    >>> doubt(np.array([0.0, 1.0, 0.4]), np.array([-1.0, 1.0, 0.0]), np.array([0.0, 1.0, np.nan])).tolist()
    [1.0, 0.0, 0.5]
    """
    most = np.log((1 + FLOOR) / FLOOR)
    odds = np.log((confidence - margin + FLOOR) / (confidence + FLOOR))
    both = (odds + most + voice * (1 - agreement)) / (2 * most + voice)
    return np.where(np.isnan(both), np.where(np.isnan(odds), 1 - agreement, (odds + most) / (2 * most)), both)


def voice_of(of: Signs) -> float:
    """How much the neighbours count beside the probe: less where they meet the labels more rarely, by the odds of it.

    Neighbours by poor vectors must not talk a good model of one's own out of what it knows.
    """
    rows = (of.codes >= 0) & (of.neighbours >= 0) & (of.likely >= 0)
    if not rows.any():
        return VOICE
    met = [np.clip((said == of.codes)[rows].mean(), 0.01, 0.999) for said in (of.neighbours, of.likely)]
    near, probe = (share / (1 - share) for share in met)
    return VOICE * float(min(1.0, near / probe))


def judged(of: Signs) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The rows, kinds, scores and suggested labels of `Suspects`, from the signs alone."""
    known = (of.codes >= 0) & ~(np.isnan(of.agreement) & np.isnan(of.margin) & ~(of.copies > 0))
    doubted = np.nan_to_num(doubt(of.confidence, of.margin, of.agreement, voice=voice_of(of)), nan=0.5)
    against = [(said >= 0) & (said != of.codes) for said in (of.likely, of.neighbours)]
    backed = of.votes_for >= of.votes_most - 1e-6
    one_mind = against[0] & against[1] & (of.likely == of.neighbours)
    outvoted = (of.votes_most >= SPLIT) & ~backed
    wrong = (one_mind | (outvoted & (against[0] | against[1]))) & (doubted >= DOUBTED) & ~backed
    there = known & ~np.isnan(of.energy)
    high = np.quantile(of.energy[there], 1 - ODDEST) if there.any() else np.inf
    scattered = of.apart > APART * (1 - 1 / max(of.classes, 2))
    odd = (of.energy >= high) & scattered & (of.agreement < 0.5)
    wrong &= ~odd
    split = of.votes_for < SPLIT  # or they agree on another label, alone
    kinds = [of.copies >= COPIES_APART, wrong, split, odd, against[0] | against[1]]
    kind = np.select(kinds, [3, 0, 1, 2, 1], -1)
    rows = np.flatnonzero(known & (kind >= 0))
    rows = rows[np.lexsort((rows, -doubted[rows]))]
    other = np.where(against[0], of.likely, np.where(against[1], of.neighbours, -1))
    suggested = np.where(kind == KINDS.index("odd"), -1, other)
    return rows, kind[rows].astype(np.int8), doubted[rows].astype(np.float32), suggested[rows].astype(np.int64)


def signs(data: Dataset, label: str, embedding: str, *, own: str = "") -> Signs:
    """What the label signals measured of a column of labels, as `suspects` reads it; raises `EngineError` for what is
    missing."""
    votes = _latest(data, "rater_votes", {"label": label})

    def number(of: Artefact, name: str) -> np.ndarray:
        return np.asarray(of.array(name), np.float64)

    def code(of: Artefact, name: str) -> np.ndarray:
        return np.asarray(of.array(name), np.int64)

    nothing = np.full(data.n, np.nan)
    agreement = apart = copies = energy = nothing
    if own:
        probe, words = _own(data, own, label), "own_"
    elif embedding:
        probe, words = _measured(data, "label_doubt", label, embedding), ""
    else:
        probe, words = _measured(data, "label_doubt_by_words", label, ""), "words_"
    if not own:
        energy = number(probe, f"{words}label_energy")
    if embedding:
        near = _measured(data, "label_agreement", label, embedding)
        agreement, apart = number(near, "label_agreement"), number(near, "neighbours_apart")
        copies, neighbours = number(near, "copies_disagree"), code(near, "neighbours_label")
    else:
        copies = nothing if own else number(probe, "words_copies_disagree")
        neighbours = code(probe, f"{words}confident_label")
    return Signs(
        data.codes(label)[0].astype(np.int64), agreement, neighbours, apart, copies,
        number(probe, f"{words}self_confidence"), number(probe, f"{words}label_margin"), energy,
        code(probe, f"{words}likely_label"), code(probe, f"{words}second_label"),
        number(votes, "votes_for_label") if votes else nothing, number(votes, "votes_agree") if votes else nothing,
    )  # fmt: skip


def model_fault(of: Signs) -> str:
    """What looks wrong with the probabilities of a model of one's own, in words; "" for nothing."""
    rows = (of.codes >= 0) & (of.likely >= 0)
    if not rows.any():
        return ""
    told = rows.sum() / (of.codes >= 0).sum()
    agrees = float((of.codes == of.likely)[rows].mean())
    if told < ENOUGH_TOLD:
        return (
            f"Your model tells {rows.sum():,} of {(of.codes >= 0).sum():,} labelled rows, {told:.0%}. Of the others "
            "numbers lack, do not add up to 1, or are likeliest of a label that no row has."
        )
    if agrees >= BY_HEART:
        return (
            f"Your model agrees with {agrees:.1%} of the labels. If it was trained on these rows it knows them by "
            "heart: let each row be told by a model that has not seen it."
        )
    if agrees < HARDLY:
        return (
            f"Your model agrees with {agrees:.1%} of the labels. Do its numbers stand for the labels in another order?"
        )
    return ""


def _own(data: Dataset, key: str, label: str) -> Artefact:
    found = data.artefact("signal", key)
    if (found.spec.member, found.spec.params.get("label")) != ("label_doubt_by_probabilities", label):
        raise EngineError(
            f"{key!r} is no doubt about {label!r} by the probabilities of a model. Measure "
            "label_doubt_by_probabilities of it first."
        )
    return found


def _measured(data: Dataset, signal: str, label: str, embedding: str) -> Artefact:
    found = _latest(data, signal, {"label": label} | ({"embedding": embedding} if embedding else {}))
    if found is None:
        by = f" by {embedding!r}" if embedding else ""
        raise EngineError(
            f"{signal} of {label!r}{by} is not measured yet. Suspects need label_agreement and label_doubt, or without "
            "an embedding label_doubt_by_words: measure them first."
        )
    return found


def _latest(data: Dataset, signal: str, asked: dict[str, str]) -> Artefact | None:
    """The newest measured values of a signal that was asked for so."""
    for key in reversed(data.keys_of("signal")):
        made = data.artefact("signal", key).spec
        if made.member == signal and all(made.params.get(name) == value for name, value in asked.items()):
            return data.artefact("signal", key)
    return None
