"""Evidence that is kept beside a choice: found again as it was, and only where nothing that it reads has changed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.building import build, key_of, pick, spec
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look import kept
from engine.recipe import Recipe, Step, examples_ref, numbers_ref, run
from tests.engine.small import corpus, embedded

KINDS = [
    kept.Asked("coverage", "given"), kept.Asked("losses"), kept.Asked("shifts"), kept.Asked("stability"),
    kept.Asked("teaching", "given", "kind"),
]  # fmt: skip


AUDITS = [
    kept.Asked("pruning", "given", "kind", {"column": "score"}),
    kept.Asked("gap", "given", "kind", {"column": "kind", "probe": "nearest", "seeds": 3}),
    kept.Asked("vocabulary", knobs={"target": ""}),
    kept.Asked("dependence", knobs={"columns": ["kind", "score"]}),
    kept.Asked("weights", knobs={"columns": ["kind", "score"], "evenness": 0.1}),
    kept.Asked("influence", "given", "kind", {"rows": [3], "probe": "ridge", "from": "choice"}),
    kept.Asked("influence", "given", "kind", {"rows": [3], "probe": "ridge", "from": "all rows"}),
]
OF_THE_CORPUS = ["dependence", "weights", "influence"]


def small(folder, n=120):
    rng = np.random.default_rng(0)
    few = (np.arange(n) % 4 == 0).astype(int)
    data = corpus(folder, {"kind": ["rare" if one else "usual" for one in few], "score": rng.random(n).tolist()})
    return embedded(data, rng.normal(size=(n, 6)) + 2.5 * few[:, None] * np.eye(6)[0])


def chosen(data, budget=20):
    return pick(data, Recipe(steps=(Step("farthest", {"budget": budget, "embedding": "given"}).checked(),)))


def test_what_was_measured_is_found_again_as_it_was_by_who_opens_the_dataset_later(tmp_path):
    data = small(tmp_path)
    done = chosen(data)
    measured = [kept.measure(done, 1, asked) for asked in KINDS]
    later = chosen(Dataset.load(data.store))
    assert [one.asked for one in kept.all_kept(later, 1)] == KINDS
    for asked, first, again in zip(KINDS, measured, kept.all_kept(later, 1), strict=True):
        assert type(first) is type(again.found) and first.json() == again.found.json()
        assert first.markdown() == again.found.markdown() == kept.kept(later, 1, asked).markdown()
    assert np.array_equal(measured[3].picked, kept.kept(later, 1, KINDS[3]).picked, equal_nan=True)
    assert kept.all_kept(chosen(data, 21), 1) == []


def test_what_reads_a_column_that_has_changed_is_no_longer_shown_and_the_rest_is(tmp_path):
    data = small(tmp_path)
    for asked in KINDS:
        kept.measure(chosen(data), 1, asked)
    other = replace(data, columns={**data.columns, "kind": replace(data.columns["kind"], identity="other")})
    assert [one.asked.kind for one in kept.all_kept(chosen(other), 1)] == ["stability"]


def test_audits_are_kept_too_those_of_the_corpus_whatever_is_chosen(tmp_path):
    data = small(tmp_path, 240)
    done, asked = chosen(data), AUDITS
    target = examples_ref(data, "words", {"words": data.texts(np.arange(3))})
    asked = [replace(one, knobs={"target": target}) if one.kind == "vocabulary" else one for one in AUDITS]
    found = [kept.measure(done, 1, one) for one in asked]
    again = kept.all_kept(chosen(Dataset.load(data.store)), 1)
    assert [one.asked for one in again] == asked
    assert [one.found.markdown() for one in again] == [one.markdown() for one in found]
    assert [one.found.json() for one in again] == [one.json() for one in found]
    other = kept.all_kept(chosen(data, 21), 1)
    assert [one.asked.kind for one in other] == ["pruning", *OF_THE_CORPUS]  # the same rows are left to choose from
    nothing = run(data, Recipe())
    assert kept.kept(nothing, kept.place_of(nothing), asked[0]) is not None
    with pytest.raises(EngineError, match="Nothing is chosen yet"):
        kept.measure(nothing, 1, asked[1])
    without = replace(data, columns={key: one for key, one in data.columns.items() if key != "score"})
    assert [one.asked.kind for one in kept.all_kept(run(without, Recipe()), 1)] == ["influence"]


def test_of_two_choices_the_last_is_measured_and_a_column_kept_of_it_takes_nothing_away(tmp_path):
    data = small(tmp_path)
    first = Step("random", {"budget": 60}).checked()
    done = pick(data, Recipe(steps=(first, Step("farthest", {"budget": 20, "embedding": "given"}).checked())))
    assert kept.choice_at(done) == 2
    for asked in KINDS:
        kept.measure(done, 2, asked)
    numbers = numbers_ref(data, "picked again", np.arange(3), np.ones(3))
    made = spec("signal", "kept_numbers", {"called": "picked again", "numbers": numbers})
    more = build(data, {key_of(made): made})
    assert [one.asked for one in kept.all_kept(pick(more, done.recipe), 2)] == KINDS


def test_what_cannot_be_read_is_measured_again(tmp_path):
    data = small(tmp_path)
    done = chosen(data)
    found = kept.measure(done, 1, KINDS[1])
    (file,) = data.store.folder.glob("evidence/*/found.json")
    file.write_text("{}")
    assert kept.kept(done, 1, KINDS[1]) is None and kept.all_kept(done, 1) == []
    assert kept.measure(done, 1, KINDS[1]).json() == found.json()


def test_a_choice_of_every_row_says_that_nothing_is_beside_it_and_another_kind_that_there_is_none(tmp_path):
    data = small(tmp_path)
    done = chosen(data, 120)
    with pytest.raises(EngineError, match="Every row is chosen"):
        kept.measure(done, 1, kept.Asked("shifts"))
    with pytest.raises(EngineError, match="coverage, losses"):
        kept.measure(done, 1, kept.Asked("taste"))
    assert kept.choice_at(run(data, Recipe())) is None and kept.choice_at(done) == 1
