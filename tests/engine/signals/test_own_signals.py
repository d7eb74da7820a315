"""Own signals: read as text, run only once their hash is approved, and nothing that they do stops the work."""

import hashlib
import os
import select
import signal
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, member_of, spec
from engine.commands.cli import main
from engine.errors import EngineError, NotFound
from engine.exporting.export import export
from engine.exporting.headless import replay
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.signals import OWN_SIGNALS, approve, read_own, revoke
from engine.signals.own import child, running

GOOD = b'''"""How loud a text is."""

from typing import Annotated

import numpy as np

from engine.registry import About, Bounds, Help, Value

ABOUT = About(title="Shouting", values={"shouting": Value("number", "share of letters, 0 to 1")})


def shouting(
    texts: list[str], *, least: Annotated[int, Bounds(1, 100), Help("few: short texts too")] = 1
) -> dict[str, np.ndarray]:
    """The share of capitals among the letters, from {least} letters on."""
    return {"shouting": np.array([_share(text, least) for text in texts])}


def _share(text: str, least: int) -> float:
    letters = [sign for sign in text if sign.isalpha()]
    return sum(map(str.isupper, letters)) / len(letters) if len(letters) >= least else 0.0
'''
BAD = b'''import os, time
from engine.registry import About, Value

ABOUT = About(values={"bad": Value("number")})


def bad(texts: list[str]) -> dict:
    """What goes wrong."""
    print("noise")
    for text in texts:
        if text == "raise":
            raise ValueError("no")
        if text == "hang":
            while True:
                time.sleep(1)
        if text == "die":
            os._exit(3)
        if text == "eat":
            return {"bad": [len(bytearray(5 << 30))]}
    return {"bad": ["x" if text == "word" else len(text) for text in texts]}
'''


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINNOW_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def test_reading_a_file_gives_its_form_and_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    own = read_own(GOOD + f"\nopen({str(mark)!r}, 'w').close()\n".encode(), "shouting.py")
    (least,) = own.member.params
    assert (least.name, least.kind, least.default, least.bounds and least.bounds.high) == ("least", "integer", 1, 100)
    assert own.member.title == "Shouting" and own.member.sentence({"least": 3}).endswith("from 3 letters on.")
    assert not mark.exists() and list(OWN_SIGNALS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"def f(:", "not Python"),
        (b"x = 1", "has 0 functions"),
        (b'def f(texts):\n    "x"', "must say ABOUT"),
        (b'ABOUT = About(values={"f": Value(open("/etc/passwd").read())})\ndef f(texts):\n    "x"', "literally"),
        (
            b'ABOUT = About(values={"f": Value("number")})\ndef f(texts, *, k: int = exit()):\n    "x"',
            "literally",
        ),
        (b'ABOUT = About(values={"f": Value("number")}, spans=f)\ndef f(texts):\n    "x"', "'spans'"),
        (b'ABOUT = About(values={"f": Value("number"), "g": Value("number")})\ndef f(texts):\n    "x"', "one value"),
        (b'ABOUT = About(values={"f": Value("number")})\ndef f(rows):\n    "x"', r"must take \(texts"),
        (b'ABOUT = About(values={"f": Value("number")})\ndef f(texts):\n    return 1', "no docstring"),
        (b'ABOUT = About(values={"f": Value("number")})\ndef f(texts, *, k: set = 1):\n    "x"', "line 2"),
        (b"#" * ((1 << 20) + 1), "at most"),
        (b'ABOUT = About(values={"f": 5})\ndef f(texts):\n    "x"', "values"),
        (b'ABOUT = About(values=[1])\ndef f(texts):\n    "x"', "values"),
        (b'ABOUT = About(values={5: Value("number")})\ndef f(texts):\n    "x"', "values"),
        (b'ABOUT = About(values={"f": Value("number", 5)})\ndef f(texts):\n    "x"', "unit"),
        (b'ABOUT = About(title=5, values={"f": Value("number")})\ndef f(texts):\n    "x"', "title"),
        (b'ABOUT = About(cost=5, values={"f": Value("number")})\ndef f(texts):\n    "x"', "cost"),
        (b'ABOUT = About(cost=row_cost, values={"f": Value("number")})\ndef f(texts):\n    "x"', "cost"),
        (b'ABOUT = About(cost=row_cost("x"), values={"f": Value("number")})\ndef f(texts):\n    "x"', "row_cost"),
        (b'ABOUT = About(cost=row_cost(0), values={"f": Value("number")})\ndef f(texts):\n    "x"', "row_cost"),
        *(
            (b'ABOUT = About(values={"f": Value("number")})\ndef f(texts, *, ' + knob + b'):\n    "x"', said)
            for knob, said in (
                (b"k", "no type"),
                (b"k=1", "no type"),
                (b"k: int = b'x'", "k = b'x' does not fit"),
                (b"k: Literal['x', 3] = 'x'", "a choice is a text"),
                (b"k: Literal['x'] = 5", "k = 5 does not fit"),
                (b"k: Annotated[int, Bounds('a', None)] = 1", "Bounds"),
                (b"k: Annotated[int, Bounds(1, 9)] = 10", "k = 10 does not fit"),
                (b"k: Annotated[int, Help(5)] = 1", "Help"),
                (b"k: tuple = ()", "line 2"),
                (b"k: list[int, 5][0] = ()", "line 2"),
                (b"k: Literal[[]] = 5", "line 2"),
            )
        ),
        (
            b'ABOUT = About(values={"f": Value("number")})\ndef f(texts):\n    "From {k} on."',
            "names 'k', which is no knob",
        ),
        (b"# coding: utf-7\n" + GOOD, "written in 'utf-7'"),
        (b"\n# vim: set fileencoding=unicode_escape :\n" + GOOD, "written in 'unicode_escape'"),
    ],
)
def test_what_is_no_signal_is_refused_with_its_line(text: bytes, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        read_own(text, "f.py")


@pytest.mark.parametrize("first", [b"\xef\xbb\xbf", b"# coding: UTF8\n"])
def test_a_file_that_says_it_is_utf_8_is_read(first: bytes) -> None:
    assert read_own(first + GOOD, "f.py").name == "shouting"


def test_what_runs_is_the_text_that_was_read_whatever_coding_the_file_names(tmp_path: Path) -> None:
    content = b"# coding: utf-7\n# thanks to +AAo-raise ValueError('a comment ran')\ndef f(texts):\n    return texts\n"
    (tmp_path / "f.py").write_bytes(content)
    assert child._loaded(tmp_path / "f.py", hashlib.sha256(content).hexdigest(), "f")(["a"]) == ["a"]


def test_an_approved_file_is_measured_cut_exported_and_refused_elsewhere_until_it_is_approved(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("text\nLOUD\nquiet\nHalf half\n")
    data = open_source(tmp_path / "s.csv", tmp_path / "w", options=SourceOptions(text="text"))
    own = approve(GOOD, "shouting.py")
    made = spec("signal", own.member.name, {"least": 2})
    key = key_of(made)
    assert key == f"{own.called}(least=2)"
    data = build(data, {key: made})
    column = next(k for k in data.columns if k.startswith(own.called) and "problem" not in k)
    np.testing.assert_allclose(data.numbers(column), [1, 0, 1 / 8])
    recipe = Recipe(steps=(Step("number_range", {"column": column, "low": 0.1}).checked(),))
    manifest = export(run(data, recipe), tmp_path / "out")
    assert manifest.rows.kept == 2 and own.member.name in manifest.members
    assert replay(tmp_path / "out", [tmp_path / "s.csv"], tmp_path / "again").rows.digest == manifest.rows.digest
    revoke(own.digest)
    with pytest.raises(EngineError, match=f"SHA-256 {own.digest}.*is not approved here"):
        replay(tmp_path / "out", [tmp_path / "s.csv"], tmp_path / "third")


def test_a_changed_file_is_another_one_and_a_changed_copy_is_none(config: Path) -> None:
    own, other = approve(GOOD, "a.py"), read_own(GOOD + b"\n", "a.py")
    assert own.called != other.called and list(OWN_SIGNALS) == [own.member.name]
    with pytest.raises(NotFound, match="not approved"):
        member_of("signal", other.member.name)
    copy = config / "approved-signals" / f"{own.digest}.py"
    copy.write_bytes(GOOD + b"# more")
    assert list(OWN_SIGNALS) == []


def test_a_row_that_breaks_it_has_no_value_says_why_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROW_SECONDS", 0.4)
    monkeypatch.setattr(running, "BATCH_SECONDS", 0.6)
    own = approve(BAD, "bad.py")
    function = OWN_SIGNALS[own.member.name].function
    texts = ["ab", "raise", "abc", "hang", "die", "eat", "word", "\x00\ud800🙂", ""]
    found = function(texts)
    values, problems = found[own.called], found[f"{own.called}-problem"]
    assert [None if np.isnan(v) else v for v in values] == [2, None, 3, None, None, None, None, 3, 0]
    names = [None if p < 0 else running.PROBLEMS[p] for p in problems]
    assert names == [
        *(None, "raised an error", None, "took too long", "raised an error", "took too much memory"),
        *("gave no number", None, None),
    ]
    assert running.tried(function, "raise", {}) == "ValueError: no"


def test_a_copy_that_changed_after_it_was_asked_for_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_bytes(GOOD)
    with pytest.raises(RuntimeError, match="not the one that was approved"):
        child._loaded(tmp_path / "f.py", hashlib.sha256(GOOD + b"\n").hexdigest(), "shouting")


def test_what_a_signal_has_started_ends_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "held")
    starts = f"\nimport subprocess\nsubprocess.Popen(['sleep', '30'], stdout=open({str(tmp_path / 'held')!r}, 'wb'))\n"
    own = approve(BAD + starts.encode(), "bad.py")
    held = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert OWN_SIGNALS[own.member.name].function(["ab"])[own.called].tolist() == [2]
        assert select.select([held], [], [], 5)[0], "what holds the other end is still there"
        assert os.read(held, 1) == b""
    finally:
        os.close(held)


def test_a_number_that_is_too_large_is_none() -> None:
    assert child._judged(lambda texts: {"f": [10**400, 1]}, ["a", "b"], {}) == {"values": [None, 1.0]}


@pytest.mark.parametrize("text", ["hang", "die"])
def test_one_that_takes_too_long_or_ends_for_text_after_text_is_ended(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for name, value in (("ROW_SECONDS", 0.02), ("BATCH_SECONDS", 0.05), ("MOST_LATE", 3)):
        monkeypatch.setattr(running, name, value)
    own = approve(BAD, "bad.py")
    with pytest.raises(EngineError, match="each of 3 texts one after the other"):
        OWN_SIGNALS[own.member.name].function([text] * 9)


@pytest.mark.parametrize(
    "then", ["os.kill(os.getpid(), signal.SIGSTOP)", "while True: os.write(int(sys.argv[4]), b'x' * 1000)"]
)
def test_one_that_does_not_read_what_it_is_asked_or_never_ends_its_answer_is_ended_too(
    monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    for name, value in (("ROW_SECONDS", 0.1), ("BATCH_SECONDS", 0.1)):
        monkeypatch.setattr(running, name, value)
    own = approve(BAD + f"\nimport signal, sys\nos.write(int(sys.argv[4]), b'{{}}\\n')\n{then}\n".encode(), "bad.py")
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for what is stopped"))
    signal.alarm(20)
    try:
        found = OWN_SIGNALS[own.member.name].function(["a" * 200_000])  # more than a pipe holds
    finally:
        signal.alarm(0)
    assert running.PROBLEMS[found[f"{own.called}-problem"][0]] == "took too long"


def test_a_file_that_cannot_be_loaded_says_so_at_once() -> None:
    own = approve(BAD + b"\nraise RuntimeError('not today')\n", "bad.py")
    with pytest.raises(EngineError, match="cannot be loaded: RuntimeError: not today"):
        OWN_SIGNALS[own.member.name].function(["a"])


def test_the_command_line_lists_shows_approves_tries_and_revokes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path))
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "shouting.py").write_bytes(GOOD)
    (tmp_path / "plugins" / "odd.py").write_bytes(b"x = 1")
    digest = read_own(GOOD, "x").digest

    def said(*words: str) -> str:
        assert main(["plugins", *words]) == 0
        return capsys.readouterr().out

    assert "not approved: it does not run" in said() and "has 0 functions" in said()
    assert digest in (shown := said("--show", "shouting.py")) and "def _share" in shown
    assert main(["plugins", "--approve", digest[:15]]) == 2
    assert "Approved: shouting-" in said("--approve", digest[:16])
    assert said("--try", digest[:16], "LOUD") == "1\n"
    (tmp_path / "plugins" / "shouting.py").unlink()
    assert "its file is not in this workspace" in said()
    said("--revoke", digest[:16])
    assert "shouting" not in said()


def test_what_a_terminal_would_hide_or_obey_is_shown_as_escapes_and_links_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path))
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "odd\x1b[2J.py").write_bytes("a = 1\r\n\tb\rc \x1b[1A \u202e é".encode())
    (tmp_path / "secret").write_text("secret = 1")
    (tmp_path / "plugins" / "link.py").symlink_to(tmp_path / "secret")
    assert main(["plugins", "--show", "odd\x1b[2J.py"]) == 0
    shown = capsys.readouterr().out
    assert "a = 1\n\tb\\rc \\x1b[1A \\u202e é" in shown and "3 signs that a terminal would hide" in shown
    assert main(["plugins"]) == 0
    listed = capsys.readouterr().out
    assert "odd\\x1b[2J.py" in listed and "\x1b" not in shown + listed and "link" not in listed
    assert main(["plugins", "--show", "link.py"]) == 2
