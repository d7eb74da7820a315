"""How far a selector is, told to whoever has it pick; a member's own arguments are its knobs and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Tell = Callable[[str, int, int], None]

_LISTENER: ContextVar[Tell | None] = ContextVar("who is told how far a selector is", default=None)


def tell(done: int, total: int, what: str = "Choosing rows") -> None:
    """Say how many picks of how many are made, or how far `what` is; may raise what the listener raises, to stop."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(what, done, total)


@contextmanager
def told(listener: Tell) -> Iterator[None]:
    """Within the block, selectors tell `listener` how far they are."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)
