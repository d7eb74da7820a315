"""Saved recipes, by name: every revision kept, undo, redo, no save over another's."""

import sqlite3
from dataclasses import dataclass, replace

from engine.errors import EngineError, NotFound, Stale
from engine.marks import changing, lanes, reading
from engine.recipe.recipe import Recipe, same
from engine.store import Store


@dataclass(frozen=True)
class Saved:
    """A saved recipe. revision: what to hand back when saving; undo, redo: how many steps are possible."""

    recipe: Recipe
    revision: int
    undo: int
    redo: int


def names(store: Store) -> list[str]:
    """The names of the saved recipes, in order."""
    with reading(store) as con:
        return [lane.removeprefix("recipe/") for lane in lanes.lanes(con, "recipe/") if lanes.current(con, lane)]


def load(store: Store, name: str) -> Saved:
    """The recipe of this name as it is now. Raises `NotFound` when there is none."""
    with reading(store) as con:
        lane = f"recipe/{name}"
        body = lanes.current(con, lane)
        if not body:
            raise NotFound(f"No recipe named {name!r} is saved here.")
        done, undone = lanes.stacks(con, lane)
        return Saved(Recipe.from_json(body), lanes.last(con, lane), len(done) - 1, len(undone))


def save(store: Store, name: str, recipe: Recipe, expected_revision: int = 0, *, words: str = "", who: str = "") -> int:
    """Save a recipe under a name; returns the new revision. An unchanged recipe makes no new line of log.

    expected_revision: the revision that the change started from, 0 for a new recipe. Raises `Stale` when somebody else
    saved in the meantime: `save_copy` keeps both.
    """
    with changing(store) as con:
        return write(con, name, recipe, expected_revision, words=words, who=who)


def write(
    con: sqlite3.Connection, name: str, recipe: Recipe, expected_revision: int = 0, *, words: str = "", who: str = ""
) -> int:
    """`save` inside an open transaction."""
    if not name.strip():
        raise EngineError("A recipe needs a name. Give it one.")
    lane = lane_of(name)
    kept = replace(recipe, name=lanes.clean(name))
    there, before = lanes.last(con, lane), lanes.current(con, lane)
    # Who saved it takes no one by surprise, as by an undo of that.
    own = bool(who and expected_revision and there and lanes.entry(con, there).who == who)
    if before and there != expected_revision and not own:
        raise Stale(
            f"The recipe {name!r} was changed elsewhere in the meantime (revision {there}, this one started from "
            f"{expected_revision}). Save yours as a copy, or load the other."
        )
    if before and same(Recipe.from_json(before), kept):
        return there
    return lanes.add(con, lane, kept.json(), words or "; ".join(kept.sentences()[-1:]) or "no steps", who)


def lane_of(name: str) -> str:
    """The lane of the recipe of a name."""
    return f"recipe/{lanes.clean(name)}"


def save_copy(store: Store, name: str, recipe: Recipe, *, who: str = "") -> str:
    """Save a recipe under a name that is still free, such as `name (2)`; returns that name."""
    copy = free_name(store, name)
    save(store, copy, recipe, who=who)
    return copy


def free_name(store: Store, name: str) -> str:
    """A name that no recipe ever had here, such as `name (2)`."""
    with reading(store) as con:
        return next(copy for i in range(2, 10_000) if not lanes.last(con, lane_of(copy := f"{name} ({i})")))


def undo(store: Store, name: str, *, who: str = "") -> Saved:
    """One step back in the recipe's history; its first state stays."""
    with changing(store) as con:
        done, _ = lanes.stacks(con, f"recipe/{name}")
        if len(done) < 2:
            raise EngineError("There is nothing to undo.")
        lanes.step_back(con, f"recipe/{name}", who)
    return load(store, name)


def redo(store: Store, name: str, *, who: str = "") -> Saved:
    """One step forward again."""
    with changing(store) as con:
        lanes.step_forward(con, f"recipe/{name}", who)
    return load(store, name)


def remove(store: Store, name: str, *, who: str = "") -> None:
    """Take a recipe from the list; its history stays, and undo brings it back."""
    with changing(store) as con:
        if not lanes.current(con, f"recipe/{name}"):
            raise NotFound(f"No recipe named {name!r} is saved here.")
        lanes.add(con, f"recipe/{name}", {}, "removed", who)
