"""How fast texts are embedded beside sentence-transformers as documented, and whether kills leave a trace.

Run by hand, on a quiet machine:
`python -m benchmarks.embed FILE.parquet --text COLUMN [--rows 2000]`: texts a second of each runtime and of
`SentenceTransformer.encode` on the same texts in one run, as ratios, with the least cosine between them.
`python -m benchmarks.embed FILE.parquet --text COLUMN --kills 20`: the embedding job killed with SIGKILL at so many
random moments; the vectors must be those of an unbroken run, and no finished chunk done twice.
`python -m benchmarks.embed --given 1000000`: so many given vectors of 384 numbers, in time and peak memory.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from engine import Dataset
from engine.building import spec
from engine.opening import SourceOptions
from engine.vectors import EMBEDDERS
from engine.vectors.embedders.sentence import Sentence

ROOT = Path(__file__).resolve().parent.parent
RUNTIMES = [
    ("openvino", "bfloat16"),
    ("openvino", "float32"),
    ("onnx", "float32"),
    ("torch", "float32"),
    ("torch", "bfloat16"),
]
CHILD = """
import sys
from importlib import import_module
from pathlib import Path
import engine
from engine import Dataset
from engine.store import Store
from engine.vectors.embedders.sentence import Sentence

Sentence.chunk = int(sys.argv[3])
embed = import_module("engine.vectors.embed")
real = embed.write_chunk

def noted(plan, chunk, result):
    real(plan, chunk, result)
    with open(sys.argv[2], "a") as log:
        log.write(f"{chunk}\\n")

embed.write_chunk = noted
engine.build(Dataset.load(Store(Path(sys.argv[1]))), ["minilm"])
"""


def texts_of(file: str, column: str, rows: int) -> list[str]:
    """So many texts of a Parquet file, drawn with a fixed seed."""
    values = pq.read_table(file, columns=[column])[column].drop_null()
    some = np.random.default_rng(0).permutation(len(values))[:rows]
    return [str(v) for v in values.take(pa.array(np.sort(some))).to_pylist()]


def speed(texts: list[str]) -> None:
    """Texts a second of each runtime, and of sentence-transformers itself."""
    from sentence_transformers import SentenceTransformer

    opened = EMBEDDERS["sentence"].function()
    assert isinstance(opened, Sentence)
    inner = SentenceTransformer(str(opened.folder), device="cpu", local_files_only=True)
    started = time.perf_counter()
    expected = inner.encode(texts, normalize_embeddings=True)
    documented = len(texts) / (time.perf_counter() - started)
    print(f"sentence-transformers as documented: {documented:.0f} texts/s, 1.00")
    for runtime, precision in RUNTIMES:
        started = time.perf_counter()
        model = EMBEDDERS["sentence"].function(device="cpu", runtime=runtime, precision=precision).load()
        loaded = time.perf_counter() - started
        started = time.perf_counter()
        found = model.embed(texts, [-1] * len(texts), 0.5, lambda done: None).vectors
        rate = len(texts) / (time.perf_counter() - started)
        cosine = (expected * found).sum(axis=1) / np.linalg.norm(found, axis=1)
        print(
            f"{runtime} {precision}: {rate:.0f} texts/s, {rate / documented:.2f}; loaded and proven in {loaded:.1f} s; "
            f"least cosine {cosine.min():.5f}"
        )


def kills(texts: list[str], moments: int, chunk: int = 32) -> None:
    """Kill the embedding at random moments until it is done; compare with an unbroken run."""
    with tempfile.TemporaryDirectory() as place:
        datasets = {}
        for name in ("whole", "killed"):
            (Path(place) / name).mkdir()
            pq.write_table(pa.table({"text": texts}), Path(place) / name / "texts.parquet")
            source = Path(place) / name / "texts.parquet"
            datasets[name] = engine.open([source], Path(place) / name, options=SourceOptions(text="text"))
        Sentence.chunk = chunk
        whole = engine.build(datasets["whole"], ["minilm"]).added["minilm"]
        store, log = datasets["killed"].store, Path(place) / "chunks.txt"
        dice, killed = random.Random(0), 0
        command = [sys.executable, "-c", CHILD, str(store.folder), str(log), str(chunk)]
        while True:
            before = set(log.read_text().split()) if log.exists() else set()
            child = subprocess.Popen(command, cwd=ROOT)
            if killed < moments:
                # From the start of the process to a few chunks into the work.
                waiting_for = len(before) + dice.choice([0, 1, 1, 2])
                while child.poll() is None and len(log.read_text().split() if log.exists() else ()) < waiting_for:
                    time.sleep(0.002)
                time.sleep(dice.random() * (8 if waiting_for == len(before) else 0.2))
                os.kill(child.pid, signal.SIGKILL)
                killed += 1
            if child.wait() == 0:
                break
        written = log.read_text().split()
        made = Dataset.load(store).artefact("embedding", "minilm")
        same = all(np.array_equal(made.array(n), whole.array(n)) for n in ("grid", "tokens", "cut"))
        twice = len(written) - len(set(written))
        print(f"killed {killed} times over {len(set(written))} chunks; chunks done twice: {twice}; equal: {same}")


def given(n: int) -> None:
    """Given vectors of 384 numbers: checked, on the grid, distinct."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "vectors.npy"
        array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n, 384))
        random_ = np.random.default_rng(0)
        for at in range(0, n, 65536):
            array[at : at + 65536] = random_.standard_normal((min(65536, n - at), 384), np.float32)
        array.flush()
        pq.write_table(pa.table({"text": [f"text {i}" for i in range(n)]}), Path(place) / "texts.parquet")
        data = engine.open([Path(place) / "texts.parquet"], place, options=SourceOptions(text="text"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        engine.build(data, {"given": spec("embedding", "given", {"path": str(path)})})
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            f"{n:,} x 384 given: {seconds:.1f} s; peak resident {peak / 1024:.0f} MB (before: {before / 1024:.0f} MB)"
        )


def main() -> None:
    """Measure what the flags ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--text", default="text")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--given", type=int, default=0)
    asked = parser.parse_args()
    if asked.given:
        given(asked.given)
    elif asked.kills:
        kills(texts_of(asked.file, asked.text, asked.rows), asked.kills)
    else:
        speed(texts_of(asked.file, asked.text, asked.rows))


if __name__ == "__main__":
    main()
