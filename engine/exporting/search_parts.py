"""Proof of a split by search: what was written is opened as if nothing were known of it, and searched anew."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.building import build
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.check import Check
from engine.exporting.formats import EXPORTERS
from engine.exporting.manifest import Manifest
from engine.exporting.needs import needed
from engine.exporting.split import Split, across_of, together
from engine.opening import choose_view, open_source
from engine.pairs import crossing, pairs_across
from engine.progress import Progress
from engine.recipe import Recipe
from engine.store import plain


def searched(folder: Path, manifest: Manifest, recipe: Recipe, progress: Progress) -> Iterator[Check]:
    """One check for each kind of pairs that may not cross, and for the column that may not.

    The pairs that the split was made with are not looked at: they are found anew among the rows of the files. Where
    a kind may miss some, every row of a part is compared with every row of the others besides. Raises `EngineError`
    where the files do not hold what is compared.
    """
    split = manifest.output.split
    if split is None:
        yield Check("search", True, "the export has no parts, so nothing can cross between them")
        return
    alone = replace(split, stratify="", never_across="")
    wanted = needed(Recipe(needs=recipe.needs, output={"split": plain(alone)}))
    with tempfile.TemporaryDirectory(prefix="winnow-search-") as place:
        data, part = _written(folder, manifest, recipe, Path(place), progress)
        data = build(data, wanted, progress)
        if split.never_across:
            yield _column(data, part, split)
        for key, least in split.pairs.items():
            yield _pairs(data, part, key, least)


def _written(
    folder: Path, manifest: Manifest, recipe: Recipe, place: Path, progress: Progress
) -> tuple[Dataset, np.ndarray]:
    """The rows of the files as a dataset, and the part of each, int64."""
    split = manifest.split
    assert split is not None
    data = open_source([folder / name for name in manifest.data_files], place, progress=progress)
    if EXPORTERS[manifest.output.format].about.parts:
        if recipe.view.kind != "chat":
            raise EngineError(
                f"The files hold chats, and the text of a row was read from {', '.join(recipe.view.columns)}, so other "
                "texts would be searched. Export the same split as Parquet, or make it once more (--rebuild)."
            )
    else:
        missing = [key for key in recipe.view.columns if key not in data.columns]
        if missing:
            raise EngineError(
                f"The files do not hold {missing[0]!r}, which the text of a row is read from, so the parts cannot be "
                "searched. Export with all columns, or make it once more (--rebuild)."
            )
        data = choose_view(data, recipe.view) if recipe.view.columns else data
    if data.n != manifest.rows.written:
        raise EngineError(
            f"{data.n:,} of {manifest.rows.written:,} rows could be read back, so a search would prove nothing. "
            "Export as Parquet, or make it once more (--rebuild)."
        )
    names = [p.name for p in split.parts]
    if len(manifest.data_files) == 1:
        column = next(c.name for c in reversed(manifest.columns) if c.origin == "added" and c.key.endswith("part"))
        return data, np.array([names.index(v or "") for v in data.strings(column, data.rows())], np.int64)
    at = {p.file: i for i, p in enumerate(split.parts)}
    return data, np.repeat([at[f.name] for f in data.record.files], [f.rows for f in data.record.files])


def _column(data: Dataset, part: np.ndarray, split: Split) -> Check:
    values = together(data, split.never_across, data.rows())
    both = np.unique(np.stack([values, part])[:, values >= 0], axis=1)[0]
    twice = len(both) - len(np.unique(both))
    return Check("search", twice == 0, f"{split.never_across!r}: {twice:,} of its values stand in two parts")


def _pairs(data: Dataset, part: np.ndarray, key: str, least: float) -> Check:
    count = crossing(data.pairs(key), least, data.rows(), part)
    said = f"{key}: found anew among {data.n:,} rows, {count:,} pairs at {least:g} or more cross"
    across = across_of(data, key, least)
    if across is None:
        return Check("search", count == 0, said)
    near = pairs_across(data.rows(), part, across).shape[1]
    return Check("search", count + near == 0, f"{said}; exact search between the parts finds {near:,}")
