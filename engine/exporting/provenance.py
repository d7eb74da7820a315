"""Whether a model has learned from an export in its very order: what it finds likely goes with the place of a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from engine.errors import EngineError
from engine.exporting.kept_dropped import batches
from engine.exporting.manifest import Manifest
from engine.opening import SourceOptions, open_source
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import plain

FEW = 8
SURE = 0.001


@dataclass(frozen=True)
class Provenance:
    """How a model's log-likelihoods go with the places of the rows. rows: of how many both are known.

    correlation: Spearman's, -1 to 1; above 0 where later rows are more likely. p: how likely an order drawn at random,
    of which the model knows nothing, gives one as far from 0. beside: columns that both were freed of by ranks, such as
    the log-likelihood by another model. shuffled: whether the order was drawn at random: if not, p means nothing.
    """

    rows: int
    correlation: float
    p: float
    beside: tuple[str, ...]
    order: str
    shuffled: bool

    def json(self) -> dict[str, Json]:
        """All of it."""
        return {name: plain(value) for name, value in vars(self).items()}

    def text(self) -> list[str]:
        """What it comes to, in sentences."""
        freed = f", freed of {', '.join(self.beside)}" if self.beside else ""
        said = [
            f"{self.rows:,} rows: the likelihood goes with the place in the export by {self.correlation:+.3f} "
            f"(Spearman{freed}; p {self.p:.2g}).",
            f"The rows stand {self.order}.",
        ]
        if not self.shuffled:
            return [*said, "So p means nothing: what stands early may differ from what stands late in itself."]
        if self.p >= SURE:
            return [*said, "No sign that the model learned from these rows in this order. It may have, in another."]
        return [*said, "A model that never saw these rows in this order would hardly show that."]


def provenance(
    folder: Path | str,
    table: Path | str,
    likelihood: str,
    *,
    key: str = "",
    beside: Sequence[str] = (),
    progress: Progress = quiet,
) -> Provenance:
    """Test whether the log-likelihoods that a model gives the rows of an export go with their order.

    table: a file with a row for each of some rows of the export: likelihood names its column; key the column that names
    the rows as `kept.parquet` does, left out where the table has every written row in the order of the data file.
    beside: columns of it, such as length or the log-likelihood by a model that cannot have learned from these rows:
    their part, told by ranks, is taken from both sides first. Raises `EngineError` where rows or columns do not fit.
    """
    manifest = Manifest.read(Path(folder))
    places, value, more = _read(Path(folder), manifest, Path(table), likelihood, key, beside, progress)
    correlation, p = spearman(places, value, more)
    order = manifest.order
    how = order.sentence() if order else "in an order of which an older manifest says nothing"
    return Provenance(len(places), correlation, p, tuple(beside), how, bool(order and order.shuffled))


def spearman(places: np.ndarray, value: np.ndarray, beside: np.ndarray) -> tuple[float, float]:
    """Spearman's correlation of two columns, float (r,), freed of others by ranks; and its p, of both sides.

    beside: float (r, c), the others. p is that of a shuffle, by Student's t with r − 2 − c degrees of freedom. Raises
    `EngineError` for too few rows, and for values that are all equal.
    """
    from scipy.stats import rankdata, t

    free = len(places) - 2 - beside.shape[1]
    if free < FEW:
        raise EngineError(
            f"{len(places):,} rows have a place and a likelihood. Give {FEW + 2 + beside.shape[1]} or more."
        )
    ranks = [rankdata(column) for column in (places, value)]
    held = np.column_stack([np.ones(len(places)), *[rankdata(column) for column in beside.T]])
    x, y = (column - held @ np.linalg.lstsq(held, column, rcond=None)[0] for column in ranks)
    size = float(np.sqrt((x @ x) * (y @ y)))
    if size < 1e-9 * len(places) ** 3:
        raise EngineError("The likelihoods are all equal, or all told by the columns beside them. Give others.")
    found = float(np.clip(x @ y / size, -1, 1))
    statistic = found * np.sqrt(free / max(1 - found**2, 1e-300))
    return found, float(2 * t.sf(abs(statistic), free))


def _read(
    folder: Path, manifest: Manifest, table: Path, likelihood: str, key: str, beside: Sequence[str], progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, likelihoods and the columns beside them, of rows that have all."""
    ranks: dict[str, int] = {}
    for batch in batches(folder / "kept.parquet"):
        for name in batch.column("key").to_pylist():
            ranks[name] = len(ranks)
    with TemporaryDirectory(prefix="winnow-") as place:
        data = open_source(table, place, options=SourceOptions(text=likelihood), progress=progress)
        numbers = [data.numbers(column).astype(np.float64) for column in (likelihood, *beside)]
        if key:
            names = [str(value) for value in data.column(key).to_pylist()]
            places = np.array([ranks.get(name, -1) for name in names], np.float64)
        else:
            places = np.arange(data.n, dtype=np.float64)
    if not key and (len(places) != manifest.rows.written or len(manifest.data_files) > 1):
        raise EngineError(
            f"{table.name} has {len(places):,} rows and the export {manifest.rows.written:,} in "
            f"{len(manifest.data_files)} files. Give the column that names the rows (--key)."
        )
    if not (places >= 0).any():
        raise EngineError(f"No value of {key!r} in {table.name} is the key of a row in kept.parquet. Name another.")
    if len(np.unique(places[places >= 0])) < (places >= 0).sum():
        raise EngineError(
            f"{table.name} names some rows more than once, which would count as new evidence. Give each row once, such "
            "as the mean of its likelihoods."
        )
    whole = np.column_stack(numbers)
    there = (places >= 0) & np.isfinite(whole).all(axis=1)
    return places[there], whole[there, 0], whole[there, 1:]
