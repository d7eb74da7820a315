"""Errors that a person is meant to read: what is wrong, with the value, and the way out."""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class EngineError(Exception):
    """Something the person can mend; the message says what is wrong and how to go on."""


class NotFound(EngineError):
    """A name that is not there: a column, a member of a family, a dataset, a ref."""


class Damaged(EngineError):
    """A file on disk that is not what its sidecar says; it can be made again."""


class Stale(EngineError):
    """Somebody else saved in the meantime; the message offers a copy."""


class Cancelled(EngineError):
    """The person stopped the work; what was finished is kept."""


def unknown(what: str, name: str, known: Iterable[str]) -> NotFound:
    """The error for a name that is not there, with the nearest one that is."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return NotFound(f"No {what} named {name!r}. Did you mean {near[0]!r}?")
    shown = ", ".join(repr(n) for n in names[:12]) + (" …" if len(names) > 12 else "")
    return NotFound(f"No {what} named {name!r}. There is: {shown or 'none yet'}.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure of the disk while writing `path` into a message with the way out."""
    try:
        yield
    except PermissionError as error:
        raise EngineError(
            f"No permission to write {path}. Choose another folder, or change its permissions."
        ) from error
    except OSError as error:
        # numpy tells of a full disk without a number: "1000 requested and 20 written".
        if error.errno == 28 or (error.errno is None and " requested and " in str(error)):
            raise EngineError(
                f"The disk is full: {path} could not be written. Free some space (`winnow clean` lists what can go) "
                "and run the same thing again; nothing half-written was kept."
            ) from error
        raise EngineError(f"Could not write {path}: {error.strerror or error}.") from error
