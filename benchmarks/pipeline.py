"""Open → embed → graph → UMAP → topics, stage by stage in time and peak memory, beside the usual ways of doing each.

Run by hand, on a quiet machine:
`python -m benchmarks.pipeline FILE --text COLUMN [--rows N] [--peers] [--atlas COMMAND]`. Each stage runs in a process
of its own, so that its peak memory is its own. `--peers` adds, on the same rows and model: sentence-transformers as its
documentation shows it, and umap-learn finding its own neighbours. `--atlas` adds the `embedding-atlas` command line
(installed in an environment of its own), which embeds and projects and then waits for a browser: it is stopped there.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

import engine
from engine import Dataset
from engine.building import key_of, spec
from engine.opening import SourceOptions
from engine.store import Spec, Store

ROOT = Path(__file__).resolve().parent.parent


class Took(NamedTuple):
    """Seconds, peak memory in megabytes, and a few facts."""

    seconds: float
    megabytes: float
    facts: dict[str, object]


def opened(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """Open the source as the dataset `bench`."""
    options = SourceOptions(text=text, sample=rows or None)
    data = engine.open(source, workspace, name="bench", options=options)
    return {"rows": data.n}


def embedded(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """Embed the distinct texts with the default model."""
    notes = built(workspace, spec("embedding", "sentence")).added["minilm"].notes
    return {"texts": notes["texts"], "runtime": notes.get("runtime"), "precision": notes.get("precision")}


def graphed(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """The neighbour graph, k = 30."""
    data = built(workspace, spec("graph", on="minilm"))
    notes = data.added["graph@minilm"].notes
    return {"kind": notes["kind"], "recall": notes["recall"]}


def mapped(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """UMAP on the shared graph, fast mode."""
    data = built(workspace, spec("map", "umap", on="minilm"))
    return {"trust": round(float(np.nanmean(data.map("umap@minilm").trust)), 3)}


def sorted_into_topics(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """k-means in two levels, with names."""
    data = built(workspace, spec("topics", "kmeans", on="minilm"))
    return {"topics": len(data.topics("topics@minilm").names)}


def built(workspace: str, made: Spec) -> Dataset:
    """Build one thing on the benchmark's dataset."""
    return engine.build(Dataset.load(Store(Path(workspace) / "bench")), {key_of(made): made})


def as_documented(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """sentence-transformers: load, encode all rows."""
    from sentence_transformers import SentenceTransformer

    from engine.vectors.embedders._weights import model_folder

    data = Dataset.load(Store(Path(workspace) / "bench"))
    texts = data.texts(data.rows())
    vectors = SentenceTransformer(str(model_folder("")), device="cpu").encode(texts, normalize_embeddings=True)
    np.save(Path(workspace) / "peer.npy", vectors)
    return {"texts": len(vectors)}


def own_neighbours(source: str, text: str, rows: int, workspace: str) -> dict[str, object]:
    """umap-learn with its defaults, cosine, on the vectors that sentence-transformers made."""
    import umap

    xy = umap.UMAP(metric="cosine").fit_transform(np.load(Path(workspace) / "peer.npy"))
    return {"points": len(xy)}


STAGES: Mapping[str, Callable[[str, str, int, str], dict[str, object]]] = {
    "open": opened,
    "embed": embedded,
    "graph": graphed,
    "umap": mapped,
    "topics": sorted_into_topics,
    "peer: sentence-transformers": as_documented,
    "peer: umap-learn": own_neighbours,
}


def in_process(stage: str, source: str, text: str, rows: int, workspace: str) -> Took:
    """Run one stage in a fresh process: whole-process time and peak memory."""
    command = [sys.executable, "-m", "benchmarks.pipeline", source, "--text", text, "--rows", str(rows)]
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--stage", stage, "--workspace", workspace], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return Took(time.perf_counter() - start, said.pop("megabytes"), said)


def atlas(command: str, source: str, text: str, model: str) -> Took:
    """The embedding-atlas command line until its server answers that it is ready; then it is stopped."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [command, source, "--text", text, "--model", model, "--no-auto-port", "--port", "5599"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True,
    )  # fmt: skip
    last: list[str] = []
    for line in cast(object, process.stdout):  # type: ignore[attr-defined]
        last = [*last[-5:], line]
        if "running on" in line.lower() or "http://" in line:
            break
    seconds = time.perf_counter() - start
    peak = int(Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    os.killpg(process.pid, signal.SIGKILL)
    return Took(seconds, peak, {"last": "".join(last)[-200:]})


def peak_megabytes() -> float:
    """The most memory that this process has held. Not `ru_maxrss`: that one starts with what the parent held."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--text", required=True)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--atlas", default="")
    parser.add_argument("--stage", default="")
    parser.add_argument("--workspace", default="")
    args = parser.parse_args()
    if args.stage:
        facts = STAGES[args.stage](args.source, args.text, args.rows, args.workspace)
        peak = peak_megabytes()
        print(json.dumps({"megabytes": peak, **facts}))
        return
    with tempfile.TemporaryDirectory() as workspace:
        took: dict[str, Took] = {}
        for stage in STAGES:
            if stage.startswith("peer") and not args.peers:
                continue
            took[stage] = in_process(stage, args.source, args.text, args.rows, workspace)
            print(
                f"{stage:<30}{took[stage].seconds:>8.1f} s{took[stage].megabytes:>8.0f} MB  {took[stage].facts}",
                flush=True,
            )
        if args.atlas:
            from engine.vectors.embedders._weights import model_folder

            took["peer: embedding-atlas"] = atlas(args.atlas, args.source, args.text, str(model_folder("")))
            print(f"{'peer: embedding-atlas':<30}{took['peer: embedding-atlas'].seconds:>8.1f} s  "
                  f"{took['peer: embedding-atlas'].megabytes:.0f} MB")  # fmt: skip
        ours = sum(took[s].seconds for s in ("open", "embed", "graph", "umap", "topics"))
        print(f"all of ours: {ours:.1f} s")
        for mine, peer in ((("embed",), "peer: sentence-transformers"), (("graph", "umap"), "peer: umap-learn"),
                           (("open", "embed", "graph", "umap", "topics"), "peer: embedding-atlas")):  # fmt: skip
            if peer in took:
                print(
                    f"{peer} / ours ({' + '.join(mine)}): {took[peer].seconds / sum(took[m].seconds for m in mine):.2f}"
                )


if __name__ == "__main__":
    main()
