"""An SQL expression sees one row, reaches nothing outside, and says where it is wrong."""

from datetime import UTC, datetime

import numpy as np
import pytest

from engine.errors import EngineError
from engine.recipe.filters import _sql
from engine.recipe.filters._sql import checked_expression, evaluate
from engine.recipe.filters._sqlworker import worker
from engine.recipe.reasons import why
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import identities, run
from tests.engine.small import corpus, with_signal


@pytest.fixture
def data(tmp_path):
    made = corpus(tmp_path, {"text": ["a", "b", None, "d"], "Big Name": [1, 20, 300, None], "x": [0.5, 1.5, 2.5, 3.5]})
    return with_signal(made, "density(k=20)@minilm", np.array([1, 2, 3, 4]))


def kept(data, where, **more):
    return run(data, Recipe(steps=(Step("sql", {"where": where, **more}).checked(),))).rows.tolist()


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("x > 1", [1, 2, 3]),
        ('"Big Name" >= 20 AND x < 2', [1]),
        ('"big name" = 1', [0]),
        ('"density(k=20)@minilm" % 2 = 0', [1, 3]),
        ("text IS NULL", [2]),
        ("text = 'a' OR x IN (2.5)", [0, 2]),
        ("upper(text) LIKE 'B%'", [1]),
        ("CASE WHEN x > 2 THEN text = 'd' ELSE true END", [0, 1, 3]),
        ("x BETWEEN 1 AND 3 -- a remark", [1, 2]),
        ("list_sum(list_transform([x, 1], lambda y: y * 2)) > 6", [2, 3]),
        ("true", [0, 1, 2, 3]),
        ("NULL", []),
        ("\"Big Name\" > 5", [1, 2]),
    ],
)  # fmt: skip
def test_rows_are_kept_where_it_holds(data, where, rows):
    assert kept(data, where) == rows


def test_dropping_keeps_where_the_answer_is_unknown(data):
    assert kept(data, '"Big Name" > 5', do="drop") == [0, 3]


def test_a_reason_says_what_the_expression_read(data):
    done = run(data, Recipe(steps=(Step("sql", {"where": 'x > 1 AND "Big Name" > 5'}).checked(),)))
    assert why(done, 0).text.endswith("x is 0.5, Big Name is 1.")
    assert why(done, 3).text.endswith("x is 3.5, Big Name is missing.")


@pytest.mark.parametrize(
    "where",
    [
        "1) FROM rows; DROP TABLE rows; SELECT (1",
        "x > 1; DROP TABLE rows",
        "true) UNION SELECT (false",
        "true) FROM read_csv('/etc/passwd'",
        "EXISTS (SELECT * FROM read_text('/etc/passwd'))",
        "x IN (SELECT 1)",
        "read_text('/etc/passwd') = ''",
        "COPY rows TO '/tmp/x'",
        "ATTACH '/tmp/x.db'",
        "SET threads = 1",
        "random() > 0.5",
        "now() > x",
        "current_date > x",
        "nextval('s') > 1",
        "current_setting('memory_limit') = ''",
        "today() > x",
        "getenv('HOME') = ''",
        "uuid() = ''",
        "gen_random_uuid() IS NULL",
        "setseed(0.5) IS NULL",
        "txid_current() > 0",
        "version() = ''",
        "age(DATE '2024-01-01') > INTERVAL 1 day",
        "get_current_time() IS NULL",
        "current_localtime() IS NULL",
        "current_localtimestamp() IS NULL",
        "CURRENT_TIMESTAMP IS NULL",
        "localtime IS NULL",
        "session_user = ''",
        "sum(x) > 1",
        "count(*) > 1",
        "sum(x) OVER () > 1",
        "*",
        "COLUMNS(*) > 1",
        "$1 > 1",
        "",
        "   ",
        "-- nothing",
        "x >",
        "(((",
        "x > 1 ORDER BY x",
        "x + 1",
        "text",
        "x, x",
        "nope > 1",
        "x > " + "1" * 10_001,
        "f\0 > 1",
    ],
)
def test_anything_but_a_condition_is_refused(data, where):
    with pytest.raises(EngineError):
        kept(data, where)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("x > 1 AND", "at character 10"),
        ("x > 1 AND nope", "No column named 'nope'"),
        ("x > 1 AND random() > 0", "'random' at character 11"),
        ("x > 1 AND EXISTS (SELECT 1)", "a query inside the expression at character 11"),
        ("CAST(text AS INTEGER) > 1", "at character 1: .*Could not convert.*TRY_CAST"),
        ("x > 1 AND\nabs(text) > 1", "line 2, character 1"),
        ("x > 0 AND current_date > DATE '2024-01-01'", "current_date at character 11 .* may not ask the clock"),
        ("age(DATE '2024-01-01') > INTERVAL 1 day", "Give two: age"),
        ("x + 1", "gives double, not yes or no"),
    ],
)
def test_an_error_says_the_place(data, where, said):
    with pytest.raises(EngineError, match=said):
        kept(data, where)


def test_an_expression_that_takes_too_long_is_stopped(data):
    long = "len(list_transform(range(200000000), lambda y: y * 2 + length(repeat('a', y % 100)))) > x"
    with pytest.raises(EngineError, match="(more than 0.2 seconds|of memory)"):
        evaluate(data, long, data.rows(), seconds=0.2)


def test_the_order_of_rows_is_kept(tmp_path):
    n = 300_000
    data = corpus(tmp_path, {"n": list(range(n)), "text": [""] * n})
    assert np.array_equal(evaluate(data, "n % 7 = 3", data.rows()), np.arange(n) % 7 == 3)
    some = np.arange(0, n, 3)
    assert np.array_equal(evaluate(data, "n % 7 = 3", some), some % 7 == 3)


def test_a_large_corpus_is_asked_in_parts(data, monkeypatch):
    monkeypatch.setattr(_sql, "BLOCK_BYTES", 1)
    assert kept(data, "x > 1 AND text IS NOT NULL") == [1, 3]
    assert evaluate(data, "x > 1", np.array([0, 3])).tolist() == [False, True]
    assert evaluate(data, "x > 1", np.empty(0, np.int64)).tolist() == []


def test_columns_are_read_off_the_expression():
    known = ["x", "Big Name", "doc.id", "tags"]
    assert checked_expression('X > 1 AND "big name" = 2', known) == ("x", "Big Name")
    assert checked_expression("len(list_filter(tags, lambda x: x = 'a')) > 0", known) == ("tags", "x")
    with pytest.raises(EngineError, match='Write it as "doc.id"'):
        checked_expression("doc.id = 1", known)


def test_the_columns_of_an_expression_are_part_of_the_steps_identity(data):
    key = "density(k=20)@minilm"
    inside = Step("any of", steps=(Step("sql", {"where": f'"{key}" > 2'}).checked(),))
    assert identities(data, inside)[key] == data.added[key].identity


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_time_means_the_same_in_every_time_zone(tmp_path, monkeypatch, zone):
    late = datetime(2024, 1, 1, 23, 30, tzinfo=UTC)
    data = corpus(tmp_path, {"text": ["a"], "moment": [late]})
    monkeypatch.setenv("TZ", zone)
    worker().close()  # the next process is started in this zone
    where = "hour(moment) = 23 AND moment::varchar = '2024-01-01 23:30:00+00' AND moment > '2024-01-01 23:29'"
    assert kept(data, where) == [0]
    assert kept(
        data, "epoch('2024-01-01 12:00'::timestamptz) = 1704110400 AND to_timestamp(0)::varchar LIKE '%+00'"
    ) == [0]
    worker().close()


def test_a_column_may_be_called_as_the_clock_is(tmp_path):
    data = corpus(tmp_path, {"text": ["a", "b"], "current_date": [1, 2]})
    assert kept(data, "current_date > 1") == [1]
