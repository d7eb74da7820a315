"""What a parameter can be: its limits, its help, and what a text parameter names."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


@dataclass(frozen=True)
class Bounds:
    """The least and greatest value that a number may take, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Ends:
    """What both ends of a number between bounds are called; the form then draws a slider from one to the other."""

    low: str
    high: str


@dataclass(frozen=True)
class Help:
    """One line for the form and the docs: what the knob does, what both ends mean."""

    text: str


@dataclass(frozen=True)
class Kind:
    """What a text parameter names: a column, an embedding, a map, topics, a ref, an expression, a budget; or a path.

    A fitted model is named as `name/digest`; the function is called with the model itself.
    of: which ones: numbers, dates; of a model what it is, `ngram`; of a path `model`, which may be the id of a model
    instead, or `file`, whose content counts: its SHA-256 stands in the parameter `sha256`.
    """

    name: str
    of: str = ""


Column = Annotated[str, Kind("column")]
Columns = Annotated[tuple[str, ...], Kind("column")]
NumberColumn = Annotated[str, Kind("column", "number")]
NumberColumns = Annotated[tuple[str, ...], Kind("column", "number")]
TextColumn = Annotated[str, Kind("column", "text")]
CategoryColumn = Annotated[str, Kind("column", "category")]
DateColumn = Annotated[str, Kind("column", "date")]
Embedding = Annotated[str, Kind("embedding")]
MapName = Annotated[str, Kind("map")]
TopicsName = Annotated[str, Kind("topics")]
RowsRef = Annotated[str, Kind("rows")]
RegionRef = Annotated[str, Kind("rows", "region")]
MarksRef = Annotated[str, Kind("rows", "marks")]
TargetRef = Annotated[str, Kind("target")]
ExamplesRef = Annotated[str, Kind("rows", "examples")]
Expression = Annotated[str, Kind("expression")]
