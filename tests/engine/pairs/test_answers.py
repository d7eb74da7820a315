"""The same prompt with different answers: in columns, in pairs, in chats."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.building import build
from engine.dataset.dataset import Dataset
from engine.dataset.typed_artefacts import Pairs
from engine.errors import EngineError
from engine.pairs import PAIRS
from engine.recipe import Recipe, Step, run
from tests.engine.small import corpus

ROWS = [("1+1?", "2"), ("Hi", "Hello"), ("1+1?", "two"), ("Hi", "Hello"), ("hi", "Bye"), ("", "x"), ("1+1?", None)]


def found(data: Dataset, **params: object) -> Pairs:
    member = PAIRS["answers"]
    return member.function(data, **member.check(params))


def test_rows_share_a_node_where_their_prompt_has_two_answers_or_more(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"q": [q for q, _ in ROWS], "a": [a for _, a in ROWS]})
    pairs = found(data, prompt="q", answer="a")
    assert pairs.of_row.tolist() == [0, -1, 0, -1, -1, -1, -1]
    assert pairs.value is not None and pairs.value.tolist() == [2, 1, 2, 1, 1, 0, 0]
    loose = found(data, prompt="q", answer="a", any_case=True)
    assert loose.of_row.tolist() == [0, 1, 0, 1, 1, -1, -1]
    assert loose.value is not None and loose.value.tolist() == [2, 2, 2, 2, 2, 0, 0]


def test_what_does_not_count_in_a_prompt_does_not_count_in_an_answer(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"q": ["a", "A"], "a": ["Yes", "yes"]})
    assert found(data, prompt="q", answer="a", any_case=True).of_row.tolist() == [-1, -1]


def test_a_pair_and_a_chat_say_their_prompts_and_answers_themselves(open_rows: Callable[..., Dataset]) -> None:
    pair = open_rows([{"prompt": q, "completion": a} for q, a in ROWS], name="pair")
    assert pair.text_view.kind == "pair" and found(pair).of_row.tolist() == [0, -1, 0, -1, -1, -1, -1]

    def chat(*said: str) -> dict[str, object]:
        roles = ("user", "assistant") * 2
        return {"messages": [{"role": r, "content": t} for r, t in zip(roles, said, strict=False)]}

    chats = [
        *(chat("a", "b", "c", "d"), chat("a", "b", "c", "e"), chat("a", "x", "c", "d")),
        *(chat("a", "b", "c"), chat("a", "b")),
    ]
    data = open_rows(chats, name="chats")
    assert data.text_view.kind == "chat" and found(data).of_row.tolist() == [0, 0, -1, -1, -1]


def test_without_a_pair_the_columns_must_be_named_both(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a"], "b": ["c"]})
    with pytest.raises(EngineError, match="neither a prompt with its answer nor a chat. Name the column"):
        found(data)
    with pytest.raises(EngineError, match="'b' is named alone. Name both"):
        found(data, answer="b")


def test_the_best_answers_of_a_prompt_stay_and_prompts_with_one_answer_are_left_alone(
    open_rows: Callable[..., Dataset],
) -> None:
    scored = [("p", "a", 1), ("p", "b", 5), ("p", "c", 3), ("p", "b", 5), ("q", "x", 0), ("q", "x", 0)]
    data = open_rows([{"prompt": p, "completion": a, "score": s} for p, a, s in scored])
    data = build(data, ["answers", "exact"])
    assert data.numbers("answers").tolist() == [3, 3, 3, 3, 1, 1]

    def left(*steps: Step) -> list[int]:
        return run(data, Recipe(steps=steps)).rows.tolist()

    best = {"pairs": "answers", "by": "score", "keep": "last"}
    assert left(Step("dedup", best).checked()) == [1, 4, 5]
    two = Step("dedup", {**best, "most": 2}).checked()
    assert left(two) == [1, 3, 4, 5]  # two rows, of one answer
    assert left(Step("dedup", {"pairs": "exact"}).checked(), two) == [1, 2, 4]  # two answers
