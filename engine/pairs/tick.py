"""How a kind of pairs says how far it is."""

from collections.abc import Callable

Tick = Callable[[str, int, int], None]
"""Called with the stage in plain words, what is done and the total; raises to stop the work."""


def silent(stage: str, done: int, total: int) -> None:
    """Say it to nobody."""
