"""The column of lists that a log becomes."""

from engine.building.key_names import free_column
from engine.building.spec import alike, spec
from engine.dataset import Dataset
from engine.opening import Log, log_ref
from engine.store import Spec


def log_spec(data: Dataset, log: Log, name: str = "") -> tuple[str, Spec]:
    """The key and the spec of the column with the series of a log; of the very same series the one that is there.

    name: of the column, else as the log's columns are called, with a number where that is taken.
    """
    made, wanted = spec("edit", "logged", {"series": log_ref(data, log)}, on=log.column), name or log.title
    same = (key for key in data.keys_of("edit") if alike(data.added[key].spec, made))
    return next(same, "") or free_column(data, wanted), made
