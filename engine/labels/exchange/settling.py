"""What came back, beside what is here: what can be taken over, and what a person must settle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.dataset import Dataset
from engine.labels.exchange._said import Answer

Trouble = Literal["row unknown", "label unknown", "people differ", "already corrected"]


@dataclass(frozen=True)
class Conflict:
    """Labels that are not taken over until somebody says which counts. here: the label that the row has by hand, ""
    where it has none."""

    trouble: Trouble
    key: str
    answers: tuple[Answer, ...]
    here: str = ""

    def words(self) -> str:
        """What is the matter, for a person."""
        said = ", ".join(f"{a.label!r}{f' by {a.who}' if a.who else ''}" for a in self.answers[:5])
        return {
            "row unknown": f"No row has the key {self.key!r}: {said}.",
            "label unknown": f"{said} is no label of this set.",
            "people differ": f"People differ: {said}.",
            "already corrected": f"Here it was corrected to {self.here!r}; what came back says {said}.",
        }[self.trouble]


@dataclass(frozen=True)
class Settled:
    """taken: one label a row, with the last one who gave it. same: rows whose label by hand is what came back too.

    repeated: labels by a person who later gave the row another; the later counts. conflicts: nothing of them is taken.
    """

    taken: tuple[Answer, ...]
    same: tuple[Answer, ...]
    repeated: tuple[Answer, ...]
    conflicts: tuple[Conflict, ...]


def settled(
    data: Dataset,
    answers: Sequence[Answer],
    *,
    labels: Iterable[str],
    corrected: Mapping[str, str],
    settle: Mapping[str, str] | None = None,
) -> Settled:
    """Put what came back beside what is here. labels: of the schema; corrected: row key -> label by hand.

    settle: row key -> the label that a person chose for a row in conflict. A row is in one conflict at most, the first
    of: its key is not here, a label is none of the schema, people differ, it was corrected to another label here.
    """
    known, chosen = set(labels), settle or {}
    by_row: dict[str, dict[str, Answer]] = {}
    repeated: list[Answer] = []
    for place, answer in enumerate(in_time(answers)):
        # People without a name are nobody in particular: each answer of theirs stands for itself.
        who = answer.who or f"\0{place}"
        before = by_row.setdefault(answer.key, {}).pop(who, None)
        if before and before.label != answer.label:
            repeated.append(before)
        by_row[answer.key][who] = answer
    keys = list(by_row)
    there = dict(zip(keys, (data.rows_of(keys) >= 0).tolist(), strict=True)) if keys else {}
    taken: list[Answer] = []
    same: list[Answer] = []
    conflicts: list[Conflict] = []
    for key, said in by_row.items():
        given = tuple(said.values())
        here, last = corrected.get(key, ""), given[-1]
        want = chosen.get(key, "")
        trouble: Trouble | None = None
        if not there[key]:
            trouble = "row unknown"
        elif want in known:
            last = next((a for a in reversed(given) if a.label == want), Answer(key, want))
        elif any(a.label not in known for a in given):
            trouble = "label unknown"
        elif len({a.label for a in given}) > 1:
            trouble = "people differ"
        elif here and here != last.label:
            trouble = "already corrected"
        if trouble:
            conflicts.append(Conflict(trouble, key, given, here))
        else:
            (same if here == last.label else taken).append(last)
    return Settled(tuple(taken), tuple(same), tuple(repeated), tuple(conflicts))


def in_time(answers: Sequence[Answer]) -> list[Answer]:
    """The earliest first, where all say when; else in the order of the file."""
    return sorted(answers, key=lambda a: a.at) if all(a.at for a in answers) else list(answers)
