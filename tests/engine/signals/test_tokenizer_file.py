"""Tokens of any tokenizer.json: counted, known by digest, refused where it is another one."""

import json
from pathlib import Path

import pytest

from engine.building import build, check_paths, key_of, spec
from engine.errors import EngineError
from engine.exporting.needs import completed
from engine.recipe.budgets import cost_key
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.signals.sizes.tokens import tokens
from tests.engine.small import corpus

# One token a word that it knows; all other words are one unknown token each.
WORDS = {"[UNK]": 0, "red": 1, "green": 2}


def tokenizer(folder: Path, name: str = "tokenizer.json", words: dict[str, int] = WORDS) -> Path:
    body = {
        "version": "1.0",
        "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None, "decoder": None, "model": {"type": "WordLevel", "vocab": words, "unk_token": "[UNK]"},
    }  # fmt: skip
    path = folder / name
    path.write_text(json.dumps(body))
    return path


def test_a_tokenizer_by_its_path_counts_whole_texts(tmp_path: Path) -> None:
    found = tokens(["red green red", "", "blue", "\x00 \ud800 🙂"], file=str(tokenizer(tmp_path)))
    assert found["tokens"].tolist() == [3, 0, 1, 3]


def test_the_file_is_known_by_its_digest_so_that_a_changed_one_is_another_signal(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["red green red", "blue"]})
    path = tokenizer(tmp_path)
    first = spec("signal", "tokens", {"file": str(path)})
    data = build(data, {key_of(first): first})
    assert data.numbers(key_of(first)).tolist() == [3, 1]
    path.write_text(path.read_text().replace('"Whitespace"', '"WhitespaceSplit"'))
    second = spec("signal", "tokens", {"file": str(path)})
    assert second != first and key_of(second) != key_of(first)
    with pytest.raises(EngineError, match=f"the one with {first.params['sha256']} is meant"):
        tokens(["red"], file=str(path), sha256=str(first.params["sha256"]))


def test_what_is_not_there_or_no_tokenizer_says_which_file_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="gone.json with the SHA-256 abc cannot be read"):
        tokens(["x"], file=str(tmp_path / "gone.json"), sha256="abc")
    (tmp_path / "odd.json").write_text('{"a": 1}')
    with pytest.raises(EngineError, match="no tokenizer"):
        tokens(["x"], file=str(tmp_path / "odd.json"))
    with pytest.raises(EngineError, match="outside the allowed folders"):
        check_paths([spec("signal", "tokens", {"file": str(tokenizer(tmp_path))})], [tmp_path / "inside"])


def test_a_budget_in_tokens_counts_those_of_the_file_that_was_named(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["red green red", "blue", "red"]})
    plain = spec("signal", "tokens", {"tokenizer": "plain"})
    named = spec("signal", "tokens", {"file": str(tokenizer(tmp_path))})
    data = build(data, {key_of(plain): plain, key_of(named): named})
    assert cost_key(data, "tokens") == key_of(named)
    recipe = Recipe(steps=(Step("random", {"budget": "2 tokens"}).checked(),))
    assert data.numbers(key_of(named), run(data, recipe).rows).sum() <= 2
    assert list(completed(data, recipe).needs) == [key_of(named)]
