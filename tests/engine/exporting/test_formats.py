"""Exporters: what goes out is what came in, and can be read back."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.errors import EngineError
from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import BATCH
from tests.engine.exporting.exported import chats, everything, hard, rows, table, values

HARD = [
    ("text", ["one, two", "", None, 'say "three"\nfour', "ünï 中 \x00"]),
    ("text", ["again", None, "", "x", "y"]),
    ("n", [1, None, -3, 2**62, 5]),
    ("big", [str(2**80), None, "7", "-1", "0"]),
    ("f", [0.1, None, -2.5, 1e300, 3.0]),
    ("yes", [True, False, None, True, False]),
    ("day", [date(2022, 1, 8), None, date(1970, 1, 1), date(1970, 1, 2), date(1970, 1, 3)]),
    ("tags", [["a", "b"], [], None, ["ü"], [None]]),
]


def written(name: str, output: object, folder: Path, **params: object) -> tuple[Path, list[object]]:
    """Write with a member, read back with its reader."""
    folder.mkdir(exist_ok=True)
    member = EXPORTERS[name]
    checked = member.check(params)
    done = member.function(output, folder, **checked)
    assert [p.name for p in folder.iterdir()] == [p.name for p in done.files]
    return done.files[0], list(member.about.reads(done.files[0], checked))


def test_parquet_gives_back_every_value_with_its_type_and_a_name_that_repeats(tmp_path: Path) -> None:
    output = everything(hard(tmp_path))
    path, back = written("parquet", output, tmp_path / "out")
    assert back == values(output)
    for i, (name, column) in enumerate(HARD):
        assert [row[i] for row in back] == [(name, v) for v in column]
    assert pq.ParquetFile(path).schema_arrow.field(6).type == pa.date32()


def test_json_lines_write_integers_beyond_64_bits_dates_nesting_and_null(tmp_path: Path) -> None:
    path, back = written("jsonl", everything(hard(tmp_path)), tmp_path / "out")
    assert path.read_text().splitlines()[0] == (
        '{"text":"one, two","text (2)":"again","n":1,"big":1208925819614629174706176,"f":0.1,"yes":true,'
        '"day":"2022-01-08","tags":["a","b"],"more":{"a":1,"b":["x"]},"all":null}'
    )
    assert dict(back[0])["big"] == 2**80
    assert dict(back[1])["text"] == "" and dict(back[2])["text"] is None
    assert dict(back[3])["text"] == 'say "three"\nfour'


def test_csv_tells_empty_from_missing_and_keeps_names_that_repeat(tmp_path: Path) -> None:
    path, back = written("csv", everything(hard(tmp_path)), tmp_path / "out")
    lines = path.read_text().split("\n")
    assert lines[0] == '"text","text","n","big","f","yes","day","tags","more","all"'
    assert lines[1].startswith('"one, two","again",1,"1208925819614629174706176",0.1,true,2022-01-08,"[""a"",""b""]"')
    assert lines[2] == '"",,,,,false,,"[]",,'
    assert back[3][0] == ("text", 'say "three"\nfour')
    assert [dict(r)["more"] for r in back][:2] == ['{"a":1,"b":["x"]}', ""]


@pytest.mark.parametrize("name", ["jsonl", "csv"])
@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_packed_file_holds_the_same_rows(name: str, compression: str, tmp_path: Path) -> None:
    output = everything(hard(tmp_path))
    plain = written(name, output, tmp_path / "plain")[1]
    path, packed = written(name, output, tmp_path / "packed", compression=compression)
    assert packed == plain
    assert path.suffix == {"gzip": ".gz", "zstd": ".zst"}[compression]


@pytest.mark.parametrize(("separator", "suffix"), [("tab", ".tsv"), ("semicolon", ".csv")])
def test_csv_with_another_separator_reads_back(separator: str, suffix: str, tmp_path: Path) -> None:
    output = everything(hard(tmp_path))
    path, back = written("csv", output, tmp_path / "out", separator=separator)
    assert path.suffix == suffix
    assert back == written("csv", output, tmp_path / "comma")[1]


RAW = [
    b'{"id": 12345678901234567890123, "x": 1.50, "t": "a\\u00e9", "x": 2}',
    b'{\n "t": "b",\n "x": 1e2\n}',
    b'{"t":"c"}',
]


def from_json(folder: Path) -> "object":
    return table(
        folder,
        [
            ("t", "t", "text", "text", pa.array(["aé", "b", "c"])),
            ("x", "x", "number", "", pa.array([2.0, 100.0, None])),
            ("id", "id", "integer", "", pa.array(["12345678901234567890123", None, None])),
        ],
        raws=RAW,
    )


def test_a_json_source_goes_out_as_its_own_bytes(tmp_path: Path) -> None:
    path, _ = written("jsonl", everything(from_json(tmp_path)), tmp_path / "out")
    lines = path.read_bytes().split(b"\n")
    assert lines[0] == RAW[0]
    assert json.loads(lines[1]) == {"t": "b", "x": 100.0} and b"1e2" in lines[1]
    assert lines[2:] == [RAW[2], b""]


def test_what_is_added_to_a_json_source_stands_at_the_end_of_its_bytes(tmp_path: Path) -> None:
    path, _ = written("jsonl", everything(from_json(tmp_path), rank=True), tmp_path / "out")
    assert path.read_bytes().split(b"\n")[2] == b'{"t":"c","rank":2}'


def test_a_column_left_out_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    output = everything(from_json(tmp_path), columns=("x", "t"))
    path, _ = written("jsonl", output, tmp_path / "out")
    assert path.read_text() == '{"x":2,"t":"aé"}\n{"x":1e2,"t":"b"}\n{"t":"c"}\n'


def test_columns_go_out_in_the_order_that_was_asked_for(tmp_path: Path) -> None:
    output = everything(from_json(tmp_path), columns=("id", "x", "t"))
    path, _ = written("jsonl", output, tmp_path / "out")
    assert path.read_text().splitlines()[0] == '{"id":12345678901234567890123,"x":2,"t":"aé"}'


def test_rows_go_out_in_pick_order_also_when_all_are_picked(tmp_path: Path) -> None:
    output = replace(everything(hard(tmp_path)), rows=rows(0, 3, 2, 1, 4))
    for name in ("parquet", "jsonl"):
        back = written(name, output, tmp_path / name)[1]
        assert [dict(r)["n"] for r in back] == [1, 2**62, -3, None, 5]


@pytest.mark.parametrize("name", list(EXPORTERS))
@pytest.mark.parametrize("count", [0, 1])
def test_no_row_and_one_row_can_be_written_and_read(name: str, count: int, tmp_path: Path) -> None:
    output = replace(everything(chats(tmp_path)), rows=rows(*range(count)))
    assert len(written(name, output, tmp_path / "out")[1]) == count


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_every_format_writes_the_same_bytes_twice(name: str, tmp_path: Path) -> None:
    output = everything(chats(tmp_path))
    first, second = (written(name, output, tmp_path / where)[0].read_bytes() for where in ("a", "b"))
    assert first == second


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_rows_past_one_batch_are_all_there(name: str, tmp_path: Path) -> None:
    data = chats(tmp_path)
    output = replace(everything(data, rank=True), rows=np.zeros(BATCH + 2, np.int64))
    back = written(name, output, tmp_path / "out")[1]
    assert [int(dict(r)["rank"]) for r in back] == list(range(BATCH + 2))


def test_messages_keep_what_a_turn_holds_and_name_the_row_without_one(tmp_path: Path) -> None:
    output = everything(chats(tmp_path))
    path = tmp_path / "out"
    path.mkdir()
    done = EXPORTERS["messages"].function(output, path)
    assert path.joinpath("messages.jsonl").read_text().splitlines() == [
        '{"messages":[{"role":"user","content":"2+2?"},{"role":"assistant","content":"4"}]}',
        '{"messages":[{"role":"user","content":"now?"},{"role":"assistant","content":null,"tool_calls":[{"id":"7"}]}]}',
    ]
    assert (done.rows, done.unfit.tolist(), dict(done.counts)) == (2, [2], {"it has no turns": 1})


def test_a_system_message_is_put_first_where_there_is_none(tmp_path: Path) -> None:
    back = written("messages", everything(chats(tmp_path)), tmp_path / "out", system="Be short.")[1]
    assert dict(back[0])["messages"][0] == (("role", "system"), ("content", "Be short."))


@pytest.mark.parametrize("name", ["alpaca", "sharegpt"])
def test_a_tool_call_does_not_fit_a_format_of_plain_texts(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    done = EXPORTERS[name].function(everything(chats(tmp_path)), folder)
    assert dict(done.counts) == {"it has a tool call, which this format cannot hold": 1, "it has no turns": 1}


def pairs(folder: Path) -> object:
    return table(
        folder,
        [
            ("q", "q", "text", "prompt", pa.array(["2+2?", "so?", None])),
            ("a", "a", "text", "answer", pa.array(["4", None, "yes"])),
        ],
        view={"kind": "pair", "columns": ["q", "a"]},
    )


def test_a_pair_becomes_one_question_and_one_answer_in_each_form(tmp_path: Path) -> None:
    output = everything(pairs(tmp_path))
    lines = {n: written(n, output, tmp_path / n)[0].read_text() for n in ("messages", "alpaca", "sharegpt")}
    assert lines == {
        "messages": '{"messages":[{"role":"user","content":"2+2?"},{"role":"assistant","content":"4"}]}\n',
        "alpaca": '{"instruction":"2+2?","input":"","output":"4"}\n',
        "sharegpt": '{"conversations":[{"from":"human","value":"2+2?"},{"from":"gpt","value":"4"}]}\n',
    }


def test_a_pair_with_a_half_missing_says_which(tmp_path: Path) -> None:
    done = EXPORTERS["messages"].function(everything(pairs(tmp_path)), tmp_path)
    assert dict(done.counts) == {"it has no answer": 1, "it has no prompt": 1}


def test_alpaca_in_alpaca_out_keeps_instruction_and_input_apart(tmp_path: Path) -> None:
    data = table(
        tmp_path,
        [(k, k, "text", "", pa.array([v])) for k, v in (("instruction", "Add."), ("input", "2 2"), ("output", "4"))],
        view={
            "kind": "chat", "chat": "alpaca", "columns": ["instruction", "input", "output"],
            "fields": ["instruction", "input", "output"],
        },
    )  # fmt: skip
    line = written("alpaca", everything(data), tmp_path / "out")[0].read_text()
    assert line == '{"instruction":"Add.","input":"2 2","output":"4"}\n'
    messages = written("messages", everything(data), tmp_path / "messages")[0].read_text()
    assert messages == ('{"messages":[{"role":"user","content":"Add.\\n\\n2 2"},{"role":"assistant","content":"4"}]}\n')


def test_a_chat_of_two_exchanges_does_not_fit_alpaca(tmp_path: Path) -> None:
    turns = [{"role": r, "content": c} for r, c in (("user", "a"), ("assistant", "b"), ("user", "c"))]
    data = table(
        tmp_path,
        [("m", "m", "json", "", pa.array([json.dumps(turns)]))],
        view={"kind": "chat", "columns": ["m"], "chat": "openai"},
    )
    done = EXPORTERS["alpaca"].function(everything(data), tmp_path)
    assert dict(done.counts) == {"it is not one question and one answer": 1}


@pytest.mark.parametrize("name", [n for n, m in EXPORTERS.items() if m.about.parts])
def test_a_question_never_becomes_what_the_assistant_says(name: str, tmp_path: Path) -> None:
    data = table(tmp_path, [("t", "t", "text", "text", pa.array(["what is my balance?", "", "pay my bill"]))])
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(EngineError) as refused:
        EXPORTERS[name].function(everything(data), folder)
    assert "In 2 of 3 chats no user says anything" in str(refused.value)
    assert "(row 0: 'what is my balance?'; row 2: 'pay my bill')" in str(refused.value)
    assert "--turns user=COLUMN assistant=COLUMN" in str(refused.value)
    assert list(folder.iterdir()) == []
    done = EXPORTERS[name].function(everything(data), folder, without_user="leave out")
    assert (done.rows, dict(done.counts)) == (0, {"it has no user turn": 2, "its text is empty": 1})


def test_only_chats_in_which_nobody_asks_are_refused_or_left_out(tmp_path: Path) -> None:
    turns = [[("user", "a"), ("assistant", "b")], [("system", "x"), ("assistant", "c")], [("human", "d")]]
    made = [json.dumps([{"role": r, "content": c} for r, c in one]) for one in turns]
    data = table(
        tmp_path, [("m", "m", "json", "", pa.array(made))], view={"kind": "chat", "columns": ["m"], "chat": "openai"}
    )
    with pytest.raises(EngineError, match="In 1 of 3 chats .* \\(row 1: "):
        EXPORTERS["messages"].function(everything(data), tmp_path)
    done = EXPORTERS["messages"].function(everything(data), tmp_path, without_user="leave out")
    assert (done.rows, done.unfit.tolist()) == (2, [1])


@pytest.mark.parametrize(
    ("shape", "kind", "text"),
    [
        ("%Y-%m-%d", pa.date32(), "2024-02-29"),
        ("%Y-%m-%d %H:%M:%S", pa.timestamp("us"), "2024-02-29 12:30:01"),
        ("%Y-%m-%dT%H:%M:%SZ", pa.timestamp("us", "UTC"), "2024-02-29T12:30:01Z"),
        ("%Y-%m-%dT%H:%M:%S.%f", pa.timestamp("us"), "2024-02-29T12:30:01.000200"),
        ("TRUE", pa.bool_(), "TRUE"),
    ],
)
def test_dates_and_truth_values_of_delimited_text_go_out_as_they_were_written(
    shape: str, kind: pa.DataType, text: str, tmp_path: Path
) -> None:
    read = (
        pa.array([text.removesuffix("Z")]).cast(pa.timestamp("us")).cast(kind) if shape[0] == "%" else pa.array([True])
    )
    data = table(tmp_path, [("t", "t", "text", "", pa.array(["a"])), ("d", "d", "date", "", read)])
    text_column, dated = data.record.columns
    record = replace(data.record, columns=(text_column, replace(dated, written=shape)))
    output = everything(replace(data, record=record))
    assert written("csv", output, tmp_path / "csv")[1] == [(("t", "a"), ("d", text))]
    assert dict(written("jsonl", output, tmp_path / "json")[1][0])["d"] == (True if text == "TRUE" else text)
