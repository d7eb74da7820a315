"""Names of topics for readers who do not know where they come from: a shuffled sheet, and the table of what they say.

    python -m benchmarks.topic_names sheet DATA WORKSPACE --before CHECKOUT --out FOLDER
    python -m benchmarks.topic_names score FOLDER/key.json FILLED …

DATA is the folder of the public sets, WORKSPACE where they are embedded once. CHECKOUT is a folder with an older state
of this repository, whose `name_topics` names the same topics. `sheet` writes `sheet.jsonl`, one line a topic, for
readers, and `key.json`, which they must not see. A reader puts `accepted`, `doubtful` or `rejected` for each name, in
the order of the names, into `marks`. `score` prints Markdown, readers one after the other and together.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from time import process_time, time
from typing import cast

import numpy as np

from benchmarks._topic_sets import prepared
from engine import Dataset
from engine.dataset import Graph, Vectors
from engine.topics import kmeans, name_topics
from engine.topics.card import exemplars
from engine.vectors import embed_texts

# How many topics of each set are read. The last two were not looked at while building; `questions` was, after a first
# reading had shown that names there left out what all texts of a topic begin with.
READ = {
    "debian": 30, "clinc150": 20, "t0-open": 20, "tatoeba": 20, "questions": 20, "movie-reviews": 20, "clickbait": 20
}  # fmt: skip
AREAS_OF = "debian"
MARKS = ("accepted", "doubtful", "rejected")
METHODS = ("before", "after", "c-TF-IDF", "KeyBERT-like")
SHOWN = 200
TERMS = 3
Names = dict[int, str]

BEFORE = """
import json, sys
import numpy as np
from engine import Dataset, Store
from engine.topics import name_topics
data = Dataset.load(Store(sys.argv[1]))
labels = np.load(sys.argv[2])
vectors = data.embedding(data.keys_of("embedding")[0])
print(json.dumps(name_topics(data, vectors, labels["topic"], labels["area"])))
"""


def topics_of(vectors: Vectors, file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Topics and areas by k-means, half the square root of the texts, found once."""
    if not file.exists():
        topic, area = kmeans(vectors, cast(Graph, None), topics=round(sqrt(len(vectors.grid)) / 2))
        np.savez(file, topic=topic, area=area)
    with np.load(file) as found:
        return found["topic"], found["area"]


def before(checkout: Path, dataset: Path, labels: Path) -> dict[str, Names]:
    """Names by the code of another checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-c", BEFORE, str(dataset.resolve()), str(labels.resolve())],
        cwd=checkout, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return by_level(json.loads(done.stdout))


def by_level(notes: Mapping[str, object]) -> dict[str, Names]:
    """The names of topics and areas in a sidecar."""
    stored = {"topic": "names", "area": "area_names"}
    return {
        level: {int(i): name for i, name in cast(dict[str, str], notes[key]).items()} for level, key in stored.items()
    }


def peers(data: Dataset, vectors: Vectors, labels: np.ndarray) -> tuple[Names, Names]:
    """Names by c-TF-IDF over words and pairs of words, and by the vectors of its thirty best, as KeyBERT chooses.

    After Grootendorst (2022), with English stop words; three terms each. The second takes terms near to the mean of the
    ten most central texts, by maximal marginal relevance with a diversity of 0.3.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    rng = np.random.default_rng(0)
    members = [np.flatnonzero(labels == number) for number in range(int(labels.max()) + 1)]
    drawn = [some if len(some) <= 400 else rng.choice(some, 400, replace=False) for some in members]
    documents = [" ".join(text[:2000] for text in data.texts(np.sort(vectors.texts.first[some]))) for some in drawn]
    counter = CountVectorizer(stop_words="english", ngram_range=(1, 2), max_features=200_000)
    counts = counter.fit_transform(documents).toarray().astype(np.float64)
    words = counter.get_feature_names_out()
    weight = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    weight *= np.log(1 + counts.sum() / len(counts) / counts.sum(axis=0))
    best = np.argsort(-weight, axis=1, kind="stable")[:, :30]
    phrases = [str(phrase) for phrase in words[np.unique(best)]]
    values = unit(embed_texts(data, vectors.key, phrases, query=False).astype(np.float64))
    vector_of = dict(zip(phrases, values, strict=True))
    plain, near = Names(), Names()
    for number, some in enumerate(members):
        candidates = [str(words[i]) for i in best[number]]
        plain[number] = ", ".join(candidates[:TERMS])
        grid = np.asarray(vectors.grid[some], dtype=np.float64)
        central = grid[np.argsort(-(grid @ grid.mean(axis=0)), kind="stable")[:10]].mean(axis=0)
        near[number] = ", ".join(relevant(candidates, np.array([vector_of[one] for one in candidates]), central))
    return plain, near


def relevant(candidates: list[str], vectors: np.ndarray, middle: np.ndarray) -> list[str]:
    """Three of the candidates, near to the middle and far from each other."""
    near = vectors @ unit(middle[None])[0]
    taken = [int(np.argmax(near))]
    while len(taken) < min(TERMS, len(candidates)):
        alike = (vectors @ vectors[taken].T).max(axis=1)
        alike[taken] = np.inf
        taken.append(int(np.argmax(0.7 * near - 0.3 * alike)))
    return [candidates[i] for i in taken]


def unit(values: np.ndarray) -> np.ndarray:
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)


def examples(data: Dataset, vectors: Vectors, members: np.ndarray, central: int, random: int) -> list[str]:
    """How some texts begin: the most central ones, then others by chance."""
    rows = exemplars(vectors, members, count=central).tolist()
    others = np.setdiff1d(vectors.texts.first[members], rows)
    rows += np.random.default_rng(len(members)).choice(others, min(random, len(others)), replace=False).tolist()
    return [" ".join(text.split())[:SHOWN] for text in data.texts(np.array(rows, dtype=np.int64))]


def write_sheet(data_folder: Path, workspace: Path, checkout: Path, out: Path) -> None:
    rng = np.random.default_rng(1)
    lines: list[dict[str, object]] = []
    key: dict[str, list[str]] = {}
    for name, how_many in READ.items():
        data = prepared(data_folder, name, workspace)
        vectors = data.embedding(data.keys_of("embedding")[0])
        labels_file = workspace / f"{name}.topics.npz"
        topic, area = topics_of(vectors, labels_file)
        embed_texts(data, vectors.key, ["open the model"])
        started, ran = time(), process_time()
        after = by_level(name_topics(data, vectors, topic, area))
        seconds = f"{process_time() - ran:.1f} s of computing, {time() - started:.1f} s by the clock"
        print(f"{name}: {topic.max() + 1} topics of {len(topic):,} texts named in {seconds}", flush=True)
        earlier = before(checkout, workspace / name, labels_file)
        for level, labels in (("topic", topic), ("area", area)):
            if level == "area" and name != AREAS_OF:
                continue
            plain, near = peers(data, vectors, labels)
            four = dict(zip(METHODS, (earlier[level], after[level], plain, near), strict=True))
            numbers = np.arange(labels.max() + 1)
            if level == "topic":
                numbers = np.sort(rng.choice(numbers, min(how_many, len(numbers)), replace=False))
            for number in numbers.tolist():
                order = rng.permutation(METHODS).tolist()
                members = np.flatnonzero(labels == number)
                number_of = (3, 5) if level == "topic" else (4, 12)
                place = f"{name}/{level}/{number}"
                key[place] = order
                lines.append({
                    "id": place, "set": name, "level": level, "number": number,
                    "texts": examples(data, vectors, members, *number_of),
                    "names": [four[method][number] for method in order],
                    "marks": [""] * len(order),
                })  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    shuffled = [lines[i] for i in rng.permutation(len(lines))]
    (out / "sheet.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in shuffled))
    (out / "key.json").write_text(json.dumps(key, indent=0))


def table(key: dict[str, list[str]], readers: Sequence[list[dict[str, object]]]) -> str:
    """Accepted / doubtful / rejected by set and method, added up over the readers."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for line in (line for lines in readers for line in lines):
        place = f"{line['set']}, {line['level']}s"
        for method, mark in zip(key[str(line["id"])], cast(list[str], line["marks"]), strict=True):
            if mark not in MARKS:
                raise SystemExit(f"{line['id']}: a mark is {mark!r}. Put one of {', '.join(MARKS)}.")
            counted.setdefault((place, method), Counter())[mark] += 1
    rows = [f"| | {' | '.join(METHODS)} |", "|" + " --- |" * (len(METHODS) + 1)]
    for place in dict.fromkeys(place for place, _ in counted):
        cells = [" / ".join(str(counted[place, method][mark]) for mark in MARKS) for method in METHODS]
        rows.append(f"| {place} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    does = parser.add_subparsers(dest="does", required=True)
    sheet = does.add_parser("sheet")
    sheet.add_argument("data", type=Path)
    sheet.add_argument("workspace", type=Path)
    sheet.add_argument("--before", type=Path, required=True)
    sheet.add_argument("--out", type=Path, required=True)
    score = does.add_parser("score")
    score.add_argument("key", type=Path)
    score.add_argument("filled", type=Path, nargs="+")
    asked = parser.parse_args()
    if asked.does == "sheet":
        write_sheet(asked.data, asked.workspace, asked.before, asked.out)
        return
    key = json.loads(asked.key.read_text())
    readers = [[json.loads(line) for line in file.read_text().splitlines()] for file in asked.filled]
    for number, lines in enumerate(readers, 1):
        print(f"Reader {number}: accepted / doubtful / rejected\n\n{table(key, [lines])}\n")
    if len(readers) > 1:
        print(f"Together\n\n{table(key, readers)}")


if __name__ == "__main__":
    main()
