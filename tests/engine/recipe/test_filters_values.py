"""Filters on numbers, values, dates and what is missing."""

import math
from datetime import UTC, datetime

import pytest

from engine.errors import EngineError, NotFound
from engine.recipe.filters import FILTERS
from engine.recipe.recipe import Step
from tests.engine.small import corpus


def kept(data, name, /, **params):
    step = Step(name, params).checked()
    member = FILTERS[name]
    return member.function(data, data.rows(), **member.check(step.params)).keep.nonzero()[0].tolist()


def said(data, name, row, /, **params):
    member = FILTERS[name]
    return member.function(data, data.rows(), **member.check(params)).words(row)


@pytest.fixture
def data(tmp_path):
    def day(n):
        return datetime(2021, 6, n, tzinfo=UTC)

    return corpus(
        tmp_path,
        {
            "n": [1, 5, None, 10, -3],
            "x": [0.5, math.nan, 2.5, None, math.inf],
            "lang": ["en", "de", None, "en", ""],
            "text": ["one", "", None, "  \n", "five"],
            "yes": [True, False, None, True, False],
            "when": [day(1), day(2), None, datetime(2021, 6, 2, 23, 59, 59, 999999, tzinfo=UTC), day(3)],
            "tags": [["a"], [], None, ["b", "c"], ["a"]],
        },
    )


def test_both_ends_of_a_range_are_included(data):
    assert kept(data, "number_range", column="n", low=1, high=5) == [0, 1]


def test_an_end_left_out_is_open(data):
    assert kept(data, "number_range", column="n", low=5) == [1, 3]
    assert kept(data, "number_range", column="n", high=1) == [0, 4]
    assert kept(data, "number_range", column="n") == [0, 1, 3, 4]


def test_a_missing_number_goes_unless_kept(data):
    assert kept(data, "number_range", column="x", low=0) == [0, 2, 4]
    assert kept(data, "number_range", column="x", low=1, high=3, keep_missing=True) == [1, 2, 3]


def test_a_number_is_said(data):
    assert said(data, "number_range", 4, column="n", low=0) == "n is -3"
    assert said(data, "number_range", 0, column="x", low=1) == "x is 0.5"
    assert said(data, "number_range", 1, column="x", low=1) == "x is missing"
    assert said(data, "number_range", 4, column="x", high=1) == "x is inf"


def test_a_range_upside_down_is_refused(data):
    with pytest.raises(EngineError, match="from 5 to 1"):
        kept(data, "number_range", column="n", low=5, high=1)


def test_a_range_of_texts_is_refused_with_the_way_out(data):
    with pytest.raises(EngineError, match="holds text, not numbers"):
        kept(data, "number_range", column="lang", low=1)


def test_an_unknown_column_offers_the_nearest(data):
    with pytest.raises(NotFound, match="Did you mean 'lang'"):
        kept(data, "values", column="lan", values=["en"])


def test_values_are_kept_or_dropped(data):
    assert kept(data, "values", column="lang", values=["en"]) == [0, 3]
    assert kept(data, "values", column="lang", values=["en"], do="drop") == [1, 2, 4]


def test_missing_can_be_one_of_the_values(data):
    assert kept(data, "values", column="lang", values=["de"], missing=True) == [1, 2]
    assert kept(data, "values", column="lang", values=[], missing=True, do="drop") == [0, 1, 3, 4]
    assert kept(data, "values", column="lang", values=[""]) == [4]


def test_a_value_that_does_not_occur_matches_nothing(data):
    assert kept(data, "values", column="lang", values=["fr"]) == []


def test_numbers_and_yes_or_no_are_values_too(data):
    assert kept(data, "values", column="n", values=["5", "10"]) == [1, 3]
    assert kept(data, "values", column="yes", values=["true"]) == [0, 3]


def test_a_value_is_said(data):
    assert said(data, "values", 1, column="lang", values=["en"]) == "lang is “de”"
    assert said(data, "values", 2, column="lang", values=["en"]) == "lang is missing"


@pytest.mark.parametrize(
    ("column", "missing", "empty"),
    [
        ("text", [2], [1, 3]),
        (None, [2], [1, 3]),
        ("n", [2], []),
        ("x", [1, 3], []),
        ("tags", [2], [1]),
        ("lang", [2], [4]),
    ],
)
def test_missing_and_empty_are_told_apart(data, column, missing, empty):
    present = sorted({0, 1, 2, 3, 4} - {*missing, *empty})
    assert kept(data, "missing", column=column, keep="missing") == missing
    assert kept(data, "missing", column=column, keep="empty") == empty
    assert kept(data, "missing", column=column, keep="missing or empty") == sorted([*missing, *empty])
    assert kept(data, "missing", column=column, keep="present") == present


@pytest.mark.parametrize(
    ("first", "last", "rows"),
    [
        ("2021-06-02", None, [1, 3, 4]),
        (None, "2021-06-02", [0, 1, 3]),
        ("2021-06-02", "2021-06-02", [1, 3]),
        ("2021", "2021", [0, 1, 3, 4]),
        ("2021-06", "2021-06", [0, 1, 3, 4]),
        ("2021-07", None, []),
        ("2021-06-02T12:00", None, [3, 4]),
        (None, "2021-06-01T00:00:00", [0]),
        ("2021-06-02T02:00+02:00", "2021-06-02T02:00+02:00", [1]),
    ],
)
def test_dates_count_to_their_end(data, first, last, rows):
    assert kept(data, "date_range", column="when", first=first, last=last) == rows


def test_a_missing_date_goes_unless_kept(data):
    assert kept(data, "date_range", column="when", first="2022", keep_missing=True) == [2]


@pytest.mark.parametrize("text", ["yesterday", "2021-13", "", "2021-06-31", "01.06.2021", "20210"])
def test_what_is_no_date_is_refused(data, text):
    with pytest.raises(EngineError, match="is not a date. Write for example 2021-06-30"):
        kept(data, "date_range", column="when", first=text)


def test_dates_upside_down_are_refused(data):
    with pytest.raises(EngineError, match="the first is after the last"):
        kept(data, "date_range", column="when", first="2022", last="2021")


def test_a_date_is_said(data):
    assert said(data, "date_range", 0, column="when") == "when is 2021-06-01"
    assert said(data, "date_range", 2, column="when") == "when is missing"
    assert said(data, "date_range", 3, column="when") == "when is 2021-06-02 23:59:59.999999"


def test_sentences_are_fit_for_the_screen():
    steps = [
        Step("number_range", {"column": "n", "low": 1000, "high": 5.5}),
        Step("values", {"column": "lang", "values": ["en", "de"], "do": "drop"}),
        Step("missing", {}),
        Step("date_range", {"column": "when", "first": "2021"}),
        Step("text", {"find": "red panda"}),
        Step("regex", {"pattern": r"\d{4}", "column": "title", "do": "drop"}),
    ]
    assert [s.checked().sentence() for s in steps] == [
        "Keep rows whose n is from 1,000 to 5.5.",
        "Drop rows whose lang is “en” or “de”.",
        "Keep rows whose text is present.",
        "Keep rows whose when is 2021 or later.",
        "Keep rows whose text has the words “red panda”.",
        r"Drop rows whose title matches “\d{4}”.",
    ]
