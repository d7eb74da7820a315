"""What each way of choosing taught a small model beside random rows, as `benchmarks/choices_teach.py` found it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Trials:
    """Trials in which a small model learned more than from as many random rows, no more as far as could be told, and
    less: six labelled sets, 5, 10 and 30 % of the rows, logistic regression and nearest rows, ten seeds each."""

    better: int
    same: int
    worse: int

    @property
    def all(self) -> int:
        """How many there were."""
        return self.better + self.same + self.worse


@dataclass(frozen=True)
class Teaching:
    """clean: on the sets as they came; noisy: with 3 of 10 rows copies and 2 of 10 labels wrong. by: what it chose by,
    where that matters."""

    clean: Trials
    noisy: Trials
    by: str = ""

    def words(self) -> str:
        """What that comes to.

        >>> import textwrap
        >>> print(textwrap.fill(Teaching(Trials(0, 20, 16), Trials(0, 30, 6)).words(), 112))
        Taught a small model more than random rows in 0 of 36 trials on labelled sets and less in 16; with copies and
        wrong labels in 0 and 6.
        """
        by = f"By {self.by} it taught" if self.by else "Taught"
        return (
            f"{by} a small model more than random rows in {self.clean.better} of {self.clean.all} trials on labelled "
            f"sets and less in {self.clean.worse}; with copies and wrong labels in {self.noisy.better} and "
            f"{self.noisy.worse}."
        )

    @property
    def advice(self) -> str:
        """When to take it and when random rows, "" where that hangs on the set."""
        if not self.clean.worse and not self.noisy.worse:
            return "It was never worse: a safe first choice."
        if self.clean.better <= self.clean.worse and self.noisy.better <= self.noisy.worse:
            return "To teach a model, random rows are the safer choice."
        if self.clean.better < self.clean.worse and self.noisy.better > self.noisy.worse:
            return "It pays where labels are wrong, and costs where they are right."
        return ""


DOUBT = "how little a label is doubted"
TAUGHT: Mapping[str, Teaching] = {
    "facility_location": Teaching(Trials(10, 26, 0), Trials(4, 32, 0)),
    "farthest": Teaching(Trials(8, 17, 11), Trials(3, 27, 6)),
    "log_det": Teaching(Trials(5, 23, 8), Trials(3, 26, 7)),
    "add_one_in": Teaching(Trials(4, 24, 8), Trials(0, 30, 6)),
    "per_topic": Teaching(Trials(3, 32, 1), Trials(0, 35, 1), "some at random of each of 50 groups"),
    "spread_quality": Teaching(Trials(7, 15, 14), Trials(22, 8, 6), DOUBT),
    "mmr": Teaching(Trials(14, 7, 15), Trials(23, 3, 10), DOUBT),
    "weighted": Teaching(Trials(3, 32, 1), Trials(15, 20, 1), DOUBT),
    "top": Teaching(Trials(4, 9, 23), Trials(14, 5, 17), DOUBT),
    "band": Teaching(Trials(6, 17, 13), Trials(13, 22, 1), f"the middle of {DOUBT}"),
    "nearest": Teaching(Trials(4, 21, 11), Trials(2, 25, 9), "turns toward a hundred true examples"),
    "betr": Teaching(Trials(6, 23, 7), Trials(2, 28, 6), "a hundred true examples"),
    "simcore": Teaching(Trials(2, 27, 7), Trials(0, 27, 9), "a hundred true examples"),
    "got_d": Teaching(Trials(3, 16, 17), Trials(2, 18, 16), "a hundred true examples"),
    "search_and_prune": Teaching(Trials(7, 22, 7), Trials(3, 27, 6), "a hundred true examples"),
    "dsir": Teaching(Trials(0, 21, 15), Trials(0, 21, 15), "a hundred true examples"),
}
"""By the name of the selector. Random and stratified rows are what the others are measured by."""
