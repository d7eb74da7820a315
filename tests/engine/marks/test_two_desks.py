"""Two people at two desks, 200 acts each, interleaved: each has his own draft and undo, and no saved recipe is lost."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from engine import marks
from engine.errors import EngineError, Stale
from engine.marks import Desk, Taken, reading
from engine.marks.lanes import payload_of
from engine.recipe import Recipe, Step, change_draft, draft, history, save_draft
from tests.engine.small import corpus

ACTS = 200
NAMES = ("strict", "loose")


@dataclass
class Person:
    """What one person should find: the states of his draft and selection that undo goes through, and what he saved."""

    desk: Desk
    done: list[tuple[Recipe, object]] = field(default_factory=lambda: [(Recipe(), None)])
    undone: list[tuple[Recipe, object]] = field(default_factory=list)
    saved: list[Recipe] = field(default_factory=list)

    def acts(self, recipe: Recipe, selection: object) -> None:
        self.done.append((recipe, selection))
        self.undone.clear()

    @property
    def now(self) -> tuple[Recipe, object]:
        return self.done[-1]


def act(person: Person, data, rng: np.random.Generator, shared: dict[int, str]) -> None:
    """One act by chance, done at the desk and in the model of it. shared: the verdict that each row should have."""
    recipe, selection = person.now
    who, rows = person.desk.who, np.unique(rng.integers(0, data.n, 3))
    kind = rng.choice(
        ["step", "select", "verdict", "tag", "undo", "redo", "save"], p=[0.25, 0.15, 0.2, 0.1, 0.15, 0.05, 0.1]
    )
    if kind == "step":
        new = recipe.with_step(Step("number_range", {"column": "n", "low": int(rng.integers(0, 1_000_000))}))
        change_draft(person.desk, new, "a step", draft(person.desk).revision)
        person.acts(new, selection)
    elif kind == "select":
        some = {"rows": rng.integers(0, 1_000_000, 2).tolist()}
        person.desk.put({"selection": some}, "selected")
        person.acts(recipe, some)
    elif kind == "verdict":
        give, verdict = (marks.always_keep, "keep") if rng.random() < 0.5 else (marks.never_keep, "drop")
        if give(data, rows, who=who):
            person.acts(recipe, selection)
        shared.update(dict.fromkeys(rows.tolist(), verdict))
    elif kind == "tag":
        if marks.tag(data, rows, f"tag of {who}", who=who):
            person.acts(recipe, selection)
    elif kind == "save":
        new, before = replace(recipe, name=str(rng.choice(NAMES))), person.desk.last_act()
        try:
            save_draft(person.desk, new, new, draft(person.desk).revision)
        except Stale:
            new = replace(new, name=history.free_name(data.store, new.name))
            save_draft(person.desk, new, new)
        person.saved.append(new)
        if person.desk.last_act() != before:
            person.acts(new, selection)
    else:
        moved(person, kind, shared, data)


def moved(person: Person, verb: str, shared: dict[int, str], data) -> None:
    """Undo or redo, where there is something."""
    before, behind = (person.done, person.undone) if verb == "undo" else (person.undone, person.done)
    if len(before) < (2 if verb == "undo" else 1):
        with pytest.raises(EngineError, match="nothing to"):
            getattr(person.desk, verb)()
        return
    taken: Taken = getattr(person.desk, verb)()
    behind.append(before.pop())
    keep, drop = marks.verdicts(data)  # whose rows moved is asked in other tests; here only that nobody's draft did
    shared.clear()
    shared.update({int(r): "keep" for r in keep} | {int(r): "drop" for r in drop})
    assert 0 <= taken.left <= taken.rows


def test_two_hundred_acts_each_leave_each_his_draft_and_every_saved_recipe(tmp_path):
    data = corpus(tmp_path, {"text": [str(i) for i in range(20)], "n": list(range(20))})
    rng = np.random.default_rng(1)
    people = [Person(Desk(data.store, "ana")), Person(Desk(data.store, "ben"))]
    shared: dict[int, str] = {}
    for turn in rng.permutation(np.repeat([0, 1], ACTS)):
        act(people[turn], data, rng, shared)
    for person in people:
        assert (draft(person.desk).recipe, person.desk.part("selection").value) == person.now
    keep, drop = marks.verdicts(data)
    assert {int(r): "keep" for r in keep} | {int(r): "drop" for r in drop} == shared
    assert not np.intersect1d(keep, drop).size
    there = revisions(data)
    for person in people:
        assert all(recipe in there for recipe in person.saved)
    for person in people:
        while person.desk.undoable():
            person.desk.undo()
        assert draft(person.desk).recipe == Recipe() and person.desk.part("selection").value is None


def revisions(data) -> list[Recipe]:
    """Every revision of every saved recipe, those that were taken back too."""
    with reading(data.store) as con:
        found = con.execute("SELECT id FROM log WHERE verb = 'do' AND lane LIKE 'recipe/%'").fetchall()
        return [Recipe.from_json(payload_of(con, i)) for (i,) in found]
