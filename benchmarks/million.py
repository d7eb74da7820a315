"""A million rows with given vectors of 384 dimensions and short texts: opened, graph, map, topics; ten million opened.

Run by hand, on a quiet machine: `python -m benchmarks.million [--rows 1000000] [--only open]`. The vectors are blends
of a few thousand random directions with noise, so that there are clusters to find; texts are a few words. Prints time
and peak memory of each stage (each in a process of its own), and the size on disk. `--only open` stops after opening.
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
from engine import Dataset
from engine.building import key_of, spec
from engine.opening import SourceOptions
from engine.store import Store

ROOT = Path(__file__).resolve().parent.parent
DIMENSION, CENTRES, BLOCK = 384, 4000, 50_000


def made(folder: Path, n: int, vectors: bool) -> Path:
    """Write the corpus as Parquet, and its vectors beside it as float32 .npy."""
    rng = np.random.default_rng(0)
    words = np.array([f"word{i}" for i in range(5000)])
    centres = rng.normal(size=(CENTRES, DIMENSION)).astype(np.float32)
    out = np.lib.format.open_memmap(folder / "vectors.npy", "w+", np.float32, (n, DIMENSION)) if vectors else None
    with pq.ParquetWriter(
        folder / "rows.parquet", pa.schema([("id", pa.int64()), ("text", pa.string()), ("group", pa.string())])
    ) as file:
        for start in range(0, n, BLOCK):
            k = min(BLOCK, n - start)
            of = rng.integers(0, CENTRES, k)
            text = [" ".join(words[(c * 7 + w) % 5000]) for c, w in zip(of, rng.integers(0, 40, (k, 8)), strict=True)]
            file.write_table(
                pa.table({"id": np.arange(start, start + k), "text": text, "group": [f"g{c % 20}" for c in of]})
            )
            if out is not None:
                block = centres[of] + 0.8 * rng.normal(size=(k, DIMENSION)).astype(np.float32)
                out[start : start + k] = block / np.linalg.norm(block, axis=1, keepdims=True)
    if out is not None:
        out.flush()
    return folder / "rows.parquet"


def stage(name: str, folder: Path) -> dict[str, object]:
    """One stage of the way."""
    if name == "open":
        data = engine.open(
            str(folder / "rows.parquet"), folder / "ws", name="million", options=SourceOptions(text="text")
        )
        return {"rows": data.n}
    data = Dataset.load(Store(folder / "ws" / "million"))
    given = spec("embedding", "given", {"path": str(folder / "vectors.npy")})
    wanted = {
        "given": given,
        "graph": spec("graph", on="given"),
        "map": spec("map", "umap", {"mode": "fast"}, on="given"),
        "topics": spec("topics", "kmeans", on="given"),
    }[name]
    data = engine.build(data, {"given" if name == "given" else key_of(wanted): wanted})
    artefact = data.added["given" if name == "given" else key_of(wanted)]
    return {k: artefact.notes[k] for k in ("recall_says", "reason", "trust", "dimension") if k in artefact.notes}


def peak_megabytes() -> float:
    """The most memory that this process has held. Not `ru_maxrss`: that one starts with what the parent held."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--stage", default="")
    parser.add_argument("--folder", default="")
    args = parser.parse_args()
    if args.stage:
        facts = stage(args.stage, Path(args.folder))
        print(json.dumps({"megabytes": peak_megabytes(), **facts}))
        return
    stages = [args.only] if args.only else ["open", "given", "graph", "map", "topics"]
    with tempfile.TemporaryDirectory() as name:
        made(Path(name), args.rows, vectors=not args.only)
        for one in stages:
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.million", "--stage", one, "--folder", name],
                cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
            if done.returncode:
                sys.exit(done.stderr)
            said = json.loads(done.stdout.splitlines()[-1])
            print(f"{one:<8}{time.perf_counter() - start:>9.1f} s{said.pop('megabytes'):>9.0f} MB  {said}", flush=True)
        store = Path(name) / "ws" / "million"
        size = sum(p.stat().st_size for p in store.rglob("*") if p.is_file())
        print(
            f"on disk: {size / 1e6:,.0f} MB; the source: {(Path(name) / 'rows.parquet').stat().st_size / 1e6:,.0f} MB"
        )


if __name__ == "__main__":
    main()
