"""Drop repeats: of rows that are alike one stays, and each that goes names it."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, cast

import numpy as np

from engine.dataset import Dataset, Pairs, Verdict, listed_rows, read_ref
from engine.errors import EngineError
from engine.pairs import Grouped, grouped, told_apart
from engine.registry import About, Bounds, Column, Help, Kind, RowsRef
from engine.text import differing


def _words(values: Mapping[str, object]) -> dict[str, str]:
    """The pairs as people say them: what does not count, instead of the key with its switches."""
    key, threshold, most = str(values["pairs"]), cast(float, values["threshold"]), values["most"]
    loose = [name.replace("_", " ") for name in re.findall(r"any_(\w+)=True", key)]
    more = f", whatever the {', '.join(loose)}" if loose else " in every column" if "every column" in key else ""
    least = f", similarity at least {threshold:g}" if threshold < 1 else ""
    return {"pairs": re.split(r"[(@]", key)[0] + more + least, "most": "" if most == 1 else str(most)}


ABOUT = About(title="Repeats", short="repeats of another row", words=_words)


def dedup(
    data: Dataset,
    rows: np.ndarray,
    certain: np.ndarray,
    *,
    pairs: Annotated[str, Kind("pairs"), Help("Found beforehand, such as `exact`; on other data anew.")],
    threshold: Annotated[
        float, Bounds(0, 1), Help("The least similarity of a row that goes to one that stays; equal rows have 1.")
    ] = 1.0,
    by: Annotated[
        Column | None, Help("What decides which row stays: a length, a date, a score. Left out: the order of the rows.")
    ] = None,
    keep: Annotated[
        Literal["first", "last"], Help("First: the lowest, earliest. Last: the highest, newest, longest.")
    ] = "first",
    most: Annotated[int, Bounds(1, 1000), Help("So many rows that are alike may stay.")] = 1,
    stays: Annotated[RowsRef | None, Help("Rows chosen by hand, which stay before others that they are like.")] = None,
    apart: Annotated[RowsRef | None, Help("Pairs judged to be no duplicates: neither row goes for the other.")] = None,
) -> Verdict:
    """Drop rows that repeat another one ({pairs}), but for the {keep}{most: …}{by: by …}{stays: or chosen by hand}.

    Greedy and verified: a row goes only for a witness that stays, whose similarity to it is stored and at least the
    threshold; where one of those alike stays, no two rows that do are like each other. It looks at the rows that are
    left, so it stands in no nest. Equal values of the column go by the order of the rows, a missing one comes last.
    Rows that are always kept stay, and are preferred as witnesses. Raises `EngineError` for a threshold below that down
    to which the pairs were looked for.
    """
    found = repeats(
        data, rows, certain, pairs=pairs, threshold=threshold, by=by, keep=keep, most=most, stays=stays, apart=apart
    )
    place = np.searchsorted(rows, found.rows)
    witness, similarity = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    witness[place], similarity[place] = found.witness, found.similarity

    column = cast(str | None, data.artefact("pairs", pairs).spec.params.get("column"))

    def words(i: int) -> str:
        if witness[i] < 0:
            return "it repeats no row that stays"
        both = np.array([rows[i], witness[i]])
        compared = data.texts(both) if column is None else data.strings(column, both)
        other = differing(*(text or "" for text in compared))
        return f"repeats row {witness[i]:,}, similarity {similarity[i]:.3f}{f': {other}' if other else ''}"

    return Verdict(witness < 0, words)


def repeats(
    data: Dataset,
    rows: np.ndarray,
    certain: np.ndarray,
    *,
    pairs: str,
    threshold: float,
    by: str | None,
    keep: str,
    most: int,
    apart: str | None,
    stays: str | None,
) -> Grouped:
    """Some rows by the row that stays for them; rows: int64 ascending, certain: bool, one each. For the rest: `dedup`.

    Raises `EngineError` for a threshold below that down to which the pairs were looked for.
    """
    found = pairs_apart(data, pairs, apart)
    if threshold < found.lowest:
        raise EngineError(
            f"The pairs {pairs!r} were looked for down to a similarity of {found.lowest:g}, not to {threshold:g}. Take "
            f"{found.lowest:g} or more, or find the pairs again with a lower threshold."
        )
    order = wanted_first(data, rows, by, keep, stays)
    return grouped(found, threshold, rows[order], certain[order], most=most)


def pairs_apart(data: Dataset, key: str, apart: str | None) -> Pairs:
    """The pairs of a key without those that a ref tells apart, by the keys of two rows each."""
    if not apart:
        return data.pairs(key)
    identity = data.artefact("pairs", key).identity

    def without() -> Pairs:
        ends = data.rows_of(cast(list[str], read_ref(data, apart, "rows")["keys"])).astype(np.int64).reshape(-1, 2)
        here = ends[(ends >= 0).all(axis=1)]
        return told_apart(data.pairs(key), here[:, 0], here[:, 1])

    return data._cache.get(f"pairs/{identity}/apart/{apart}/{data.fingerprint}", without)


def wanted_first(data: Dataset, rows: np.ndarray, by: str | None, keep: str, stays: str | None = None) -> np.ndarray:
    """Places in `rows`, which ascend: the row to keep first, ties by the order of the rows.

    stays: a ref of rows that are wanted before all others.
    """
    order = _by_column(data, rows, by, keep)
    if stays:
        order = order[np.argsort(~listed_rows(data, stays)[rows[order]], kind="stable")]
    return order


def _by_column(data: Dataset, rows: np.ndarray, by: str | None, keep: str) -> np.ndarray:
    if by is None:
        return np.arange(len(rows)) if keep == "first" else np.arange(len(rows))[::-1]
    if data.info(by).type in ("integer", "number", "boolean", "date"):
        values = data.numbers(by, rows)
    else:
        codes, labels = data.codes(by, rows)
        place = np.empty(len(labels) + 1)
        place[np.argsort(np.array(labels, object), kind="stable")] = np.arange(len(labels), dtype=float)
        place[-1] = np.nan  # the code of a missing value is -1
        values = place[codes]
    return np.argsort(values if keep == "first" else -values, kind="stable")
