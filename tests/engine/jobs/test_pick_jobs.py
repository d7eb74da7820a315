"""A long choice as a job: its picks stay, and whoever asks for them again finds them."""

from pathlib import Path

from engine.dataset.dataset import Dataset
from engine.jobs import jobs
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.small import circle, corpus, embedded


def test_what_a_job_picked_is_there_for_the_page_and_an_export_does_not_pick_again(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": list("abcdefgh")}), circle([0, 10, 60, 100, 150, 200, 260, 300]))
    recipe = Recipe(steps=(Step("farthest", {"embedding": "given", "budget": 3}).checked(),))
    picked = jobs.wait(data.store, jobs.start(data.store, {"do": "pick", "recipe": recipe.json()}), 120)
    assert (picked.status, picked.result) == ("done", {"rows": 3})
    (folder,) = (data.store.folder / "picks").iterdir()
    seen = run(Dataset.load(data.store), recipe, pick=False)
    assert not seen.waiting and len(seen.rows) == 3
    made = (folder / "rows.npy").stat().st_ino
    work = {"do": "export", "recipe": recipe.json(), "folder": str(tmp_path / "out"), "options": {}}
    written = jobs.wait(data.store, jobs.start(data.store, work), 120)
    assert (written.status, written.result["rows"]) == ("done", 3)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert (folder / "rows.npy").stat().st_ino == made
    assert "Choosing rows" in jobs.log(data.store, picked.id)
    assert "Choosing rows" not in jobs.log(data.store, written.id)
