"""How torn a region of the map is: the share of its rows' true neighbours that lie outside it."""

import numpy as np

from engine.errors import EngineError
from engine.maps.trust import percent

WORTH_SAYING = 0.2  # a fifth outside is what a clean cut through one even topic loses at its edge


def outside(neighbours: np.ndarray, selected: np.ndarray) -> tuple[float, np.ndarray]:
    """The share of true neighbours outside a selection, and how often each row outside is such a neighbour.

    `neighbours`: integers (n, k), each row's true nearest rows, -1 where there are fewer than k. `selected`: bool (n,).
    Returns the share (0 to 1; 0 for an empty selection) and int64 (n,): links from the selection to each row outside.
    """
    if neighbours.ndim != 2 or len(neighbours) != len(selected):
        raise EngineError(
            f"The neighbours of {len(neighbours):,} rows do not fit a selection over {len(selected):,}. "
            "Build the graph again for this corpus."
        )
    targets = neighbours[selected].ravel()
    targets = targets[targets >= 0]
    links = np.bincount(targets, minlength=len(selected))
    links[selected] = 0
    return (float(links.sum() / len(targets)) if len(targets) else 0.0), links


def torn_share(neighbours: np.ndarray, selected: np.ndarray) -> float:
    """The share of the selected rows' true neighbours that lie outside the selection, 0 to 1.

    0: nothing that belongs here is elsewhere. 1: the map shows a heap that is none. Shapes as in `outside`.
    """
    return outside(neighbours, selected)[0]


def torn_sentence(share: float) -> str:
    """What the map says about a region, or nothing where there is nothing to warn of."""
    if share < WORTH_SAYING:
        return ""
    return f"{percent(share)} of these rows' true neighbours are outside."


def outside_neighbours(neighbours: np.ndarray, selected: np.ndarray, *, least: int = 2) -> np.ndarray:
    """Rows outside that are a true neighbour of at least `least` selected rows: int64, most links first.

    These are the rows to take in. With `least=1` every one of them; ties in links go by row number.
    """
    _, links = outside(neighbours, selected)
    rows = np.flatnonzero(links >= max(1, least))
    return rows[np.argsort(-links[rows], kind="stable")]
