"""How much to keep: rows, percent, tokens or bytes; in what mix of groups, and beside what was chosen before."""

import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.errors import EngineError
from engine.registry.kinds import Json

_UNITS = ("rows", "percent", "tokens", "bytes")


def _plural(unit: str) -> str:
    """A unit as it is named, of a budget as it is printed: `1 row`."""
    return f"{unit}s" if f"{unit}s" in _UNITS else unit or "rows"


@dataclass(frozen=True)
class Mix:
    """What groups of a column get of a budget; kept rows count, and rows without a value are a group of their own.

    shares: of some groups the part that they get, 0 to 1 together at most; the others share the rest as a selector
    would without a mix. at_least, at_most: rows of each group, 0 and None for no limit.
    """

    by: str
    shares: Mapping[str, float] = field(default_factory=dict)
    at_least: int = 0
    at_most: int | None = None

    def __str__(self) -> str:
        said = [f"{100 * share:.3g} % “{group}”" for group, share in list(self.shares.items())[:3]]
        more = len(self.shares) - len(said)
        said += [f"{more} shares more"] * (more > 0)
        said += [f"{self.at_least:,} or more of each"] * (self.at_least > 0)
        if self.at_most is not None:
            said.append(f"{self.at_most:,} or fewer of each")
        return f"by “{self.by}”: {', '.join(said)}" if said else ""

    def checked(self) -> "Mix":
        """The mix, or an `EngineError` where no choice could meet it."""
        if not self.by:
            raise EngineError("A mix needs the column whose values are the groups. Choose one.")
        if any(not 0 <= share <= 1 for share in self.shares.values()):
            wrong = next(group for group, share in self.shares.items() if not 0 <= share <= 1)
            raise EngineError(f"The share of {wrong!r} is {self.shares[wrong]:g}. Give 0 to 1.")
        if (total := math.fsum(self.shares.values())) > 1 + 1e-9:
            raise EngineError(f"The shares by {self.by!r} add up to {100 * total:.4g} %, more than all. Lower some.")
        if self.at_least < 0 or (self.at_most is not None and self.at_most < 0):
            raise EngineError("A group cannot have fewer than 0 rows. Give 0 or more.")
        if self.at_most is not None and self.at_most < self.at_least:
            raise EngineError(
                f"At least {self.at_least:,} and at most {self.at_most:,} rows of a group contradict each other. Raise "
                "the second, or lower the first."
            )
        return self

    def json(self) -> dict[str, Json]:
        found: dict[str, Json] = {"by": self.by}
        if self.shares:
            found["shares"] = dict(self.shares)
        if self.at_least:
            found["at_least"] = self.at_least
        return found | ({} if self.at_most is None else {"at_most": self.at_most})

    @staticmethod
    def read(value: Mapping[str, Json]) -> "Mix":
        """A mix from JSON; raises `EngineError` for what is none."""
        try:
            if unknown := set(value) - {"by", "shares", "at_least", "at_most"}:
                raise KeyError(f"unknown: {', '.join(sorted(unknown))}")
            shares = {str(k): float(v) for k, v in typing.cast("dict[str, float]", value.get("shares", {})).items()}
            least, most = value.get("at_least", 0), value.get("at_most")
            if isinstance(least, bool) or isinstance(most, bool) or not isinstance(value["by"], str):
                raise TypeError("a wrong type")
            return Mix(value["by"], shares, _whole(least), None if most is None else _whole(most)).checked()
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise EngineError(
                f"{value!r} is no mix ({error}). Write for example "
                '{"by": "language", "shares": {"en": 0.5}, "at_least": 10, "at_most": 500}.'
            ) from error


def _whole(value: Json) -> int:
    number = float(typing.cast(float, value))
    if not number.is_integer():
        raise ValueError("a part of a row")
    return int(number)


@dataclass(frozen=True)
class Budget:
    """How much to keep: an amount of rows, percent of the rows left, tokens or bytes of text.

    mix: what groups get of it. after: a ref of rows that are chosen already and count, "" for none.
    """

    amount: float
    unit: Literal["rows", "percent", "tokens", "bytes"] = "rows"
    mix: Mix | None = None
    after: str = ""

    def __str__(self) -> str:
        number = f"{self.amount:,.0f}" if float(self.amount).is_integer() else f"{self.amount:,}"
        one = self.amount == 1
        unit = "%" if self.unit == "percent" else self.unit.removesuffix("s") if one else self.unit
        more = [str(self.mix or ""), "after an earlier choice" if self.after else ""]
        return f"{number} {unit} ({'; '.join(filter(None, more))})" if any(more) else f"{number} {unit}"

    @staticmethod
    def read(value: "Budget | Mapping[str, Json] | int | float | str") -> "Budget":
        """A budget from JSON, a number of rows, or text such as `2000`, `10%`, `1e6 tokens`."""
        if isinstance(value, Budget):
            return value.checked()
        try:
            if isinstance(value, Mapping):
                mix = value.get("mix")
                return Budget(
                    float(typing.cast(float, value["amount"])), typing.cast(typing.Any, value.get("unit", "rows")),
                    Mix.read(typing.cast("dict[str, Json]", mix)) if mix else None, str(value.get("after") or ""),
                ).checked()  # fmt: skip
            if isinstance(value, bool):
                raise TypeError("true and false are no budget")
            if isinstance(value, int | float):
                return Budget(float(value)).checked()
            if not isinstance(value, str):
                raise TypeError("a list is no budget")
            text = value.strip().replace(",", "").replace("%", " percent")
            amount, _, unit = text.partition(" ")
            return Budget(float(amount), typing.cast(typing.Any, _plural(unit.strip()))).checked()
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise EngineError(f"{value!r} is not a budget. Write for example 2000, 10%, or 1000000 tokens.") from error

    def checked(self) -> "Budget":
        if self.unit not in _UNITS:
            raise EngineError(f"A budget is in {', '.join(_UNITS)}, not in {self.unit!r}.")
        if not 0 <= self.amount < float("inf"):
            raise EngineError(f"A budget cannot be {self.amount:,.15g}. Give a number that is 0 or more.")
        if self.unit == "percent" and self.amount > 100:
            raise EngineError(f"A budget of {self.amount:,.15g} % is more than everything. Give 0 to 100 %.")
        if self.mix is not None:
            self.mix.checked()
        return self

    def names(self, kind: str) -> tuple[str, ...]:
        """The things of a kind that it names: the column of its mix, the ref of what was chosen before."""
        if kind == "column" and self.mix is not None:
            return (self.mix.by,)
        return (self.after,) if kind == "rows" and self.after else ()

    def json(self) -> dict[str, Json]:
        """As it stands in a recipe file; what it does not have is not written, so that older files stay as they are."""
        amount = int(self.amount) if float(self.amount).is_integer() else self.amount
        found: dict[str, Json] = {"amount": amount, "unit": self.unit}
        if self.mix is not None:
            found["mix"] = self.mix.json()
        return found | ({"after": self.after} if self.after else {})
