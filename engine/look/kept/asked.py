"""What is asked of a choice, or of the corpus it is from, and what may be found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from engine.dataset import Dataset
from engine.look.audits import Association, Dependence, GroupGap, Influences, Undone, Vocabulary
from engine.look.choices import Covering, Efficacy, LossAudit, PruningCurve, Scorecard, Stability
from engine.progress import Progress
from engine.recipe import Run
from engine.registry import Json
from engine.store import read_stored

Kind = Literal[
    "coverage", "losses", "shifts", "stability", "teaching", "pruning",
    "gap", "vocabulary", "dependence", "weights", "association", "influence",
]  # fmt: skip
Found: TypeAlias = (
    Covering | LossAudit | Scorecard | Stability | Efficacy | PruningCurve
    | GroupGap | Vocabulary | Dependence | Undone | Association | Influences
)  # fmt: skip
Stands: TypeAlias = Literal["choice", "left", "corpus"]


@dataclass(frozen=True)
class Asked:
    """What is to be known. embedding: that it is measured on, "" for none. label: the column that probes learn, "" for
    the words of the texts. knobs: what else its kind asks for, by the names that the kind has for it."""

    kind: Kind
    embedding: str = ""
    label: str = ""
    knobs: Mapping[str, Json] = field(default_factory=dict)

    @staticmethod
    def read(value: object) -> "Asked":
        """What was asked as it stands in a job; raises `EngineError` for a kind that there is not."""
        return read_stored(Asked, value, "the evidence that is asked for")


@dataclass(frozen=True)
class Measure:
    """One kind of evidence. make: finds it, of the choice at a stage. seconds: on one core, roughly, as what is really
    needed is learned; the last argument is how long the choice itself takes. reads: the columns, embeddings and pairs
    that it is told from, beside those asked for; facts: what else, such as the tags.

    stands: what it holds for: this choice, whatever is chosen from the rows left, or the corpus; called with what is
    asked for where that says it. quotes: whether it tells words or values of the corpus, which an export with masks
    leaves out. version: to be raised where the same would be measured otherwise. by_selector: whether the selector
    picks again and again, so that the time goes by it.
    """

    title: str
    found: type[Found]
    make: Callable[[Run, int, Asked, Progress], Found]
    seconds: Callable[[Run, int, Asked, float], float]
    reads: Callable[[Dataset, Asked], Sequence[str]] = lambda data, asked: ()
    stands: Stands | Callable[[Asked], Stands] = "choice"
    quotes: bool = False
    by_selector: bool = False
    version: int = 1
    facts: Callable[[Dataset], Mapping[str, Json]] = lambda data: {}

    def stands_for(self, asked: Asked) -> Stands:
        """What it holds for, as it is asked for."""
        return self.stands(asked) if callable(self.stands) else self.stands
