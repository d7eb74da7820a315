"""Weights of DSIR: texts a second, beside the public package where it is installed, else beside its definition.

    python benchmarks/dsir.py ../shared/data/debian_packages.parquet description
    python benchmarks/dsir.py ../shared/data/ref-dsir/toy_pile_data.jsonl contents --times 20

Both count all texts, then weigh all texts, at 2 words and 10,000 buckets; the target is every hundredth text. The other
side gets as many texts as it can do in some seconds; weights of those are compared. Compiling is done before.
"""

import argparse
import hashlib
import json
import re
import time
from pathlib import Path

import numpy as np
import pyarrow.json
import pyarrow.parquet as pq

from engine.recipe.selectors.target._importance import Ngrams, weights_of

WORDS, BUCKETS = 2, 10_000


def defined(text: str) -> np.ndarray:
    """Counts by the definition, each run of words hashed as often as it stands there, as the package does."""
    found = re.findall(r"\w+|[^\w\s]+", text.lower())
    grams = [*found, *(f"{a} {b}" for a, b in zip(found, found[1:], strict=False))]
    return np.bincount(
        [int.from_bytes(hashlib.sha256(gram.encode()).digest(), "big") % BUCKETS for gram in grams], minlength=BUCKETS
    )


def packaged(text: str) -> np.ndarray:
    """Counts by the package."""
    from data_selection.hashed_ngram_dsir import get_ngram_counts

    return np.asarray(get_ngram_counts(text, n=WORDS, num_buckets=BUCKETS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("column")
    parser.add_argument("--times", type=int, default=1, help="take all texts so often")
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    table = pyarrow.json.read_json(given.file) if given.file.suffix == ".jsonl" else pq.read_table(given.file)
    texts = [text or "" for text in table.column(given.column).to_pylist()] * given.times
    target = texts[::100]
    Ngrams(WORDS, BUCKETS).weighed([["to compile"]])
    start = time.perf_counter()
    ngrams = Ngrams(WORDS, BUCKETS)
    wanted, pool = ngrams.weighed([target]).totals, ngrams.weighed([texts])
    weights = weights_of(wanted, pool.totals)
    scores = ngrams.weighed([texts], weights[None]).scores[0]
    ours = time.perf_counter() - start
    try:
        packaged("to import")
        counts, peer = packaged, "the package"
    except ImportError:
        counts, peer = defined, "the definition"
    odds = np.log(wanted / wanted.sum() + 1e-8) - np.log(pool.totals / pool.totals.sum() + 1e-8)
    start, theirs = time.perf_counter(), list[float]()
    while len(theirs) < len(texts) and time.perf_counter() - start < given.seconds:
        text = texts[len(theirs)]
        counts(text)  # once to count, once to weigh
        theirs.append(float(counts(text) @ odds))
    rate = len(theirs) / (time.perf_counter() - start)
    differs = np.abs(scores[: len(theirs)] - theirs) / np.maximum(1, np.abs(theirs))
    report = {
        "texts": len(texts), "ngrams": int(pool.sizes.sum()), "seconds": round(ours, 2),
        "texts_a_second": round(len(texts) / ours), "beside": peer, "its_texts_a_second": round(rate),
        "times_as_fast": round(len(texts) / ours / rate, 1), "compared": len(theirs),
        "largest_difference": float(differs.max()),
    }  # fmt: skip
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
