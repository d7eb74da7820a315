"""What is known of each way of choosing: of ways that there are, all trials told, and advice that follows from them."""

from pathlib import Path

from engine.look import TAUGHT, Teaching, Trials
from engine.recipe import SELECTORS


def test_it_speaks_of_ways_that_there_are_and_of_all_trials() -> None:
    assert set(TAUGHT) < set(SELECTORS)
    assert {trials.all for one in TAUGHT.values() for trials in (one.clean, one.noisy)} == {36}
    page = Path("docs/evidence.md").read_text(encoding="utf-8")
    for one in TAUGHT.values():
        for trials in (one.clean, one.noisy):
            assert f"| {trials.better} | {trials.same} | {trials.worse} | " in page


def test_advice_follows_from_the_counts() -> None:
    safe, luck, cost = Trials(3, 33, 0), Trials(5, 26, 5), Trials(1, 20, 15)
    assert Teaching(safe, safe).advice.startswith("It was never worse")
    assert "random rows are the safer choice" in Teaching(cost, luck).advice
    assert "pays where labels are wrong" in Teaching(cost, Trials(9, 26, 1)).advice
    assert Teaching(Trials(9, 26, 1), luck).advice == ""
