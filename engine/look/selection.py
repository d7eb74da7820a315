"""What is selected on the screen: the same expression as a filter, put together by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError, NotFound
from engine.marks import lanes, log, reading
from engine.recipe import Recipe, Step, check, identities, listed_step, step_digest, turned, verdict
from engine.registry import Json
from engine.store import Store

LANE = "selection/"


@dataclass(frozen=True)
class Selection:
    """Rows chosen by an expression; None is nothing chosen. Frozen: a change gives a new one.

    left: whether only the rows are meant that the draft's steps leave at the moment of asking. The steps themselves are
    never copied into the expression.
    """

    step: Step | None = None
    left: bool = True

    def mask(self, data: Dataset, left: np.ndarray | None = None) -> np.ndarray:
        """bool (n,): which rows are selected. left: bool (n,), the rows that the draft's steps leave; None is all.

        Raises `EngineError` for what the dataset lacks.
        """
        found = mask(data, self.step)
        return found if left is None or not self.left else found & left

    def rows(self, data: Dataset, left: np.ndarray | None = None) -> np.ndarray:
        """The rows selected, int64 ascending."""
        return np.flatnonzero(self.mask(data, left))

    def sentence(self) -> str:
        """The selection in plain words."""
        return "Nothing is selected." if self.step is None else self.step.sentence()

    def to(self, step: Step | None, *, left: bool = True) -> "Selection":
        """Select something else, among the rows left where nothing else is said."""
        new = step.checked() if step else None
        if new and not new.alone:
            how = "picks with a budget" if new.selects else "looks at the other rows left"
            raise EngineError(f"{new.do!r} {how} and cannot be a selection. Add it to the recipe.")
        return Selection(new, left)

    def json(self) -> dict[str, Json]:
        """The selection as it is kept; `Selection.from_json` reads it."""
        return {"step": self.step.json() if self.step else None, "left": self.left}

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Selection":
        """Read a selection. One of before there was `left` holds what it is among in its own expression."""
        step = value.get("step")
        return Selection(Step.from_json(step) if step else None, bool(value.get("left", False)))


def mask(data: Dataset, step: Step | None) -> np.ndarray:
    """bool (n,): the rows of an expression, nothing for None; kept in memory by what it reads."""
    if step is None:
        return np.zeros(data.n, bool)
    check(data, Recipe(steps=(step,)))
    name = f"selection/{step_digest(step, identities(data, step))}/{data.fingerprint}"
    bits = data._cache.get(name, lambda: np.packbits(verdict(data, step, data.rows()).keep))
    return np.unpackbits(bits, count=data.n).view(bool)


def listed(data: Dataset, rows: np.ndarray, label: str) -> Selection:
    """These very rows, whether the draft leaves them or not."""
    return Selection(listed_step(data, rows, label), left=False)


def added(selection: Selection, step: Step) -> Selection:
    """Select these rows too."""
    nested = step if selection.step is None else _nest("any of", selection.step, step)
    return selection.to(nested, left=selection.left)


def subtracted(selection: Selection, step: Step) -> Selection:
    """Select these rows no longer."""
    return intersected(selection, turned(step))


def intersected(selection: Selection, step: Step) -> Selection:
    """Select only those that are among these rows too; of nothing stays nothing."""
    if selection.step is None:
        return selection
    return selection.to(_nest("all of", selection.step, step), left=selection.left)


def inverted(selection: Selection) -> Selection:
    """Select everything else."""
    step = selection.step
    if step is None:
        return selection.to(Step("all of"))
    if step.do == "all of" and not step.steps:
        return cleared(selection)
    return selection.to(turned(step), left=selection.left)


def cleared(selection: Selection) -> Selection:
    """Select nothing."""
    return selection.to(None)


def grown(
    data: Dataset,
    selection: Selection,
    embedding: str,
    *,
    left: np.ndarray | None = None,
    nearest: int = 5,
    least: float = -1.0,
) -> Selection:
    """Select the nearest neighbours of each selected row too, as far as they have a similarity of at least `least`.

    left: bool (n,), the rows that the draft's steps leave; None is all. The result is a list of rows: neighbours of one
    embedding cannot be told from the table alone.
    """
    among = np.ones(data.n, bool) if left is None or not selection.left else left
    chosen = selection.rows(data, left)
    graph, nodes = data.graph(embedding), data.embedding(embedding).texts
    mine = np.unique(nodes.of_row[chosen])
    mine = mine[mine >= 0]
    near = graph.neighbours[mine, :nearest][graph.similarity[mine, :nearest] >= least]
    reached = np.zeros(len(nodes) + 1, bool)
    reached[near[near >= 0]] = True
    both = reached[nodes.of_row] & among
    both[chosen] = True
    if both.sum() == len(chosen):
        raise EngineError("No neighbour is left to add: the selection has them all. Lower the least similarity.")
    label = f"{both.sum():,} rows, a selection and its neighbours"
    return selection.to(listed_step(data, np.flatnonzero(both), label), left=selection.left)


def as_step(selection: Selection, name: str = "") -> Step:
    """The selection as a step that keeps it. Raises `EngineError` when nothing is selected."""
    if selection.step is None:
        raise EngineError("Nothing is selected. Select some rows first.")
    return replace(selection.step, name=name)


def save(store: Store, name: str, selection: Selection, *, who: str = "") -> None:
    """Save the selection under a name; one of the same name is replaced, and undo of its lane brings it back."""
    if not name.strip():
        raise EngineError("A saved selection needs a name. Give it one.")
    log.log(
        store, LANE + lanes.clean(name), {**selection.json(), "step": as_step(selection).json()}, f"saved “{name}”", who
    )


def saved(store: Store) -> list[str]:
    """The names of the saved selections, in order."""
    with reading(store) as con:
        return [lane.removeprefix(LANE) for lane in lanes.lanes(con, LANE) if lanes.current(con, lane)]


def load(store: Store, name: str) -> Selection:
    """What was saved under a name. Raises `NotFound` when there is none."""
    with reading(store) as con:
        body = lanes.current(con, LANE + name)
    if not body:
        raise NotFound(f"No selection named {name!r} is saved here.")
    return Selection.from_json(body)


def forget(store: Store, name: str, *, who: str = "") -> None:
    """Take a saved selection from the list."""
    log.log(store, LANE + name, {}, f"forgot “{name}”", who)


def _nest(do: str, first: Step, second: Step) -> Step:
    """Both in one nest; a nest of the same kind takes the second in, so that sentences stay flat."""
    if first.do == do and first.on:
        return replace(first, steps=(*first.steps, second))
    return Step(do, steps=(first, second))
