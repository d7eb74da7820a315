"""How odd a text is by its form, each kind for itself: length, characters, language, template."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, CategoryColumn, Help, NumberColumn, Value, row_cost
from engine.signals.corpus._forms_of_texts import FEATURES, form, surprise
from engine.signals.language._damage import damaged

BLOCK_ROWS = 1 << 12
BLOCK_CHARACTERS = 1 << 22
"""Characters whose numbers are held at once."""
READ = 100_000
RARE = 0.001
"""A character is rare that stands in no more than this share of the texts; in five of a small corpus."""

ABOUT = About(
    title="Odd, by kind: form",
    values={
        "odd_length": Value("number", "robust standard deviations"),
        "odd_encoding": Value("number", "rare or damaged characters per 1,000"),
        "odd_language": Value("number", "share of rows in others, 0 to 1"),
        "odd_template": Value("number", "bits, rarity of its form"),
    },
    cost=row_cost(10_000),
)


def odd_form(
    data: Dataset,
    *,
    language: Annotated[
        CategoryColumn | None, Help("The column of languages, such as `language` measures. Left out: not told.")
    ] = None,
    confidence: Annotated[NumberColumn | None, Help("How sure that language is, 0 to 1; left out: quite sure.")] = None,
) -> dict[str, np.ndarray]:
    """Tell how odd a text is among the others, in four columns: by length, characters, language, template.

    float32, higher is odder; never one mixed score, as what is odd is no fault by itself. odd_length: how far the
    logarithm of the length is from the middle one, in median deviations made as standard deviations are, to both sides.
    odd_encoding: characters that no more than one in 1,000 texts has (or five texts), and those that a wrong encoding
    damaged (see `encoding_damage`), per 1,000.
    odd_language: the share of rows that have another {language}, times how sure its own is. odd_template: how rare
    the shape is, by shares of figures, capitals, brackets and other signs, by lines, by how it begins and ends, in
    bits. Missing for no text. 100,000 characters of a text are read.
    """
    found = {name: np.full(data.n, np.nan, np.float32) for name in ABOUT.values}
    length, forms = np.zeros(data.n, np.int64), np.full((data.n, FEATURES), -1, np.int32)
    texts_with = np.zeros(0x110000, np.int64)
    for start, texts in _blocks(data):
        rows = slice(start, start + len(texts))
        length[rows] = [len(text.strip()) for text in texts]
        forms[rows] = [form(text) for text in texts]
        row, points = _points(texts)
        texts_with += np.bincount(np.unique(row * 0x110000 + points) % 0x110000, minlength=0x110000)
    there = length > 0
    found["odd_length"][there] = robust(np.log(length[there]))
    found["odd_template"] = surprise(forms).astype(np.float32)
    rare = texts_with <= max(5, RARE * there.sum())
    for start, texts in _blocks(data):
        row, points = _points(texts)
        wrong = rare[points]
        ends = np.cumsum([0, *(min(len(text), READ) for text in texts)])
        for at, text in zip(ends.tolist(), texts, strict=False):
            for first, last in damaged(text[:READ]):  # damage may be so common here that its signs are not rare
                wrong[at + first : at + last] = True
        size, many = (np.bincount(row, weights, len(texts)) for weights in (None, wrong))
        found["odd_encoding"][start : start + len(texts)] = np.divide(
            1000.0 * many, size, out=np.full(len(texts), np.nan), where=there[start : start + len(texts)]
        )
    if language:
        codes, labels = data.codes(language)
        known = (codes >= 0) & there
        share = np.bincount(codes[known], minlength=len(labels)) / max(known.sum(), 1)
        sure = data.numbers(confidence) if confidence else np.ones(data.n)
        found["odd_language"][known] = ((1 - np.append(share, 0)[codes]) * sure)[known]
    return found


def robust(values: np.ndarray) -> np.ndarray:
    """float64 (k,): how far numbers are from the middle one, in standard deviations where they are normal.

    Where more than half are equal the mean deviation stands for the median one.

    >>> import numpy as np
    >>> robust(np.array([1.0, 2.0, 3.0, 4.0, 13.0])).round(2).tolist()
    [1.35, 0.67, 0.0, 0.67, 6.74]
    """
    away = np.abs(values - np.median(values)) if len(values) else values
    unit = 1.4826 * np.median(away) if len(away) else 0.0
    unit = unit or 1.2533 * (away.mean() if len(away) else 0.0)
    return np.asarray(away / unit if unit else away)


def _points(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Of each character the text that it is in, and its number, int64."""
    read = [text[:READ] for text in texts]
    joined = "".join(read).encode("utf-32-le", "surrogatepass")
    return np.repeat(np.arange(len(read)), list(map(len, read))), np.frombuffer(joined, "<u4").astype(np.int64)


def _blocks(data: Dataset) -> Iterator[tuple[int, list[str]]]:
    """The texts from a row on: few where they are long, as each character takes many bytes here."""
    for start in range(0, data.n, BLOCK_ROWS):
        texts = data.texts(data.rows()[start : start + BLOCK_ROWS])
        read = np.cumsum([min(len(text), READ) for text in texts])
        ends = [*(np.flatnonzero(np.diff(read // BLOCK_CHARACTERS)) + 1).tolist(), len(texts)]
        for first, end in zip([0, *ends], ends, strict=False):
            yield start + first, texts[first:end]
