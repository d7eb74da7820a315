"""A recipe as one file that travels: its snapshots inside, and what may stand in for a step that is bound."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.building import spec
from engine.dataset import Dataset, ref_from_outside
from engine.errors import Damaged, EngineError, NotFound
from engine.exporting.export import refs_of
from engine.exporting.needs import completed
from engine.exporting.output import Wanted
from engine.exporting.stand_ins import StandIn, stand_ins
from engine.recipe import Recipe, parsed
from engine.store import Spec, Store, canonical
from engine.topics import TopicEdit

LARGEST = 64 << 20
"""Bytes of a recipe's file. A list of a million rows fits."""


@dataclass(frozen=True)
class RecipeFile:
    """A recipe, with all that it takes along.

    refs: the bytes of each snapshot by its digest. instead: portable forms of its filters that are bound to a corpus.
    rows: fingerprint of the rows that it was made on, "" where nothing says.
    """

    recipe: Recipe
    refs: Mapping[str, bytes] = field(default_factory=dict)
    instead: tuple[StandIn, ...] = ()
    rows: str = ""

    def text(self) -> str:
        """The file: JSON as people read it, each snapshot on a line of its own."""
        said = {**self.recipe.json(), "rows": self.rows, "instead": [one.json() for one in self.instead]}
        body = json.dumps(said, indent=1, ensure_ascii=False).removesuffix("\n}")
        refs = ",".join(f'\n  "{name}": {content.decode()}' for name, content in self.refs.items())
        return f'{body},\n "refs": {{{refs}\n }}\n}}\n'

    @staticmethod
    def of_bytes(content: bytes, name: str) -> "RecipeFile":
        """Read what was downloaded, written by hand, or came with an export; name: of the file, for errors."""
        _check_size(len(content), name)
        try:
            return RecipeFile.of_text(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise EngineError(
                f"{name} cannot be read as a recipe ({error}). Give the path of a recipe.json."
            ) from error

    @staticmethod
    def of_text(text: str) -> "RecipeFile":
        """Read the text of a file, each snapshot checked against its digest; raises `EngineError` by name."""
        body = parsed(text)
        refs, instead, rows = (body.pop(key, empty) for key, empty in (("refs", {}), ("instead", []), ("rows", "")))
        recipe = checked(Recipe.from_json(body))
        if not isinstance(refs, dict) or not isinstance(instead, list) or not isinstance(rows, str):
            raise EngineError("In the recipe, 'refs' must be an object, 'instead' a list and 'rows' a text.")
        inside = {name: ref_from_outside(content, name) for name, content in refs.items()}
        return RecipeFile(recipe, inside, tuple(StandIn.from_json(one) for one in instead), rows)

    def put_into(self, store: Store) -> None:
        """Keep the snapshots in a dataset, so that the recipe can run there."""
        for name, body in self.refs.items():
            store.take_ref(name, body)


def packed(data: Dataset, recipe: Recipe) -> RecipeFile:
    """A recipe of a dataset as a file that travels, with all that its steps and what stands in for them need."""
    instead = tuple(stand_ins(data, recipe))
    whole = completed(data, recipe)
    also = completed(data, replace(recipe, steps=tuple(one.step for one in instead))).needs
    whole = replace(whole, needs={**whole.needs, **also})
    named = [*refs_of(whole), *refs_of(Recipe(steps=tuple(one.step for one in instead)))]
    refs = {name: canonical(data.store.read_ref(name)) for name in dict.fromkeys(named) if data.store.has_ref(name)}
    return RecipeFile(whole, refs, instead, data.fingerprint)


def read_file(path: Path | str) -> RecipeFile:
    """A recipe from a file, or from the folder of an export; snapshots in a folder `refs` beside it come along."""
    path = Path(path)
    path = path / "recipe.json" if path.is_dir() else path
    try:
        if path.stat().st_size > LARGEST:
            raise EngineError(
                f"{path} has {path.stat().st_size:,} bytes; a recipe has at most {LARGEST:,}. It is none."
            )
        found = RecipeFile.of_bytes(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise NotFound(
            f"There is no recipe at {path}. Save one in the recipe drawer, or take it from an export."
        ) from None
    except OSError as error:
        raise EngineError(f"{path} cannot be read as a recipe ({error}). Give the path of a recipe.json.") from error
    return replace(found, refs={**_beside(path.parent / "refs", found.recipe), **found.refs})


def _beside(folder: Path, recipe: Recipe) -> dict[str, bytes]:
    """The snapshots beside a recipe that it names."""
    found = {}
    for path in folder.glob("*.json"):
        if path.stem in refs_of(recipe):
            found[path.stem] = path.read_bytes()
            if hashlib.sha256(found[path.stem]).hexdigest() != path.stem:
                raise Damaged(f"The ref {path} is not what its name says. Take it again from the export.")
    return found


def _check_size(size: int, name: str) -> None:
    if size > LARGEST:
        raise EngineError(f"{name} has {size:,} bytes; a recipe has at most {LARGEST:,}. It is none.")


def recipe_of(text: str) -> Recipe:
    """A recipe from the text of a file, with all that it describes checked: its steps, its specs and its output."""
    return RecipeFile.of_text(text).recipe


def checked(recipe: Recipe) -> Recipe:
    """The recipe; raises `EngineError` where what it describes beside its steps does not fit."""
    Wanted.from_json(recipe.output)
    for place, described in (("edits", recipe.edits), ("needs", recipe.needs)):
        for key, made in described.items():
            if (made.family == "edit") != (place == "edits"):
                raise EngineError(f"{key!r} under {place!r} of the recipe is of the family {made.family!r}. Move it.")
            try:
                _check_spec(made)
            except EngineError as error:
                raise type(error)(f"{key!r} under {place!r} of the recipe: {error}") from error
    return recipe


def _check_spec(made: Spec) -> None:
    known = spec(made.family, made.member, made.params, on=made.on)
    if made.version > known.version:
        raise EngineError(
            f"it was made by a newer version of {made.member!r} ({made.version}, here {known.version}). Update Winnow."
        )
    for change in made.by_hand or ():
        TopicEdit.from_json(change)
