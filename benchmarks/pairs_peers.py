"""The peers' side of `benchmarks.pairs` and `benchmarks.pairs_truth`: runs in an environment of its own that has them.

    PYTHON benchmarks/pairs_peers.py JOB.json

Imports nothing of Winnow. A job names a Parquet file with the column `text`, a peer, a threshold, what texts are
compared by, how often; the last line printed is JSON: seconds of each round to the signatures and to the removal, and
where asked for the rows removed. Texts come in lower case with one space between words, so that all see the same words.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from datasketch import MinHash

SLOTS = 128


class Job(NamedTuple):
    """What to do."""

    file: str
    peer: str
    of: str = "words"
    size: int = 5
    threshold: float = 0.8
    rounds: int = 1
    removal: bool = True
    vectors: str = ""


class Done(NamedTuple):
    """One round: seconds to shingles, to signatures, to the removal; bool (n,), the rows removed."""

    shingles: float
    signatures: float
    removal: float
    removed: list[bool]


def shingled(texts: list[str], of: str, size: int) -> list[list[str]]:
    """Runs of words or characters; fewer make one run. The cheapest way in Python: split, shift, zip, join."""
    found = []
    for text in texts:
        parts = text.split() if of == "words" else text
        if len(parts) <= size:
            found.append([text] if text else [])
        elif of == "words":
            found.append([" ".join(run) for run in zip(*(parts[i:] for i in range(size)), strict=False)])
        else:
            found.append([text[i : i + size] for i in range(len(text) - size + 1)])
    return found


def rensa(texts: list[str], job: Job) -> Done:
    """R-MinHash in one batch, then its deduplicator, which compares estimates: nothing is verified."""
    from rensa import RMinHash, RMinHashDeduplicator

    start = time.perf_counter()
    sets = shingled(texts, job.of, job.size)
    ready = time.perf_counter()
    if not job.removal:
        RMinHash.digest_matrix_from_token_sets(sets, SLOTS, 42)
        return Done(ready - start, time.perf_counter() - start, 0.0, [])
    sketches = RMinHash.from_token_sets(sets, SLOTS, 42)
    signed = time.perf_counter()
    keep = RMinHashDeduplicator(job.threshold, SLOTS, True).add_pairs((str(i), one) for i, one in enumerate(sketches))
    removed = [not stays and bool(some) for stays, some in zip(keep, sets, strict=True)]
    return Done(ready - start, signed - start, time.perf_counter() - start, removed)


def datasketch(texts: list[str], job: Job) -> Done:
    """MinHash, and MinHashLSH as documented: a row goes where the index knows any row that stays."""
    from datasketch import MinHashLSH

    start = time.perf_counter()
    sets = shingled(texts, job.of, job.size)
    ready = time.perf_counter()
    sketches = bulk(sets)
    signed = time.perf_counter()
    if not job.removal:
        return Done(ready - start, signed - start, 0.0, [])
    index, removed = MinHashLSH(threshold=job.threshold, num_perm=SLOTS), []
    for i, one in enumerate(sketches):
        removed.append(bool(sets[i]) and bool(index.query(one)))
        if sets[i] and not removed[-1]:
            index.insert(i, one)
    return Done(ready - start, signed - start, time.perf_counter() - start, removed)


def clusters(texts: list[str], job: Job) -> Done:
    """text-dedup's rule on datasketch's signatures: rows that share a band are joined; the first of each stays."""
    from datasketch import MinHashLSH

    start = time.perf_counter()
    sets = shingled(texts, job.of, job.size)
    ready = time.perf_counter()
    sketches = bulk(sets)
    signed = time.perf_counter()
    index = MinHashLSH(threshold=job.threshold, num_perm=SLOTS)
    above = list(range(len(texts)))

    def root(i: int) -> int:
        while above[i] != i:
            above[i] = i = above[above[i]]
        return i

    for begin, end in pairwise(range(0, index.b * index.r + 1, index.r)):
        seen: dict[bytes, int] = {}
        for i, one in enumerate(sketches):
            if sets[i]:
                first, second = root(seen.setdefault(one.hashvalues[begin:end].tobytes(), i)), root(i)
                above[max(first, second)] = min(first, second)
    removed = [root(i) != i for i in range(len(texts))]
    return Done(ready - start, signed - start, time.perf_counter() - start, removed)


def bulk(sets: list[list[str]]) -> list["MinHash"]:
    """datasketch's signatures in one batch."""
    from datasketch import MinHash

    return list(MinHash.bulk([[one.encode() for one in some] for some in sets], num_perm=SLOTS))


def semhash(texts: list[str], job: Job) -> Done:
    """SemHash on vectors that are there, with its default index; the time counts from the vectors."""
    from semhash import SemHash

    vectors = np.load(job.vectors)
    start = time.perf_counter()
    records = [{"text": f"{i} {text}"} for i, text in enumerate(texts)]  # so that equal texts are told apart
    index = SemHash.from_embeddings(vectors, records, None, ["text"])
    built = time.perf_counter()
    found = index.self_deduplicate(job.threshold)
    took = time.perf_counter() - start
    removed = np.ones(len(texts), bool)
    removed[[int(record["text"].split(" ", 1)[0]) for record in found.selected]] = False
    return Done(0.0, built - start, took, removed.tolist())


PEERS: dict[str, Callable[[list[str], Job], Done]] = {
    "rensa": rensa,
    "datasketch": datasketch,
    "clusters": clusters,
    "semhash": semhash,
}


def main() -> None:
    job = Job(**json.loads(Path(sys.argv[1]).read_text()))
    texts = pq.read_table(job.file, columns=["text"])["text"].to_pylist()
    if job.peer != "semhash":
        PEERS[job.peer](texts[:200], job)  # imports and first calls do not count
    rounds = [PEERS[job.peer](texts, job) for _ in range(job.rounds)]
    answer = {
        "shingles": [r.shingles for r in rounds],
        "signatures": [r.signatures for r in rounds],
        "removal": [r.removal for r in rounds],
        "removed": np.flatnonzero(rounds[-1].removed).tolist(),
        # Not `ru_maxrss`: that one starts with what the parent held.
        "megabytes": int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
