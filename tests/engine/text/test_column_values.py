"""Values of Arrow as Python has them: nothing cut, nothing too far."""

import datetime as dt

import numpy as np
import pyarrow as pa

from engine.text import python_values, seconds, too_far


def test_moments_and_days_within_reach_are_pythons_own() -> None:
    moments = pa.array([0, None, 253_402_300_799_999_999], pa.timestamp("us"))
    assert python_values(moments) == [dt.datetime(1970, 1, 1), None, dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)]
    days = pa.array([-719_162, None, 2_932_896], pa.int32()).cast(pa.date32())
    assert python_values(days) == [dt.date(1, 1, 1), None, dt.date(9999, 12, 31)]


def test_the_moment_after_the_last_that_python_has_is_text() -> None:
    assert python_values(pa.array([253_402_300_800], pa.timestamp("s"))) == ["10000-01-01T00:00:00"]
    assert python_values(pa.array([2_932_897], pa.int32()).cast(pa.date32())) == ["10000-01-01"]


def test_nanoseconds_are_kept_only_as_text_and_only_where_there_are_any() -> None:
    found = python_values(pa.array([1_000, 1_001], pa.timestamp("ns")))
    assert found == [dt.datetime(1970, 1, 1, 0, 0, 0, 1), "1970-01-01T00:00:00.000001001"]
    assert python_values(pa.array([1_000, 1_001], pa.time64("ns"))) == [dt.time(0, 0, 0, 1), "00:00:00.000001001"]


def test_nested_values_are_gone_through_at_any_depth_also_of_a_slice() -> None:
    kind = pa.list_(pa.struct([pa.field("at", pa.timestamp("ns")), pa.field("n", pa.int64())]))
    values = pa.array([[{"at": 5, "n": 1}], None, [], [None, {"at": None, "n": 2}]], kind)
    assert python_values(values) == [
        [{"at": "1970-01-01T00:00:00.000000005", "n": 1}],
        None,
        [],
        [None, {"at": None, "n": 2}],
    ]
    assert python_values(values[2:]) == [[], [None, {"at": None, "n": 2}]]


def test_seconds_reach_as_far_as_the_type_does() -> None:
    far = pa.chunked_array([pa.array([2**60, None], pa.timestamp("ms"))])
    np.testing.assert_array_equal(seconds(far), [2**60 / 1000, np.nan])
    assert too_far(far) and not too_far(far.slice(1))
