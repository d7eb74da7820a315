"""Histograms count what the others leave, and what is chosen in them is an exact filter."""

from datetime import date, datetime

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look import histograms, selection
from engine.look.selection import Selection
from engine.recipe import Step
from tests.engine.small import corpus

LENGTHS = [*range(20), None]
KINDS = [["a", "b", "c"][i % 3] for i in range(20)] + [None]


@pytest.fixture
def data(tmp_path):
    days = [date(2021, 1, 1 + i) for i in range(20)] + [None]
    return corpus(tmp_path, {"length": LENGTHS, "kind": KINDS, "day": days})


def chosen(data, now):
    return now.rows(data).tolist()


def test_what_is_chosen_in_one_is_counted_in_the_others_and_not_in_itself(data):
    now = histograms.brushed(data, Selection(), "length", [3, 5])
    now = histograms.brushed(data, now, "kind", [0])  # a: 0, 3, 6, …
    assert chosen(data, now) == [3]
    assert now.sentence() == "Keep rows whose length is from 3 to 5 and whose kind is “a”."
    length, kind, day = histograms.counts(data, ["length", "kind", "day"], now)
    assert (length.brush, kind.brush, day.brush) == ((3, 5), (0,), ())
    assert np.flatnonzero(length.chosen).tolist() == [0, 3, 6, 9, 12, 15, 18]
    assert (kind.bins.labels, kind.left.tolist(), kind.chosen.tolist()) == (("a", "b", "c"), [7, 7, 6], [1, 1, 1])
    assert (day.chosen.tolist(), day.missing) == ([0, 0, 0, 1] + 16 * [0], 1)
    now = histograms.brushed(data, now, "kind", [])
    assert chosen(data, now) == [3, 4, 5]
    assert histograms.brushed(data, now, "length", ()).step is None


def test_a_filter_of_values_on_a_column_of_numbers_is_not_the_choice_of_its_histogram(data):
    named = Step("values", {"column": "length", "values": ["4"]}).checked()
    now = histograms.brushed(data, Selection(named), "length", [3, 5])
    assert chosen(data, now) == [4] and histograms.counts(data, ["length"], now)[0].brush == (3, 5)
    dated = Step("date_range", {"column": "day", "first": " 2021-01-05", "last": "2021-01-06T03:00+02:00"}).checked()
    assert histograms.counts(data, ["day"], Selection(dated))[0].brush == (4, 5)


def test_other_filters_stay_beside_what_is_chosen_and_the_rows_left_are_counted(data):
    drawn = Step("missing", {"column": "length"}).checked()
    now = histograms.brushed(data, Selection(drawn), "length", [18, 19])
    assert chosen(data, now) == [18, 19]
    left = np.arange(21) % 2 == 0
    (length,) = histograms.counts(data, ["length"], now, left)
    assert (length.left.tolist(), length.chosen.tolist()) == ([1, 0] * 10, [1, 0] * 10)
    assert histograms.brushed(data, now, "length", []) == Selection(drawn)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=300),
        np.random.default_rng(1).lognormal(3, 2, 300),
        np.random.default_rng(2).lognormal(3, 2, 300).astype(int),
        [0.5] * 5,
        [7] * 5,
        [10**15] * 5,
        [1e18] * 5,
        [10**15 + i for i in range(40)],
        [1e6 + 1e-7 * i for i in range(40)],
        [1e16 + 2 * i for i in range(5)],
        [1e-15 * i for i in range(1, 30)],
        [1e308, -1e308, 0.0],
        [-np.inf, 1.0, 2.0, np.inf, np.nan],
        [np.nan, np.nan],
    ],
)
def test_each_bar_is_the_very_filter_that_it_makes(tmp_path, values):
    values = [v.item() if isinstance(v, np.generic) else v for v in values]
    data = corpus(tmp_path, {"x": values})
    cut = histograms.bins(data, "x")
    assert len(cut) <= histograms.MOST_BARS + 1
    (whole,) = histograms.counts(data, ["x"], Selection())
    assert whole.left.sum() + whole.missing == data.n
    for bar in range(len(cut)):
        step = histograms.step(data, cut, [bar])
        assert np.flatnonzero(selection.mask(data, step)).tolist() == np.flatnonzero(cut.codes == bar).tolist()
        (again,) = histograms.counts(data, ["x"], Selection(step))
        assert again.brush == (bar, bar)


@pytest.mark.parametrize(
    "days",
    [
        [datetime(2021, 6, 30, 12, 0, i) for i in range(30)],
        [datetime(2021, 6, 30, 12, i) for i in range(30)],
        [datetime(2021, 6, 30 - i // 24, i % 24, 30) for i in range(30)],
        [datetime(2021, 6, 1 + i, 7) for i in range(28)],
        [date(1990 + i, 1 + i % 12, 15) for i in range(30)],
    ],
)
def test_bars_of_dates_are_whole_seconds_minutes_hours_days_or_months(tmp_path, days):
    data = corpus(tmp_path, {"day": days})
    cut = histograms.bins(data, "day")
    for bar in range(len(cut)):
        step = histograms.step(data, cut, [bar])
        assert np.flatnonzero(selection.mask(data, step)).tolist() == np.flatnonzero(cut.codes == bar).tolist()
        assert histograms.counts(data, ["day"], Selection(step))[0].brush == (bar, bar)
        upper = histograms.step(data, cut, [0, bar])
        assert histograms.counts(data, ["day"], Selection(upper))[0].brush == (0, bar)


def test_the_bar_of_all_other_values_holds_them_all(tmp_path, monkeypatch):
    monkeypatch.setattr(histograms, "MOST_VALUES", 8)
    kinds = [f"k{i}" for i in range(20) for _ in range(20 - i)]
    data = corpus(tmp_path, {"kind": [*kinds, None], "id": list(range(len(kinds) + 1))})
    cut = histograms.bins(data, "kind")
    assert (cut.labels[0], cut.labels[-1], len(cut)) == ("k0", "12 others", 9)
    now = histograms.brushed(data, Selection(), "kind", [0, 8])
    assert set(np.array([*kinds, ""])[chosen(data, now)]) == {"k0", *(f"k{i}" for i in range(8, 20))}
    assert histograms.counts(data, ["kind"], now)[0].brush == (0, 8)
    assert histograms.columns(data) == ["kind"]


def test_bars_that_are_not_there_are_refused(data):
    cut = histograms.bins(data, "kind")
    for bars in ([], [-1], [2, 3]):
        with pytest.raises(EngineError, match="'kind' has 3 bars"):
            histograms.step(data, cut, bars)
