"""Ten findings in plain words: what is odd about a dataset, each with the rows behind it, ready to be opened."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset, text_blocks
from engine.look.overview import Overview, Summary, overview
from engine.progress import Progress, quiet
from engine.recipe import Step
from engine.text import FLAWS, positions

MOST = 10
_BLOCK_ROWS = 20_000
_A_KIND = 2


@dataclass(frozen=True)
class Finding:
    """Something odd. text: a sentence; kind: a word; share: of all rows, 0 to 1; weight: how much it matters.

    What opens it is a filter, `step`, or where no filter says it, the rows themselves (int64 ascending). treat: a
    column that could be treated as `categories` or `list` instead of opening anything.
    """

    text: str
    kind: str
    count: int
    weight: float
    step: Step | None = None
    rows: np.ndarray | None = None
    column: str = ""
    treat: str = ""
    delimiter: str = ""


def findings(data: Dataset, progress: Progress = quiet, *, most: int = MOST) -> list[Finding]:
    """The findings that matter most, two of a kind before a third of any; the same on every run."""
    found = data._cache.get(f"findings/{data.fingerprint}/{data.text_view.json()}", lambda: _all(data, progress))
    first: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(found, key=lambda f: (-f.weight, f.text)):
        (first if sum(f.kind == finding.kind for f in first) < _A_KIND else others).append(finding)
    return [*first, *others][:most]


def _all(data: Dataset, progress: Progress) -> list[Finding]:
    whole = overview(data, progress)
    found = [*_of_repeats(data, whole), *_of_source(data, whole)]
    for summary in whole.summaries.values():
        for look in _LOOKS:
            found += look(data, summary)
    return found + _in_texts(data, progress)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _share(count: int, of: int) -> str:
    share = 100 * count / max(of, 1)
    return f"{share:.0f} %" if share >= 1 else f"{share:.1f} %" if share >= 0.1 else "under 0.1 %"


def _weight(kind: float, count: int, n: int) -> float:
    """Heavier the more rows it concerns; a single row still counts."""
    return kind * (0.3 + 0.7 * min(1.0, count / max(n, 1) * 4))


def _of_repeats(data: Dataset, whole: Overview) -> Iterator[Finding]:
    n, rows, texts = data.n, whole.repeats.rows, whole.repeats.texts
    if len(rows):
        text = f"{_rows(len(rows))} ({_share(len(rows), n)}) repeat an earlier row in every column."
        yield Finding(text, "repeats", len(rows), _weight(10, len(rows), n), rows=rows)
    if len(texts) > len(rows):
        text = f"{_rows(len(texts))} ({_share(len(texts), n)}) have the same text as an earlier row."
        yield Finding(text, "repeats", len(texts), _weight(10, len(texts), n), rows=texts)


def _of_source(data: Dataset, whole: Overview) -> Iterator[Finding]:
    if whole.rejected:
        text = f"{_rows(whole.rejected)} of the source could not be read; they are listed on the page Open."
        yield Finding(text, "rejected", whole.rejected, _weight(12, whole.rejected, data.n))
    record = data.record
    whole_file = len(record.segments) == len(record.files) == 1 and record.rows_read == data.n
    for drift in record.drift:
        if drift.column not in data.columns:
            continue
        text = (
            f"{drift.column!r} holds {drift.before} at first, then {drift.after} in row {drift.row:,} of {drift.file}."
        )
        rows = np.array([drift.row], np.int64) if whole_file and drift.row < data.n else None
        yield Finding(text, "drift", 1, 5, rows=rows, column=drift.column)


def _gaps(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    important = 9.0 if key in data.text_view.columns or s.column.role else 4.0
    for count, word in ((s.missing, "missing"), (s.empty, "empty")):
        if word == "empty" and count and s.column.type == "text":
            count = _blank(data, key)
        if 0 < count < data.n:
            text = f"{key!r} is {word} in {_rows(count)} ({_share(count, data.n)})."
            step = Step("missing", {"column": key, "keep": word}).checked()
            yield Finding(text, "gaps", count, _weight(important, count, data.n), step, column=key)


def _constant(data: Dataset, s: Summary) -> Iterator[Finding]:
    if data.n > 1 and s.missing == data.n:
        step = Step("missing", {"column": s.column.key, "keep": "missing"}).checked()
        yield Finding(f"{s.column.key!r} is missing in every row.", "constant", data.n, 3, step, column=s.column.key)
    elif data.n > 1 and s.distinct == 1 and s.missing == 0:
        text = f"{s.column.key!r} has the same value in every row: {s.frequent[0][0][:60]!r}."
        yield Finding(text, "constant", data.n, 2.5, rows=np.arange(data.n), column=s.column.key)


def _codes(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    if s.looks_like == "categories":
        values = ", ".join(v for v, _ in sorted(s.frequent, key=lambda f: float(f[0]))[:5])
        text = (
            f"{key!r} holds {s.distinct} codes ({values}{' …' if s.distinct > 5 else ''}): they look like categories."
        )
        yield Finding(text, "looks like", s.present, 5, column=key, treat="categories")
    if s.looks_like == "list":
        text = f"{key!r} looks like lists with {s.delimiter!r} between their members."
        yield Finding(text, "looks like", s.present - s.empty, 5, column=key, treat="list", delimiter=s.delimiter)


def _leading(data: Dataset, s: Summary) -> Iterator[Finding]:
    """One value that takes over, or classes that are much rarer than the others."""
    key = s.column.key
    if s.column.type not in ("text", "category", "integer") or not 2 <= s.distinct <= 200 or data.n < 20:
        return
    if s.column.type == "integer" and s.looks_like != "categories":
        return
    label, count = s.frequent[0]
    if label and count >= 0.5 * data.n and s.column.type != "integer":
        step = Step("values", {"column": key, "values": [label]}).checked()
        text = f"{key!r} is {label[:60]!r} in {_rows(count)} ({_share(count, data.n)})."
        yield Finding(text, "imbalance", count, 4, step, column=key)
    if s.distinct <= 20 and s.column.type != "integer":
        rare = [v for v, c in s.frequent if v and c * 20 < data.n / s.distinct]
        few = sum(c for v, c in s.frequent if v in rare)
        if rare:
            step = Step("values", {"column": key, "values": list(rare)}).checked()
            names = ", ".join(v[:30] for v in rare[:3]) + (" …" if len(rare) > 3 else "")
            text = f"{key!r} has values that are rare ({names}): {_rows(few)}."
            yield Finding(text, "imbalance", few, 3.5, step, column=key)


def _far_out(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Numbers far from the others: over ten times the range of the middle 98 %."""
    key = s.column.key
    if s.column.type not in ("integer", "number") or s.looks_like or s.present < 50 or s.distinct < 20:
        return
    values = data.numbers(key)
    there = values[~np.isnan(values)]
    low, high = (float(v) for v in np.quantile(there, [0.01, 0.99]))
    reach = 10 * (high - low)
    if reach <= 0:
        return
    for count, edge, word, side in (
        (int((there > high + reach).sum()), high + reach, "above", "low"),
        (int((there < low - reach).sum()), low - reach, "below", "high"),
    ):
        if count:
            edge = float(f"{edge:.3g}")
            inside = there >= edge if side == "low" else there <= edge
            step = Step("number_range", {"column": key, side: edge}).checked()
            text = f"{key!r} is {word} {edge:,.6g} in {_rows(int(inside.sum()))}; the middle value is {s.middle:,.6g}."
            yield Finding(text, "far out", int(inside.sum()), 5, step, column=key)
    if low >= 0 and (there < 0).any():
        step = Step("number_range", {"column": key, "high": -np.nextafter(0, 1)}).checked()
        count = int((there < 0).sum())
        yield Finding(f"{key!r} is below zero in {_rows(count)}.", "far out", count, 5, step, column=key)


def _far_long(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Texts much longer than the others, or almost nothing."""
    key, h = s.column.key, s.histogram
    if s.column.type != "text" or h is None or s.middle < 20 or data.n < 20:
        return
    lengths = _lengths(data, key)
    long = np.flatnonzero(lengths > max(20 * s.middle, 1000))
    if len(long):
        top = s.highest[0]
        text = (
            f"{key!r} is over 20 times as long as usual in {_rows(len(long))}; the longest, row {top.row:,}, has "
            f"{top.number:,.0f} characters, the middle one {s.middle:,.0f}."
        )
        yield Finding(text, "long", len(long), 6, rows=long, column=key)
    short = np.flatnonzero((lengths > 0) & (lengths < min(20, s.middle / 10)))
    if 0 < len(short) < data.n / 4:
        text = f"{key!r} has under {min(20, s.middle / 10):.0f} characters in {_rows(len(short))}."
        yield Finding(text, "short", len(short), _weight(6, len(short), data.n), rows=short, column=key)


def _dates(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    if s.column.type != "date":
        return
    early = int((data.numbers(key) < 0).sum())
    if early and s.middle > 0 and early < 0.1 * data.n:
        step = Step("date_range", {"column": key, "last": "1969"}).checked()
        yield Finding(f"{key!r} lies before 1970 in {_rows(early)}.", "dates", early, 5, step, column=key)


def _ids(data: Dataset, s: Summary) -> Iterator[Finding]:
    """A column that names rows, but not all of them."""
    key = s.column.key
    lost = s.present - s.distinct
    named = s.column.role == "id" or key.lower() in ("id", "key", "uuid") or key.lower().endswith("_id")
    if named and 0 < lost < 0.1 * s.present:
        codes, _ = data.codes(key)
        counts = np.bincount(codes[codes >= 0])
        rows = np.flatnonzero((codes >= 0) & (counts[np.maximum(codes, 0)] > 1))
        text = f"{key!r} should name rows, yet {_rows(len(rows))} share theirs with another."
        yield Finding(text, "ids", len(rows), 8, rows=rows, column=key)


def _placeholders(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Words that people write where a value is missing."""
    if s.column.type != "text":
        return
    words = {"na", "n/a", "nan", "none", "null", "nil", "-", "?", "unknown", "undefined", "[deleted]", "[removed]"}
    there = [v for v, c in s.frequent if v.strip().lower() in words and c > 1]
    count = sum(c for v, c in s.frequent if v in there)
    if there and s.distinct > len(there):
        key = s.column.key
        step = Step("values", {"column": key, "values": list(there)}).checked()
        text = f"{key!r} is {' or '.join(repr(v) for v in there[:3])} in {_rows(count)}: does that mean missing?"
        yield Finding(text, "placeholders", count, _weight(5, count, data.n), step, column=key)


def _almost_numbers(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Text that would be numbers but for a few rows."""
    if s.column.type != "text" or not 0 < s.middle <= 12 or s.distinct < 5:
        return
    pattern = r"^\s*-?[0-9][0-9.,]*\s*$"
    fits = _matching(data, s.column.key, pattern)
    there = s.present - s.empty
    odd = there - len(fits)
    if 0 < odd <= 0.1 * there:
        key = s.column.key
        step = Step("regex", {"column": key, "pattern": r"[^0-9.,\s-]|^[^0-9]*$"})
        values = _matching(data, key, r"[^0-9.,\s-]|^[^0-9]*$")
        text = f"{key!r} is text because of {_rows(len(values))}; all others are numbers."
        yield Finding(text, "almost numbers", len(values), 4, step.checked(), column=key)


def _in_texts(data: Dataset, progress: Progress) -> list[Finding]:
    """Traces in the text view: damaged letters, markup, addresses, control characters, a common beginning."""
    single = data.text_view.columns[0] if data.text_view.kind == "column" else ""
    hits: dict[str, list[np.ndarray]] = {t.kind: [] for t in FLAWS}
    starts: dict[str, int] = {}
    for start in range(0, data.n, _BLOCK_ROWS):
        progress("Looking into the texts", start, data.n)
        rows = np.arange(start, min(start + _BLOCK_ROWS, data.n), dtype=np.int64)
        texts = pa.array(data.texts(rows), pa.large_string())
        for trace in FLAWS:
            hits[trace.kind].append(start + positions(trace, texts))
        if start < 5 * _BLOCK_ROWS:
            for beginning in pc.value_counts(pc.utf8_slice_codeunits(texts, 0, 24)).to_pylist():
                starts[beginning["values"]] = starts.get(beginning["values"], 0) + beginning["counts"]
    found = []
    for trace in FLAWS:
        rows = np.concatenate(hits[trace.kind]) if hits[trace.kind] else np.empty(0, np.int64)
        if len(rows):
            step = Step("regex", {"pattern": trace.pattern} | ({"column": single} if single else {})).checked()
            text = f"{_rows(len(rows))} ({_share(len(rows), data.n)}) {trace.says}."
            found.append(Finding(text, trace.kind, len(rows), _weight(trace.weight, len(rows), data.n), step))
    beginning, count = max(starts.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    looked = min(data.n, 5 * _BLOCK_ROWS)
    if len(beginning) == 24 and count > max(0.02 * looked, 10) and looked == data.n:
        step = Step("text", {"find": beginning, "how": "starts with", "match_case": True}).checked()
        text = f"{_rows(count)} ({_share(count, data.n)}) begin alike: {beginning!r}."
        found.append(Finding(text, "beginnings", count, _weight(5, count, data.n), step))
    return found


def _lengths(data: Dataset, key: str) -> np.ndarray:
    parts = [np.empty(0, np.int64)]
    for _, chunk in text_blocks(data, key, data.rows()):
        parts.append(pc.fill_null(pc.utf8_length(chunk), -1).to_numpy(zero_copy_only=False).astype(np.int64))
    return np.concatenate(parts)


def _matching(data: Dataset, key: str, pattern: str) -> np.ndarray:
    parts = [np.empty(0, np.int64)]
    for start, chunk in text_blocks(data, key, data.rows()):
        found = pc.fill_null(pc.match_substring_regex(chunk, pattern), False).to_numpy(zero_copy_only=False)
        parts.append(start + np.flatnonzero(found))
    return np.concatenate(parts)


def _blank(data: Dataset, key: str) -> int:
    """Rows whose text is nothing but blanks, which the filter `missing` calls empty."""
    blocks = text_blocks(data, key, data.rows())
    return sum(int(pc.sum(pc.equal(pc.utf8_trim_whitespace(block), "")).as_py() or 0) for _, block in blocks)


_LOOKS = (
    _gaps,
    _constant,
    _codes,
    _leading,
    _far_out,
    _far_long,
    _dates,
    _ids,
    _placeholders,
    _almost_numbers,
)
