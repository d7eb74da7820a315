"""Labelled texts with their vectors, for benchmarks of labels: up to 8,000 distinct texts of a public set."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine import Dataset, Store, build
from engine.building import key_of, spec
from engine.opening import open_source

EMBEDDING, MOST = "minilm", 8_000
Row = dict[str, object]


@dataclass(frozen=True)
class Source:
    """Where a set lies, which column is its text, and what its label is; None for a row that is left out."""

    file: str
    text: str
    label: Callable[[Row], object]
    most: int = MOST


def one_of(column: str, *names: str) -> Callable[[Row], object]:
    """The label by its number in a column."""
    return lambda row: names[int(str(row[column]))]


def intent(row: Row) -> object:
    return None if row["intent"] == "oos" else str(row["intent"]).replace("_", " ")


SETS = {
    "sms-spam": Source("sms-spam/sms.parquet", "text", lambda r: r["label"]),
    "clickbait": Source("clickbait/headlines.parquet", "headline", one_of("clickbait", "news", "clickbait")),
    "subjectivity": Source("subjectivity/subjectivity.parquet", "text", lambda r: r["label"]),
    "hate-offensive": Source(
        "hate-offensive/labeled_data.parquet", "tweet", one_of("class", "hate speech", "offensive language", "neither")
    ),
    "clinc150": Source("clinc150/clinc150.parquet", "text", intent),
    "movie-reviews": Source("movie-reviews/movie_reviews.parquet", "text", lambda r: r["label"]),
}


@dataclass(frozen=True)
class Labelled:
    """vectors: float32 (n, d); codes: int64 (n,); names: of the codes. data: the dataset of the same rows, with its
    embedding and graph, and the label as the column `label`."""

    data: Dataset
    vectors: np.ndarray
    codes: np.ndarray
    names: tuple[str, ...]


def labelled(data: Path, name: str, workspace: Path) -> Labelled:
    """The set, embedded once into the workspace."""
    if not (workspace / name / "dataset.json").exists():
        chosen, rows = SETS[name], dict[str, str]()
        for row in pq.read_table(data / chosen.file).to_pylist():
            text, label = str(row[chosen.text]), chosen.label(row)
            if text.strip() and label is not None:
                rows.setdefault(text, str(label))
        order = list(rows)
        texts = [order[i] for i in np.random.default_rng(0).permutation(len(order))[: chosen.most]]
        workspace.mkdir(parents=True, exist_ok=True)
        file = workspace / f"{name}.parquet"
        pq.write_table(pa.table({"text": texts, "label": [rows[text] for text in texts]}), file)
        open_source([file], workspace, name=name)
    found = Dataset.load(Store(workspace / name))
    base = spec("embedding", "sentence")
    graph = spec("graph", on=key_of(base))
    found = build(found, {key_of(base): base, key_of(graph): graph})
    codes, names = found.codes("label")
    stored = found.embedding(EMBEDDING)
    return Labelled(found, stored.floats(stored.texts.of_row), codes.astype(np.int64), tuple(names))


def mean_with_interval(values: list[float] | np.ndarray, shape: str = "{:.3f}") -> str:
    """The mean over seeds and its 95 % interval by Student's t, as a cell."""
    from scipy.stats import t

    found = np.asarray(values, float)
    half = float(t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found))) if len(found) > 1 else 0.0
    mean = float(found.mean())
    return f"{shape.format(mean)} ({shape.format(mean - half)} to {shape.format(mean + half)})"


def class_mean(found: np.ndarray, truth: np.ndarray) -> float:
    """The share told rightly of each class, mean over the classes that there are."""
    right = np.bincount(truth, found == truth)
    count = np.bincount(truth)
    return float((right[count > 0] / count[count > 0]).mean())
