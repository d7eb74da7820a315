"""Two hundred doubtful labels worked through by keys in a browser, by two people, and what is left of the wrong ones.

Run by hand: `python -m benchmarks.review_day SOURCE --truth TRUTH.csv [--rows 200] [--shots DIR]`. The truth has `id`,
`kind` and `true_label` for the rows of the source's column `id`. The first person knows the truth: presses the number
of the true label where it is offered, types it where it is not, takes the last answer back and gives it again. A second
one comes to the same queue in a browser of their own and is served other rows, but for every tenth. Labels come back
from Label Studio's format, twice. The corrected column goes out, and the command line replays the recipe from the file
alone. Prints key presses a row, precision of the list, agreement, and what the corrected labels are worth.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import engine
from benchmarks.day import FLAGS, Person, app
from engine import Manifest, Recipe, Step
from engine.building import build, corrected_column, key_of, spec, with_corrected
from engine.registry import Json

SECOND = 30
"""Rows that the second person answers."""
BACK = 20
"""Rows whose labels come back from another tool."""


def worked(page: Page, true: dict[int, str], count: int) -> tuple[int, int]:
    """Answer so many rows of the queue; key presses, and rows whose label had to be typed."""
    presses = typed = 0
    for place in range(1, count + 1):
        row = page.locator(f'article.row[aria-posinset="{place}"].focused')
        row.wait_for()
        number = int(str(row.get_attribute("data-row")))
        offered = page.locator(".pad .labels bdi").all_text_contents()
        if true[number] in offered:
            page.keyboard.press(str(offered.index(true[number]) + 1))
            presses += 1
        else:
            typed += 1
            page.keyboard.press("e")
            field = page.get_by_label(f"Label of row {number:,}")
            field.fill(true[number])
            field.press("Enter")
            presses += 2 + len(true[number])
        page.locator(f'article.row[aria-posinset="{place}"] .badge.answer').wait_for()
    return presses, typed


def person(browser: Browser, address: str, name: str, shots: Path | None) -> Person:
    """Somebody who came to Review and gave a name."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    me = Person(page, f"{address}/review?dataset=reviewed", shots)
    me.fill("Your name", name)
    me.rest()
    return me


def first(me: Person, true: dict[int, str], rows: int) -> tuple[int, int]:
    """The first person's work, with one answer taken back and given again."""
    page = me.page
    page.locator("article.row").first.click()
    found = worked(page, true, rows)
    page.locator("strong", has_text=f"{rows}").first.wait_for()
    me.rest()
    me.shot("review")
    last = page.locator(f'article.row[aria-posinset="{rows}"]')
    page.keyboard.press("u")
    last.locator(".badge.answer").wait_for(state="detached")
    last.click()
    number = int(str(last.get_attribute("data-row")))
    page.keyboard.press(str(page.locator(".pad .labels bdi").all_text_contents().index(true[number]) + 1))
    last.locator(".badge.answer").wait_for()
    me.rest()
    return found


def brought_back(me: Person, data: engine.Dataset, label: str, true: dict[int, str], rows: list[int]) -> list[str]:
    """Labels of Label Studio are taken over on the page, and the same file once more; what the page says of each."""
    keys, tasks = data.keys(np.array(rows, np.int64)), []
    for i, (row, key) in enumerate(zip(rows, keys, strict=True)):
        choice = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [true[row]]}}
        done = {"result": [choice], "completed_by": {"email": "cy@example.org"}, "created_at": "2026-01-02T03:04:05Z"}
        tasks.append({"id": i, "data": {"text": "", "winnow_key": key}, "annotations": [done]})
    file = {"name": "labels.json", "mimeType": "application/json", "buffer": json.dumps(tasks).encode()}
    page, said = me.page, list[str]()
    page.get_by_text("Other tools: tasks out, labels back").click()
    me.rest()
    for _ in range(2):
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([file])  # type: ignore[arg-type]
        me.rest()
        take = page.get_by_role("button", name="Take over")
        said.append(take.inner_text().split("\n")[-1].strip())
        if take.is_enabled():
            take.click()
            me.rest()
            me.shot("round-trip")
    return said


def main() -> None:
    """Live it; print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--label", default="label")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()
    with asked.truth.open(encoding="utf-8") as file:
        told = {row["id"]: row for row in csv.DictReader(file)}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        workspace, again = (Path(place) / name for name in ("workspace", "again"))
        data = engine.open([asked.source], workspace, name="reviewed")
        of = {"embedding": "minilm", "label": asked.label}
        made = [spec("embedding", "sentence"), spec("graph", on="minilm"), spec("map", "umap", on="minilm")]
        made += [spec("signal", name, of) for name in ("label_agreement", "label_doubt")]
        data = build(data, {key_of(one): one for one in made})
        ids = [str(one) for one in data.strings("id", data.rows())]
        true = {row: told[i]["true_label"] or str(label) for row, (i, label) in enumerate(
            zip(ids, data.strings(asked.label, data.rows()), strict=True))}  # fmt: skip
        wrong = np.array([told[i]["kind"] == "label_error" for i in ids])
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(workspace, asked.source.resolve()) as address:
            ada = person(browser, address, "ada", asked.shots)
            presses, typed = first(ada, true, asked.rows)
            of_ada = {one.row for one in engine.marks.answers(data, asked.label)}
            bo = person(browser, address, "bo", asked.shots)
            bo.page.locator("article.row.focused, article.row").first.click()
            worked(bo.page, true, SECOND)
            bo.rest()
            bo.page.get_by_role("button", name="Figures").click()
            bo.page.get_by_text("Krippendorff").wait_for()
            bo.rest()  # charts come after their words
            bo.shot("two-people")
            bo.page.keyboard.press("Escape")
            of_bo = {one.row for one in engine.marks.answers(data, asked.label) if one.annotator == "bo"}
            rest = sorted(set(np.flatnonzero(wrong).tolist()) - of_ada - of_bo)[:BACK]
            said = brought_back(bo, data, asked.label, true, rest)
        data = engine.Dataset.load(data.store)
        answered = sorted(of_ada)
        print(f"{asked.rows} rows, {presses / asked.rows:.2f} key presses a row, {typed} labels typed")
        print(f"{len(answered)} answered, of which {wrong[answered].mean():.1%} were wrong labels")
        print(f"the second person answered {len(of_bo)}, of which {len(of_bo & of_ada)} the first did too")
        print(f"from Label Studio's format: first “{said[0]}”, then “{said[1]}”")
        data = with_corrected(data, asked.label)
        key = str(corrected_column(data, asked.label))
        now, before = (data.strings(name, data.rows()) for name in (key, asked.label))
        for what, values in (("as they came", before), ("corrected", now)):
            print(f"labels that are not the true one, {what}: {sum(v != true[i] for i, v in enumerate(values)):,}")
        some: list[Json] = [*sorted({str(now[row]) for row in answered})[:40]]
        step = Step("values", {"column": key, "values": some}).checked()
        out = Path(place) / "out"
        exported = engine.export(engine.run(data, Recipe(steps=(step,))), out)
        command = [str(Path(sys.executable).with_name("winnow")), "run", str(out / "recipe.json"), str(asked.source)]
        subprocess.run([*command, "--out", str(again)], check=True, stdout=subprocess.DEVNULL)
        same = Manifest.read(again).rows.digest == exported.rows.digest
        print(f"{Manifest.read(out).rows.kept:,} rows exported; replayed on the command line: same rows {same}")


if __name__ == "__main__":
    main()
