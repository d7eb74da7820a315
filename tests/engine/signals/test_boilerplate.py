"""Lines that many texts share."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.look import counted
from engine.signals import CORPUS_SIGNALS
from tests.engine.small import corpus

MENU = "Home | News | Contact"
measure = CORPUS_SIGNALS["boilerplate"].function


def test_a_line_of_many_texts_counts_by_its_characters(tmp_path: Path) -> None:
    own = ["A first story", "A second story", "A third story"]
    data = corpus(tmp_path, {"text": [*(f"  {MENU}\n{line}\r\n{MENU}" for line in own), "none", None]})
    found = measure(data, least=3)
    share = [2 * len(MENU) / (2 * len(MENU) + len(line)) for line in own]
    assert found["boilerplate"].tolist() == pytest.approx([*share, 0, 0])
    assert found["boilerplate_lines"].tolist() == [2, 2, 2, 0, 0]
    assert measure(data, least=4)["boilerplate_lines"].tolist() == [0] * 5
    assert measure(data, least=3, shortest=len(MENU) + 1)["boilerplate_lines"].tolist() == [0] * 5


def test_copies_of_a_whole_text_count_once(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": [f"{MENU}\nthe same story"] * 5 + [f"{MENU}\nanother story"]})
    assert measure(data, least=2)["boilerplate_lines"].tolist() == [1] * 6
    assert measure(data, least=3)["boilerplate_lines"].tolist() == [0] * 6


def test_a_text_without_lines_is_taken_by_sentences_and_figures_may_differ(tmp_path: Path) -> None:
    data = corpus(
        tmp_path, {"text": [f"Package {name} it is. This is build {i} of many." for i, name in enumerate("abc")]}
    )
    assert measure(data, least=3)["boilerplate_lines"].tolist() == [1, 1, 1]
    assert measure(data, least=3, any_figure=False)["boilerplate_lines"].tolist() == [0, 0, 0]


def test_what_is_shared_is_marked_in_the_text(tmp_path: Path) -> None:
    texts = [f"Story {name}\n {MENU} \nend of {name}" for name in "xyz"]
    made = spec("signal", "boilerplate", {"least": 3})
    data = build(corpus(tmp_path, {"text": texts}), {key_of(made): made})
    where = counted(data, next(c for c in data.columns if c.startswith("boilerplate")))
    assert where is not None
    assert [[texts[row][a:b] for a, b in some] for row, some in zip((2, 0), where(np.array([2, 0])), strict=True)] == [
        [MENU], [MENU],
    ]  # fmt: skip
