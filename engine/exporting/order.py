"""In which order the rows of an export stand, and how that came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from engine.recipe import Recipe
from engine.registry import Budget, Json


@dataclass(frozen=True)
class WrittenOrder:
    """How the order of the rows came about; the row digest says which it is.

    step: the place in the recipe of the step that picked them one after another, do: what it does; 0 and "" where they
    stand as in the source. seed: of that step, None for none. shuffled: whether the order is drawn at random whatever
    stands in the rows, so that anything which goes with it was learned from rows in this order.
    """

    step: int
    do: str
    seed: int | None
    shuffled: bool

    def sentence(self) -> str:
        """For the data card and the terminal.

        >>> WrittenOrder(2, "random", 7, True).sentence()
        'as step 2 (random, seed 7) picked them: an order drawn at random'
        """
        if not self.step:
            return "as they stand in the source, which is no order drawn at random"
        seed = "" if self.seed is None else f", seed {self.seed}"
        drawn = "an order drawn at random" if self.shuffled else "no order drawn at random"
        return f"as step {self.step} ({self.do}{seed}) picked them: {drawn}"


def order_of(recipe: Recipe) -> WrittenOrder:
    """What a recipe makes of the order. Rows kept by hand, an earlier choice and a mix go before chance."""
    at = next((i for i, step in reversed([*enumerate(recipe.steps, 1)]) if step.on and step.selects), None)
    if at is None:
        return WrittenOrder(0, "", None, False)
    step = recipe.steps[at - 1]
    budget = Budget.read(cast("Mapping[str, Json]", step.params["budget"]))
    free = not (recipe.by_hand.keep or budget.after or budget.mix)
    seed = step.params.get("seed")
    return WrittenOrder(at, step.do, seed if isinstance(seed, int) else None, step.member.about.shuffles and free)
