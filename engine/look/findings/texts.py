"""What is odd inside texts: traces of damage, one beginning for many, far too long, far too short."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.building import spec
from engine.dataset import Dataset, text_blocks
from engine.look.findings.finding import Finding, by_rule, drop, packed, rows_say, rows_words, weighed
from engine.look.overview import Overview, Summary
from engine.progress import Progress
from engine.recipe import Step
from engine.text import FLAWS, positions

_BLOCK_ROWS = 20_000
_LOOKED_AT = 5 * _BLOCK_ROWS
_OPENING = 24


def of_texts(data: Dataset, whole: Overview, progress: Progress) -> Iterator[Finding]:
    """Findings about the texts of the rows, and about how long the texts of each column are."""
    for summary in whole.summaries.values():
        yield from _lengths(data, summary)
    single = data.text_view.columns[0] if data.text_view.kind == "column" else ""
    of_column = {"column": single} if single else {}
    hits: dict[str, list[np.ndarray]] = {t.kind: [np.empty(0, np.int64)] for t in FLAWS}
    starts: dict[str, int] = {}
    for start in range(0, data.n, _BLOCK_ROWS):
        progress("Looking into the texts", start, data.n)
        rows = np.arange(start, min(start + _BLOCK_ROWS, data.n), dtype=np.int64)
        texts = pa.array(data.texts(rows), pa.large_string())
        for trace in FLAWS:
            hits[trace.kind].append(start + positions(trace, texts))
        if start < _LOOKED_AT:
            for beginning in pc.value_counts(pc.utf8_slice_codeunits(texts, 0, _OPENING)).to_pylist():
                starts[beginning["values"]] = starts.get(beginning["values"], 0) + beginning["counts"]
    for trace in FLAWS:
        rows = np.concatenate(hits[trace.kind])
        if len(rows):
            what = f"{rows_say(len(rows), data.n, trace.says)}."
            found = Finding(trace.kind, what, trace.kind, len(rows), weighed(trace.weight, len(rows), data.n))
            yield by_rule(data, found, drop("regex", pattern=trace.pattern, **of_column))
    beginning, count = max(starts.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if len(beginning) == _OPENING and count > max(0.02 * data.n, 10) and data.n <= _LOOKED_AT:
        what = f"{rows_say(count, data.n, 'begin alike')}: {beginning!r}."
        found = Finding(f"beginnings/{beginning}", what, "beginnings", count, weighed(5, count, data.n))
        yield by_rule(data, found, drop("text", find=beginning, how="starts with", match_case=True))


def _lengths(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Texts much longer than the others, or almost nothing."""
    key = s.column.key
    if s.column.type != "text" or s.histogram is None or s.middle < 20 or data.n < 20:
        return
    lengths = _characters(data, key)
    most, least = max(int(20 * s.middle), 1000), int(np.ceil(min(20, s.middle / 10)))
    long = np.flatnonzero(lengths > most)
    if len(long):
        top = s.highest[0]
        what = (
            f"{key!r} is over 20 times as long as usual in {rows_words(len(long))}; the longest, row {top.row:,}, has "
            f"{top.number:,.0f} characters, the middle one {s.middle:,.0f}."
        )
        found = Finding(f"long/{key}", what, "long", len(long), 6, bits=packed(data, long), column=key)
        yield _by_length(data, found, "high", most)
    # Where the text of the row is meant, one without text has no characters either, and goes by the same rule.
    short = np.flatnonzero((lengths < least) & ((lengths >= 0) | _is_text(data, key)))
    if ((lengths[short] > 0).any()) and len(short) < data.n / 4:
        what = f"{key!r} has under {least} characters in {rows_words(len(short))}."
        weight = weighed(6, len(short), data.n)
        found = Finding(f"short/{key}", what, "short", len(short), weight, bits=packed(data, short), column=key)
        yield _by_length(data, found, "low", least)


def _by_length(data: Dataset, found: Finding, side: str, edge: int) -> Finding:
    """The rule for a length: by the signal `characters` where it counts this column, else by a condition."""
    if _is_text(data, found.column):
        made = spec("signal", "characters")
        # Where the source has a column of that name, the signal is called so beside it.
        taken = "characters" in data.columns and data.info("characters").origin == "source"
        column = "characters (signal)" if taken else "characters"
        step = Step("number_range", {"column": column, side: edge, "keep_missing": True}).checked()
        return by_rule(data, replace(found, needs={"characters": made}), step)
    name = found.column.replace('"', '""')
    rule = drop("sql", where=f'length("{name}") {">" if side == "high" else "<"} {edge}')
    said = f"“{found.column}” {'over' if side == 'high' else 'under'} {edge:,} characters"
    return by_rule(data, found, replace(rule, name=said))


def _is_text(data: Dataset, key: str) -> bool:
    """Whether a column is the text of the rows, which `characters` counts."""
    return data.text_view.kind == "column" and tuple(data.text_view.columns) == (key,)


def _characters(data: Dataset, key: str) -> np.ndarray:
    parts = [np.empty(0, np.int64)]
    for _, chunk in text_blocks(data, key, data.rows()):
        parts.append(pc.fill_null(pc.utf8_length(chunk), -1).to_numpy(zero_copy_only=False).astype(np.int64))
    return np.concatenate(parts)
