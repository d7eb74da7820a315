"""The fence: only files under the folders that the person allowed can be opened."""

from pathlib import Path

from engine.errors import EngineError


def check_allowed(path: Path | str, roots: list[Path]) -> Path:
    """The path with all links followed, when it lies in an allowed folder; an `EngineError` otherwise."""
    real = Path(path).expanduser().resolve()
    for root in roots:
        if real.is_relative_to(root.expanduser().resolve()):
            return real
    shown = ", ".join(str(r) for r in roots) or "none"
    raise EngineError(
        f"{path} is outside the allowed folders ({shown}). Choose a file inside, or allow its folder at start."
    )
