"""Chats, pairs and instructions pooled: every row is a chat in one column, and goes out of it as one."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError, NotFound
from engine.exporting.export import export
from engine.exporting.headless import replay, run_again
from engine.exporting.verify import verify
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.preview import preview
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from engine.text.row_text import TextView, of_pair

ASKED, ANSWERED = {"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "Here."}
MESSAGES = TextView("chat", ("messages",), chat="openai")


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The same question and answer in five forms."""
    return [
        lines(tmp_path / "openai.jsonl", {"messages": [{"role": "system", "content": "Be kind."}, ASKED, ANSWERED]}),
        lines(tmp_path / "sharegpt.jsonl", {"conversations": [
            {"from": "system", "value": "Be kind."}, {"from": "human", "value": "Where is it?"},
            {"from": "gpt", "value": "Here."}]}),
        lines(tmp_path / "alpaca.jsonl", {"instruction": "Where", "input": "is it?", "output": "Here.", "n": 1}),
        lines(tmp_path / "pair.jsonl", {"question": "Where is it?", "answer": "Here."}),
        lines(tmp_path / "other.jsonl", {"prompt": "Where is it?", "completion": "Here."}),
    ]  # fmt: skip


def chats(data) -> list[object]:
    return [None if v is None else json.loads(v) for v in data.column(data.text_view.columns[0]).to_pylist()]


def test_every_form_becomes_messages_and_the_original_columns_stay(files: list[Path], tmp_path: Path) -> None:
    data = open_source(files, tmp_path / "w")
    system = {"role": "system", "content": "Be kind."}
    alpaca = [{"role": "user", "content": "Where\n\nis it?"}, ANSWERED]
    assert chats(data) == [[system, ASKED, ANSWERED]] * 2 + [alpaca] + [[ASKED, ANSWERED]] * 2
    assert data.texts(data.rows()[3:4]) == ["User: Where is it?\n\nAssistant: Here."]
    kept = ("conversations", "instruction", "input", "output", "n", "question", "answer", "prompt", "completion")
    assert set(data.columns) == {"messages", "source", *kept}
    assert data.column("answer").to_pylist() == [None, None, None, "Here.", None]


def test_what_a_turn_of_messages_holds_beyond_its_text_is_kept(tmp_path: Path) -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "a", "n": 12345678901234567890}]}
    image = {"role": "user", "content": [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": "x"}]}
    lines(tmp_path / "chats.jsonl", {"chat": [image, call]})
    lines(tmp_path / "pairs.jsonl", {"prompt": "Where is it?", "completion": "Here."})
    data = open_source([tmp_path / "chats.jsonl", tmp_path / "pairs.jsonl"], tmp_path / "w")
    assert chats(data)[0] == [image, call]
    assert data.texts(data.rows()[:1]) == ["User: Look"]


@pytest.mark.parametrize("form", ["messages", "sharegpt", "alpaca", "jsonl", "parquet", "csv"])
def test_pooled_chats_go_out_whole_and_the_export_holds(form: str, files: list[Path], tmp_path: Path) -> None:
    data = open_source(files, tmp_path / "w")
    made = export(run(data, Recipe()), tmp_path / "out", format=form)
    assert (made.rows.written, made.rows.unfit) == (5, {})
    assert [c.name for c in verify(tmp_path / "out").checks if not c.ok] == []
    if form == "alpaca":
        found = [json.loads(line) for line in (tmp_path / "out" / made.data_file).read_text().splitlines()]
        assert found[3] == {"instruction": "Where is it?", "input": "", "output": "Here."}


def test_a_recipe_on_pooled_chats_is_replayed_from_its_files(files: list[Path], tmp_path: Path) -> None:
    data = open_source(files, tmp_path / "w")
    made = export(run(data, Recipe()), tmp_path / "out", format="messages")
    again = replay(tmp_path / "out" / "recipe.json", files, tmp_path / "again", workspace=tmp_path / "elsewhere")
    assert again.rows.digest == made.rows.digest
    assert (tmp_path / "again" / made.data_file).read_bytes() == (tmp_path / "out" / made.data_file).read_bytes()


def test_a_recipe_on_pooled_files_runs_on_others_which_are_pooled_in_the_same_way(
    files: list[Path], tmp_path: Path
) -> None:
    export(run(open_source(files[2:4], tmp_path / "w"), Recipe()), tmp_path / "chats", format="messages")
    made = replay(tmp_path / "chats" / "recipe.json", [files[4]], tmp_path / "other")
    assert json.loads((tmp_path / "other" / made.data_file).read_text()) == {"messages": [ASKED, ANSWERED]}

    texts = [lines(tmp_path / "a.jsonl", {"text": "first"}), lines(tmp_path / "b.jsonl", {"content": "second"})]
    export(run(open_source(texts, tmp_path / "w"), Recipe()), tmp_path / "texts")
    others = [lines(tmp_path / "c.jsonl", {"text": "third"}), lines(tmp_path / "d.jsonl", {"body": "fourth"})]
    with run_again(tmp_path / "texts", others) as done:
        assert done.data.texts(done.rows) == ["third", "fourth"]


def test_a_column_of_another_kind_that_is_called_messages_is_left_alone(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", {"prompt": "Where is it?", "completion": "Here.", "messages": 3})
    lines(tmp_path / "b.jsonl", {"instruction": "Where is it?", "output": "Here."})
    data = open_source([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "w")
    assert data.text_view.columns == ("messages (2)",)
    assert data.column("messages").to_pylist() == [3, None]
    assert chats(data) == [[ASKED, ANSWERED]] * 2


def test_files_of_one_form_are_pooled_as_they_are(tmp_path: Path) -> None:
    a = lines(tmp_path / "a.jsonl", {"instruction": "Where?", "output": "Here."})
    b = lines(tmp_path / "b.jsonl", {"instruction": "Where?", "input": "it", "output": "Here."})
    data = open_source([a, b], tmp_path / "w")
    assert "messages" not in data.columns
    assert data.texts(data.rows()) == ["User: Where?\n\nAssistant: Here.", "User: Where?\n\nit\n\nAssistant: Here."]


def test_texts_under_two_names_become_one_column(tmp_path: Path) -> None:
    a = lines(tmp_path / "a.jsonl", {"text": "the first text"})
    b = lines(tmp_path / "b.jsonl", {"content": "the second text"})
    data = open_source([a, b], tmp_path / "w")
    assert data.texts(data.rows()) == ["the first text", "the second text"]


def test_chats_and_plain_texts_are_not_mixed_but_what_has_no_text_is_said(tmp_path: Path) -> None:
    a = lines(tmp_path / "chats.jsonl", {"messages": [ASKED, ANSWERED]})
    b = lines(tmp_path / "texts.jsonl", {"text": "a text"}, {"text": "another text"})
    seen = preview([a, b])
    assert seen.without_text == ["texts.jsonl: none of the 2 rows looked at has a text"]
    data = open_source([a, b], tmp_path / "w", options=seen.as_shown)
    assert data.texts(data.rows()) == ["User: Where is it?\n\nAssistant: Here.", "", ""]


def test_asked_for_plain_texts_become_chats_of_one_turn(tmp_path: Path) -> None:
    a = lines(tmp_path / "chats.jsonl", {"messages": [ASKED, ANSWERED]})
    b = lines(tmp_path / "texts.jsonl", {"text": "a text"})
    views = {
        "chats.jsonl": TextView("chat", ("messages",), chat="openai"),
        "texts.jsonl": TextView("column", ("text",)),
    }
    data = open_source([a, b], tmp_path / "w", options=SourceOptions(messages="messages", file_views=views))
    assert chats(data) == [[ASKED, ANSWERED], [{"role": "user", "content": "a text"}]]


def test_chats_for_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"prompt": "Where is it?", "completion": "Here."})
    views = {"b.jsonl": of_pair("prompt", "completion")}
    with pytest.raises(NotFound, match="No file named 'b.jsonl'"):
        open_source(path, tmp_path / "w", options=SourceOptions(messages="messages", file_views=views))
    with pytest.raises(EngineError, match="need the name of their column"):
        SourceOptions(file_views=views).checked()


def test_hostile_chats_lose_no_row_and_raise_nothing(tmp_path: Path) -> None:
    nested = [{"type": "text", "text": "a"}, {"type": "text", "text": ["b", {"c": None}]}, 5, None, ["d"]]
    odd: list[object] = [
        [], None, "not a chat", {"messages": []}, [{}], [None], [[]], [{"role": None, "content": None}], ["a", "b"], 7,
        [{"role": "user", "content": nested}], [{"role": "user", "content": float("nan")}],
        [ASKED, {"role": "assistant"}],
        [{"role": "system", "content": "Be kind."}], [{"role": "user", "content": {"text": "x"}}],
    ]  # fmt: skip
    rows = [{"messages": one} for one in odd] + [{"messages": [ASKED, ANSWERED]}] * 20
    a = lines(tmp_path / "chats.jsonl", *rows)
    table = pa.table(
        {
            "instruction": ["Where is it?", None, "", "Where is it?", "nan"],
            "input": pa.array([float("nan"), 1.5, None, float("nan"), None]),
            "output": ["Here.", "Here.", None, None, "Here."],
            "system": [None, "", "Be kind.", None, None],
        }
    )
    pq.write_table(table, tmp_path / "pairs.parquet")
    data = open_source([a, tmp_path / "pairs.parquet"], tmp_path / "w")
    assert (data.n, data.record.rejected) == (len(rows) + 5, 0)
    assert data.text_view.columns == ("messages",)
    assert data.texts(data.rows()[8:15]) == [
        "User: a\n\nAssistant: b",
        "",
        'User: a\n["b",{"c":null}]\n5\nd',
        "",
        "User: Where is it?",
        "System: Be kind.",
        'User: {"text":"x"}',
    ]
    assert data.texts(data.rows()[-5:]) == [
        "User: Where is it?\n\nAssistant: Here.",
        "Assistant: Here.",
        "System: Be kind.",
        "User: Where is it?",
        "User: nan\n\nAssistant: Here.",
    ]
    with pytest.raises(EngineError, match="In 3 of 40 chats no user says anything"):
        export(run(data, Recipe()), tmp_path / "out", format="messages")
    made = export(run(data, Recipe()), tmp_path / "out", format="messages", params={"without_user": "leave out"})
    assert made.rows.written + sum(made.rows.unfit.values()) == data.n
    assert [c.name for c in verify(tmp_path / "out").checks if not c.ok] == []


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "text"]), inner),
    max_leaves=6,
)
TURN = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system", "tool"]), "content": VALUE})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(TURN, max_size=3) | VALUE, min_size=1, max_size=4))
def test_whatever_stands_in_a_chat_its_row_comes_in_and_goes_out(rows: list[object], tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("chats")
    a = lines(folder / "chats.jsonl", {"messages": [ASKED, ANSWERED]}, *({"messages": one} for one in rows))
    b = lines(folder / "pairs.jsonl", {"prompt": "Where is it?", "completion": "Here."})
    views = {
        "chats.jsonl": TextView("chat", ("messages",), chat="openai"),
        "pairs.jsonl": of_pair("prompt", "completion"),
    }
    data = open_source([a, b], folder / "w", options=SourceOptions(messages="all", file_views=views))
    assert data.n == len(rows) + 2
    assert len(data.texts(data.rows())) == data.n
    made = export(run(data, Recipe()), folder / "out", format="messages", params={"without_user": "leave out"})
    assert made.rows.written + sum(made.rows.unfit.values()) == data.n
