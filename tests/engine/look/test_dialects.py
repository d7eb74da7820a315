"""Known sets of limits: nests of plain cuts that say why, where two disagree, what they do to what is no prose."""

import numpy as np
import pytest

from engine.building import build, spec
from engine.errors import EngineError
from engine.look import DIALECTS, dispute, fails, harm, learned, learned_by, sparing
from engine.recipe import Recipe, Step, run, why
from engine.registry import Registry
from engine.signals import ROW_SIGNALS
from tests.engine.small import corpus

PROSE = (
    "The house that stands at the end of the road was built by a man of whom nobody knows much. He came with a cart "
    "and two dogs, and had the walls up before the first snow. In the village people say that he never spoke to them. "
    "They would see smoke in the evening, and hear him at work in the morning. One day the door stood open, and the "
    "rooms were empty. That is all there is to tell."
)
CODE = (
    "def add(a, b):\n    return a + b\n\nclass Sum:\n    total = 0\n\n    def put(self, n):\n        self.total += n\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Five of prose, two short ones, six of code, all rows different."""
    texts = [f"{PROSE} So I was told, {i} times." for i in range(5)]
    texts += ["One word.", "Two words here."] + [CODE.replace("add", f"add{i}") for i in range(6)]
    made = corpus(tmp_path_factory.mktemp("dialects"), {"text": texts})
    for dialect in DIALECTS.values():
        assert dialect.measured(made) == (dialect.specs().keys() <= made.added.keys())
        made = build(made, dialect.specs())
        assert dialect.measured(made)
    return build(made, [spec("signal", "text_kind")])


def test_every_limit_cuts_a_value_that_a_signal_gives_and_has_an_end() -> None:
    values = {name for member in ROW_SIGNALS.values() for name in member.about.values}
    for dialect in DIALECTS.values():
        assert {limit.value for limit in dialect.limits} <= values
        assert all((limit.low is not None) or (limit.high is not None) for limit in dialect.limits)
        assert all(limit.says for limit in dialect.limits) and isinstance(ROW_SIGNALS, Registry)


@pytest.mark.parametrize("name", list(DIALECTS))
def test_a_set_is_one_nest_of_plain_cuts_and_each_row_that_goes_names_the_rules(data, name) -> None:
    step = DIALECTS[name].step()
    assert step.do == "all of" and {part.do for part in step.steps} == {"number_range"}
    done = run(data, Recipe(steps=(step,)))
    assert set(range(5)) <= set(done.rows.tolist()) and 5 not in done.rows
    if name != "c4":
        words = "dclm_words" if name == "dclm" else "gopher_words"
        assert f"too short or too long: {words}" in why(done, 5).text
        assert "lines repeat" not in why(done, 5).text  # only what failed


def test_a_rule_that_is_off_fails_no_row(data) -> None:
    step = DIALECTS["gopher"].step()
    rows = np.arange(data.n)
    whole = fails(data, step, rows)
    assert whole.shape == (21, 13) and whole[0, 5] and not whole[0, 0]
    off = Step("all of", steps=tuple(Step(p.do, p.params, on=False) for p in step.steps))
    assert not fails(data, off, rows).any()


def test_where_two_sets_disagree(data) -> None:
    short, long = (
        Step("all of", steps=(Step("number_range", {"column": "gopher_words", "low": low, "high": high}).checked(),))
        for low, high in ((None, 60), (3, None))
    )
    found = dispute(data, short, long, np.array([0, 5, 6]))
    assert (found.both, found.neither) == (1, 0)
    assert found.first_only.tolist() == [5] and found.second_only.tolist() == [0]


def test_limits_learned_from_a_corpus_drop_no_more_than_the_share_each(tmp_path) -> None:
    data = corpus(tmp_path, {"text": list("abcdefghij"), "n": [3, 1, 4, 1, 5, 9, 2, 6, 5, None]})
    cut = Step("number_range", {"column": "n", "low": 100.0, "high": None}).checked()
    both = Step("number_range", {"column": "n", "low": 0.0, "high": 0.0}).checked()
    other = Step("listed", {"rows": "x"})
    step = learned(data, Step("all of", steps=(cut, both, other)), np.arange(10), 0.25)
    # Of 1 1 2 3 4 5 5 6 9 a quarter is two rows: so many lie below 2, and above 5.
    assert [(p.params.get("low"), p.params.get("high")) for p in step.steps[:2]] == [(2.0, None), (2.0, 5.0)]
    assert step.steps[2] is other
    rows = np.arange(9)
    assert fails(data, Step("all of", steps=(step.steps[0],)), rows).sum() == 2
    none = learned(data, Step("all of", steps=(cut,)), rows, 0.0)
    assert not fails(data, none, rows).any()


def test_limits_for_prose_warn_of_what_they_would_drop_and_can_spare_it(data) -> None:
    step = DIALECTS["gopher"].step()
    before = np.ones(data.n, bool)
    after = run(data, Recipe(steps=(step,))).mask
    found = harm(data, before, after)
    assert found.kinds == ("code",)
    assert found.words == "These limits are made for prose: they would drop 100% of code, beside 0% of prose."
    kept = run(data, Recipe(steps=(sparing(step, "text_kind", found.kinds),))).rows
    assert kept.tolist() == [0, 1, 2, 3, 4, *range(7, 13)]
    assert harm(data, before, before).kinds == ()


def test_texts_without_a_kind_are_no_kind_that_could_be_spared(tmp_path) -> None:
    data = build(corpus(tmp_path, {"text": [*["!!!"] * 6, PROSE]}), [spec("signal", "text_kind")])
    assert harm(data, np.ones(7, bool), np.arange(7) == 6).kinds == ()


def test_limits_are_learned_for_each_language_that_has_rows_enough(tmp_path) -> None:
    languages = ["en"] * 4 + ["de"] * 4 + ["fr", None]
    data = corpus(tmp_path, {"language": languages, "n": [1, 2, 3, 4, 10, 20, 30, 40, 0, 0]})
    nest = Step("all of", steps=(Step("number_range", {"column": "n", "low": 5.0, "high": None}),), name="Rule")
    taught = learned_by(data, nest, data.rows(), 0.25, "language", fewest=4)
    assert (taught.learned, taught.left_out) == ({"en": 4, "de": 4}, {"fr": 1})
    done = run(data, Recipe(steps=(taught.step,)))
    assert done.rows.tolist() == [1, 2, 3, 5, 6, 7, 8, 9]  # the lowest of each, by its own limit; the others stay
    assert taught.step.name == "Rule, by language" and [part.name for part in taught.step.steps] == ["en", "de"]
    assert why(done, 4).text == "Dropped by step 1, “Rule, by language”: de: language is “de”; n is 10."
    with pytest.raises(EngineError, match="No value of 'language' has 5 rows to learn from; the most is 4"):
        learned_by(data, nest, data.rows(), 0.25, "language", fewest=5)
