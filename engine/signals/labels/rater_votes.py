"""How far the people who labelled a row were of one mind."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, CategoryColumn, Help, NumberColumns, Value, row_cost
from engine.signals.labels._by_name import by_number, places

ABOUT = About(
    title="Votes of raters",
    version=2,
    values={
        "votes_cast": Value("number", "votes"),
        "votes_agree": Value("number", "share of the votes for the most voted, 0 to 1"),
        "votes_entropy": Value("number", "0 one mind to 1 even"),
        "votes_for_label": Value("number", "share of the votes, 0 to 1"),
    },
    cost=row_cost(1_000_000),
)


def rater_votes(
    data: Dataset,
    *,
    votes: Annotated[NumberColumns, Help("Columns of counts, one for each thing that could be voted for.")],
    label: Annotated[
        CategoryColumn | None,
        Help("The column of labels. Its values are matched with the columns by name, else by number from 0."),
    ] = None,
) -> dict[str, np.ndarray]:
    """How far raters agree on a row, by counts of their votes in {votes}.

    float32. votes_cast: how many voted. votes_agree: the share of the most voted. votes_entropy: how evenly they are
    spread. votes_for_label: the share of the row's own {label}. Missing where nobody voted, or the label has no column.
    Raises `EngineError` for fewer than two columns, a count that is below 0 or infinite, and labels none of which
    has a column.
    """
    if len(votes) < 2:
        raise EngineError("Votes need two columns at least: one for each label that raters could choose.")
    cast = np.stack([data.numbers(name) for name in votes], axis=1)
    if np.nanmin(cast, initial=0) < 0:
        raise EngineError(f"A count of votes is below 0 in {', '.join(votes)}. Choose columns that count votes.")
    if np.isinf(cast).any():
        raise EngineError(f"A count of votes is infinite in {', '.join(votes)}. Choose columns that count votes.")
    cast = np.nan_to_num(cast)
    total = cast.sum(axis=1)
    share = np.divide(cast, total[:, None], out=np.full(cast.shape, np.nan), where=total[:, None] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = 0 - np.where(share > 0, share * np.log(share), 0).sum(axis=1) / np.log(len(votes))
    own = np.full(data.n, np.nan)
    if label:
        place = _places(data, label, votes)
        codes = data.codes(label)[0]
        some = np.flatnonzero((codes >= 0) & (total > 0))
        some = some[place[codes[some]] >= 0]
        own[some] = share[some, place[codes[some]]]
    found = {
        "votes_cast": total, "votes_agree": share.max(axis=1),
        "votes_entropy": np.where(total > 0, entropy, np.nan), "votes_for_label": own,
    }  # fmt: skip
    return {name: values.astype(np.float32) for name, values in found.items()}


def _places(data: Dataset, label: str, votes: tuple[str, ...]) -> np.ndarray:
    """int64 (K,): of each label the column of its votes, -1 for none."""
    labels = data.codes(label)[1]
    place = places(labels, votes)
    if max(place, default=-1) < 0:
        place = by_number(labels, votes)
    if labels and max(place) < 0:
        raise EngineError(
            f"No label of {label!r} ({', '.join(labels[:5])}) is the name of a column of votes ({', '.join(votes)}). "
            "Choose the columns that are named as the labels are, or leave the label out."
        )
    return np.array(place, np.int64)
