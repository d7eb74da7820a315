"""What the app keeps in memory."""

from pathlib import Path

import pytest

from engine.dataset.record import make_current
from engine.opening.open import open_source
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
