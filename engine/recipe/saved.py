"""The saved recipes of a whole workspace: of every dataset, by name, with the day they were saved."""

from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import EngineError, unknown
from engine.marks import log
from engine.recipe import history
from engine.recipe.recipe import Recipe
from engine.store import Store, datasets


@dataclass(frozen=True)
class SavedRecipe:
    """A recipe under its name. at: when it was saved last, ISO time in UTC.

    wrong: why it cannot be read, "" where it can; the recipe is empty then.
    """

    store: Store
    name: str
    recipe: Recipe
    revision: int
    at: str
    wrong: str = ""

    @property
    def dataset(self) -> str:
        """The dataset that it was saved in."""
        return self.store.folder.name

    @property
    def full_name(self) -> str:
        """What it is called in the whole workspace."""
        return f"{self.dataset}/{self.name}"


def saved_in(store: Store) -> list[SavedRecipe]:
    """The saved recipes of a dataset, by name; one that cannot be read says why, and the others stay in reach."""
    found = []
    for name in history.names(store):
        at = next((line.at for line in log.lines(store, f"recipe/{name}") if not line.undone), "")
        try:
            kept = history.load(store, name)
            found.append(SavedRecipe(store, name, kept.recipe, kept.revision, at))
        except EngineError as error:
            found.append(SavedRecipe(store, name, Recipe(name=name), 0, at, wrong=str(error)))
    return found


def all_saved(workspace: Path | str) -> list[SavedRecipe]:
    """The saved recipes of all datasets of a workspace, by dataset and name."""
    return [one for store in datasets(workspace) for one in saved_in(store)]


def find_saved(workspace: Path | str, name: str, of: str = "", *, unread: bool = False) -> SavedRecipe:
    """A saved recipe by its name, or by DATASET/NAME; of: the dataset that is looked in first.

    unread: whether one that cannot be read will do, as for deleting it. Raises `EngineError` for a name that is not
    there, that several datasets have, or whose recipe cannot be read.
    """
    there = all_saved(workspace)
    for found in ([o for o in there if o.full_name in (name, f"{of}/{name}")], [o for o in there if o.name == name]):
        if len(found) == 1:
            if found[0].wrong and not unread:
                raise EngineError(f"The saved recipe {found[0].full_name!r} cannot be read. {found[0].wrong}")
            return found[0]
        if found:
            raise EngineError(
                f"Several recipes are saved as {name!r}: {', '.join(o.full_name for o in found)}. Say which."
            )
    raise unknown("saved recipe", name, [one.full_name for one in there])


def rename(one: SavedRecipe, name: str, *, who: str = "") -> None:
    """Give a saved recipe another name; raises `EngineError` where that is taken."""
    if name in history.names(one.store):
        raise EngineError(f"A recipe is saved as {name!r} in {one.dataset!r} already. Take another name.")
    history.save(one.store, name, replace(one.recipe, name=name), words=f"renamed from {one.name}", who=who)
    history.remove(one.store, one.name, who=who)
