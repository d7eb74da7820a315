"""How a map that takes long says how far it is, and is stopped."""

from typing import Protocol


class Told(Protocol):
    """Called with the stage in plain words, what is done and the total; raises where the work is to stop."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def nobody(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
