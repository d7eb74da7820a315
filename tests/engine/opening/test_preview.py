"""What is shown before opening is what opening does."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.errors import NotFound
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.preview import preview

CHAT = [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "Here."}]
SHARED = [{"from": "human", "value": "Where is it?"}, {"from": "gpt", "value": "Here."}]

SHAPES: dict[str, dict[str, str]] = {
    "one column": {"a.csv": "id,text\n1,one text\n2,two texts\n"},
    "semicolons": {"a.csv": "name;body\nx;one text, and more\ny;\nz;two texts\n"},
    "a pair": {"a.jsonl": json.dumps({"question": "Where?", "answer": "Here."})},
    "instructions": {"a.jsonl": json.dumps({"instruction": "Say", "input": "it", "output": "It."})},
    "instructions without any input at first": {
        "a.jsonl": "\n".join(json.dumps({"instruction": "Say", "input": more, "output": "It."}) for more in ["", "x"])
    },
    "messages": {"a.jsonl": json.dumps({"messages": CHAT})},
    "conversations in a cell of CSV": {"a.tsv": 'n\tchat\n1\t"' + json.dumps(SHARED).replace('"', '""') + '"\n'},
    "a name that promises and numbers that do not hold": {"a.csv": "response,answer,note\n1.5,2,the note itself\n"},
    "a file without text": {"a.csv": "text\nthe text\n", "b.csv": "n\n7\n"},
    "texts of two names": {"a.csv": "text\nthe text\n", "b.jsonl": json.dumps({"body": "another"})},
    "a chat and a pair": {
        "a.jsonl": json.dumps({"messages": CHAT}), "b.jsonl": json.dumps({"prompt": "Where?", "completion": "Here."}),
    },
    "two forms of chat in one column": {
        "a.jsonl": json.dumps({"chat": CHAT}), "b.jsonl": json.dumps({"chat": SHARED}),
    },
    "a chat and a text": {"a.jsonl": json.dumps({"messages": CHAT}), "b.csv": "text\nthe text\n"},
    "a file that cannot be read beside others": {"a.csv": "text\nthe text\n", "b.parquet": "PAR1 is not enough"},
    "numbers in one file and texts in the other": {"a.csv": "text\n7\n8\n", "b.csv": "text\nseven\n"},
    "line by line": {"a.txt": "the first line\n", "b.txt": "another file\n"},
    "a text that is missing": {"a.jsonl": '{"text": null}\n{"text": "there"}\n{"text": ""}\n{"n": 1}\n'},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("as_shown", [True, False], ids=["as shown", "by itself"])
def test_the_texts_that_are_shown_are_those_that_opening_gives(shape: str, as_shown: bool, tmp_path: Path) -> None:
    paths = []
    for name, body in SHAPES[shape].items():
        paths.append(tmp_path / name)
        paths[-1].write_text(body, encoding="utf-8")
    seen = preview(paths)
    data = open_source(paths, tmp_path / "w", options=seen.as_shown if as_shown else SourceOptions())
    assert data.text_view == seen.view
    texts, at = data.texts(data.rows()), 0
    for shown, file in zip(seen.texts, data.record.files, strict=True):
        mine = texts[at : at + file.rows]
        assert list(shown.first) == mine[:3]
        assert (shown.looked, shown.without) == (file.rows, sum(not t.strip() for t in mine))
        at += file.rows
    assert at == data.n
    assert list(seen.types) == list(data.columns)


def test_roles_that_are_shown_are_taken_and_codes_of_a_label_count_as_categories(tmp_path: Path) -> None:
    rows = [f"{i},text {i} of a few words,{i % 2},2020-01-0{i % 9 + 1},{'en' if i % 3 else 'de'}" for i in range(40)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["nr,text,label,day,lang", *rows]) + "\n")
    data = open_source(path, tmp_path / "w", options=preview([path]).as_shown)
    roles = {c.role: c.key for c in data.columns.values() if c.role}
    assert roles == {"id": "nr", "text": "text", "label": "label", "date": "day", "language": "lang"}
    assert data.info("label").type == "category"
    assert data.keys(np.array([3])) == ["3"]


def test_what_was_said_stands_above_what_was_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,label\n" + "".join(f"{i},text {i} of words,{i % 2}\n" for i in range(20)))
    said = SourceOptions(text="label", roles={"label": "id"})
    data = open_source(path, tmp_path / "w", options=preview([path], options=said).as_shown)
    assert (data.text_view.columns, data.info("id").role, data.id_column()) == (("label",), "label", "")


def test_a_preview_of_a_column_that_is_not_there_offers_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,n\none,1\n")
    with pytest.raises(NotFound, match="Did you mean 'text'"):
        preview([tmp_path / "a.csv"], options=SourceOptions(text="txt"))


def test_a_large_file_is_looked_at_in_its_first_rows_and_others_spread_behind_them(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [f"text {i}" if i < 4000 else "" for i in range(8000)]}), tmp_path / "a.parquet")
    seen = preview([tmp_path / "a.parquet"])
    assert (seen.texts[0].first, seen.texts[0].looked) == (("text 0", "text 1", "text 2"), 1000)
    assert seen.without_text == ["a.parquet: 267 of the 1,000 rows looked at have no text"]
