"""A gesture on the map becomes a change of the selection."""

from pathlib import Path

import pytest

from engine.look.selection import Selection
from tests.engine.small import corpus
from ui.explore import explore
from ui.map.scatter import MapEvent


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the browser's session holds: the selection, and the row that is open."""
    held: dict[str, object] = {"selection": Selection()}
    monkeypatch.setattr(explore, "current", lambda: held["selection"])
    monkeypatch.setattr(explore, "take", lambda changed: held.update(selection=changed))
    monkeypatch.setattr(explore.st, "session_state", held)
    return held


def test_a_shift_click_adds_a_point_and_an_alt_click_takes_it_away(session: dict, tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    for operation, row, selected in (("add", 2, [2]), ("add", 0, [0, 2]), ("subtract", 2, [0]), ("intersect", 0, [0])):
        explore.on_event(data, "umap@given", None, None, MapEvent("click", operation=operation, row=row))
        assert session["selection"].rows(data).tolist() == selected
    assert "row" not in session


def test_a_plain_click_opens_the_row_and_leaves_the_selection(session: dict, tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    explore.on_event(data, "umap@given", None, None, MapEvent("click", row=1))
    explore.on_event(data, "umap@given", None, None, MapEvent("click", operation="add", row=-1))
    assert session["row"] == 1
    assert session["selection"] == Selection()
