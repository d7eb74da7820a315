"""winnow fit: rows, tags, values and files as pools, and what comes back."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.marks import tag
from engine.store.workspace import Store
from tests.engine.models.made import sentences


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`notes` in a workspace: 40 rows about cooking, 40 about trains; `news.txt` beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WINNOW_WORKSPACE", raising=False)
    texts = [*sentences(40, "oven salt pie bake the a of in"), *sentences(40, "train rail ticket the a of in", seed=1)]
    kinds = ["cook"] * 40 + ["rail"] * 40
    lines = [f"{kind},{text}" for kind, text in zip(kinds, texts, strict=True)]
    (tmp_path / "notes.csv").write_text("\n".join(["kind,text", *lines]))
    (tmp_path / "news.csv").write_text("\n".join(["text", *sentences(30, "oven salt pie bake the a of in", seed=2)]))
    assert main(["open", "notes.csv", "--text", "text", "--quiet"]) == 0
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    capsys.readouterr()
    assert main([*words, "--json", "--quiet"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_model_of_words_is_fitted_on_a_file_and_asked_by_name(here, capsys):
    made = said(capsys, "fit", "ngram", "notes", "--on", "news.csv", "--order", "2", "--name", "news")
    assert made["name"] == "news" and made["facts"]["texts"] == 30
    built = said(capsys, "signals", "notes", "--only", "perplexity", "--model", "news")
    assert built["built"] == ["perplexity(news)"]
    values = Dataset.load(Store(here / "winnow_workspace" / "notes")).numbers("perplexity(news)")
    assert np.median(values[:40]) * 2 < np.median(values[40:])


def test_a_classifier_is_fitted_on_a_tag_and_a_value(here, capsys):
    data = Dataset.load(Store(here / "winnow_workspace" / "notes"))
    tag(data, np.arange(10), "good")
    assert main(["fit", "classifier", "notes", "--like", "tag:good", "--unlike", "kind=rail", "--name", "mine"]) == 0
    told = capsys.readouterr().out
    assert (
        "learned from 10 texts and 40 others" in told and "Held out, a liked text stands above another 100.0%" in told
    )
    assert "Speaks for it: " in told and "--only classifier --model 'mine'" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ngram", "notes", "--on", "kind=none"], "No row of 'notes' is 'kind=none'"),
        (["ngram", "notes", "--on", "tag:none"], "No row of 'notes' is 'tag:none'"),
        (["classifier", "notes"], "No text is left that is liked"),
        (["ngram"], "--on"),
    ],
)
def test_what_names_no_rows_is_refused(here, capsys, words, says):
    assert main(["fit", *words, "--quiet"]) == 2
    assert says in capsys.readouterr().err
