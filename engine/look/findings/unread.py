"""Where the model behind an embedding does not read the corpus: cut texts, other languages, code, unknown signs."""

from collections.abc import Iterator

import numpy as np

from engine.building import member_of
from engine.dataset import Dataset, evenly
from engine.look.findings.finding import Finding, packed, rows_words, share_words, weighed
from engine.vectors import languages, unknown_share

SAMPLE = 400
"""Rows that are looked at where nothing is measured yet, evenly spread."""
CUT, FOREIGN, CODE, UNKNOWN = 0.1, 0.05, 0.1, 0.02
"""Shares from which on it matters: of rows that are cut, of those in other languages, of code, and of tokens."""
LONG_ENOUGH, SURE = 60, 0.9
"""Characters of a text whose language can be told well enough, and the least probability of a language that counts."""


def of_embeddings(data: Dataset) -> Iterator[Finding]:
    """Findings about the newest embedding whose model reads texts: what rests on it stands on what it has read."""
    for key in data.keys_of("embedding")[-1:]:
        artefact = data.artefact("embedding", key)
        if "cut" not in artefact.arrays:
            continue
        made = artefact.origin.spec
        yield from _cut(data, key)
        read = languages(made)
        rows = _some(data)
        if read:
            kinds, names = _codes(data, "text_kind", rows)
            code = kinds == names.index("code")
            yield from _foreign(data, key, read, rows[~code])
            yield from _code(data, key, rows, rows[code])
        share = unknown_share(made, data.texts(rows)) if len(rows) else None
        if share is not None and share >= UNKNOWN:
            what = f"{share:.1%} of what the model of {key!r} reads are signs that it has no word for, in {_of(rows)}."
            other = ("A tokenizer over bytes or of more languages reads them: choose a multilingual model.",)
            yield Finding(
                f"unread signs/{key}", what, "unread", len(rows), 8.0, bits=packed(data, rows), evidence=other
            )


def _cut(data: Dataset, key: str) -> Iterator[Finding]:
    """Rows that are longer than the model reads."""
    of_row = data.embedding(key).texts.of_row
    cut = np.asarray(data.artefact("embedding", key).array("cut"))
    rows = np.flatnonzero((of_row >= 0) & (cut[np.maximum(of_row, 0)] >= 0)) if len(cut) else np.empty(0, np.int64)
    if len(rows) < CUT * data.n:
        return
    notes = data.artefact("embedding", key).notes.get("truncated")
    limit = f" It reads {notes['limit']:,} tokens." if isinstance(notes, dict) and notes.get("limit") else ""
    share = share_words(len(rows), data.n)
    what = f"The model of {key!r} reads only the beginning of {rows_words(len(rows))} ({share}).{limit}"
    remedy = "Embed with a model that reads more; repeats inside texts are found by words, whatever a model reads."
    yield _found(data, f"cut/{key}", what, rows, weighed(6.0, len(rows), data.n), remedy)


def _foreign(data: Dataset, key: str, read: frozenset[str], rows: np.ndarray) -> Iterator[Finding]:
    """Rows in a language that the model was not made for; where it cannot be told surely, a text counts as none."""
    rows = rows[np.array([len(text) >= LONG_ENOUGH for text in data.texts(rows)], bool)]
    codes, labels = _codes(data, "language", rows, sure="language_confidence")
    known = np.array([*(label[:2] in read or label == "zxx" for label in labels), True], bool)
    other = np.flatnonzero(~known[codes])
    if len(other) < FOREIGN * len(rows) or not len(other):
        return
    counted = np.bincount(codes[other], minlength=len(labels))
    named = ", ".join(f"{labels[i]} {counted[i]:,}" for i in np.argsort(-counted, kind="stable")[:3] if counted[i])
    what = (
        f"The model of {key!r} was made for {', '.join(sorted(read))}; {rows_words(len(other))} of {_of(rows)} "
        f"{'is' if len(other) == 1 else 'are'} in another language ({named})."
    )
    remedy = "Embed with a multilingual model, or keep one language first: what is near on the map else says little."
    weight = weighed(9.0, len(other), len(rows))
    yield _found(data, f"unread language/{key}", what, rows[other], weight, remedy)


def _code(data: Dataset, key: str, rows: np.ndarray, code: np.ndarray) -> Iterator[Finding]:
    """Rows of code, which a model of sentences was not made for."""
    if len(code) < CODE * len(rows) or not len(code):
        return
    what = f"The model of {key!r} was made for sentences; {rows_words(len(code))} of {_of(rows)} hold code."
    remedy = "Embed code with a model of code, or by its words; clones of code are found as repeats."
    yield _found(data, f"unread code/{key}", what, code, weighed(7.0, len(code), len(rows)), remedy)


def _found(data: Dataset, name: str, what: str, rows: np.ndarray, weight: float, remedy: str) -> Finding:
    return Finding(name, what, "unread", len(rows), weight, bits=packed(data, rows), evidence=(remedy,))


def _codes(data: Dataset, value: str, rows: np.ndarray, sure: str = "") -> tuple[np.ndarray, list[str]]:
    """A category of some rows as codes and labels: as measured, else looked up now.

    sure: a probability beside it, under which a row counts as having none.
    """
    if all(key in data.columns and data.columns[key].origin == "signal" for key in (value, sure) if key):
        codes, labels = data.codes(value, rows)
        return (np.where(data.numbers(sure, rows) >= SURE, codes, -1) if sure else codes), labels
    member = member_of("signal", value)
    found = member.function(data.texts(rows), **member.check({}))
    codes = np.asarray(found[value], np.int32)
    return (np.where(found[sure] >= SURE, codes, -1) if sure else codes), list(member.about.values[value].labels)


def _some(data: Dataset) -> np.ndarray:
    return evenly(data.rows(), SAMPLE)


def _of(rows: np.ndarray) -> str:
    return f"{len(rows):,} looked at"
