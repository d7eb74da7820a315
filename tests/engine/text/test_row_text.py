"""What counts as the text of a row."""

import json

import pyarrow as pa
import pytest

from engine.errors import EngineError, NotFound
from engine.store import read
from engine.text.row_text import (
    TextView,
    Turn,
    chat_form,
    guess,
    of_column,
    of_pair,
    of_template,
    render,
    split,
    turns,
)


def columns(**given: list[object]) -> dict[str, pa.ChunkedArray]:
    return {key: pa.chunked_array([pa.array(values)]) for key, values in given.items()}


OPENAI = [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}]
SHAREGPT = [{"from": "human", "value": "Hi?"}, {"from": "gpt", "value": "Hello."}]
SPOKEN = [Turn("user", "Hi?"), Turn("assistant", "Hello.")]


def test_a_column_is_the_text_and_missing_is_empty() -> None:
    assert render(of_column("t"), columns(t=["a", None, ""]), 3) == ["a", "", ""]


def test_numbers_truths_and_lists_have_a_text() -> None:
    values = columns(n=[1, None], b=[True, False], l=[["x", "y"], []])
    assert [render(of_column(k), values, 2) for k in values] == [["1", ""], ["true", "false"], ["x, y", ""]]


def test_a_template_joins_columns_and_two_braces_are_one() -> None:
    view = of_template("{title}\n\n{{{body}}}", ["title", "body"])
    assert view.columns == ("title", "body")
    assert render(view, columns(title=["T", "U"], body=["{title}", None]), 2) == ["T\n\n{{title}}", "U\n\n{}"]


def test_a_template_names_a_column_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="No column named 'titel'. Did you mean 'title'"):
        of_template("{titel}", ["title"])
    with pytest.raises(EngineError, match="names no column"):
        of_template("only words", ["title"])


@pytest.mark.parametrize(("chat", "form"), [(OPENAI, "openai"), (SHAREGPT, "sharegpt")])
def test_a_chat_is_recognised_and_read_as_turns(chat: list[dict[str, str]], form: str) -> None:
    for values in (columns(c=[chat, None]), columns(c=[json.dumps(chat), None])):
        view = guess([("c", "json")], values)
        assert (view.kind, view.chat, view.columns) == ("chat", form, ("c",))
        assert turns(view, values, 2) == [SPOKEN, []]
        assert render(view, values, 2) == ["User: Hi?\n\nAssistant: Hello.", ""]


def test_parts_of_a_turn_that_are_text_are_read() -> None:
    content = [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": "u"}}]
    values = columns(c=[json.dumps([{"role": "user", "content": content}, {"role": "assistant", "content": None}])])
    view = TextView("chat", ("c",), chat="openai")
    assert turns(view, values, 1) == [[Turn("user", "look"), Turn("assistant", "")]]


def test_alpaca_is_recognised_with_its_optional_input() -> None:
    values = columns(instruction=["Add", "Say"], input=["1+1", ""], output=["2", "Hi"])
    view = guess([(k, "text") for k in values], values)
    assert (view.chat, view.fields) == ("alpaca", ("instruction", "input", "output"))
    assert turns(view, values, 2) == [
        [Turn("user", "Add\n\n1+1"), Turn("assistant", "2")],
        [Turn("user", "Say"), Turn("assistant", "Hi")],
    ]
    del values["input"]
    assert guess([(k, "text") for k in values], values).columns == ("instruction", "output")


def test_a_pair_shows_prompt_answer_or_both_and_can_be_split() -> None:
    values = columns(question=["Q", "R"], answer=["A", None])
    assert guess([(k, "text") for k in values], values) == of_pair("question", "answer")
    assert render(of_pair("question", "answer"), values, 2) == ["Q\n\nA", "R"]
    assert render(of_pair("question", "answer", part="prompt"), values, 2) == ["Q", "R"]
    assert render(of_pair("question", "answer", part="answer"), values, 2) == ["A", ""]
    assert split(of_pair("question", "answer"), values, 2) == (["Q", "R"], ["A", ""])


def test_the_last_turn_of_the_assistant_is_the_answer() -> None:
    values = columns(c=[json.dumps(OPENAI)])
    assert split(TextView("chat", ("c",), chat="openai"), values, 1) == (["User: Hi?"], ["Hello."])


def test_a_share_is_between_none_and_all() -> None:
    with pytest.raises(EngineError, match="share of the tokens is 1.5"):
        of_pair("a", "b", share=1.5)


def test_the_longest_text_that_is_no_id_address_or_name_is_guessed() -> None:
    values = columns(
        id=[f"row-{i:040}" for i in range(40)],
        url=[f"https://example.org/{'x' * 80}/{i}" for i in range(40)],
        kind=[f"a very long name of a class, number {i % 2}" for i in range(40)],
        title=[f"title {i}" for i in range(40)],
        body=[f"a longer text, number {i}" for i in range(40)],
    )
    assert guess([(k, "text") for k in values], values).columns == ("body",)


def test_a_vector_is_not_a_text() -> None:
    values = columns(v=[[0.123456789] * 50] * 5, t=["words here"] * 5)
    assert guess([("v", "list"), ("t", "text")], values).columns == ("t",)
    assert guess([("v", "list")], values).columns == ()


def test_texts_without_blanks_may_be_another_script() -> None:
    values = columns(t=["今日は良い天気です", "明日も晴れるでしょう"])
    assert guess([("t", "text")], values).columns == ("t",)


def test_only_chats_are_chats() -> None:
    assert chat_form(['[{"a": 1}]', None]) == ""
    assert chat_form(["words", None]) == ""
    assert chat_form([OPENAI, SHAREGPT]) == ""


def test_a_view_survives_the_way_through_json() -> None:
    for view in (of_pair("a", "b", share=0.3), TextView("chat", ("c",), chat="alpaca", fields=("output",))):
        assert read(TextView, view.json(), "a view") == view.checked()
    with pytest.raises(EngineError, match="It must be one of column, template, chat, pair"):
        read(TextView, {"kind": "templat"}, "a view")


def test_a_view_that_could_not_be_shown_is_refused() -> None:
    with pytest.raises(NotFound, match="No column named 'nope'"):
        TextView("template", ("title",), "{nope}").checked()
    with pytest.raises(EngineError, match="reads 2 columns, not 1"):
        TextView("pair", ("a",)).checked()
    with pytest.raises(EngineError, match="share of the tokens is 1.5"):
        of_pair("a", "b", share=1.5)
