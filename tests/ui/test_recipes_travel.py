"""A recipe goes from one set to another in a real browser, down as a file and up again, and on the command line."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Download

from engine import Dataset, Recipe, Step, Store
from engine.commands.cli import main
from engine.recipe import history, listed_step
from tests.ui.served import served
from ui.map.bundle import is_current

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = "wave tide harbour sail anchor flour oven butter yeast dough".split()


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    """Two sets of short texts of the same ten words, by name."""
    draw, found = random.Random(0), {}
    for name, rows in (("first", 60), ("second", 45)):
        found[name] = tmp_path / f"{name}.jsonl"
        texts = [" ".join(draw.choice(WORDS) for _ in range(2 + i % 7)) for i in range(rows)]
        lines = [json.dumps({"id": f"{name}-{i}", "text": text}) for i, text in enumerate(texts)]
        found[name].write_text("\n".join(lines))
    return found


@pytest.fixture
def server(sources: dict[str, Path], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The app on a workspace with both sets; the first has a saved recipe. Gives its address and the workspace."""
    if not is_current():
        pytest.skip("the map's JavaScript is not built: python -m ui.map.bundle")
    workspace = tmp_path / "workspace"
    for source in sources.values():
        assert (
            main(["open", str(source), "--id", "id", "--text", "text", "--workspace", str(workspace), "--quiet"]) == 0
        )
    data = Dataset.load(Store(workspace / "first"))
    recipe = (
        Recipe()
        .with_step(Step("text", {"find": "dough", "do": "drop"}))
        .with_step(Step("number_range", {"column": "characters", "low": 10}))
        .with_step(listed_step(data, np.arange(5), "five rows by list"))
        .with_step(Step("facility_location", {"budget": "50%", "embedding": "lexical"}))
        .with_step(Step("random", {"budget": "8", "seed": 3}))
    )
    history.save(data.store, "travels", recipe)
    with served(workspace, tmp_path) as address:
        yield address, workspace


def digest(capsys, *words: str) -> str:
    """The row digest of what a command exported."""
    capsys.readouterr()
    assert main([*words, "--json", "--quiet"]) == 0
    return str(json.loads(capsys.readouterr().out)["rows"]["digest"])


def test_down_as_a_file_up_again_planned_and_applied_and_the_same_rows_on_the_command_line(
    chromium, server: tuple[str, Path], sources: dict[str, Path], tmp_path: Path, capsys
) -> None:
    address, workspace = server
    page = chromium.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True).new_page()
    page.set_default_timeout(60_000)

    def rest() -> None:
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(500)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")

    def press(name: str, *, inside: bool = False) -> None:
        place = page.get_by_role("dialog") if inside else page
        place.get_by_role("button", name=name, exact=True).first.click()
        rest()

    def unfold() -> None:
        """The part of the drawer that saves and loads."""
        rest()
        if not page.get_by_role("button", name="Save", exact=True).is_visible():
            page.get_by_text("Save or load").click()
            rest()

    def open_dataset(dataset: str) -> None:
        page.goto(f"{address}/overview?dataset={dataset}")
        unfold()

    open_dataset("first")
    press("Saved recipes and files")
    press("Open", inside=True)
    unfold()
    # The page may be drawn anew while one clicks, on a busy machine: whoever sees nothing come clicks again.
    downloads: list[Download] = []
    page.on("download", lambda one: downloads.append(one))
    for waited in range(80):
        if waited % 20 == 0:
            page.get_by_role("button", name="Download", exact=True).first.click()
        page.wait_for_timeout(500)
        if downloads:
            break
    file = tmp_path / "travels.json"
    downloads[0].save_as(file)
    assert len(json.loads(file.read_text())["refs"]) == 1

    open_dataset("second")
    press("Saved recipes and files")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(str(file))
    rest()
    press("See what it would do here", inside=True)
    page.get_by_text("choose for each step").wait_for()
    page.get_by_role("dialog").get_by_text("needs measuring").nth(1).wait_for()
    words = page.get_by_role("dialog").text_content()
    assert words.count("needs measuring") == 2
    assert words.count("bound to its corpus") == 1
    assert words.count("runs as it is") == 2
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    page.get_by_text("1 finished").wait_for()
    unfold()
    press("Save")
    page.get_by_text("Saved as").first.wait_for()

    saved = history.load(Store(workspace / "second"), "travels").recipe
    assert [step.on for step in saved.steps] == [True, True, False, True, True]
    by_browser = digest(
        capsys, "export", "second", "travels", "--workspace", str(workspace), "--out", str(tmp_path / "1")
    )
    elsewhere = ["--workspace", str(tmp_path / "elsewhere"), "--quiet"]
    assert main(["open", str(sources["second"]), "--id", "id", "--text", "text", *elsewhere]) == 0
    assert main(["recipes", "second", "--apply", str(file), "--as", "mine", *elsewhere]) == 2  # a bound step is refused
    assert main(["recipes", "second", "--apply", str(file), "--skip-bound", "--as", "mine", *elsewhere]) == 0
    by_command = digest(capsys, "export", "second", "mine", *elsewhere[:2], "--out", str(tmp_path / "2"))
    unattended = digest(capsys, "run", str(file), str(sources["second"]), "--skip-bound", "--out", str(tmp_path / "3"))
    assert by_browser == by_command == unattended
