"""Every member of every family meets its family's law; a new member is tested by joining its list."""

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest

from engine.building import build, spec
from engine.building.build import labels_said
from engine.dataset import TextSet
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.formats import EXPORTERS
from engine.labels import corrections_ref
from engine.maps import MAPS
from engine.marks import answer, correct, corrections_snapshot
from engine.models import Pool, fit_classifier, fit_ngram, with_models
from engine.opening.edits import CELL_EDITS, EDITS, LOG_EDITS
from engine.opening.log import Log, log_ref
from engine.opening.sources import SOURCES
from engine.pairs import PAIRS
from engine.recipe.filters import AMONG, FILTERS
from engine.recipe.reasons import whys
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import identities, run
from engine.recipe.selectors import SELECTORS
from engine.recipe.selectors.target._examples import texts_wanted
from engine.recipe.snapshots import examples_ref, listed_ref, numbers_ref, region_ref, target_ref, texts_ref
from engine.registry import About, Budget, Member, Param, Registry, as_json
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS
from engine.store.files import digest_of
from engine.topics import TOPICS
from engine.vectors.embedders import EMBEDDERS, _runtimes
from engine.vectors.embedders._protocols import Pretrained
from tests.engine.small import circle, clustered, corpus, embedded, mapped

FAMILIES: list[Registry] = [
    *(SOURCES, EDITS, CELL_EDITS, LOG_EDITS, EMBEDDERS, MAPS, TOPICS, PAIRS, ROW_SIGNALS, CORPUS_SIGNALS),
    *(FILTERS, AMONG, SELECTORS, EXPORTERS),
]
NONE = np.empty(0, np.int64)
LEFT_OUT: dict[str, dict[str, object]] = {
    "answers": {"prompt": "text", "answer": "group"},  # where the text is no pair and no chat
    "rehydration": {"copies": "exact_copies", "low": 2.5},  # one end at least; copies as pairs count them
    "chat_faults": {"prompt": "text", "answer": "group"},  # where the text is no pair and no chat
    "compression_given": {"column": "group", "value": "a"},
    "concept": {"column": "group", "value": "a"},
    "label_by_name": {"labels": ["a number", "other"], "embedding": "lexical"},  # one that can read words
    "label_by_totals": {"totals": ["a: x 3, y 1", "b: x 1, y 3"]},
    "label_by_taxonomy": {"paths": ["l > a", "l > b", "r > c", "r > d"]},  # an embedding need not read words then
    "label_doubt_by_probabilities": {"probabilities": ["likely"]},
    "per_topic": {"embedding": "given", "clusters": 3, "quality": "score"},  # what its choices need
    "rater_votes": {"votes": ["length", "exact_copies"]},  # two at least, none below 0
}
"""Knobs that may be left out, though not on these rows, or not all of them."""


def members(*families: Registry) -> pytest.MarkDecorator:
    """One test for each member, named after it."""
    found = [m for family in families for m in family.values()]
    return pytest.mark.parametrize("member", found, ids=[f"{m.family}-{m.name}" for m in found])


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Dataset:
    """Twenty rows with every kind of column, and a bit of all that is awkward: missing, repeated, without a vector."""
    n = 20
    columns = {
        "length": [i * 7 % 13 for i in range(n)],
        "score": [None if i % 6 == 5 else i / 4 - 2 for i in range(n)],
        "group": [None if i == 3 else "aabbbcd"[i % 7] for i in range(n)],
        "day": [None if i == 4 else datetime.date(2020, 1, 1 + i) for i in range(n)],
        "likely": [None if i == 9 else [0.4, 0.3, 0.2, 0.1] for i in range(n)],
        "text": ["", None, "x", "日本語", *(f"text number {i % 9}" for i in range(n - 4))],
    }
    vectors = circle([i * 17 for i in range(n)])
    vectors[7] = vectors[6]
    vectors[1] = np.nan
    made = embedded(corpus(tmp_path_factory.mktemp("contracts"), columns), vectors)
    m = len(made.embedding("given").texts)
    made = mapped(made, list(range(m)), [0.5] * m)
    made = build(made, {"exact": spec("pairs", "exact"), "lexical": spec("embedding", "lexical")})
    return clustered(made, [-1, *(i % 3 for i in range(m - 1))])


def needed(data: Dataset, member: Member) -> dict[str, object]:
    """A value for every parameter that must be given; and for those that can be left out elsewhere only."""
    return {p.name: example(data, member, p) for p in member.params if p.required} | LEFT_OUT.get(member.name, {})


def example(data: Dataset, member: Member, p: Param) -> object:
    """A value that this dataset can answer."""
    if p.kind == "column" and p.many:
        return ["length"]
    if p.kind == "column":
        return {"number": "length", "text": "text", "category": "group", "date": "day"}.get(p.of, "score")
    if p.kind in ("rows", "target"):
        return ref(data, p)
    if p.kind == "model":
        pools = [Pool.of_rows(data, "numbers", np.arange(4, 20)), Pool.of_rows(data, "others", np.arange(0, 4))]
        if p.of == "ngram":
            return fit_ngram(data, pools[0]).ref
        of: Literal["words", "vectors"] = "words" if member.name == "classifier" else "vectors"
        return fit_classifier(data, pools[:1], pools[1:], of=of, embedding="given").ref
    plain: dict[str, object] = {
        "embedding": "given",
        "map": "flat",
        "topics": "topics",
        "pairs": "exact",
        "budget": Budget(4),
        "expression": "length > 3",
        "boolean": True,
        "integer": 1,
        "number": 0.5,
        "text": "e",
        "texts": ["1"],
        "numbers": [1.0],
    }
    return p.choices[0] if p.choices else plain[p.kind]


def ref(data: Dataset, p: Param) -> str:
    """A snapshot of the kind that the parameter wants."""
    if p.kind == "target":
        return target_ref(data, "given", data.embedding("given").grid[0])
    if p.of == "answers":
        answer(data, np.array([4, 5]), "group", "b", annotator="ada")
        return corrections_ref(data, "group")
    if p.of == "cells":
        correct(data, 4, "group", "z")
        return corrections_snapshot(data, "group")
    if p.of == "texts":
        return texts_ref(data, TextSet.of("another set", ["text number 3 of them", "this is text number 4", "x"]))
    if p.of == "examples":
        return examples_ref(
            data, "what is wanted", {}, rows={"a": np.array([4, 5]), "b": np.array([6])}, embedding="given"
        )
    if p.of == "numbers":
        return numbers_ref(data, "found", np.array([2, 5, 11]), np.array([0.5, np.nan, 1.0]))
    if p.of == "series":
        return log_ref(data, Log("log", "loss by step", "group", ("a",), ((0.5, None),), (), 0, 0, 0, 0))
    if p.of == "region":
        return region_ref(data, "flat", np.array([[2.5, 0], [8.5, 0], [8.5, 1], [2.5, 1]]))
    return listed_ref(data, np.array([2, 5, 11]))


def other(data: Dataset, member: Member, p: Param) -> Iterator[object]:
    """Values that fit and are not the default: both ends of a knob, every other choice."""
    if p.choices:
        yield from (c for c in p.choices if c != p.default)
    elif p.bounds:
        kind = int if p.kind == "integer" else float
        yield from (kind(v) for v in (p.bounds.low, p.bounds.high) if v != p.default)
    elif p.kind == "boolean":
        yield not p.default
    elif p.kind in ("integer", "number"):
        yield 3 if p.default != 3 else 4
    elif p.kind == "text":
        yield f"{p.default or ''}x"
    elif p.kind == "texts":
        yield ["a", "b"]
    elif p.kind == "numbers":
        yield [1.0, 2.0]


# All families


@members(*FAMILIES)
def test_the_sentence_can_be_said_and_names_only_parameters(data, member):
    said = member.sentence(needed(data, member))
    assert said[0].isupper() and "{" not in said and len(said) > 8


@members(FILTERS)
def test_a_filter_says_which_rows_it_keeps_or_drops_so_that_nests_can_say_it(data, member):
    assert member.sentence(needed(data, member)).startswith(("Keep rows ", "Drop rows "))


@members(*FAMILIES)
def test_parameters_are_plain_json_and_read_back_the_same(data, member):
    written = member.json(needed(data, member))
    again = json.loads(json.dumps(written, allow_nan=False))
    assert member.json(again) == written and set(written) == {p.name for p in member.params}


@members(*FAMILIES)
def test_each_other_value_changes_the_identity_and_both_ends_of_a_knob_fit(data, member):
    given = needed(data, member)
    before = digest_of(member.json(given))
    for p in member.params:
        for value in other(data, member, p):
            changed = {**given, p.name: value}
            assert digest_of(member.json(changed)) != before, (p.name, value)
            if not p.required:
                assert member.changed(changed)[p.name] == as_json(value)


@members(*FAMILIES)
def test_beyond_both_ends_of_a_knob_is_refused(data, member):
    for p in member.params:
        if p.bounds:
            for value in (p.bounds.low - 1, p.bounds.high + 1):
                with pytest.raises(EngineError, match=f"{p.name} = "):
                    member.check({**needed(data, member), p.name: value})


@members(*FAMILIES)
def test_a_wrong_name_is_refused(data, member):
    with pytest.raises(EngineError, match="No parameter of"):
        member.check({**needed(data, member), "no such thing": 1})


@members(*FAMILIES)
def test_every_default_would_pass_as_a_given_value(data, member):
    for p in member.params:
        if not p.required and p.default is not None:
            assert member.check({**needed(data, member), p.name: p.default})[p.name] == p.default


@members(*FAMILIES)
def test_the_facts_stand_in_the_file_of_the_member(member):
    module = sys.modules[member.function.__module__]
    assert isinstance(vars(module).get("ABOUT"), About)
    assert member.about is vars(module)["ABOUT"]


def test_each_member_has_a_file_of_its_own():
    found = [m for family in FAMILIES for m in family.values()]
    shared = Counter(m.function.__module__ for m in found)
    assert {module for module, count in shared.items() if count > 1} == set()
    # A file says in `ABOUT` what is true of its member: none takes over the facts of another one's.
    facts = Counter(id(m.about) for m in found)
    assert max(facts.values()) == 1


@members(SOURCES)
def test_the_records_of_a_source_are_counted_apart_from_its_reader(member):
    assert callable(member.about.count)
    assert member.about.count.__module__ != member.function.__module__


@members(EXPORTERS)
def test_what_a_format_writes_can_be_read_back(member):
    assert callable(member.about.reads)
    assert member.about.reads.__module__ == member.function.__module__


# Embedders


@pytest.fixture
def made_once(member, monkeypatch):
    """The sentence model is read once and each of its runtimes made once, which a few texts prove at each knob."""
    if member is not EMBEDDERS["sentence"]:
        return
    import sentence_transformers

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", cache(sentence_transformers.SentenceTransformer))
    for name, maker in _runtimes._MAKERS.items():
        monkeypatch.setitem(_runtimes._MAKERS, name, cache(maker))
    module = sys.modules[EMBEDDERS["sentence"].function.__module__]
    proof = module._proof
    monkeypatch.setattr(module, "_proof", lambda tokenizer: [(ids[:4], mask[:4]) for ids, mask in proof(tokenizer)])


@members(EMBEDDERS)
def test_a_knob_that_changes_the_vectors_shows_in_what_they_came_from(data, member, made_once):
    """Vectors are known by `source` and the model's facts: two that differ must not be taken for each other."""
    if any(p.name in ("path", "column") for p in member.params):
        pytest.skip("brings its vectors along")
    texts = ["colour", "Color of the sea", "a table of stones"]

    def made(params: dict[str, object]) -> tuple[dict[str, object], np.ndarray]:
        opened = member.function(**member.check(params))
        ready = opened.load() if isinstance(opened, Pretrained) else opened.ready(opened.fit(texts, lambda done: None))
        vectors = ready.embed(texts, [-1] * len(texts), 0.5, lambda done: None).vectors
        assert vectors.shape == (len(texts), ready.dimension) and (np.abs(vectors).max(axis=1) > 0).all()
        return {**opened.source, **ready.facts}, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    source, vectors = made({})
    for p in member.params:
        for value in other(data, member, p) if p.kind != "text" or p.choices else ():
            try:
                changed, others = made({p.name: value})
            except EngineError:  # a runtime that this machine has not
                continue
            same = vectors.shape == others.shape and (vectors * others).sum(axis=1).min() > 0.999
            assert changed != source or same, (p.name, value)


# Row signals

TEXTS = ["", "one", "two words", "日本語 text", "a" * 5000, "<b>&amp;</b>\x00\n", "👩‍👩‍👧 e\u0301", "one"]


def scored(data: Dataset, member: Member, texts: list[str], params: dict[str, object]) -> dict[str, list[object]]:
    given = member.function(list(texts), **with_models(data, member, params))
    return {k: [None if v != v else v for v in values.tolist()] for k, values in given.items()}


@members(ROW_SIGNALS)
def test_a_row_signal_sees_one_row_at_a_time_and_changes_nothing(data, member):
    given = list(TEXTS)
    values = scored(data, member, given, needed(data, member))
    assert given == TEXTS
    assert values == scored(data, member, TEXTS, needed(data, member))
    for name, found in values.items():
        assert name in member.about.values and len(found) == len(TEXTS) and found[1] == found[7]
        assert found == [scored(data, member, [t], needed(data, member))[name][0] for t in TEXTS]


@members(ROW_SIGNALS)
def test_a_row_signal_takes_no_rows_and_every_choice(data, member):
    assert all(v == [] for v in scored(data, member, [], needed(data, member)).values())
    for p in member.params:
        for value in other(data, member, p):
            try:
                assert scored(data, member, TEXTS, {**needed(data, member), p.name: value})
            except EngineError as error:  # what comes as an extra
                assert "is not installed" in str(error)


@members(ROW_SIGNALS)
def test_the_spans_of_a_row_signal_lie_in_their_text_in_order_and_each_text_has_its_own(data, member):
    spans, params = member.about.spans, with_models(data, member, needed(data, member))
    if spans is None:
        return
    texts = [*TEXTS, "".join(f"{text}\n{text}\n" for text in TEXTS)]
    found = spans(list(texts), **params)
    assert found == [spans([text], **params)[0] for text in texts] and spans([], **params) == []
    for text, marked in zip(texts, found, strict=True):
        places = [place for span in marked for place in span]
        assert places == sorted(places) and all(0 <= start < end <= len(text) for start, end in marked)


@members(ROW_SIGNALS, CORPUS_SIGNALS)
def test_a_signal_names_no_column_that_another_gives(data, member):
    if member.family == ROW_SIGNALS.family:
        arrays = member.function(["a"], **with_models(data, member, needed(data, member)))
    else:
        arrays = member.function(data, **with_models(data, member, needed(data, member)))
    for name, values in arrays.items():
        value = member.about.values[name]
        assert value.type in ("integer", "number", "boolean", "category")
        labels = labels_said(data, value, member.json(needed(data, member)))
        assert (value.type == "category") == bool(labels)
        assert not labels or (values.dtype.kind == "i" and values.max(initial=-1) < len(labels))
    assert set(arrays) == set(member.about.values)
    theirs = [
        m for family in (ROW_SIGNALS, CORPUS_SIGNALS) for m in family.values() if set(arrays) & set(m.about.values)
    ]
    assert theirs == [member]


# Corpus signals


@members(CORPUS_SIGNALS)
def test_a_corpus_signal_gives_each_row_a_value_twice_the_same(data, member):
    first, again = (member.function(data, **with_models(data, member, needed(data, member))) for _ in range(2))
    for name, values in first.items():
        assert values.shape == (data.n,) and np.array_equal(values, again[name], equal_nan=values.dtype.kind == "f")
        if member.of_kind("embedding") and values.dtype.kind == "f":
            assert np.isnan(values[1])  # no vector, and no text
            if not member.of_kind("column"):  # beside it the label counts
                assert np.array_equal(values[6], values[7], equal_nan=True)  # the same vector


@members(CORPUS_SIGNALS)
def test_the_spans_of_a_corpus_signal_lie_in_the_texts_of_rows_in_order(data, member):
    if member.about.spans is None:
        return
    rows = np.array([5, 1, 12])
    found = member.about.spans(data, rows, **member.check(needed(data, member)))
    assert len(found) == len(rows)
    for text, marked in zip(data.texts(rows), found, strict=True):
        places = [place for span in marked for place in span]
        assert places == sorted(places) and all(0 <= start < end <= len(text) for start, end in marked)


# Filters


def judged(data: Dataset, member: Member, rows: np.ndarray, **more: object):
    return member.function(data, rows, **member.check({**needed(data, member), **more}))


@members(FILTERS)
def test_a_filter_judges_each_row_by_itself_and_says_on_what(data, member):
    rows = data.rows()
    whole = judged(data, member, rows)
    assert whole.keep.dtype == bool and whole.keep.shape == (data.n,)
    assert rows.tolist() == list(range(data.n))
    assert judged(data, member, rows).keep.tolist() == whole.keep.tolist()
    some = np.array([0, 1, 3, 4, 5, 8, 19])
    part = judged(data, member, some)
    assert part.keep.tolist() == whole.keep[some].tolist()
    for i, row in enumerate(some.tolist()):
        assert part.words(i) == whole.words(row) and part.words(i).strip()


@members(FILTERS)
@pytest.mark.parametrize("rows", [[], [1], [19]])
def test_a_filter_takes_no_rows_and_one(data, member, rows):
    assert judged(data, member, np.array(rows, np.int64)).keep.shape == (len(rows),)


@members(FILTERS)
def test_a_filter_takes_every_choice(data, member):
    for p in member.params:
        if p.choices or p.bounds or p.kind == "boolean":
            for value in other(data, member, p):
                assert judged(data, member, data.rows(), **{p.name: value}).keep.shape == (data.n,)


@members(FILTERS)
def test_dropping_is_the_opposite_of_keeping(data, member):
    if any(p.name == "do" for p in member.params):
        kept, gone = (judged(data, member, data.rows(), do=do).keep for do in ("keep", "drop"))
        assert (kept != gone).all()


# Pairs


@members(PAIRS)
def test_pairs_say_of_each_row_its_node_and_of_each_pair_how_similar_it_is(data, member):
    first, again = (member.function(data, **with_models(data, member, needed(data, member))) for _ in range(2))
    assert first.of_row.shape == (data.n,) and first.of_row.dtype == np.int32
    nodes = np.unique(first.of_row[first.of_row >= 0])
    assert nodes.tolist() == list(range(len(nodes)))
    assert (first.first < first.second).all() and np.isin([first.first, first.second], nodes).all()
    assert len(set(zip(first.first.tolist(), first.second.tolist(), strict=True))) == len(first.first)
    assert first.similarity.dtype == np.float32 and ((first.similarity >= 0) & (first.similarity <= 1)).all()
    for name, values in first.arrays().items():
        assert np.array_equal(values, again.arrays()[name])


@members(PAIRS)
def test_pairs_take_every_choice_and_a_corpus_of_no_rows(data, member, tmp_path):
    empty = embedded(corpus(tmp_path, {"text": [], "score": []}), np.empty((0, 2)))
    for p in member.params:
        for value in other(data, member, p):
            found = [member.function(d, **member.check({**needed(data, member), p.name: value})) for d in (data, empty)]
            assert [len(pairs.of_row) for pairs in found] == [data.n, 0]


# Filters among the rows left


def thinned(data: Dataset, member: Member, rows: list[int], certain: set[int], **more: object):
    left = np.array(rows, np.int64)
    return member.function(data, left, np.isin(left, sorted(certain)), **member.check({**needed(data, member), **more}))


@members(AMONG)
@pytest.mark.parametrize("rows", [[], [1], [4, 13], list(range(20))])
def test_a_filter_among_the_rows_left_drops_none_that_is_certain_and_says_why(data, member, rows):
    for certain in (set(), {13}, set(range(20))):
        found = thinned(data, member, rows, certain)
        assert found.keep.dtype == bool and found.keep.shape == (len(rows),)
        assert found.keep[[row in certain for row in rows]].all()
        assert found.keep.tolist() == thinned(data, member, rows, certain).keep.tolist()
        assert all(found.words(i).strip() for i in range(len(rows)))


@members(AMONG)
def test_a_filter_among_the_rows_left_takes_every_choice_and_stands_in_no_nest(data, member):
    for p in member.params:
        for value in other(data, member, p):
            assert thinned(data, member, list(range(20)), set(), **{p.name: value}).keep.any()
    step = Step(member.name, member.json(needed(data, member)))
    for nest in ("all of", "any of", "not"):
        with pytest.raises(EngineError, match="line of its own"):
            Step(nest, steps=(step,)).checked()


# Selectors


def picked(data: Dataset, member: Member, rows: np.ndarray, kept: np.ndarray, k: int, **more: object):
    params = member.check({**needed(data, member), **more}) | {"budget": Budget(k)}
    return member.function(data, rows, kept, **params)


def never_picked(data: Dataset, member: Member) -> np.ndarray:
    """Rows that a selector toward a target must not pick: the examples themselves."""
    refs = [example(data, member, p) for p in member.params if p.of == "examples"]
    return np.concatenate([NONE, *(texts_wanted(data, str(ref))[1] for ref in refs)])


@members(SELECTORS)
@pytest.mark.parametrize("kept", [[], [4], [1, 6, 12]])
@pytest.mark.parametrize("k", [0, 1, 3, 19, 20, 500])
def test_a_selector_picks_exactly_the_budget_from_the_rows_given(data, member, k, kept):
    pins = np.array(kept, np.int64)
    rows = np.setdiff1d(np.delete(data.rows(), [2, 9]), pins)
    before = rows.copy(), pins.copy()
    found = picked(data, member, rows, pins, k)
    allowed = np.setdiff1d(rows, never_picked(data, member))
    # One that may end before the budget is spent says so.
    assert found.rows.dtype == np.int64
    assert len(found.rows) == min(k, len(allowed)) or (found.notes["stopped"] and len(found.rows) < k)
    assert len(np.unique(found.rows)) == len(found.rows) and np.isin(found.rows, allowed).all()
    assert (rows == before[0]).all() and (pins == before[1]).all()
    assert found.rows.tolist() == picked(data, member, rows, pins, k).rows.tolist()
    json.dumps(dict(found.notes), allow_nan=False)


@members(SELECTORS)
@pytest.mark.parametrize("rows", [[], [1], [6, 7], [0, 1]])
def test_a_selector_takes_no_rows_one_repeats_and_rows_without_a_vector(data, member, rows):
    found = picked(data, member, np.array(rows, np.int64), NONE, 2)
    assert sorted(found.rows.tolist()) == np.setdiff1d(rows, never_picked(data, member)).tolist()


@members(SELECTORS)
def test_a_selector_takes_every_choice(data, member):
    for p in member.params:
        if (p.choices or p.bounds or p.kind == "boolean") and p.name != "budget":
            for value in other(data, member, p):
                more = {"groups": ["a"], "quotas": [1.0]} if value == "quotas" else {}
                found = picked(data, member, data.rows(), NONE, 5, **{p.name: value, **more})
                assert len(found.rows) == 5 or found.notes["stopped"]


@members(SELECTORS)
def test_a_seed_matters_or_is_not_asked_for(data, member):
    if any(p.name == "seed" for p in member.params):
        assert next(p for p in member.params if p.name == "seed").default == 0


# Edits

CELLS = ["", None, "  a b ", "A&amp;B", "e\u0301", "x" * 300, "a.a.a"]


@members(EDITS)
def test_an_edit_keeps_length_and_input_and_does_the_same_twice(data, member):
    column = pa.chunked_array([pa.array(CELLS[:3], pa.string()), pa.array(CELLS[3:], pa.string())])
    params = member.check(needed(data, member))
    first, again = member.function(column, **params), member.function(column, **params)
    assert len(first) == len(CELLS) and first.to_pylist() == again.to_pylist()
    assert column.to_pylist() == CELLS and first.to_pylist()[1] is None
    assert len(member.function(pa.chunked_array([], pa.string()), **params)) == 0


@members(CELL_EDITS)
def test_an_edit_of_cells_changes_those_cells_alone_and_keeps_the_type(data, member):
    given = {p.name: example(data, member, p) for p in member.params if p.of == "cells"}
    params, before = member.check(given), data.column("group")
    (first, counts), (again, _) = (member.function(data, "group", **params) for _ in range(2))
    assert first.to_pylist() == again.to_pylist() and data.column("group") == before
    differs = [i for i, (a, b) in enumerate(zip(first.to_pylist(), before.to_pylist(), strict=True)) if a != b]
    assert (differs, counts, first.type) == ([4], {"corrected": 1, "gone": 0, "unfit": 0}, pa.large_string())


# As steps of a recipe


@members(FILTERS, SELECTORS)
def test_as_a_step_it_runs_reads_back_and_explains_every_row(data, member):
    step = Step(member.name, member.json(needed(data, member)))
    recipe = Recipe().with_step(step)
    assert Recipe.from_text(recipe.text()) == recipe
    done = run(data, recipe)
    assert run(data, Recipe.from_text(recipe.text())).rows.tolist() == done.rows.tolist()
    reasons = whys(done, data.rows())
    assert [w.kept for w in reasons] == done.mask.tolist()
    assert all(w.text.endswith(".") for w in reasons)
    assert set(identities(data, recipe.steps[0])) >= {
        value
        for p in member.params
        if p.kind in ("column", "embedding", "map") and (value := recipe.steps[0].params[p.name])
    }
