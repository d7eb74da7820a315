"""The draft: the recipe that a browser works on, at its desk; what leaves it takes the verdicts of the moment along."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.marks import Desk, changing, lanes, reading, verdicts
from engine.recipe import history
from engine.recipe.recipe import ByHand, Recipe
from engine.recipe.run import by_hand_rows
from engine.recipe.snapshots import listed_ref
from engine.registry import Json

DRAFT = "draft"
SHARED = "working recipe"
"""The lane of the recipe that all browsers worked on before each had its own."""


@dataclass(frozen=True)
class Draft:
    """A draft as it is now. revision: what to hand back with a change of it.

    saved: the name that it was opened from or saved under last, "" for none; saved_revision: of that recipe then.
    """

    recipe: Recipe = Recipe()
    revision: int = 0
    saved: str = ""
    saved_revision: int = 0


@dataclass(frozen=True)
class Carried:
    """Verdicts that came with a recipe and are not those of the dataset: int64 ascending, of the rows that are here."""

    keep: np.ndarray
    drop: np.ndarray

    def __len__(self) -> int:
        """How many rows they would change."""
        return len(self.keep) + len(self.drop)


def draft(desk: Desk) -> Draft:
    """The draft of a desk; at first the recipe that was shared before, or an empty one."""
    part = desk.part(DRAFT)
    if part.value is None:
        with reading(desk.store) as con:
            shared = lanes.current(con, SHARED)
        return Draft(Recipe.from_json(shared) if shared else Recipe(), part.revision)
    body = cast(Mapping[str, Json], part.value)
    saved, revision = cast(tuple[str, int], body.get("saved", ("", 0)))
    return Draft(Recipe.from_json(cast(Mapping[str, Json], body["recipe"])), part.revision, saved, revision)


def change_draft(
    desk: Desk,
    recipe: Recipe,
    words: str,
    expected_revision: int | None = None,
    *,
    saved: tuple[str, int] | None = None,
    more: Mapping[str, Json] | None = None,
) -> None:
    """Take a new recipe as the draft, as one act.

    expected_revision: raises `Stale` when another tab of the browser was first. saved: the name and the revision of the
    saved recipe that it now stands for. more: other parts of the desk that change with it.
    """
    now = draft(desk)
    body = _body(recipe, saved or (now.saved, now.saved_revision))
    desk.put({DRAFT: body, **(more or {})}, words, _expected(expected_revision))


def save_draft(desk: Desk, recipe: Recipe, kept: Recipe, expected_revision: int | None = None) -> int:
    """Save the draft under its name, in one act: undo takes back what was saved too, unless another saved there since.

    recipe: the draft; kept: what is saved of it, with the verdicts of the moment. Returns the saved recipe's revision.
    Raises `Stale` when somebody else saved under the name since it was opened or saved here, and like `change_draft`.
    """
    now, lane = draft(desk), history.lane_of(recipe.name)
    with changing(desk.store) as con:
        before = lanes.last(con, lane)
        known = now.saved_revision if now.saved == recipe.name else 0
        line = history.write(con, recipe.name, kept, known, who=desk.who)
        body = _body(recipe, (recipe.name, line))
        new = (lane, line) if line != before else None
        desk.put_inside(con, {DRAFT: body}, f"saved as {recipe.name}", _expected(expected_revision), line=new)
        return line


def _body(recipe: Recipe, saved: tuple[str, int]) -> dict[str, Json]:
    return {"recipe": replace(recipe, name=lanes.clean(recipe.name)).json(), "saved": [*saved]}


def _expected(revision: int | None) -> dict[str, int] | None:
    return None if revision is None else {DRAFT: revision}


def frozen(data: Dataset, recipe: Recipe) -> Recipe:
    """The recipe with the verdicts as they are now, for one that leaves the draft: saved, exported, sent."""
    keep, drop = (listed_ref(data, rows) if len(rows) else "" for rows in verdicts(data))
    return replace(recipe, by_hand=ByHand(keep, drop, recipe.by_hand.on))


def carried(data: Dataset, recipe: Recipe) -> Carried:
    """The verdicts frozen in a recipe that the dataset has not."""
    keep, drop = by_hand_rows(data, replace(recipe, by_hand=replace(recipe.by_hand, on=True)))
    there = verdicts(data)
    return Carried(np.setdiff1d(keep, there[0]), np.setdiff1d(drop, there[1]))


def differences(mine: Recipe, theirs: Recipe) -> tuple[list[str], list[str]]:
    """What each of two recipes says that the other does not, in words, in their order."""
    return _only(mine, theirs), _only(theirs, mine)


def _only(one: Recipe, other: Recipe) -> list[str]:
    there = [(step.on, step.json()) for step in other.steps]
    said = []
    for step in one.steps:
        asked = (step.on, step.json())
        if asked in there:
            there.remove(asked)
        else:
            said.append((step.name or step.sentence().rstrip(".")) + ("" if step.on else " (off)"))
    if (
        not said
        and [s.json() for s in one.steps] != [s.json() for s in other.steps]
        and len(one.steps) == len(other.steps)
    ):
        said.append("the same steps in another order")
    if one.by_hand != other.by_hand:
        said.append("other verdicts by hand" if one.by_hand.on else "the verdicts by hand switched off")
    if one.output != other.output:
        said.append("another output")
    return said
