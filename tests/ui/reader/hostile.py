"""Rows that try to be more than text, for the reader's tests and its benchmark."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.opening import open_source

LONG = 5_000_000
HOSTILE = (
    "<script>globalThis.harmed = 1</script> a script tag",
    "<img src=x onerror='globalThis.harmed = 2'> a picture",
    "[a link](javascript:alert(3)) **bold** `code` http://evil.example/?q=<b>",
    "\u202eturned around\u202c and שלום",
    "emoji 😀👩‍👩‍👧 family, script after it",
    "a NUL \x00 in the middle",
    "",
    "\n\n\n   <b>spaces</b>\t\tand tabs",
    "word " * (LONG // 5),
    "</style><style>*{display:none}</style>",
)
_WORDS = np.array("refund card order parcel invoice late broken hello please thanks account password reset".split())


def opened(folder: Path, rows: int) -> Path:
    """A workspace with one dataset: the hostile rows first, then made ones of 5 to 900 words; returns its folder."""
    rng = np.random.default_rng(0)
    words = rng.choice(_WORDS, 2000)
    lengths = np.where(rng.random(rows) < 0.02, 900, rng.integers(5, 60, rows))
    starts = rng.integers(0, 1000, rows)
    texts = [" ".join(words[start : start + length]) for start, length in zip(starts, lengths, strict=True)]
    texts[: len(HOSTILE)] = HOSTILE
    table = {
        "id": [f"r{i}" for i in range(rows)],
        "label": [f"intent {i % 17} <b>" for i in range(rows)],
        "score": rng.random(rows),
        "text": texts,
    }
    pq.write_table(pa.table(table), folder / "made.parquet")
    open_source(folder / "made.parquet", folder / "w", name="made")
    return folder / "w"
