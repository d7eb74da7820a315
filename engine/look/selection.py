"""What is selected on the screen: the same expression as a filter, put together by hand, with its own undo."""

from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError, NotFound
from engine.marks import lanes, log, reading
from engine.recipe import Recipe, Step, check, identities, listed_step, step_digest, verdict
from engine.store import Store

LANE = "selection/"


@dataclass(frozen=True)
class Selection:
    """Rows chosen by an expression; None is nothing chosen. Frozen: each change gives a new one that can be undone.

    past, future: what undo and redo go back to, the nearest last.
    """

    step: Step | None = None
    past: tuple[Step | None, ...] = ()
    future: tuple[Step | None, ...] = ()

    def mask(self, data: Dataset) -> np.ndarray:
        """bool (n,): which rows are selected. Raises `EngineError` for what the dataset lacks."""
        return mask(data, self.step)

    def rows(self, data: Dataset) -> np.ndarray:
        """The rows selected, int64 ascending."""
        return np.flatnonzero(self.mask(data))

    def sentence(self) -> str:
        """The selection in plain words."""
        return "Nothing is selected." if self.step is None else self.step.sentence()

    def to(self, step: Step | None) -> "Selection":
        """Select something else; what was selected can be had back by undo."""
        new = step.checked() if step else None
        if new and new.selects:
            raise EngineError(f"{new.do!r} picks with a budget and cannot be a selection. Add it to the recipe.")
        return self if new == self.step else Selection(new, (*self.past, self.step)[-200:], ())


def rows(data: Dataset, selection: Selection) -> np.ndarray:
    """The rows selected, int64 ascending."""
    return selection.rows(data)


def mask(data: Dataset, step: Step | None) -> np.ndarray:
    """bool (n,): the rows of an expression, nothing for None; kept in memory by what it reads."""
    if step is None:
        return np.zeros(data.n, bool)
    check(data, Recipe(steps=(step,)))
    name = f"selection/{step_digest(step, identities(data, step))}/{data.fingerprint}"
    bits = data._cache.get(name, lambda: np.packbits(verdict(data, step, data.rows()).keep))
    return np.unpackbits(bits, count=data.n).view(bool)


def added(selection: Selection, step: Step) -> Selection:
    """Select these rows too."""
    return selection.to(step if selection.step is None else _nest("any of", selection.step, step))


def subtracted(selection: Selection, step: Step) -> Selection:
    """Select these rows no longer."""
    if selection.step is None:
        return selection
    return selection.to(_nest("all of", selection.step, Step("not", steps=(step,))))


def intersected(selection: Selection, step: Step) -> Selection:
    """Select only those that are among these rows too; of nothing stays nothing."""
    return selection if selection.step is None else selection.to(_nest("all of", selection.step, step))


def inverted(selection: Selection) -> Selection:
    """Select everything else."""
    step = selection.step
    if step is None:
        return selection.to(Step("all of"))
    if step.do == "all of" and not step.steps:
        return selection.to(None)
    if step.do == "not" and len(step.steps) == 1:
        return selection.to(step.steps[0])
    return selection.to(Step("not", steps=(step,)))


def cleared(selection: Selection) -> Selection:
    """Select nothing."""
    return selection.to(None)


def grown(data: Dataset, selection: Selection, embedding: str, *, nearest: int = 5, least: float = -1.0) -> Selection:
    """Select the nearest neighbours of each selected row too, as far as they have a similarity of at least `least`.

    The result is a list of rows: neighbours of one embedding cannot be told from the table alone.
    """
    chosen = selection.rows(data)
    graph, nodes = data.graph(embedding), data.embedding(embedding).texts
    mine = np.unique(nodes.of_row[chosen])
    mine = mine[mine >= 0]
    near = graph.neighbours[mine, :nearest][graph.similarity[mine, :nearest] >= least]
    reached = np.zeros(len(nodes) + 1, bool)
    reached[near[near >= 0]] = True
    both = reached[nodes.of_row]
    both[chosen] = True
    if both.sum() == len(chosen):
        raise EngineError("No neighbour is left to add: the selection has them all. Lower the least similarity.")
    return selection.to(listed_step(data, np.flatnonzero(both), f"{both.sum():,} rows, a selection and its neighbours"))


def undone(selection: Selection) -> Selection:
    """What was selected before. Raises `EngineError` when there is nothing to undo."""
    if not selection.past:
        raise EngineError("There is nothing to undo in the selection.")
    return Selection(selection.past[-1], selection.past[:-1], (*selection.future, selection.step))


def redone(selection: Selection) -> Selection:
    """What was selected before undo."""
    if not selection.future:
        raise EngineError("There is nothing to redo in the selection.")
    return Selection(selection.future[-1], (*selection.past, selection.step), selection.future[:-1])


def as_step(selection: Selection, name: str = "") -> Step:
    """The selection as a step that keeps it. Raises `EngineError` when nothing is selected."""
    if selection.step is None:
        raise EngineError("Nothing is selected. Select some rows first.")
    return replace(selection.step, name=name)


def save(store: Store, name: str, selection: Selection, *, who: str = "") -> None:
    """Keep the selection under a name; one of the same name is replaced, and undo of its lane brings it back."""
    if not name.strip():
        raise EngineError("A saved selection needs a name. Give it one.")
    log.log(store, LANE + lanes.clean(name), {"step": as_step(selection).json()}, f"saved “{name}”", who)


def saved(store: Store) -> list[str]:
    """The names of the selections kept, in order."""
    with reading(store) as con:
        return [lane.removeprefix(LANE) for lane in lanes.lanes(con, LANE) if lanes.current(con, lane)]


def load(store: Store, name: str, selection: Selection | None = None) -> Selection:
    """Select what was kept under a name."""
    with reading(store) as con:
        body = lanes.current(con, LANE + name)
    if not body:
        raise NotFound(f"No selection named {name!r} is kept here.")
    return (selection or Selection()).to(Step.from_json(body["step"]))


def forget(store: Store, name: str, *, who: str = "") -> None:
    """Take a kept selection from the list."""
    log.log(store, LANE + name, {}, f"forgot “{name}”", who)


def _nest(do: str, first: Step, second: Step) -> Step:
    """Both in one nest; a nest of the same kind takes the second in, so that sentences stay flat."""
    if first.do == do and first.on:
        return replace(first, steps=(*first.steps, second))
    return Step(do, steps=(first, second))
