"""The whole job of suspects beside cleanlab's: from vectors and labels to a ranked list, time and memory.

Run by hand, on a quiet machine: `python -m benchmarks.labels --peers PYTHON [--rows 100000] [--classes 150] [--graph]
[--of suspects|vectors|probabilities]`.
PYTHON has cleanlab and scikit-learn. Vectors of 384 numbers around as many directions as classes, 1 label of 20 wrong.
Ours: probe, agreement, suspects, and the neighbour graph, which a map, repeats and choosing stand on too, told apart.
Theirs: cross-validated logistic regression and the issues by it; with --graph what Datalab finds by its own neighbour
graph. --of says how far our side goes: suspects, all of the above; vectors, no graph, the probe and the issues by it as
cleanlab's page has it; probabilities, the issues alone, both sides by the same ones. Each side in a process of its own.
Prints Markdown.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks.labels_truth import average_precision
from engine.building import build, spec
from engine.labels import issues, suspects
from engine.models import Seen, probe, softmax
from engine.opening import SourceOptions

DIMENSION, BLOCK = 384, 50_000


def made(folder: Path, rows: int, classes: int) -> np.ndarray:
    """Write vectors and labels; which labels are wrong: bool (rows,)."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(classes, DIMENSION)).astype(np.float32)
    true = rng.integers(0, classes, rows)
    wrong = rng.random(rows) < 0.05
    given = np.where(wrong, (true + rng.integers(1, classes, rows)) % classes, true)
    out = np.lib.format.open_memmap(folder / "vectors.npy", "w+", np.float32, (rows, DIMENSION))
    p = np.lib.format.open_memmap(folder / "probabilities.npy", "w+", np.float32, (rows, classes))
    for start in range(0, rows, BLOCK):
        of = true[start : start + BLOCK]
        # Two directions each, and noise: classes touch, as those of texts do.
        mixed = centres[of] + 0.7 * centres[rng.integers(0, classes, len(of))]
        block = mixed + 1.2 * rng.normal(size=(len(of), DIMENSION)).astype(np.float32)
        out[start : start + len(of)] = block / np.linalg.norm(block, axis=1, keepdims=True)
        near = 12 * (out[start : start + len(of)] @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T)
        p[start : start + len(of)] = softmax(near)
    out.flush()
    p.flush()
    np.save(folder / "codes.npy", given)
    table = {"text": [f"row {i}" for i in range(rows)], "label": [f"c{c}" for c in given]}
    pq.write_table(pa.table(table), folder / "rows.parquet")
    return wrong


def peak_megabytes() -> float:
    """The most memory that this process had; what `getrusage` says may be that of the process which started it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def ours(folder: Path) -> None:
    """Our side: prints seconds of each stage, peak memory and the rows of the list as JSON."""
    data = engine.open(
        [folder / "rows.parquet"], folder / "ws", name="rows", options=SourceOptions(text="text", categories=("label",))
    )
    seconds: dict[str, float] = {}
    given = spec("embedding", "given", {"path": str(folder / "vectors.npy")})
    data = build(data, {"given": given})
    of = {"embedding": "given", "label": "label"}
    stages = {
        "graph": ("graph@given", spec("graph", on="given")),
        "agreement": ("label_agreement", spec("signal", "label_agreement", of)),
        "probe": ("label_doubt", spec("signal", "label_doubt", of)),
    }
    for name, (key, made_by) in stages.items():
        begun = time.perf_counter()
        data = build(data, {key: made_by})
        seconds[name] = time.perf_counter() - begun
    begun = time.perf_counter()
    found = suspects(data, "label", embedding="given")
    seconds["suspects"] = time.perf_counter() - begun
    peak = peak_megabytes()
    rows = found.rows[np.isin(found.kind, (0, 3))]
    print(json.dumps({"seconds": seconds, "peak": peak, "issues": rows.tolist()}))


def by_probabilities(folder: Path, *, given: bool) -> None:
    """Our side without a graph: the issues by given probabilities, or by those of our probe of the vectors."""
    codes, seconds = np.load(folder / "codes.npy"), dict[str, float]()
    p = np.load(folder / "probabilities.npy")
    if not given:
        x = np.load(folder / "vectors.npy")
        begun = time.perf_counter()
        seen = Seen(np.ones(len(x), bool), x.shape[1], vectors=lambda rows: x[rows])
        p = probe(seen, codes, np.arange(len(x)), p.shape[1]).probability
        seconds["probabilities"] = time.perf_counter() - begun
    begun = time.perf_counter()
    rows = np.flatnonzero(issues(p, codes))
    rows = rows[np.argsort(p[rows, codes[rows]], kind="stable")]
    seconds["issues"] = time.perf_counter() - begun
    peak = peak_megabytes()
    print(json.dumps({"seconds": seconds, "peak": peak, "issues": rows.tolist()}))


def main() -> None:
    """Make the vectors, let both sides run, print what they took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", default="")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=150)
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--of", choices=("suspects", "vectors", "probabilities"), default="suspects")
    parser.add_argument("--ours", default="")
    asked = parser.parse_args()
    if asked.ours and asked.of != "suspects":
        return by_probabilities(Path(asked.ours), given=asked.of == "probabilities")
    if asked.ours:
        return ours(Path(asked.ours))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wrong = made(folder, asked.rows, asked.classes)
        sides = {"Winnow": [sys.executable, "-m", "benchmarks.labels", "--ours", place, "--of", asked.of]}
        if asked.peers:
            script = [asked.peers, "benchmarks/labels_peers.py", "job"]
            source = "probabilities.npy" if asked.of == "probabilities" else "vectors.npy"
            more = ["--graph"] * asked.graph + ["--given"] * (asked.of == "probabilities")
            files = [str(folder / source), str(folder / "codes.npy"), *more]
            sides["cleanlab"] = script + files
        print(f"{asked.rows:,} rows, {asked.classes} classes, {wrong.sum():,} labels wrong\n")
        print("| | stages, s | sum, s | without a graph, s | peak, MB | rows told | precision | recall | AP |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for name, command in sides.items():
            done = json.loads(
                subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
            )
            said(name, done, wrong)
    return None


def said(name: str, done: dict[str, object], wrong: np.ndarray) -> None:
    """One line of the table."""
    seconds, issues = done["seconds"], done["issues"]
    assert isinstance(seconds, dict) and isinstance(issues, list) and isinstance(done["peak"], float)
    told = np.array(issues, np.int64)
    score = np.zeros(len(wrong))
    score[told] = np.arange(len(told), 0, -1)
    stages = ", ".join(f"{stage} {took:.1f}" for stage, took in seconds.items())
    bare = sum(took for stage, took in seconds.items() if "graph" not in stage)
    right = wrong[told].sum()
    print(
        f"| {name} | {stages} | {sum(seconds.values()):.1f} | {bare:.1f} | {done['peak']:,.0f} | {len(told):,} "
        f"| {right / max(1, len(told)):.3f} | {right / wrong.sum():.3f} | {average_precision(wrong, score):.3f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
