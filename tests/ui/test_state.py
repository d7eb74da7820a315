"""What the app keeps in memory."""

from pathlib import Path

import pytest

from engine.dataset.record import make_current
from engine.look.selection import Selection
from engine.opening.open import open_source
from engine.recipe import topic_step
from engine.topics import merge
from tests.engine.small import circle, clustered, corpus, embedded
from ui.frame import state


def test_of_a_dataset_only_the_newest_version_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("some words to read")
    data = open_source(path, tmp_path / "w")
    monkeypatch.setattr(state, "chosen", lambda: data.store)
    first = state.dataset()
    assert state.dataset() is first
    make_current(data.store, "a key", "an identity")
    second = state.dataset()
    assert second is not first
    assert [kept for _, kept in state._newest(str(data.store.folder))] == [second]


def test_a_selection_of_topics_that_were_merged_since_is_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = clustered(
        embedded(corpus(tmp_path, {"text": list("abcd")}), circle([0, 10, 90, 180])), [0, 1, 2, 2], key="topics@given"
    )
    chosen = Selection(topic_step(data, "topics@given", [2]))
    monkeypatch.setattr(state, "dataset", lambda: data)
    monkeypatch.setattr(state, "_held", lambda: chosen)
    assert (state.selection(), state.selection_error()) == (chosen, None)
    data = merge(data, "topics@given", [0, 1])
    assert state.selection() == state.NOTHING
    assert "Choose the topics again" in str(state.selection_error())
