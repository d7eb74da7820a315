"""How loops are compiled: once, kept on disk, and anew as soon as any file of this folder changes."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])
SOURCES = hashlib.sha256(b"".join(f.read_bytes() for f in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()[:12]


def compiled(function: F) -> F:
    """Compile a function that holds no lock while it runs.

    numba keeps what it compiled until the file of the function changes, and does not notice a change in another file
    that the function calls into. So what it is kept as carries the digest of all of them.
    """
    function.__qualname__ = f"{function.__qualname__}_{SOURCES}"
    return cast(F, njit(nogil=True, cache=True)(function))
