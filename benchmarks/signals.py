"""The rules of Gopher, C4 and FineWeb beside datatrove, same rows, one run: documents a second and core, verdicts.

    python -m benchmarks.signals DATA --peers PYTHON --data-juicer PYTHON

DATA is the folder of the public sets; PYTHON the interpreter of an environment with datatrove 0.10 and spaCy, and of
one with py-data-juicer 1.6. Winnow counts all 32 values of every text; datatrove's filters stop within a text at the
first rule that fails; of Data-Juicer run the eight filters that count signs, words, lines and repetition in a text.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.look import DIALECTS, Limit
from engine.signals import ROW_SIGNALS

FILTERS = ("gopher_repetition", "gopher_quality", "c4", "fineweb")
WORDS = 500
BATCH = 4096


def documents(data: Path, n: int) -> list[str]:
    """Texts of the web, an encyclopedia and prompts, each cut to about 500 words, until there are n."""
    found: list[str] = list(pq.read_table(data / "web-quality/web_quality.parquet")["text"].to_pylist())
    for path in sorted(data.glob("web-samples/*.jsonl")):
        found += [str(json.loads(line).get("text") or "") for line in path.read_text().splitlines()]
    for path in sorted(data.glob("wikitext-2/*.parquet")):
        found += pq.read_table(path)["text"].to_pylist()
    words = [text.split(" ") for text in found if text]
    parts = [" ".join(w[i : i + WORDS]) for w in words for i in range(0, len(w), WORDS)]
    whole = [part for part in parts if part.count(" ") > WORDS // 2]
    return [whole[i % len(whole)] for i in range(n)]


def ours(file: Path) -> dict[str, np.ndarray]:
    """Every value of every family, from Parquet, in batches."""
    found: dict[str, list[np.ndarray]] = {}
    for batch in pq.ParquetFile(file).iter_batches(BATCH, columns=["text"]):
        texts = batch["text"].to_pylist()
        for family in FILTERS:
            for name, values in ROW_SIGNALS[family].function(texts).items():
                found.setdefault(name, []).append(values)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def holds(limit: Limit, values: np.ndarray) -> np.ndarray:
    low, high = limit.low, limit.high
    return (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))


def kept(values: dict[str, np.ndarray], family: str) -> np.ndarray:
    """bool (n,): whether the limits of one family hold, as its dialect has them."""
    dialect = {"c4": "c4", "fineweb": "fineweb"}.get(family, "gopher")
    mine = [limit for limit in DIALECTS[dialect].limits if limit.value in ROW_SIGNALS[family].about.values]
    return np.all([holds(limit, values[limit.value]) for limit in mine], axis=0)


def _said(python: str, script: str, file: Path, rows: int) -> dict[str, Any]:
    """The last line that a peer's script prints, as JSON."""
    here = Path(__file__).with_name(script)
    said = subprocess.run([python, str(here), str(file), str(rows)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="", metavar="PYTHON")
    parser.add_argument("--data-juicer", default="", metavar="PYTHON")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--theirs", type=int, default=500, help="rows that datatrove gets")
    options = parser.parse_args()
    if options.rows <= BATCH:
        parser.error(f"--rows must be more than {BATCH:,}: values of the last batch are held, and would be had twice")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        texts = documents(options.data, options.rows)
        pq.write_table(pa.table({"text": texts}), file)
        ours(file)  # compiled
        times = []
        for _ in range(5):
            start = time.perf_counter()
            values = ours(file)
            times.append(time.perf_counter() - start)
        rate = options.rows / median(times)
        words = sum(text.count(" ") + 1 for text in texts) / len(texts)
        print(f"{options.rows:,} documents of {words:.0f} words, one core, from Parquet to 32 values, median of 5")
        print(f"  Winnow                         {rate:10,.0f} documents a second")
        if options.data_juicer:
            found = _said(options.data_juicer, "signals_data_juicer.py", file, options.theirs)
            other = options.theirs / found["seconds"]
            label = f"Data-Juicer, {found['filters']} filters, {found['values']} values"
            print(f"  {label:<31}{other:9,.0f} documents a second; Winnow {rate / other:,.0f} × as many")
        if not options.peers:
            return
        theirs = _said(options.peers, "signals_peers.py", file, options.theirs)
        for name, label in (("whole", "all four filters"), ("chain", "stops at the first failure")):
            other = options.theirs / theirs[name]
            print(f"  datatrove, {label:<26}{other:6,.0f} documents a second; Winnow {rate / other:,.0f} × as many")
        verdicts = np.array(theirs["verdicts"], bool)
        for i, family in enumerate(FILTERS):
            mine = kept(values, family)[: options.theirs]
            differ = int((mine != verdicts[:, i]).sum())
            print(
                f"  {family:<20} keeps {mine.sum():4} of {options.theirs}, datatrove {verdicts[:, i].sum():4}; "
                f"{differ} differ"
            )


if __name__ == "__main__":
    main()
