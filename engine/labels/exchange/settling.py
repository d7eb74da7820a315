"""What came back, in time, and what of it a person must settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.labels.exchange._said import Answer

Trouble = Literal["people differ", "already corrected"]


@dataclass(frozen=True)
class Conflict:
    """Labels of which somebody must say which counts. here: the label that the row has by hand, ""
    where it has none."""

    trouble: Trouble
    key: str
    answers: tuple[Answer, ...]
    here: str = ""

    def words(self) -> str:
        """What is the matter, for a person."""
        said = ", ".join(f"{a.label!r}{f' by {a.who}' if a.who else ''}" for a in self.answers[:5])
        return {
            "people differ": f"People differ: {said}.",
            "already corrected": f"Here it was corrected to {self.here!r}; what came back says {said}.",
        }[self.trouble]


def in_time(answers: Sequence[Answer]) -> list[Answer]:
    """In the order of the file, but each person's answers to a row the earliest first, where all of these say when."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(answers):
        places.setdefault((one.key, one.who), []).append(place)
    found = list(answers)
    for of in places.values():
        said = [answers[place] for place in of]
        if all(one.at for one in said):
            for place, one in zip(of, sorted(said, key=lambda one: one.at), strict=True):
                found[place] = one
    return found
