"""What is odd about a single column: gaps, codes, rare values, numbers far out, ids that are none."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from engine.dataset import Dataset, rows_where, text_blocks
from engine.look.findings.finding import Finding, by_rule, drop, packed, rows_words, share_words, weighed
from engine.look.overview import SHOWN_CHARACTERS, Overview, Summary
from engine.recipe import Step, verdict

_NOTHING = {"na", "n/a", "nan", "none", "null", "nil", "-", "?", "unknown", "undefined", "[deleted]", "[removed]"}


def of_columns(data: Dataset, whole: Overview) -> Iterator[Finding]:
    """Findings about each column of the source and each edit."""
    for summary in whole.summaries.values():
        for look in _LOOKS:
            yield from look(data, summary)


def _gaps(data: Dataset, s: Summary) -> Iterator[Finding]:
    key, empty = s.column.key, s.empty
    if empty and s.column.type == "text":
        empty = _blank(data, key)
    count = s.missing + empty
    if not 0 < count < data.n:
        return
    word = "missing or empty" if s.missing and empty else "missing" if s.missing else "empty"
    important = 9.0 if key in data.text_view.columns or s.column.role else 4.0
    what = f"{key!r} is {word} in {rows_words(count)} ({share_words(count, data.n)})."
    opens = Step("missing", {"column": key, "keep": "missing or empty"}).checked()
    found = Finding(f"gaps/{key}", what, "gaps", count, weighed(important, count, data.n), opens, column=key)
    if lacking := _files_without(data, key, s):
        what = f"{key!r} is no column of {lacking}: {rows_words(count)} ({share_words(count, data.n)}) have none."
        yield replace(found, what=what, kind="no column", weight=2.0)  # no fault of the rows: nothing to drop
        return
    yield by_rule(data, found, Step("missing", {"column": key}).checked())


def _files_without(data: Dataset, key: str, s: Summary) -> str:
    """The pooled files that lack a column altogether, as words, where that alone is why values are missing; else ""."""
    source = next((c.key for c in data.columns.values() if c.role == "source"), "")
    if not source or source == key or not s.missing:
        return ""
    codes, names = data.codes(source)
    absent = verdict(data, Step("missing", {"column": key, "keep": "missing"}).checked(), data.rows()).keep
    without = [at for at in range(len(names)) if (mine := codes == at).any() and absent[mine].all()]
    if not without or absent[~np.isin(codes, without)].any():
        return ""
    named = ", ".join(repr(names[at]) for at in without[:3])
    return named if len(without) <= 3 else f"{named} and {len(without) - 3} more files"


def _constant(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    if data.n > 1 and s.missing == data.n:
        opens = Step("missing", {"column": key, "keep": "missing"}).checked()
        yield Finding(f"constant/{key}", f"{key!r} is missing in every row.", "constant", data.n, 3, opens, column=key)
    elif data.n > 1 and s.distinct == 1 and s.missing == 0:
        what = f"{key!r} has the same value in every row: {s.frequent[0][0][:60]!r}."
        opens = Step("missing", {"column": key}).checked()
        yield Finding(f"constant/{key}", what, "constant", data.n, 2.5, opens, column=key)


def _codes(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    if s.looks_like == "categories":
        values = ", ".join(v for v, _ in sorted(s.frequent, key=lambda f: float(f[0]))[:5])
        what = (
            f"{key!r} holds {s.distinct} codes ({values}{' …' if s.distinct > 5 else ''}): they look like categories."
        )
        yield Finding(f"codes/{key}", what, "looks like", s.present, 5, column=key, treat="categories")
    if s.looks_like == "list":
        what = f"{key!r} looks like lists with {s.delimiter!r} between their members."
        yield Finding(
            f"codes/{key}", what, "looks like", s.present - s.empty, 5, column=key, treat="list", delimiter=s.delimiter
        )


def _leading(data: Dataset, s: Summary) -> Iterator[Finding]:
    """One value that takes over, or classes that are much rarer than the others."""
    key = s.column.key
    if s.column.type not in ("text", "category", "integer") or not 2 <= s.distinct <= 200 or data.n < 20:
        return
    if s.column.type == "integer" and s.looks_like != "categories":
        return
    if any(len(value) > SHOWN_CHARACTERS for value, _ in s.frequent):
        return  # texts, no classes; cut as they are here, no filter would find them
    label, count = s.frequent[0]
    if label and count >= 0.5 * data.n and s.column.type != "integer":
        opens = Step("values", {"column": key, "values": [label]}).checked()
        what = f"{key!r} is {label[:60]!r} in {rows_words(count)} ({share_words(count, data.n)})."
        yield Finding(f"imbalance/{key}/most", what, "imbalance", count, 4, opens, column=key)
    if s.distinct <= 20 and s.column.type != "integer":
        rare = [v for v, c in s.frequent if v and c * 20 < data.n / s.distinct]
        few = sum(c for v, c in s.frequent if v in rare)
        if rare:
            names = ", ".join(v[:30] for v in rare[:3]) + (" …" if len(rare) > 3 else "")
            what = f"{key!r} has values that are rare ({names}): {rows_words(few)}."
            found = Finding(f"imbalance/{key}/rare", what, "imbalance", few, 3.5, column=key)
            yield by_rule(data, found, drop("values", column=key, values=rare))


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
    for edge, side, word in ((high + reach, "high", "above"), (low - reach, "low", "below")):
        edge = float(f"{edge:.3g}")
        count = int((there > edge).sum() if side == "high" else (there < edge).sum())
        if count:
            what = f"{key!r} is {word} {edge:,.6g} in {rows_words(count)}; the middle value is {s.middle:,.6g}."
            yield _outside(data, Finding(f"far out/{key}/{side}", what, "far out", count, 5, column=key), side, edge)
    negative = int((there < 0).sum())
    if low >= 0 and negative:
        what = f"{key!r} is below zero in {rows_words(negative)}."
        yield _outside(data, Finding(f"far out/{key}/zero", what, "far out", negative, 5, column=key), "low", 0.0)


def _outside(data: Dataset, found: Finding, side: str, edge: float) -> Finding:
    step = Step("number_range", {"column": found.column, side: edge, "keep_missing": True}).checked()
    return by_rule(data, found, step)


def _dates(data: Dataset, s: Summary) -> Iterator[Finding]:
    key = s.column.key
    if s.column.type != "date":
        return
    early = int((data.numbers(key) < 0).sum())
    if early and s.middle > 0 and early < 0.1 * data.n:
        step = Step("date_range", {"column": key, "first": "1970", "keep_missing": True}).checked()
        what = f"{key!r} lies before 1970 in {rows_words(early)}."
        yield by_rule(data, Finding(f"dates/{key}", what, "dates", early, 5, column=key), step)


def _ids(data: Dataset, s: Summary) -> Iterator[Finding]:
    """A column that names rows, but not all of them."""
    key = s.column.key
    lost = s.present - s.distinct
    if s.column.names_rows and 0 < lost < 0.1 * s.present:
        codes, _ = data.codes(key)
        counts = np.bincount(codes[codes >= 0])
        rows = np.flatnonzero((codes >= 0) & (counts[np.maximum(codes, 0)] > 1))
        what = f"{key!r} should name rows, yet {rows_words(len(rows))} share theirs with another."
        yield Finding(f"ids/{key}", what, "ids", len(rows), 8, bits=packed(data, rows), column=key)


def _placeholders(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Words that people write where a value is missing."""
    if s.column.type != "text":
        return
    there = [v for v, c in s.frequent if v.strip().lower() in _NOTHING and c > 1]
    count = sum(c for v, c in s.frequent if v in there)
    if there and s.distinct > len(there):
        key = s.column.key
        what = f"{key!r} is {' or '.join(repr(v) for v in there[:3])} in {rows_words(count)}: does that mean missing?"
        found = Finding(f"placeholders/{key}", what, "placeholders", count, weighed(5, count, data.n), column=key)
        yield by_rule(data, found, drop("values", column=key, values=there))


def _almost_numbers(data: Dataset, s: Summary) -> Iterator[Finding]:
    """Text that would be numbers but for a few rows."""
    if s.column.type != "text" or not 0 < s.middle <= 12 or s.distinct < 5:
        return
    key = s.column.key
    fits = _matching(data, key, r"^\s*-?[0-9][0-9.,]*\s*$")
    there = s.present - s.empty
    if 0 < there - fits <= 0.1 * there:
        odd = r"[^0-9.,\s-]|^[^0-9]*$"
        count = _matching(data, key, odd)
        what = f"{key!r} is text because of {rows_words(count)}; all others are numbers."
        found = Finding(f"almost numbers/{key}", what, "almost numbers", count, 4, column=key)
        yield by_rule(data, found, drop("regex", column=key, pattern=odd))


def _matching(data: Dataset, key: str, pattern: str) -> int:
    return int(rows_where(data, key, data.rows(), lambda block: pc.match_substring_regex(block, pattern)).sum())


def _blank(data: Dataset, key: str) -> int:
    """Rows whose text is nothing but blanks, which the filter `missing` calls empty."""
    blocks = text_blocks(data, key, data.rows())
    return sum(int(pc.sum(pc.equal(pc.utf8_trim_whitespace(block), "")).as_py() or 0) for _, block in blocks)


_LOOKS: tuple[Callable[[Dataset, Summary], Iterator[Finding]], ...] = (
    *(_gaps, _constant, _codes, _leading, _far_out, _dates, _ids, _placeholders, _almost_numbers),
)
