"""Fitted models live in refs: written once, told apart, checked before they are believed, taken along by recipes."""

import base64
import hashlib
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset import lend_refs, ref_from_outside
from engine.dataset.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.exporting.applying import planned
from engine.exporting.export import export
from engine.exporting.headless import replay
from engine.exporting.portability import portability
from engine.exporting.recipe_file import RecipeFile, packed
from engine.exporting.verify import verify
from engine.models import Pool, fit_classifier, fit_ngram, models, named, opened
from engine.opening.open import open_source
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.store.files import canonical
from tests.engine.models.made import sentences
from tests.engine.small import corpus


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    (tmp_path / "one.csv").write_text("\n".join(["text", *sentences(40)]))
    (tmp_path / "two.csv").write_text("\n".join(["text", *sentences(20, seed=5)]))
    return open_source([tmp_path / "one.csv"], tmp_path / "ws")


def measured(data: Dataset, **knobs: object) -> tuple[Dataset, str]:
    known = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20)), **knobs)  # type: ignore[arg-type]
    made = spec("signal", "perplexity", {"model": known.ref})
    return build(data, [made]), key_of(made)


def test_a_key_says_the_name_and_two_of_a_name_are_told_apart(data: Dataset) -> None:
    data, first = measured(data)
    data, same = measured(data)
    data, other = measured(data, order=2)
    assert (first, same, other) == ("perplexity(news)", "perplexity(news)", "perplexity(news 2)")
    assert [known.name for known in models(data)] == ["news", "news 2"]
    assert {"perplexity(news)", "unknown_words(news)", "perplexity(news 2)"} <= data.columns.keys()
    assert named(data, "news", "ngram") == models(data)[0].ref
    with pytest.raises(EngineError, match="Did you mean 'news'"):
        named(data, "nwes", "ngram")


def test_a_recipe_that_stands_on_a_model_takes_it_along_and_is_made_again_from_the_source(
    data: Dataset, tmp_path: Path
) -> None:
    data, column = measured(data)
    middle = float(np.median(data.numbers(column)))
    recipe = Recipe().with_step(Step("number_range", {"column": column, "high": middle}).checked())
    assert portability(recipe.steps[0], data.columns) == "carries a fitted model"
    (digest,) = packed(data, recipe).refs
    made = export(run(data, recipe), tmp_path / "out")
    assert made.recipe.refs == (digest,) and made.rows.kept == 20
    assert [c.name for c in verify(tmp_path / "out", rebuild=True).checks if not c.ok] == []
    assert replay(tmp_path / "out", [tmp_path / "one.csv"], tmp_path / "again").rows.digest == made.rows.digest
    assert replay(tmp_path / "out", [tmp_path / "two.csv"], tmp_path / "there").rows.total == 20


def test_before_a_recipe_is_applied_elsewhere_its_model_is_looked_at(data: Dataset, tmp_path: Path) -> None:
    data, column = measured(data)
    recipe = Recipe().with_step(Step("number_range", {"column": column, "high": 9.0}).checked())
    file = RecipeFile.of_text(packed(data, recipe).text())
    there = open_source([tmp_path / "two.csv"], tmp_path / "ws")
    assert planned(there, file).lines[0].verdict == "needs measuring"


def test_without_its_model_a_recipe_is_broken(data: Dataset, tmp_path: Path) -> None:
    data, column = measured(data)
    recipe = Recipe().with_step(Step("number_range", {"column": column, "high": 9.0}).checked())
    whole = RecipeFile.of_text(packed(data, recipe).text())
    there = open_source([tmp_path / "two.csv"], tmp_path / "ws")
    (line,) = planned(there, RecipeFile(whole.recipe)).lines
    assert line.verdict == "broken" and "not in this workspace" in line.why


def test_a_model_of_another_kind_name_or_version_is_refused(data: Dataset) -> None:
    known = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20)))
    digest = known.ref.partition("/")[2]
    with pytest.raises(EngineError, match="'ngram', where 'classifier' is needed"):
        opened(data, known.ref, "classifier")
    with pytest.raises(EngineError, match="is called 'news'"):
        opened(data, f"olds/{digest}", "ngram")
    newer = {**data.store.read_ref(digest), "version": 99}
    ref = data.store.write_ref("model", {k: v for k, v in newer.items() if k != "kind"})
    with pytest.raises(EngineError, match="version 99 .* Update Winnow"):
        opened(data, f"news/{ref}", "ngram")
    rows = data.store.write_ref("rows", {"keys": []})
    with pytest.raises(EngineError, match="holds 'rows', where 'model' is needed"):
        opened(data, f"news/{rows}", "ngram")


def changed(content: dict, **arrays: object) -> dict:
    return {**content, "arrays": {**content["arrays"], **arrays}}


def of(array: np.ndarray, **other: object) -> dict:
    body = base64.b64encode(zlib.compress(array.tobytes())).decode()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": body, **other}


BOMB = base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"continued": of(np.zeros(3, np.uint32), data="!!")}, "cannot be unpacked"),
        ({"continued": of(np.zeros(3, np.uint32), shape=[4])}, "does not hold the 16 bytes"),
        ({"continued": of(np.zeros(3, np.uint32), data=BOMB)}, "does not hold the 12 bytes"),
        ({"continued": of(np.zeros(3, np.uint32), shape=[1 << 40])}, "no type or shape"),
        ({"continued": of(np.zeros(3, np.uint32), shape=[1 << 28])}, "unpacked it would take 1,0"),
        ({"continued": of(np.array([np.nan]))}, "not finite"),
        ({"continued": of(np.array([None]), dtype="|O8")}, "no type or shape"),
        ({"continued": {"dtype": "<u4", "shape": [1]}}, "'data' is missing"),
    ],
)
def test_a_model_from_outside_is_checked_before_it_is_believed(data: Dataset, wrong: dict, says: str) -> None:
    digest = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20))).ref.partition("/")[2]
    content = changed(data.store.read_ref(digest), **wrong)
    name = hashlib.sha256(canonical(content)).hexdigest()
    with pytest.raises(EngineError, match=says):
        ref_from_outside(json.loads(json.dumps(content)), name)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"warnings": 5}, "'warnings' is 5"),
        ({"words": "many"}, "'words' is 'many'"),
        ({"held_out": {"texts": 2}}, "'surprising' is missing"),
        ({"more": 1}, "more"),
        (None, "'reference' is missing"),
    ],
)
def test_what_a_model_from_outside_says_of_itself_is_checked_too(data: Dataset, wrong: dict | None, says: str) -> None:
    digest = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20))).ref.partition("/")[2]
    content = data.store.read_ref(digest)
    facts = {"kinds": 1, "surprising": -1} if wrong is None else {**content["facts"], **wrong}
    content = {**content, "facts": facts}
    with pytest.raises(EngineError, match=says):
        ref_from_outside(content, hashlib.sha256(canonical(content)).hexdigest())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"auc": {"value": 0.9}}, "'low' is missing"),
        ({"tells": {"likes": [[5, "x"]], "dislikes": []}}, "a word and its weight"),
        ({"pools": [{"name": "a"}]}, "'texts' is missing"),
        ({"likes": None}, "'likes' is None"),
    ],
)
def test_what_a_classifier_from_outside_says_of_itself_is_checked_too(data: Dataset, wrong: dict, says: str) -> None:
    pools = [Pool.of_rows(data, name, rows) for name, rows in (("a", np.arange(9)), ("b", np.arange(9, 20)))]
    digest = fit_classifier(data, pools[:1], pools[1:]).ref.partition("/")[2]
    content = data.store.read_ref(digest)
    assert ref_from_outside(content, digest) == canonical(content)
    content = {**content, "facts": {**content["facts"], **wrong}}
    with pytest.raises(EngineError, match=says):
        ref_from_outside(content, hashlib.sha256(canonical(content)).hexdigest())


def test_a_model_that_was_changed_on_its_way_is_refused(data: Dataset) -> None:
    digest = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20))).ref.partition("/")[2]
    content = data.store.read_ref(digest)
    assert ref_from_outside(content, digest) == canonical(content)
    with pytest.raises(Damaged, match="has been changed"):
        ref_from_outside({**content, "name": "olds"}, digest)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words_2": of(np.array([2, 3], np.uint32))}, "runs of 2 words do not fit"),
        ({"continued": of(np.array([1, 1], np.uint32))}, "numbers do not fit"),
        ({"values_2": of(np.array([-1.0]))}, "counts are none"),
        ({"vocabulary": of(np.frombuffer(b"b\na", np.uint8))}, "not in order"),
        ({"reference": of(np.array([2, 1], np.uint64))}, "list of texts"),
    ],
)
def test_a_model_whose_parts_do_not_fit_is_refused(data: Dataset, wrong: dict, says: str) -> None:
    digest = fit_ngram(data, Pool.of_rows(data, "news", np.arange(20))).ref.partition("/")[2]
    body = canonical(changed(data.store.read_ref(digest), **wrong))
    name = hashlib.sha256(body).hexdigest()
    lend_refs(data, {name: body})
    with pytest.raises(EngineError, match=says):
        opened(data, f"news/{name}", "ngram")


def test_a_row_that_is_not_there_is_in_no_pool(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="names row 7; .* has rows 0 to 1"):
        Pool.of_rows(corpus(tmp_path, {"text": ["a", "b"]}), "mine", [1, 7])
