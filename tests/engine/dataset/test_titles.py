"""What rows are called: by the column that names them, else by their numbers."""

import pytest

from engine.dataset import called, row_words, title_column, titles, with_names
from tests.engine.small import corpus

NAMES = ["vlc", "mpv   player", None, "x" * 100, "gcc", "mono", "a", "b", "c", "d", "e", "f"]


def test_rows_are_called_by_their_title_on_one_line_and_without_one_by_number(tmp_path):
    data = corpus(tmp_path, {"Name": NAMES, "note": [f"longer text {i} " * 9 for i in range(12)]})
    assert title_column(data) == "Name"
    assert called(data, [1, 2, 3]) == ["mpv player", "Row 2", "x" * 79 + "…"]
    assert titles(data, [2]) == [""]
    assert [row_words(data, 0), row_words(data, 2), row_words(data, 2, begins=True)] == [
        "vlc (row 0)", "row 2", "Row 2",
    ]  # fmt: skip
    said = "Dropped by step 1: repeats row 4, similarity 1.000; is row 9,999 not there, is row 2."
    assert with_names(data, said) == said.replace("row 4", "gcc (row 4)")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ([f"package {i}" for i in range(50)], True),
        (["admin", "games"] * 25, False),  # many rows have the same
        ([f"https://host/{i}" for i in range(50)], False),
        ([f"a long text {i} " * 9 for i in range(50)], False),
    ],
)
def test_short_texts_that_differ_name_rows_where_no_column_is_called_so(tmp_path, values, named):
    data = corpus(tmp_path, {"what": values})
    assert title_column(data) == ("what" if named else "")
