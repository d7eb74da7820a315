"""The fence: only files under the folders that the person allowed are read, wherever links and patterns lead."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.errors import EngineError


def check_allowed(path: Path | str, roots: Sequence[Path]) -> Path:
    """The path with all links followed, when it lies in an allowed folder; an `EngineError` otherwise."""
    try:
        typed = Path(path).expanduser()
        real = typed.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, no such home, a sign that no path has
        raise EngineError(f"{str(path)!r} cannot be followed ({error}). Choose another file.") from None
    allowed = [root.expanduser().resolve() for root in roots]
    if any(real.is_relative_to(root) for root in allowed):
        return real
    linked = any(Path(os.path.abspath(typed)).is_relative_to(root) for root in allowed)
    raise EngineError(
        f"{path} {'leads by a link to a place that ' if linked else ''}is outside the allowed folders "
        f"({', '.join(map(str, roots)) or 'none'}). Choose a file inside, or allow its folder at start."
    )


def check_pattern(pattern: str, roots: Sequence[Path]) -> None:
    """Refuse a pattern before it is followed: what stands before its first wildcard lies inside, and none leads up."""
    parts = Path(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    check_allowed(Path(*parts[:fixed]), roots)
    if ".." in parts[fixed:]:
        raise EngineError(f"The pattern {pattern!r} leads up again by '..', which cannot be allowed. Write it without.")


def check_all(found: Iterable[Path], given: str | Path, roots: Sequence[Path]) -> None:
    """Refuse what was given when one file behind it lies outside: a link in a folder, or one that a pattern matches."""
    for path in found:
        try:
            check_allowed(path, roots)
        except EngineError as error:
            raise EngineError(f"{given}: {error}") from None
