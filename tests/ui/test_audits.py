"""The section Audits of Choose: each audit asks, finds and says it; where something lacks, it says the way out."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.recipe import change_draft
from engine.recipe.recipe import Recipe, Step
from indexes import to_grid
from tests.engine.small import corpus, embedded
from tests.ui.test_pages import button, desk, run, said, shown
from ui.frame import state


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    monkeypatch.setenv("WINNOW_FOLDERS", str(tmp_path))
    return tmp_path


def two_kinds(folder: Path) -> Dataset:
    """200 rows of two kinds, told by their vectors; `who` goes with the kind."""
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 2, 200)
    who = np.where(rng.random(200) < 0.8, kind, 1 - kind)
    columns = {
        "text": [f"{('apple', 'screw')[k]} number {i}" for i, k in enumerate(kind)],
        "kind": [("fruit", "tool")[k] for k in kind], "who": [("ann", "bob")[k] for k in who],
    }  # fmt: skip
    return embedded(corpus(folder, columns), rng.normal(size=(200, 12)) + 2 * np.eye(12)[kind], graph=False)


def audited(kind: str, ask: str, **held: object) -> str:
    page = shown("choose", audits=True, audit__which=kind, **held)
    button(page, ask).click()
    run(page)
    return "\n".join([*said(page), *(metric.value for metric in page.metric)])


def test_each_audit_is_made_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = two_kinds(tmp_path)
    assert any("This looks at a choice" in info.value for info in shown("choose", audits=True).info)
    change_draft(desk(data), Recipe().with_step(Step("random", {"budget": 80, "seed": 1}).checked()), "chose")
    button(shown("choose"), "Make it now").click().run()

    found = audited(
        "Groups", "Measure the gap", audit__gap__column="who", audit__gap__label="kind", audit__gap__seeds=3
    )
    assert "random rows do the same" in found and "Gap, best to worst" in found
    words = audited("Words of a target", "Count the words", audit__words__typed="an apple\na pear")
    assert "Not in the choice" in words and "pear" in words
    ties = audited("Ties of columns", "Test them", audit__ties__columns=["kind", "who"])
    assert "kind and who" in ties and "tied" in ties
    undone = audited("Ties of columns", "Weigh the rows", audit__ties__columns=["kind", "who"])
    assert "of the dependence" in undone and "Make them a column" in undone
    drives = audited("Who drives an answer", "Ask who drives it", audit__drivers__row=3, audit__drivers__label="kind")
    assert "Row 3 is told" in drives and "Speak for the answer" in drives
    model = import_module("engine.look.audits.association")  # the face has a function of its name
    lean = lambda data, key, texts, query: to_grid(np.eye(8)[[len(text) % 8 for text in texts]])  # noqa: E731
    monkeypatch.setattr(model, "embed_texts", lean)
    leanings = audited("Leanings of the vectors", "Compare them")
    assert "12,870 ways" in leanings
