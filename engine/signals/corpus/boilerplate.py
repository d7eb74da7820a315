"""How much of a text stands in many other texts too."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, hashes_of
from engine.registry import About, Bounds, Help, Value, row_cost
from engine.text import readable, text_parts

BLOCK_ROWS = 1 << 14
_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]+")
_FIGURES = str.maketrans("123456789", "000000000")


def _spans(
    data: Dataset, rows: np.ndarray, *, least: int, shortest: int, any_figure: bool
) -> list[list[tuple[int, int]]]:
    name = f"boilerplate/{data.text_view.json()}/{least}/{shortest}/{any_figure}"
    common = data.remembered(name, lambda: _common(data, least, shortest, any_figure))
    found = []
    for text in data.texts(rows):
        places = [(a, b) for a, b in text_parts(text, _of(text)) if b - a >= shortest]
        same = np.isin(_hashes([text[a:b] for a, b in places], any_figure), common)
        found.append([place for place, is_common in zip(places, same.tolist(), strict=True) if is_common])
    return found


ABOUT = About(
    values={
        "boilerplate": Value("number", "share of the characters, 0 to 1"),
        "boilerplate_lines": Value("integer", "lines"),
    },
    spans=_spans,
    cost=row_cost(30_000),
)


def boilerplate(
    data: Dataset,
    *,
    least: Annotated[
        int,
        Bounds(2, 1_000_000),
        Help("In how many different texts a line must stand. Few: also what two parts of one work share."),
    ] = 10,
    shortest: Annotated[
        int, Bounds(1, 1000), Help("In characters: shorter lines, such as a lone bracket, are no boilerplate.")
    ] = 10,
    any_figure: Annotated[bool, Help("“Page 12” and “Page 7” are the same line.")] = True,
) -> dict[str, np.ndarray]:
    """Tell how much of a text stands in lines that {least} texts or more have.

    float32: share of the characters that are not blanks around lines; int32: such lines, each time that they come. 0
    for no text. A text without line breaks is taken apart into sentences. Texts that are the same as a whole count
    once: those are duplicates. Lines are the same where their characters are, but for blanks around them and which
    figures stand in them. They are compared by 64 bits: of ten million different lines two are taken for one with a
    chance of 3 in a million.
    """
    common = _common(data, least, shortest, any_figure)
    shares, lines = np.zeros(data.n, np.float32), np.zeros(data.n, np.int32)
    for start, texts in _blocks(data):
        row, length, hashes = _parts_of(texts, shortest, any_figure)
        same = np.isin(hashes, common)
        whole, much = (np.bincount(row, length * part, len(texts)) for part in (1, same))
        shares[start : start + len(texts)] = much / np.maximum(whole, 1)
        lines[start : start + len(texts)] = np.bincount(row, same, len(texts))
    return {"boilerplate": shares, "boilerplate_lines": lines}


def _common(data: Dataset, least: int, shortest: int, any_figure: bool) -> np.ndarray:
    """uint64, ascending: the hashes of the parts that so many different texts have."""
    wholes, each = np.zeros(data.n, np.uint64), [np.empty(0, np.uint64)]
    for start, texts in _blocks(data):
        wholes[start : start + len(texts)] = hashes_of([readable(text) for text in texts])[:, 0]
    first = np.zeros(data.n, bool)
    first[np.unique(wholes, return_index=True)[1]] = True
    for start, texts in _blocks(data):
        row, _, hashes = _parts_of(texts, shortest, any_figure)
        row, hashes = (part[first[start + row] & (hashes > 0)] for part in (row, hashes))
        order = np.lexsort((hashes, row))
        row, hashes = row[order], hashes[order]
        each.append(hashes[(np.diff(row, prepend=-1) != 0) | (np.diff(hashes, prepend=np.uint64(0)) != 0)])
    found, counts = np.unique(np.concatenate(each), return_counts=True)
    return np.asarray(found[counts >= least])


def _parts_of(texts: list[str], shortest: int, any_figure: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each part the text that it is of and its length, int64, and its hash, 0 for a part that is too short."""
    parts = [_bare(text) for text in texts]
    flat = [part for some in parts for part in some]
    length = np.fromiter(map(len, flat), np.int64, len(flat))
    hashes = _hashes(flat, any_figure)
    hashes[length < shortest] = 0
    return np.repeat(np.arange(len(texts)), [len(some) for some in parts]), length, hashes


def _bare(text: str) -> list[str]:
    """The parts of a text, without the blanks around them."""
    if _of(text) == "sentences":
        return [text[a:b] for a, b in text_parts(text, "sentences")]
    lines = text.split("\n") if text.isascii() and "\r" not in text else _BREAK.split(text)
    return [bare for line in lines if (bare := line.strip())]


def _of(text: str) -> Literal["lines", "sentences"]:
    return "lines" if _BREAK.search(text.strip()) else "sentences"


def _hashes(parts: list[str], any_figure: bool) -> np.ndarray:
    """uint64 (k,), 0 for no part."""
    return hashes_of([readable(part.translate(_FIGURES) if any_figure else part) for part in parts])[:, 0].copy()


def _blocks(data: Dataset) -> Iterator[tuple[int, list[str]]]:
    for start in range(0, data.n, BLOCK_ROWS):
        yield start, data.texts(data.rows()[start : start + BLOCK_ROWS])
