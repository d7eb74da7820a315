"""Run a recipe on a source from the first byte to the proven export, with nobody watching."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.building import alike, build, pick, spec
from engine.dataset import Dataset, read_record
from engine.errors import EngineError, NotFound
from engine.exporting.contents import touched
from engine.exporting.export import export
from engine.exporting.manifest import Manifest, is_export
from engine.exporting.needs import needed
from engine.exporting.output import Wanted
from engine.exporting.portability import refuse_foreign
from engine.opening import SourceOptions, choose_view, open_source
from engine.progress import Progress, quiet
from engine.recipe import Recipe, Run
from engine.registry import Json
from engine.store import Spec, check_free, datasets, digest_of, file_digest
from engine.topics import TopicEdit


def replay(
    recipe_file: Path | str,
    source: Sequence[str | Path],
    out: Path | str,
    *,
    workspace: Path | str | None = None,
    overwrite: bool = False,
    output: Mapping[str, Json] | None = None,
    command: str = "",
    sign: Path | str | None = None,
    progress: Progress = quiet,
) -> Manifest:
    """Open a source as the recipe says, compute what its steps need and nothing else, run, export.

    recipe_file: with the folder `refs` beside it. workspace: what is stored there for this source is used and added to;
    None works in a temporary one. output: changes what the recipe says under `output`. sign: a private SSH key to sign
    with. Raises `EngineError` before any slow work when a step belongs to another corpus.
    """
    check_free(Path(out), overwrite, is_export, touched)
    with run_again(recipe_file, source, workspace=workspace, output=output, progress=progress) as done:
        temporary = workspace is None
        return export(
            done, out, overwrite=overwrite, command=command, temporary=temporary, sign=sign, progress=progress
        )


@contextmanager
def run_again(
    recipe_file: Path | str,
    source: Sequence[str | Path],
    *,
    workspace: Path | str | None = None,
    output: Mapping[str, Json] | None = None,
    anew: bool = False,
    progress: Progress = quiet,
) -> Iterator[Run]:
    """A recipe run on a source that was opened for it; what it stands on is there until the end of the block.

    anew: its selectors pick once more, also where the workspace has what they picked.
    """
    recipe = with_output(read_recipe(recipe_file), output or {})
    with _workspace(workspace) as place:
        data = prepared(recipe, refs_beside(recipe_file), source, place, progress)
        yield pick(data, recipe, anew=anew, progress=progress)


def stored_for(workspace: Path | str, source: Sequence[str | Path]) -> Dataset | None:
    """The dataset of a workspace that was opened from these very files, unchanged since; None where there is none."""
    paths = [str(Path(p).resolve()) for p in source]
    for store in datasets(workspace):
        files = read_record(store).files
        if [f.path for f in files] == paths and all(
            Path(p).is_file() and file_digest(Path(p)) == f.sha256 for p, f in zip(paths, files, strict=True)
        ):
            return Dataset.load(store)
    return None


def read_recipe(path: Path | str) -> Recipe:
    """A recipe from a file, or from the folder of an export."""
    path = Path(path)
    path = path / "recipe.json" if path.is_dir() else path
    try:
        return recipe_of(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(
            f"There is no recipe at {path}. Save one on the page Choose, or take it from an export."
        ) from None
    except (UnicodeDecodeError, OSError) as error:
        raise EngineError(f"{path} cannot be read as a recipe ({error}). Give the path of a recipe.json.") from error


def recipe_of(text: str) -> Recipe:
    """A recipe from the text of a file, with all that it describes checked: its steps, its specs and its output."""
    recipe = Recipe.from_text(text)
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


def refs_beside(path: Path | str) -> Path:
    """The folder of refs that travels with a recipe."""
    path = Path(path)
    return (path if path.is_dir() else path.parent) / "refs"


def with_output(recipe: Recipe, changed: Mapping[str, Json]) -> Recipe:
    """The recipe with some of its output changed; another format starts from its own defaults."""
    said = dict(recipe.output)
    if changed.get("format", said.get("format")) != said.get("format"):
        said.pop("params", None)
        said.pop("turns", None)
    return replace(recipe, output=Wanted.from_json({**said, **changed}).json() if {**said, **changed} else {})


def prepared(recipe: Recipe, refs: Path, source: Sequence[str | Path], workspace: Path, progress: Progress) -> Dataset:
    """The source opened as the recipe says, with everything that its steps and its output need."""
    data = opened(recipe, source, workspace, progress)
    data.store.take_refs(refs)
    return built(data, recipe, progress)


def opened(recipe: Recipe, source: Sequence[str | Path], workspace: Path, progress: Progress) -> Dataset:
    """The source as a dataset with the recipe's roles and text view; one that looks otherwise is left as it is."""
    options = SourceOptions.from_json(recipe.source_options)
    data = open_source(
        [*source],
        workspace,
        options=options,
        suits=lambda there: not recipe.text_view or _looks_as(there, recipe, options),
        beside=digest_of([recipe.text_view, options.json()])[:6],
        progress=progress,
    )
    if not recipe.text_view or _looks_as(data, recipe, options):
        return data
    view = recipe.view
    if all(column in data.columns for column in view.columns):
        return choose_view(data, view)
    data = build(data, recipe.edits, progress)  # the text view reads an edited column
    return choose_view(data, view)


def built(data: Dataset, recipe: Recipe, progress: Progress) -> Dataset:
    """The dataset with all that the steps and the output need; refuses steps of another corpus before it starts.

    Raises `EngineError` where a key means something else here than in the recipe: neither may take the other's place.
    """
    refuse_foreign(recipe, data)
    source = [c.key for c in data.columns.values() if c.origin == "source"]
    # Without columns that are named, every edited one goes out.
    wanted = {**({} if Wanted.from_json(recipe.output).columns else recipe.edits), **needed(recipe, source)}
    for key, made in wanted.items():
        if key in data.added and not alike(data.added[key].spec, made):
            raise EngineError(
                f"{key!r} is made in another way in {data.name!r} than in the recipe. Run it without this workspace, "
                "or give one of the two another name."
            )
    missing = {k: m for k, m in wanted.items() if k not in data.added}
    return build(data, missing, progress) if missing else data


def _looks_as(data: Dataset, recipe: Recipe, options: SourceOptions) -> bool:
    roles = {c.role: c.key for c in data.columns.values() if c.origin == "source" and c.role not in ("", "source")}
    wanted = {**options.roles, **({"id": options.id} if options.id else {})}
    wanted.pop("source", None)
    return recipe.view == data.text_view and roles.get("id") == wanted.get("id")


@contextmanager
def _workspace(named: Path | str | None) -> Iterator[Path]:
    if named is not None:
        yield Path(named)
        return
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        yield Path(place)
