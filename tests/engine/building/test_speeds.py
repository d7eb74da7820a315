"""What is remembered of finished work, and what is not."""

import time
from pathlib import Path

import pytest

from engine.building import build, spec
from engine.building.build import _BUILDERS
from engine.building.speeds import KEPT, Took, factor, middle, remember
from engine.store import Store
from tests.engine.small import corpus

CHARACTERS = spec("signal", "characters")
WORDS = spec("signal", "words")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "one").mkdir()
    return Store(tmp_path / "one")


def test_the_start_of_small_work_says_nothing_about_large_work() -> None:
    small, large = Took(2.0, 10.0), Took(100.0, 150.0)
    assert middle([small, small, large], 200.0) == 1.5
    assert middle([small], 200.0) is None
    assert middle([large], 2.0) == 1.5


def test_only_the_last_times_count(store: Store) -> None:
    for _ in range(KEPT):
        remember(store, CHARACTERS, Took(10.0, 10.0))
    for _ in range(KEPT):
        remember(store, CHARACTERS, Took(10.0, 30.0))
    assert factor(store, CHARACTERS, 10.0) == 3.0
    assert factor(store, WORDS, 10.0) is None


def test_times_are_shared_by_the_datasets_of_a_workspace(store: Store, tmp_path: Path) -> None:
    remember(store, CHARACTERS, Took(10.0, 20.0))
    assert factor(Store(tmp_path / "two"), CHARACTERS, 10.0) == 2.0


def test_work_of_a_moment_is_not_kept(store: Store) -> None:
    remember(store, CHARACTERS, Took(0.2, 0.1))
    remember(store, CHARACTERS, Took(0.0, 9.0))
    assert not store.speeds_file.exists()


@pytest.mark.parametrize(
    "bad", ["", "{", "[]", '{"took": 5}', '{"took": {"signal": [{"guess": "x"}]}}', '{"format": 9}']
)
def test_a_record_that_cannot_be_read_is_begun_anew(store: Store, bad: str) -> None:
    store.speeds_file.write_text(bad)
    assert factor(store, CHARACTERS, 1.0) is None
    remember(store, CHARACTERS, Took(1.0, 2.0))
    assert factor(store, CHARACTERS, 1.0) == 2.0


def slow(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Signals take so many seconds by the clock."""
    real, now = _BUILDERS["signal"], [0.0]

    def signal(*arguments):
        now[0] += seconds
        return real(*arguments)

    monkeypatch.setitem(_BUILDERS, "signal", signal)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])


def test_finished_work_is_remembered_and_what_was_there_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    slow(monkeypatch, 6.0)
    build(data, [CHARACTERS])
    taken = factor(data.store, CHARACTERS, 0.2)
    assert taken == pytest.approx(6.0 / 0.2, rel=0.01)
    slow(monkeypatch, 600.0)
    build(data, [CHARACTERS])
    assert factor(data.store, CHARACTERS, 0.2) == taken


def test_work_that_goes_on_where_it_was_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus(tmp_path / "a", {"text": ["a", "b"]})
    identity = build(data, [CHARACTERS]).added["characters"].identity
    again = corpus(tmp_path / "b", {"text": ["a", "b"]})
    again.store.workbench("signal", identity)
    slow(monkeypatch, 6.0)
    build(again, [CHARACTERS])
    assert not again.store.speeds_file.exists()
