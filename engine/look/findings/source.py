"""What was odd when the source was read: rows that could not be, columns that change half-way."""

from collections.abc import Iterator

import numpy as np

from engine.dataset import Dataset
from engine.look.findings.finding import Finding, packed, rows_words, weighed
from engine.look.overview import Overview


def of_source(data: Dataset, whole: Overview) -> Iterator[Finding]:
    """Findings about how the source was read."""
    if whole.rejected:
        what = f"{rows_words(whole.rejected)} of the source could not be read; they are listed on the page Open."
        yield Finding("rejected", what, "rejected", whole.rejected, weighed(12, whole.rejected, data.n))
    record = data.record
    whole_file = len(record.segments) == len(record.files) == 1 and record.rows_read == data.n
    for drift in record.drift:
        if drift.column not in data.columns:
            continue
        where = f"row {drift.row:,} of {drift.file}" if drift.row else f"the first row of {drift.file}"
        what = f"{drift.column!r} was taken for {drift.before}, but {where} holds {drift.after}."
        bits = packed(data, np.array([drift.row])) if whole_file and drift.row < data.n else None
        yield Finding(f"drift/{drift.column}/{drift.file}", what, "drift", 1, 5, bits=bits, column=drift.column)
