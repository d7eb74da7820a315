"""winnow search finds what the page finds, and says what it did."""

import json

import pytest

from engine.commands.cli import main
from tests.engine.small import circle, corpus, embedded


@pytest.fixture
def asked(tmp_path, capsys):
    texts = ["films in a terminal", "a player", "films", "", "e"]
    data = embedded(corpus(tmp_path, {"title": ["vlc", "mpv", "gcc", "g++", "x"], "text": texts}), circle(range(5)))

    def run(*words):
        code = main(["search", data.name, "--workspace", str(tmp_path), "--quiet", *words])
        return code, capsys.readouterr()

    return data, run


def test_words_are_found_and_a_fallback_and_a_slip_are_said(asked):
    data, run = asked
    code, said = run("--words", "flims player", "--json")
    found = json.loads(said.out)
    assert (code, found["found"], found["of"], found["did_you_mean"]) == (0, 1, 5, "films player")
    assert found["rows"][0] | {"score": 0, "key": ""} == {
        "row": 1, "key": "", "name": "mpv", "score": 0, "text": "a player",
    }  # fmt: skip
    code, said = run("--words", "films vlc -player", "--limit", "1")
    assert (code, said.out.splitlines()[2:]) == (0, ["row  text", "vlc  films in a terminal"])
    assert "Did you mean: films player" in run("--words", "flims player")[1].out


def test_rows_like_others_are_shown_by_name_with_two_digits(asked):
    data, run = asked
    first, second = data.keys(data.rows()[:2])
    code, said = run("--like", first, "--unlike", second, "--least", "0.5", "--limit", "1")
    assert code == 0
    assert said.out.splitlines()[0].startswith("5 rows like vlc (row 0) and not like mpv (row 1), in ")
    assert said.out.splitlines()[-1] == "1.00        vlc  films in a terminal"
    code, said = run("--like", "nobody")
    assert (code, "No row has the key 'nobody'" in said.err) == (2, True)
    code, said = run("--words", "films", "--least", "1")
    assert (code, "--least is for a similarity" in said.err) == (2, True)
