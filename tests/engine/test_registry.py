"""A family reads names, knobs and sentences from its functions, and refuses what does not fit."""

import math
from typing import Annotated, Literal

import pytest

from engine.errors import EngineError, NotFound
from engine.registry import Bounds, Budget, Column, Embedding, Help, NumberColumn, Registry


def shortest_(
    data: object,
    rows: object,
    *,
    budget: Budget,
    column: NumberColumn,
    k: Annotated[int, Bounds(1, 200), Help("How many neighbours.")] = 20,
    share: Annotated[float, Bounds(0, 1)] | None = None,
    order: Literal["low first", "high first"] = "low first",
    words: tuple[str, ...] = (),
    parts: tuple[float, ...] = (1.0,),
    strict: bool = False,
) -> object:
    """Keep the shortest {budget} by {column}, {order}.

    More words that the screen does not show as a label.
    """


FAMILY = Registry("selector", [shortest_])
MEMBER = FAMILY["shortest"]
GIVEN: dict[str, object] = {"budget": 5, "column": "characters"}


def test_the_name_is_that_of_the_function_without_its_last_underscore():
    assert list(FAMILY) == ["shortest"]


def test_each_keyword_only_argument_is_a_knob_with_its_kind():
    kinds = {p.name: (p.kind, p.of) for p in MEMBER.params}
    assert kinds == {
        "budget": ("budget", ""),
        "column": ("column", "number"),
        "k": ("integer", ""),
        "share": ("number", ""),
        "order": ("choice", ""),
        "words": ("texts", ""),
        "parts": ("numbers", ""),
        "strict": ("boolean", ""),
    }


def test_a_knob_knows_its_limits_its_help_and_whether_it_may_be_left_out():
    knobs = {p.name: p for p in MEMBER.params}
    assert knobs["k"].bounds == Bounds(1, 200) and knobs["k"].help == "How many neighbours."
    assert [p.name for p in MEMBER.params if p.required] == ["budget", "column"]
    assert [p.name for p in MEMBER.params if p.optional] == ["share"]


def test_the_sentence_has_the_values_in_place_of_the_braces():
    assert MEMBER.sentence(GIVEN) == "Keep the shortest 5 rows by characters, low first."
    assert MEMBER.sentence({**GIVEN, "budget": "10%"}) == "Keep the shortest 10 % by characters, low first."


def test_json_holds_every_knob_and_reads_back_to_the_same():
    written = MEMBER.json(GIVEN)
    assert written["budget"] == {"amount": 5, "unit": "rows"} and written["k"] == 20 and written["parts"] == [1.0]
    assert MEMBER.json(written) == written


def test_only_what_differs_from_its_default_counts_as_changed():
    assert MEMBER.changed({**GIVEN, "k": 20, "strict": True, "share": None}) == {
        "budget": {"amount": 5, "unit": "rows"},
        "column": "characters",
        "strict": True,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("k", 0),
        ("k", 201),
        ("k", 2.5),
        ("k", True),
        ("k", "20"),
        ("k", math.nan),
        ("k", None),
        ("k", 10**400),
        ("share", 1.1),
        ("share", math.inf),
        ("order", "middle"),
        ("words", "one"),
        ("words", [1]),
        ("words", [["a"]]),
        ("parts", ["a"]),
        ("parts", [math.inf]),
        ("strict", 1),
        ("column", 3),
        ("column", None),
        ("budget", None),
        ("budget", True),
        ("budget", -1),
        ("budget", "many"),
        ("budget", {"unit": "rows"}),
        ("budget", {"amount": 5, "unit": "pages"}),
        ("budget", "101%"),
        ("budget", math.inf),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_message(name, value):
    with pytest.raises(EngineError) as error:
        MEMBER.check({**GIVEN, name: value})
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "value"), [("k", 1), ("k", 200), ("k", 7.0), ("share", 0), ("share", 1), ("share", None)]
)
def test_both_ends_of_a_knob_are_allowed(name, value):
    assert MEMBER.check({**GIVEN, name: value})[name] == value


def test_a_missing_value_is_named():
    with pytest.raises(EngineError, match="'column' is missing"):
        MEMBER.check({"budget": 5})


def test_an_unknown_knob_offers_the_nearest():
    with pytest.raises(NotFound, match="Did you mean 'column'"):
        MEMBER.check({**GIVEN, "colum": "x"})


def test_an_unknown_member_offers_the_nearest():
    with pytest.raises(NotFound, match="No selector named 'shortst'. Did you mean 'shortest'?"):
        FAMILY["shortst"]


def test_a_name_stands_in_a_list_once_and_has_words_to_show():
    with pytest.raises(ValueError, match="twice"):
        Registry("selector", [shortest_, shortest_])

    def silent(*, k: int = 1) -> None: ...

    with pytest.raises(ValueError, match="no docstring"):
        Registry("selector", [silent])


def test_a_kind_that_no_form_can_show_is_found_at_once():
    def odd(*, k: dict[str, int]) -> None:
        """Odd."""

    with pytest.raises(TypeError, match="no form can be drawn"):
        Registry("selector", [odd])


def test_the_things_that_a_member_reads_are_found_by_kind():
    def near(*, column: Column, like: Embedding, other: Embedding = "minilm") -> None:
        """Near."""

    assert Registry("filter", [near])["near"].of_kind("embedding") == ("like", "other")


@pytest.mark.parametrize(
    ("given", "budget", "words"),
    [
        (2000, Budget(2000), "2,000 rows"),
        ("2,000", Budget(2000), "2,000 rows"),
        (1, Budget(1), "1 row"),
        ("10%", Budget(10, "percent"), "10 %"),
        ("0.5 %", Budget(0.5, "percent"), "0.5 %"),
        ("1e6 tokens", Budget(1_000_000, "tokens"), "1,000,000 tokens"),
        ({"amount": 5, "unit": "bytes"}, Budget(5, "bytes"), "5 bytes"),
    ],
)
def test_a_budget_is_read_as_people_write_it(given, budget, words):
    assert Budget.read(given) == budget and str(budget) == words
    assert Budget.read(budget.json()) == budget
