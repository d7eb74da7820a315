"""What a command found: the same for programs and for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.registry import Json


@dataclass(frozen=True)
class Answer:
    """What a command found. value: for `--json`; text: for people; code: the exit code."""

    value: "Mapping[str, Json]"
    text: str
    code: int = 0
