"""How loops are compiled: once, kept on disk, and anew as soon as any file of their folder changes."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile a function that holds no lock while it runs.

    numba keeps what it compiled until the file of the function changes, and does not notice a change in another file
    that the function calls into. So what it is kept as carries the digest of all files of the function's folder.
    """
    from numba import njit

    sources = _digest(Path(function.__code__.co_filename).parent)
    function.__qualname__ = f"{function.__qualname__}_{sources}"
    return cast(F, njit(nogil=True, cache=True)(function))


@cache
def _digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(f.read_bytes() for f in sorted(folder.glob("*.py")))).hexdigest()[:12]
