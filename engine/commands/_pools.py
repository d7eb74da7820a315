"""Which rows or texts are meant, as it is typed: a tag, a column's value, a file."""

import argparse
from collections.abc import Sequence

import numpy as np

from engine.commands._flags import readable
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.marks import keys_with
from engine.models import Pool
from engine.opening import read_texts
from engine.progress import Progress

SAID = "tag:NAME, COLUMN=VALUE, 'all' for every row, or a file"


def add_text(parser: argparse.ArgumentParser) -> None:
    """The flag that says which column of a file holds the texts."""
    parser.add_argument(
        "--set-text", default="", metavar="COLUMN", help="the text of a file: a column, or '{question} {answer}'"
    )


def pool_of(data: Dataset, said: str, column: str, progress: Progress) -> Pool:
    """The rows or texts that were named; raises `EngineError` where there are none. column: of a file."""
    if said == "all":
        return Pool.of_rows(data, said, data.rows())
    if said.startswith("tag:"):
        rows = data.rows_of(keys_with(data, "tag", said.removeprefix("tag:")))
        return _some(data, said.removeprefix("tag:"), rows[rows >= 0], said)
    path = readable(said)
    if not path.exists() and "=" in said:
        key, _, value = said.partition("=")
        codes, labels = data.codes(key)
        number = labels.index(value) if value in labels else -2
        return _some(data, value, np.flatnonzero(codes == number), said)
    found = read_texts(path, column, progress=progress)
    return Pool.of_texts(found.name, found.texts)


def targets_of(
    data: Dataset, said: Sequence[str], column: str, progress: Progress
) -> tuple[str, dict[str, Sequence[str]], dict[str, np.ndarray]]:
    """What several pools are called together, then the texts and the rows (int64) of each; each is a target.

    Pools that are called alike go by what was typed; the same typed twice is one.
    """
    pools = {word: pool_of(data, word, column, progress) for word in dict.fromkeys(said)}
    called = [pool.name for pool in pools.values()]
    names = {word: pool.name if called.count(pool.name) == 1 else word for word, pool in pools.items()}
    rows = {names[word]: pool.rows for word, pool in pools.items() if (pool.rows >= 0).all()}
    texts: dict[str, Sequence[str]] = {
        names[word]: pool.texts for word, pool in pools.items() if names[word] not in rows
    }
    return ", ".join(names.values()), texts, rows


def _some(data: Dataset, name: str, rows: np.ndarray, said: str) -> Pool:
    if not len(rows):
        raise EngineError(f"No row of {data.name!r} is {said!r}. Give {SAID}.")
    return Pool.of_rows(data, name, rows)
