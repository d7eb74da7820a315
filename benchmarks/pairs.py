"""Near repeats and texts close in meaning beside rensa, datasketch and SemHash: from text to signature, and to removal.

Run by hand, on a quiet machine, once on one core and once on all:

    taskset -c 0 python -m benchmarks.pairs DATA [--peers PYTHON] [--rounds 5] [--quick]
    python -m benchmarks.pairs DATA [--peers PYTHON]

DATA is the folder of the public sets; PYTHON the interpreter of an environment with datasketch, rensa and semhash,
without which their lines say so. Same rows, 5-word shingles, 128 slots, similarity 0.8; each tool in a process of its
own, so that its peak memory is its own; medians of so many rounds (datasketch, SemHash: one), the first call of all,
which compiles and imports, not counted.

*signature*: from the Arrow column to signatures, shingling counted, for Winnow on texts as they are. The peers shingle
in Python, the cheapest way that we know (split, shift, zip, join), on texts that are in lower case and free of signs
already; *shingles ready* leaves that out, of the peers only. *removal*: to the rows that go. Winnow's are verified by
exact comparison, the peers' are by estimate.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pairs_truth import as_peers_get_it

ROOT = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))


def ours(stage: str, file: Path, rounds: int) -> dict[str, float]:
    """One stage of Winnow in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.pairs_ours", stage, str(file), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def theirs(python: str, file: Path, rounds: int, peer: str, **more: object) -> dict[str, float] | None:
    """One peer in a fresh process: medians; None where it is not installed."""
    if not python:
        return None
    job = file.with_name("job.json")
    asked = {"file": str(file.with_suffix(".parquet")), "peer": peer, "rounds": rounds, "threshold": 0.8, **more}
    job.write_text(json.dumps(asked))
    done = subprocess.run([python, str(ROOT / "benchmarks/pairs_peers.py"), str(job)], capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr:
        return None
    done.check_returncode()
    said = json.loads(done.stdout.splitlines()[-1])
    medians = {name: median(said[name]) for name in ("shingles", "signatures", "removal")}
    return {**medians, "removed": len(said["removed"]), "megabytes": said["megabytes"]}


def written(folder: Path, name: str, texts: list[str], *, peers: bool = True) -> Path:
    """Write texts as one batch of Arrow, and for the peers as Parquet."""
    file, table = folder / f"{name}.arrow", pa.table({"text": pa.array(texts, pa.large_string())})
    with pa.ipc.new_file(str(file), table.schema) as out:
        out.write_table(table)
    if peers:
        pq.write_table(pa.table({"text": [as_peers_get_it(text) for text in texts]}), file.with_suffix(".parquet"))
    return file


def copies(texts: list[str], n: int) -> list[str]:
    """n copies of each text, but for the first with 0 to 8 bytes changed into letters."""
    random, found = np.random.default_rng(0), []
    for copy in range(n):
        for text in texts:
            changed = bytearray(text.encode())
            for _ in range(int(random.integers(0, 9)) if copy and text else 0):
                at = int(random.integers(len(changed)))
                changed[at] = 97 + int(random.integers(26)) if changed[at] < 128 else changed[at]
            found.append(changed.decode("utf-8", "replace"))
    return found


def crowds(n: int) -> dict[str, list[str]]:
    """Two giant groups of texts of 150 words: equal but for a number; and with two words changed in each."""
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in random.integers(0, 5000, 150)]
    numbered = [" ".join([*words[:60], str(i), *words[60:]]) for i in range(n)]
    edited = []
    for i in range(n):
        mine = list(words)
        for at in random.integers(0, 150, 2):
            mine[at] = f"n{i}"
        edited.append(" ".join(mine))
    return {"equal but for a number": numbered, "two words changed": edited}


def clumped(n: int, dimension: int = 384) -> np.ndarray:
    """float32 (n, dimension): random unit vectors, the second half copies of the first at similarities 0.86 to 1."""
    random, half = np.random.default_rng(0), n // 2
    vectors = random.normal(size=(2 * half, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[half:] = vectors[:half] + random.uniform(0, 0.6, (half, 1)).astype(np.float32) * vectors[half:]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def beside(file: Path, n: int, rounds: int, python: str, peers: tuple[str, ...]) -> dict[str, float]:
    """Text to signature and to removal beside the peers; Winnow's facts of the removal."""
    mine, gone = ours("signatures", file, rounds), ours("removal", file, rounds)
    rate = n / mine["seconds"]
    print(
        f"\n{file.stem}: {n:,} texts, {gone['texts']:.0f} MB; cores: {CORES}, medians of {rounds}\n"
        f"  Winnow      signature {mine['seconds']:8.3f} s: {rate:,.0f} a second, {rate / CORES:,.0f} and core\n"
        f"              removal   {gone['seconds']:8.3f} s: {gone['removed']:,.0f} rows by {gone['pairs']:,.0f} pairs, "
        f"peak {gone['megabytes']:,.0f} MB\n"
        f"                 of which {gone['before']:,.0f} MB before, {gone['texts']:,.0f} MB mapped texts; "
        f"recall measured in {gone['recall_seconds']:.2f} s more",
        flush=True,
    )
    for peer in peers:
        few = 1 if peer == "datasketch" else rounds
        sign, went = (theirs(python, file, few, peer, removal=to_end) for to_end in (False, True))
        if sign is None or went is None:
            print(f"  {peer:<12}not installed")
            continue
        ready = sign["signatures"] - sign["shingles"]
        print(
            f"  {peer:<12}signature {sign['signatures']:8.3f} s: {sign['signatures'] / mine['seconds']:.1f} × ours\n"
            f"                 shingles ready {ready:.3f} s: {ready / mine['seconds']:.1f} × ours\n"
            f"              removal   {went['removal']:8.3f} s: {went['removal'] / gone['seconds']:.1f} × ours; "
            f"{went['removed']:,.0f} rows, peak {went['megabytes']:,.0f} MB",
            flush=True,
        )
    return gone


def large(file: Path, n: int, rounds: int, gone: dict[str, float]) -> None:
    """Other thresholds at a million rows; ten million, computed."""
    facts, times = ours("again", file, rounds), 1e7 / n
    print(f"  another threshold: {facts['slowest'] * 1000:.0f} ms at most; the curve from 0.8 to 1: "
          f"{facts['curve'] * 1000:,.0f} ms")  # fmt: skip
    working = (gone["megabytes"] - gone["before"] - gone["texts"]) / 1000
    print(
        f"  ten million, computed from these by {times:.1f}: {gone['seconds'] * times:.0f} s, "
        f"{working * times:.1f} GB and {gone['texts'] / 1000 * times:.1f} GB of mapped texts",
        flush=True,
    )


def semantic(folder: Path, n: int, rounds: int, python: str) -> None:
    """Close in meaning beside SemHash, from the same vectors."""
    file = written(folder, "vectors", [str(i) for i in range(n)])
    np.save(folder / "vectors.npy", clumped(n))
    mine = ours("close", folder / "vectors.npy", rounds)
    print(f"\n{n:,} vectors of 384, similarity 0.9, from the vectors to the removal; cores: {CORES}")
    print(f"  Winnow      {mine['seconds']:.1f} s, {mine['removed']:,.0f} rows by {mine['pairs']:,.0f} pairs")
    peer = theirs(python, file, 1, "semhash", threshold=0.9, vectors=str(folder / "vectors.npy"))
    if peer is None:
        print("  SemHash     not installed")
    else:
        times = peer["removal"] / mine["seconds"]
        print(f"  SemHash     {peer['removal']:.1f} s, {times:.1f} × ours; {peer['removed']:,.0f} rows", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the rows, one round")
    args = parser.parse_args()
    rounds, share = (1, 20) if args.quick else (args.rounds, 1)
    debian = [text or "" for text in pq.read_table(args.data / "debian_packages.parquet")["description"].to_pylist()]
    prompts = pq.read_table(args.data / "t0-open/train.parquet")["prompt"].to_pylist()
    debian, prompts = debian[: len(debian) // share], prompts[: len(prompts) // share]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, texts in (("Debian descriptions", debian), ("t0-open prompts", prompts)):
            file = written(folder, title, texts)
            beside(file, len(texts), rounds, args.peers, ("rensa", "datasketch"))
        texts = copies(debian, 16)
        file = written(folder, "Debian descriptions 16 times, edited", texts)
        # datasketch would take half an hour and 15 GB.
        large(file, len(texts), rounds, beside(file, len(texts), min(rounds, 3), args.peers, ("rensa",)))
        semantic(folder, 100_000 // share, min(rounds, 3), args.peers)
        for title, texts in crowds(100_000 // share).items():
            facts = ours("crowd", written(folder, title, texts, peers=False), 1)
            print(f"\n{len(texts):,} texts, {title}: {facts['seconds']:.2f} s, {facts['pairs']:,.0f} pairs")
            for keep in ("first", "last", "random"):
                left, took = facts[f"left, {keep}"], facts[f"seconds, {keep}"]
                print(f"  the {keep} preferred: {left:,.0f} rows left, in {took:.2f} s", flush=True)


if __name__ == "__main__":
    main()
