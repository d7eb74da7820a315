"""How much to keep: rows, percent, tokens or bytes."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.errors import EngineError
from engine.registry.kinds import Json

_UNITS = ("rows", "percent", "tokens", "bytes")


@dataclass(frozen=True)
class Budget:
    """How much to keep: an amount of rows, percent of the rows left, tokens or bytes of text."""

    amount: float
    unit: Literal["rows", "percent", "tokens", "bytes"] = "rows"

    def __str__(self) -> str:
        number = f"{self.amount:,.0f}" if float(self.amount).is_integer() else f"{self.amount:,}"
        if self.unit == "percent":
            return f"{number} %"
        return f"{number} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @staticmethod
    def read(value: "Budget | Mapping[str, Json] | int | float | str") -> "Budget":
        """A budget from JSON, a number of rows, or text such as `2000`, `10%`, `1e6 tokens`."""
        if isinstance(value, Budget):
            return value.checked()
        try:
            if isinstance(value, Mapping):
                return Budget(
                    float(typing.cast(float, value["amount"])), typing.cast(typing.Any, value.get("unit", "rows"))
                ).checked()
            if isinstance(value, bool):
                raise TypeError("true and false are no budget")
            if isinstance(value, int | float):
                return Budget(float(value)).checked()
            if not isinstance(value, str):
                raise TypeError("a list is no budget")
            text = value.strip().replace(",", "").replace("%", " percent")
            amount, _, unit = text.partition(" ")
            return Budget(float(amount), typing.cast(typing.Any, unit.strip() or "rows")).checked()
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise EngineError(f"{value!r} is not a budget. Write for example 2000, 10%, or 1000000 tokens.") from error

    def checked(self) -> "Budget":
        if self.unit not in _UNITS:
            raise EngineError(f"A budget is in {', '.join(_UNITS)}, not in {self.unit!r}.")
        if not 0 <= self.amount < float("inf"):
            raise EngineError(f"A budget cannot be {self.amount}. Give a number that is 0 or more.")
        if self.unit == "percent" and self.amount > 100:
            raise EngineError(f"A budget of {self.amount} % is more than everything. Give 0 to 100 %.")
        return self

    def json(self) -> dict[str, Json]:
        amount = int(self.amount) if float(self.amount).is_integer() else self.amount
        return {"amount": amount, "unit": self.unit}
