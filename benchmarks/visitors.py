"""Two people at one dataset: each works in a browser of its own, act by act in turn, and keeps a draft of its own.

Run by hand: `python -m benchmarks.visitors [--acts 200] [--seed 0]`. An act is what one click or typed value does: a
cut typed, a cut added, undo, redo, a step switched off or on, the draft saved under a name. What each draft and each
saved recipe must hold is kept beside, in a few lines of plain lists; in the end the workspace is read and compared.
"""

import argparse
import random
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import BrowserContext, sync_playwright

import engine
from benchmarks.day import FLAGS, Person, app
from engine import Recipe
from engine.marks import Desk

ROWS, HIGHEST = 400, 400
Cuts = tuple[tuple[int, bool], ...]
"""The cuts of a draft in order: where, and whether the step is on."""


@dataclass(frozen=True)
class State:
    """What a person has: the cuts of the draft, and what was saved under which name."""

    cuts: Cuts = ()
    saved: tuple[tuple[str, Cuts], ...] = ()


@dataclass
class Expected:
    """What a person must have now, and what undo and redo lead to."""

    now: State = State()
    before: list[State] = field(default_factory=list)
    after: list[State] = field(default_factory=list)

    def becomes(self, state: State) -> None:
        self.before.append(self.now)
        self.after.clear()
        self.now = state

    def moves(self, here: list[State], there: list[State]) -> None:
        there.append(self.now)
        self.now = here.pop()


class Visitor(Person):
    """A person who does something by chance, and remembers what must come of it."""

    def __init__(self, context: BrowserContext, address: str, name: str, seed: int) -> None:
        super().__init__(context.new_page(), address, None)
        self.context, self.name, self.expected, self.chance = context, name, Expected(), random.Random(seed)
        self.next = HIGHEST + seed  # cuts that drop nothing, and that only this person makes
        self.begins("acts")
        self.go("Clean")
        self.page.get_by_text("Save or load").first.click()
        self.rest()

    def act(self) -> None:
        """One thing by chance, of what can be done now."""
        can = [self.cut, self.cut, self.save]
        can += [self.undo] * bool(self.expected.before) + [self.redo] * bool(self.expected.after)
        can += [self.switch] * bool(self.expected.now.cuts)
        self.chance.choice(can)()

    def cut(self) -> None:
        self.next += 2
        self.fill("At most", str(self.next))
        self.press("Add this cut")
        now = self.expected.now
        self.expected.becomes(replace(now, cuts=(*now.cuts, (self.next, True))))

    def undo(self) -> None:
        self.press("Ctrl + Z")
        self.expected.moves(self.expected.before, self.expected.after)

    def redo(self) -> None:
        self.press("Ctrl + Y")
        self.expected.moves(self.expected.after, self.expected.before)

    def switch(self) -> None:
        now = self.expected.now
        at = self.chance.randrange(len(now.cuts))
        self.did(self.page.locator(".steps li input[type=checkbox]").nth(at).click)
        high, on = now.cuts[at]
        self.expected.becomes(replace(now, cuts=(*now.cuts[:at], (high, not on), *now.cuts[at + 1 :])))

    def save(self) -> None:
        name, now = f"{self.name} {self.acts['acts']}", self.expected.now
        self.fill("Name", name)
        self.did(self.page.get_by_role("button", name="Save", exact=True).first.click)
        self.expected.becomes(replace(now, saved=(*now.saved, (name, now.cuts))))

    def browser_id(self) -> str:
        """Who the browser is, as the server knows it."""
        return next(str(c["value"]) for c in self.context.cookies() if c.get("name") == "winnow-browser")


def cuts_of(recipe: Recipe) -> Cuts:
    """The cuts of a recipe as they are remembered."""
    return tuple((int(float(str(step.params["high"]))), step.on) for step in recipe.steps)


def main() -> None:
    """Let both work; print whether each kept what is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        source, workspace = Path(place) / "numbers.parquet", Path(place) / "workspace"
        texts = [f"row {at} of a small corpus" for at in range(ROWS)]
        pq.write_table(pa.table({"text": texts, "size": [float(at) + 0.5 for at in range(ROWS)]}), source)
        data = engine.open(source, workspace=workspace)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with app(workspace, source) as address:
            started = time.perf_counter()
            both = [
                Visitor(browser.new_context(viewport={"width": 1440, "height": 1400}), address, name, at)
                for at, name in enumerate(("Ada", "Bea"), start=2 * asked.seed)
            ]
            while min(one.acts["acts"] for one in both) < asked.acts:
                for one in both:
                    one.act()
            minutes = (time.perf_counter() - started) / 60
            ids = [one.browser_id() for one in both]
        saved = {one.name: cuts_of(one.recipe) for one in engine.recipe.all_saved(workspace)}
        for one, id in zip(both, ids, strict=True):
            held = cuts_of(engine.recipe.draft(Desk(data.store, id)).recipe)
            now = one.expected.now
            mine = {name: cuts for name, cuts in saved.items() if name.startswith(one.name)}
            print(
                f"{one.name}: {one.acts['acts']} acts, {len(held)} steps; its own draft {held == now.cuts}, "
                f"{len(mine)} saved recipes, as they were saved {mine == dict(now.saved)}"
            )
        print(f"in turn, {minutes:.1f} min")


if __name__ == "__main__":
    main()
