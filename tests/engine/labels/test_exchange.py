"""Labels go out to other tools and come back by row key; nothing is overwritten in silence."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    Answer,
    Signs,
    Task,
    answers_in,
    label_studio_config,
    read_answers,
    tasks_of,
    with_guesses,
    write_tasks,
)
from tests.engine.small import corpus

BAD = '<script>alert(1)</script> & "quoted", =1+1\nnext'
TASKS = [
    *(Task("k1", BAD, "spam", "ham", 0.75), Task("k2", "=cmd()", "", "", None), Task("k#2", "日本語", "ham")),
    Task(" k3", "a\rb"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return corpus(tmp_path_factory.mktemp("exchange"), {"text": ["a", "b", "c", "d"], "label": ["x", "y", None, "x"]})


def given_back(path: Path, format: str, label: str) -> bytes:
    """The file as the tool would export it after somebody chose one label for all."""
    if format == "csv":
        cells = [*csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))]
        out = io.StringIO(newline="")
        said = [label, "Ann", "2024-05-06T07:08:09+02:00"]
        csv.writer(out).writerows([cells[0], *([*task[:-3], *said] for task in cells[1:])])
        return out.getvalue().encode()
    made = json.loads(path.read_bytes())
    for number, one in enumerate(made, 1):
        if format == "label studio":
            choice = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
            when = {"created_at": "2024-05-06T05:00:00Z", "updated_at": "2024-05-06T05:08:09.123Z"}
            one |= {
                "id": number,
                "annotations": [{"result": [choice], "completed_by": "Ann", "lead_time": 3.2, **when}],
            }
        else:
            one["responses"] = {"label": [{"value": label, "user_id": "Ann"}]}
    return json.dumps(made).encode()


@pytest.mark.parametrize("format", ["label studio", "argilla", "csv"])
def test_labels_come_back_by_row_key_whatever_the_text_is(tmp_path: Path, format: str) -> None:
    path = tmp_path / "tasks"
    write_tasks(TASKS, path, format)  # type: ignore[arg-type]
    empty = read_answers(path) if format != "label studio" else None
    assert empty is None or (empty.answers == () and empty.skipped == 4)
    back = answers_in(given_back(path, format, "ham"))
    when = "" if format == "argilla" else "2024-05-06T05:08:09Z"
    assert back.answers == tuple(Answer(key, "ham", "Ann", when) for key in ("k1", "k2", "k#2", " k3"))
    assert back.faults == () and back.format == format


def test_no_cell_of_a_sheet_is_a_formula_and_markup_stays_text(tmp_path: Path) -> None:
    write_tasks(TASKS, tmp_path / "t.csv", "csv")
    assert ',"\'=cmd()",' in (tmp_path / "t.csv").read_text()
    choice = ElementTree.fromstring(label_studio_config([BAD, "a"])).findall(".//Choice")[0]
    assert choice.get("value") == BAD


def test_the_exports_of_label_studio_are_read_as_its_documentation_has_them() -> None:
    choice = {"from_name": "label", "to_name": "text", "type": "choices"}
    said = [
        {
            "id": 1,
            "result": [{**choice, "value": {"choices": ["x"]}}],
            "completed_by": {"id": 7, "email": "a@b.example"},
        },
        {"id": 2, "result": [{**choice, "value": {"choices": ["x"]}}], "was_cancelled": True, "completed_by": 3},
        {"id": 3, "result": [{**choice, "value": {"choices": ["y"]}}], "completed_by": 10, "updated_at": "no time"},
    ]
    task = {"id": 1, "project": 83, "data": {"text": "t", "winnow_key": "k"}, "annotations": said, "predictions": []}
    back = answers_in(json.dumps([task]).encode())
    assert back.answers == (Answer("k", "x", "a@b.example"), Answer("k", "y", "10")) and back.skipped == 1
    least = {"text": "t", "winnow_key": "k", "label": "x", "annotator": 1, "created_at": "2021-03-09T21:52:49.513742Z"}
    assert answers_in(json.dumps([least]).encode()).answers == (Answer("k", "x", "1", "2021-03-09T21:52:49Z"),)
    table = b"annotation_id,annotator,created_at,id,label,text,winnow_key\n1,a@b.example,2021-03-09T21:52:49Z,1,x,t,k\n"
    assert answers_in(table).answers == (Answer("k", "x", "a@b.example", "2021-03-09T21:52:49Z"),)


HOSTILE = {
    b"": "is empty",
    b'[{"data": {': "is no JSON.*line 1",
    b"[" * 100_000: "is no JSON",
    b"[1, 2]": "no export of labels",
    b'{"text": "t"}': "must carry 'winnow_key'",
    b"\xff\xfe\x00": "neither JSON nor a table",
    b"\x00\x01": "is no text",
    b"key,label\nk,x\n": "no column named 'winnow_key'",
}


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_none_is_refused_with_the_way_out(raw: bytes) -> None:
    with pytest.raises(EngineError, match=HOSTILE[raw]):
        answers_in(raw)


def test_a_record_that_is_no_label_costs_itself_alone(tmp_path: Path) -> None:
    choice = {"from_name": "label", "type": "choices", "value": {"choices": ["x"]}}
    good = {"data": {"winnow_key": "k"}, "annotations": [{"result": [choice]}]}
    bad: list[object] = [
        *(7, {"data": 1}, {"data": {}, "annotations": []}, good | {"annotations": [1]}, good | {"annotations": {}}),
        good | {"data": {"winnow_key": ["a"]}},
        good | {"data": {"winnow_key": "k" * 2000}},
        good | {"annotations": [{"result": [choice | {"value": {"choices": ["x", "y"]}}]}]},
        good | {"annotations": [{"result": [choice | {"from_name": "mood"}]}]},
        good | {"annotations": [{"result": "x"}]},
        good | {"annotations": [{"result": [choice], "completed_by": [1]}]},
    ]
    back = answers_in(json.dumps([good, *bad]).encode())
    assert back.answers == (Answer("k", "x"),) and [f.place for f in back.faults] == list(range(2, len(bad) + 2))
    assert "under 'mood'" in back.faults[8].why
    both = good | {"annotations": [{"result": [choice]}, {"result": "x", "completed_by": 2}, 7]}
    back = answers_in(json.dumps([both]).encode())
    assert back.answers == (Answer("k", "x"),) and [f.place for f in back.faults] == [1, 1]
    record = {"id": "k", "fields": {}, "responses": {"label": [{"value": ["x", "y"]}, {"value": "x", "user_id": "u"}]}}
    back = answers_in(json.dumps([record]).encode())
    assert back.answers == (Answer("k", "x", "u"),) and [f.place for f in back.faults] == [1]
    (tmp_path / "big.json").write_bytes(b"[" + b" " * 100)
    with pytest.raises(EngineError, match="101 bytes; labels are read from files up to 50"):
        read_answers(tmp_path / "big.json", largest=50)
    with pytest.raises(EngineError, match="is no file|cannot be read"):
        read_answers(tmp_path)


def test_tasks_carry_the_keys_texts_and_labels_of_rows(data: Dataset) -> None:
    made = tasks_of(data, [2, 1], label="label")
    assert [(t.text, t.label, t.suggested, t.sure) for t in made] == [("c", "", "", None), ("b", "y", "", None)]
    assert [t.key for t in made] == data.keys(np.array([2, 1]))


def test_a_suggestion_is_the_likeliest_label_with_its_probability_where_one_was_told() -> None:
    """The first row's label is likeliest; the second's has 0.6 less than the likeliest; nothing is told of the last."""
    nan = np.nan
    nothing = np.full(4, nan)
    confidence, margin = np.array([0.7, 0.2, nan, nan]), np.array([0.5, -0.6, nan, nan])
    codes, likely = np.array([0, 1, -1, 1]), np.array([0, 0, 1, -1])
    signs = Signs(codes, nothing, codes, *[nothing] * 2, confidence, margin, nothing, likely, codes, *[nothing] * 2)
    tasks = [Task(f"k{i}", "t") for i in range(4)]
    made = with_guesses(tasks, np.arange(4), signs, ["ham", "spam"])
    assert [(t.suggested, t.sure) for t in made] == [("ham", 0.7), ("ham", 0.8), ("spam", None), ("", None)]
