"""Public texts with labels that topics and their names are measured on, embedded once into a workspace."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine import Dataset, Store, build
from engine.building import key_of, spec
from engine.opening import SourceOptions, open_source

Columns = dict[str, list[object]]


@dataclass(frozen=True)
class Source:
    """How the rows of a set are read, their text as a template of columns, and the column of labels."""

    rows: Callable[[Path], Columns]
    text: str = "{text}"
    label: str = "label"


def _columns(file: str, *columns: str, most: int = 0) -> Callable[[Path], Columns]:
    """Columns of a file, of at most so many rows drawn by a fixed seed."""

    def read(data: Path) -> Columns:
        table = pq.read_table(data / file, columns=list(columns))
        if 0 < most < len(table):
            table = table.take(np.sort(np.random.default_rng(0).permutation(len(table))[:most]))
        return table.to_pydict()

    return read


def _intents(data: Path) -> Columns:
    table = pq.read_table(data / "clinc150/clinc150.parquet", columns=["text", "intent"]).to_pylist()
    kept = [row for row in table if row["intent"] != "oos"]
    return {"text": [row["text"] for row in kept], "intent": [row["intent"] for row in kept]}


def _questions(data: Path) -> Columns:
    """The questions for judges and the tasks of BIG-Bench Hard in one."""
    table = pq.read_table(data / "bbh/bbh.parquet", columns=["input", "task"]).to_pydict()
    texts, tasks = list(table["input"]), list(table["task"])
    for name in ("mt_bench", "vicuna_bench"):
        for line in (data / f"judge-questions/{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            texts.append("\n".join(row["turns"]))
            tasks.append(row["category"])
    return {"text": texts, "task": tasks}


SETS = {
    "debian": Source(_columns("debian_packages.parquet", "description", "section"), "{description}", "section"),
    "clinc150": Source(_intents, label="intent"),
    "t0-open": Source(
        _columns("t0-open/train.parquet", "prompt", "completion", "template"), "{prompt}\n\n{completion}", "template"
    ),
    "tatoeba": Source(_columns("tatoeba/tatoeba.parquet", "text", "language", most=20_000), label="language"),
    "movie-reviews": Source(_columns("movie-reviews/movie_reviews.parquet", "text", "label")),
    "questions": Source(_questions, label="task"),
    "hate-offensive": Source(_columns("hate-offensive/labeled_data.parquet", "tweet", "class"), "{tweet}", "class"),
    "clickbait": Source(
        _columns("clickbait/headlines.parquet", "headline", "clickbait", most=8_000), "{headline}", "clickbait"
    ),
}


def prepared(data: Path, name: str, workspace: Path) -> Dataset:
    """A set with vectors and neighbours, embedded where the workspace does not hold it yet."""
    if not (workspace / name / "dataset.json").exists():
        workspace.mkdir(parents=True, exist_ok=True)
        file, source = workspace / f"{name}.parquet", SETS[name]
        pq.write_table(pa.table(source.rows(data)), file)
        open_source([file], workspace, name=name, options=SourceOptions(template=source.text))
    found = Dataset.load(Store(workspace / name))
    if found.keys_of("embedding"):
        return found
    base = spec("embedding", "sentence")
    graph = spec("graph", on=key_of(base))
    return build(found, {key_of(base): base, key_of(graph): graph})
