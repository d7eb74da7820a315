"""What the steps that look for shared runs of words ask a person."""

from typing import Annotated

from engine.pairs import Unit
from engine.registry import Bounds, Help

Least = Annotated[int, Bounds(3, 1000), Help("So long a run, in words or characters: 8 to 13 words, 50 signs.")]
InUnit = Annotated[Unit, Help("What a run is measured in; it always begins and ends with a whole word.")]
Edited = Annotated[bool, Help("Also a run in which single words were changed, added or left out.")]
