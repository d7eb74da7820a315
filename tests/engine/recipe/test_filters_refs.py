"""Filters on what was drawn, listed, marked, clustered and likened: exact, bound to their corpus, never stale."""

import json
import math

import numpy as np
import pytest

from engine.building import build, spec
from engine.dataset import read_ref
from engine.errors import Damaged, EngineError
from engine.exporting.portability import portability, refuse_foreign
from engine.look import search as look
from engine.marks import always_keep, marks, never_keep
from engine.opening import SourceOptions, open_source
from engine.recipe import snapshots
from engine.recipe.filters import FILTERS
from engine.recipe.reasons import whys
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.store.spec import Spec
from engine.vectors.similarity import similarity, target_between
from tests.engine.small import circle, corpus, embedded, with_map, with_topics

SQUARE = np.array([[0, 0], [2, 0], [2, 2], [0, 2]], float)
DEGREES = (0, 10, 45, 90, 180)


@pytest.fixture
def data(tmp_path):
    vectors = np.vstack([circle(DEGREES), [[math.nan, math.nan]]])
    made = embedded(corpus(tmp_path, {"text": ["a", "b", "c", "d", "e", ""]}), vectors)
    made = with_map(made, [(0.5, 0.5), (1.5, 1.5), (3, 3), (1, 5), (2, 1)])
    return with_topics(made, [0, 0, 1, -1, 1], {0: "cats", 1: "dogs"})


def kept(data, *steps):
    return run(data, Recipe(steps=steps)).rows.tolist()


def reason(data, step, row):
    member = FILTERS[step.do]
    return member.function(data, data.rows(), **member.check(step.params)).words(row)


def test_a_region_holds_what_lies_inside(data):
    assert kept(data, snapshots.region_step(data, "pca@given", SQUARE)) == [0, 1]
    assert kept(data, snapshots.region_step(data, "pca@given", SQUARE, do="drop")) == [2, 3, 4, 5]


def test_a_region_says_where_a_row_lies(data):
    step = snapshots.region_step(data, "pca@given", SQUARE, "the square")
    assert reason(data, step, 2) == "it lies outside the square, at (3.00, 3.00)"
    assert reason(data, step, 5) == "it has no text, so it is not on the map"
    assert step.sentence() == "Keep rows that lie inside the square on the map pca@given."


def test_a_region_of_another_map_is_refused_by_name(data):
    step = snapshots.region_step(data, "pca@given", SQUARE, "the square")
    data.store.remove("map", data.artefact("map", "pca@given").identity)
    other = with_map(data, [(0.5, 0.5), (1.5, 1.5), (3, 3), (1, 5), (2, 1.5)])
    with pytest.raises(EngineError, match="'the square' was drawn on the map 'pca@given'"):
        kept(other, step)
    with pytest.raises(EngineError, match="step 1, .*the square.*drawn on another map"):
        refuse_foreign(Recipe(steps=(step,)), other)


def test_a_region_needs_three_corners(data):
    with pytest.raises(EngineError, match="three corners"):
        snapshots.region_step(data, "pca@given", SQUARE[:2])


def test_listed_rows_are_kept_whatever_their_order(data):
    one, two = snapshots.listed_step(data, np.array([4, 1, 1])), snapshots.listed_step(data, np.array([1, 4]))
    assert one.params["listed"] == two.params["listed"]
    assert kept(data, one) == [1, 4]
    assert reason(data, one, 0) == "is not among the 2 listed rows"


def test_a_list_outlives_an_edited_source(tmp_path, data):
    step = snapshots.listed_step(data, np.array([1, 4]))
    after = corpus(tmp_path, {"text": ["new", "e", "x"]})
    after.store.take_refs(data.store.folder / "refs")
    assert kept(after, step) == [1]


def test_a_list_of_another_corpus_is_refused(tmp_path, data):
    step = snapshots.listed_step(data, np.array([1, 4]))
    other = corpus(tmp_path, {"text": ["x", "y"]})
    other.store.take_refs(data.store.folder / "refs")
    with pytest.raises(EngineError, match="None of the 2 rows"):
        kept(other, step)


def test_an_empty_list_keeps_nothing(data):
    assert kept(data, snapshots.listed_step(data, np.empty(0, np.int64))) == []


def test_a_ref_that_is_gone_or_changed_is_named(data):
    step = snapshots.listed_step(data, np.array([1]))
    path = data.store.folder / "refs" / f"{step.params['listed']}.json"
    path.write_text("{}")
    with pytest.raises(Damaged, match="changed on disk"):
        kept(data, step)
    path.unlink()
    with pytest.raises(EngineError, match="not in this workspace"):
        kept(data, step)


def test_a_ref_of_the_wrong_kind_is_refused(data):
    region = snapshots.region_ref(data, "pca@given", SQUARE)
    with pytest.raises(EngineError, match="holds 'region', where 'rows' is needed"):
        kept(data, Step("listed", {"listed": region}).checked())


def test_a_step_on_marks_stays_as_it_was_made(data):
    marks.tag(data, np.array([0, 2]), "good")
    step = snapshots.marks_step(data, "tag:good")
    marks.tag(data, np.array([4]), "good")
    assert kept(data, step) == [0, 2]
    assert kept(data, snapshots.marks_step(data, "tag:good", do="drop")) == [1, 3, 5]
    assert step.sentence() == "Keep rows that are tagged “good”."
    assert reason(data, step, 1) == "was not tagged “good” when the step was made"


def test_verdicts_become_refs_of_a_recipe(data):
    always_keep(data, np.array([5]))
    never_keep(data, np.array([0]))
    decided = ByHand(snapshots.marks_ref(data, "always keep"), snapshots.marks_ref(data, "never keep"))
    step = Step("number_range", {"column": "n", "low": 9})
    numbered = Recipe(steps=(Step("missing", {}),), by_hand=decided)
    assert run(data, numbered).rows.tolist() == [1, 2, 3, 4, 5]
    assert step.do in FILTERS


@pytest.mark.parametrize("what", ["tag", "tag:", "note:x", "trash", "star", ""])
def test_what_is_no_mark_is_refused(data, what):
    with pytest.raises(EngineError, match="is not a mark"):
        snapshots.marks_ref(data, what)


def test_a_mark_that_nobody_made_is_refused(data):
    with pytest.raises(EngineError, match="No row is never kept by hand"):
        snapshots.marks_ref(data, "never keep")


def test_topics_are_kept_by_number(data):
    assert kept(data, snapshots.topic_step(data, "topics@given", [1])) == [2, 4]
    assert kept(data, snapshots.topic_step(data, "topics@given", [0, 1], do="drop")) == [3, 5]
    assert kept(data, snapshots.topic_step(data, "topics@given", [-1])) == [3, 5]
    assert kept(data, snapshots.topic_step(data, "topics@given", [0], level="area")) == [0, 1, 2, 4]


def test_a_topic_is_said_by_name(data):
    step = snapshots.topic_step(data, "topics@given", [1])
    assert step.sentence() == "Keep rows of topic “dogs”."
    assert reason(data, step, 0) == "topic is 0, “cats”"
    assert reason(data, step, 5) == "it belongs to no topic"


def test_a_topic_that_is_not_there_is_refused(data):
    with pytest.raises(EngineError, match="has no topic '7'. There is: 0, 1, -1"):
        kept(data, Step("topic", {"topics": "topics@given", "numbers": ["7"]}).checked())


def test_a_renamed_topic_is_the_same_and_a_moved_row_makes_another(data):
    step = snapshots.topic_step(data, "topics@given", [1])
    data.store.remove("topics", data.artefact("topics", "topics@given").identity)
    renamed = with_topics(data, [0, 0, 1, -1, 1], {0: "cats", 1: "wolves"}, edit=1)
    assert kept(renamed, step) == [2, 4]
    data.store.remove("topics", renamed.artefact("topics", "topics@given").identity)
    moved = with_topics(data, [0, 1, 1, -1, 1], {0: "cats", 1: "dogs"}, edit=2)
    with pytest.raises(EngineError, match="Topic 1 was chosen among other topics"):
        kept(moved, step)


def target(data, degrees):
    vector = np.rint(circle([degrees])[0] * 2048).astype(np.int16)
    return snapshots.target_ref(data, "given", vector, text="a query")


@pytest.mark.parametrize(
    ("least", "rows"), [(0.99, [0]), (0.98, [0, 1]), (0.7, [0, 1, 2]), (-0.5, [0, 1, 2, 3]), (-1, [0, 1, 2, 3, 4])]
)
def test_similar_rows_are_kept(data, least, rows):
    step = Step("similar_to", {"embedding": "given", "target": target(data, 0), "least": least}).checked()
    assert kept(data, step) == rows
    assert reason(data, step, 0) == "similarity is 1.0000"
    assert reason(data, step, 5) == "it has no text"


def test_the_threshold_itself_is_kept(data):
    step = Step("similar_to", {"embedding": "given", "target": target(data, 0), "least": 0.0}).checked()
    assert kept(data, step) == [0, 1, 2, 3]


def test_a_target_of_other_vectors_is_refused(data, tmp_path):
    step = Step("similar_to", {"embedding": "given", "target": target(data, 0)}).checked()
    other = embedded(corpus(tmp_path, {"text": ["x", "y"]}), circle([0, 90]))
    other.store.take_refs(data.store.folder / "refs")
    with pytest.raises(EngineError, match="made with other vectors"):
        kept(other, step)
    with pytest.raises(EngineError, match="step 1.*made with other vectors"):
        refuse_foreign(Recipe(steps=(step,)), other)


def test_similarity_is_exact_in_whole_numbers(data):
    vectors = data.embedding("given")
    query = np.rint(circle([33])[0] * 2048).astype(np.int16)
    exact = (vectors.grid.astype(np.int64) @ query.astype(np.int64)) / 2048**2
    assert (similarity(vectors, query).astype(np.float64) == exact).all()


def test_more_like_and_less_like_point_between(data):
    vectors = data.embedding("given")
    assert target_between(vectors, [0, 3]).tolist() == [1448, 1448]
    assert target_between(vectors, [0], [3]).tolist() == [1448, -1448]
    assert target_between(vectors, [], [0]).tolist() == [-2048, 0]
    with pytest.raises(EngineError, match="cancel each other"):
        target_between(vectors, [0], [0])
    with pytest.raises(EngineError, match="at least one example"):
        target_between(vectors, [])


def test_nests_give_the_reasons_of_their_parts(data):
    step = Step(
        "any of",
        steps=(snapshots.topic_step(data, "topics@given", [0]), Step("text", {"find": "c"}).checked()),
    )
    done = run(data, Recipe(steps=(step,)))
    assert done.rows.tolist() == [0, 1, 2]
    (why,) = whys(done, np.array([4]))
    assert "topic is 1, “dogs”; text is “e”" in why.text


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("text", {"find": "a"}, "portable"),
        ("number_range", {"column": "topic@given"}, "this corpus only"),
        ("listed", {"listed": "0" * 64}, "this corpus only"),
        ("similar_to", {"embedding": "given", "target": "0" * 64}, "carries a fitted model"),
        ("random", {"budget": 5}, "portable"),
    ],
)
def test_a_step_says_whether_it_can_run_elsewhere(data, name, params, said):
    step = Step(name, params)
    assert portability(step, data.columns) == said
    if not step.selects:
        assert portability(Step("not", steps=(step,)), data.columns) == said


def test_every_step_of_another_corpus_is_named_at_once(data, tmp_path):
    recipe = Recipe(
        steps=(
            Step("text", {"find": "a"}).checked(),
            snapshots.region_step(data, "pca@given", SQUARE, "the square"),
            Step("not", steps=(snapshots.topic_step(data, "topics@given", [1]),)),
        ),
        by_hand=ByHand(keep=snapshots.listed_ref(data, np.array([0]))),
    )
    refuse_foreign(recipe, data)
    other = corpus(tmp_path, {"text": ["x", "y"]})
    other.store.take_refs(data.store.folder / "refs")
    with pytest.raises(EngineError) as caught:
        refuse_foreign(recipe, other)
    said = str(caught.value)
    assert "step 1" not in said
    assert "step 2" in said and "drawn on a map of other rows" in said
    assert "step 3" in said and "topics of other rows" in said
    assert "what is always kept by hand" in said


def test_a_region_of_a_map_that_cannot_be_drawn_again_is_refused_before_anything_starts(data):
    step = snapshots.region_step(data, "pca@given", SQUARE, "the square")
    data.store.remove("map", data.artefact("map", "pca@given").identity)
    without = type(data).load(data.store)
    exact = {"pca@given": Spec("map", "umap", params={"mode": "exact"})}
    fast = {"pca@given": Spec("map", "umap", params={"mode": "fast"})}
    refuse_foreign(Recipe(steps=(step,), needs=exact), without)
    with pytest.raises(EngineError, match="drawn in the fast mode"):
        refuse_foreign(Recipe(steps=(step,), needs=fast), without)


def given(folder, name, vectors, ids):
    """A corpus opened from a file of its own, with a column of vectors, embedded as `given`."""
    folder.mkdir(exist_ok=True)
    source = folder / f"{name}.jsonl"
    source.write_text("".join(json.dumps({"id": i, "v": v}) + "\n" for i, v in zip(ids, vectors, strict=True)))
    data = open_source([source], folder / "w", name="corpus", options=SourceOptions(id="id"))
    return build(data, {"given": spec("embedding", "given", {"column": "v"})})


def test_a_target_of_given_vectors_belongs_to_the_corpus_that_gave_them(tmp_path):
    here = given(tmp_path / "a", "one", [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], ["a", "b", "c"])
    step = look.like(here, [0], [], "given").step(0.5)
    assert kept(here, step) == [0, 2]
    grown = given(tmp_path / "a", "one", [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.8, 0.6]], ["a", "b", "c", "d"])
    assert kept(grown, step) == [0, 2, 3]  # the examples have the vectors that they had
    other = given(tmp_path / "b", "one", [[0.0, 1.0], [1.0, 0.0], [0.6, 0.8]], ["a", "b", "c"])
    other.store.take_refs(here.store.folder / "refs")
    slow = Step("sql", {"where": "len(range(1000000000000)) > 0"}).checked()  # would be stopped after half a minute
    with pytest.raises(EngineError, match="made with other vectors"):
        kept(other, slow, Step("all of", steps=(step,)))
    with pytest.raises(EngineError, match="step 1.*made with other vectors"):
        refuse_foreign(Recipe(steps=(step,)), other)
    longer = given(tmp_path / "c", "one", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], ["a", "b"])
    longer.store.take_refs(here.store.folder / "refs")
    with pytest.raises(EngineError, match="made with other vectors"):
        kept(longer, step)


def test_a_ref_that_lacks_what_its_kind_says_is_refused(data):
    for kind, content, words in (
        ("rows", {}, "'keys' is missing"),
        ("rows", {"keys": [1]}, r"'keys'\[0\] is 1. It must be a text"),
        ("target", {"vector": "x"}, "is missing|must be a list"),
    ):
        ref = data.store.write_ref(kind, content)
        with pytest.raises(EngineError, match=words):
            read_ref(data, ref, kind)
