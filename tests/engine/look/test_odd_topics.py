"""Topics that look like leftovers are pointed at, with what speaks for it; topics of content are not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.look.findings import Finding, findings
from engine.look.findings.topics import Look, said_of
from tests.engine.small import circle, corpus, embedded, with_topics

USUAL = Look(
    traces=0.0,
    letters=0.98,
    usual=0.6,
    words=9.0,
    scripts=np.eye(12)[0],
    phrase="",
    repeated=0.0,
    nearest=0.5,
    alike=0.7,
)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"traces": 0.4}, "40% of its texts hold traces"),
        ({"letters": 0.5}, "50% of the signs of a text are letters"),
        ({"usual": 0.1}, "10% of its words are among the 100 most usual"),
        ({"scripts": np.eye(12)[1]}, "written in Cyrillic letters"),
        ({"nearest": 0.1, "alike": 0.3}, "no other topic is near"),
    ],
)
def test_each_kind_of_evidence_is_said_of_the_odd_topic_alone(odd: dict[str, float], said: str) -> None:
    topics = [replace(USUAL, nearest=0.5 + i / 100, alike=0.7 + i / 100) for i in range(8)]
    found = said_of([*topics, replace(USUAL, **odd)])  # type: ignore[arg-type]
    assert found[:-1] == [[]] * 8
    assert said in found[-1][0]


@pytest.mark.parametrize("odd", [{"nearest": 0.1}, {"alike": 0.3}, {"usual": 0.1, "words": 1.2}, {"traces": 0.2}])
def test_standing_apart_alone_or_short_words_alone_is_no_fault(odd: dict[str, float]) -> None:
    assert said_of([*[USUAL] * 8, replace(USUAL, **odd)])[-1] == []  # type: ignore[arg-type]


def of_topics(folder: Path, last: list[str]) -> list[Finding]:
    """Findings about topics where the last of six topics holds these texts."""
    things = ["cat", "dog", "horse", "bird", "fish"]
    texts = [f"there was once a {thing} that went to town on day {word}" for thing in things for word in "abcdefgh"]
    data = corpus(folder, {"text": [*texts, *last]})
    vectors = circle([*(i // 8 * 20 + i % 8 for i in range(40)), *(100 + i for i in range(len(last)))])
    topics = [*(i // 8 for i in range(40)), *[5] * len(last)]
    data = with_topics(embedded(data, vectors), topics, dict(enumerate([*things, "last"])))
    return [f for f in findings(data) if f.kind in ("odd topic", "templates") and "“last”" in f.what]


def test_a_topic_of_markup_is_a_finding_whose_rule_is_bound_to_this_corpus(tmp_path: Path) -> None:
    (found,) = of_topics(tmp_path, [f"<div class='x{i}'>home</div> &nbsp; login{i}" for i in range(8)])
    assert found.kind == "odd topic" and found.count == 8 and found.examples
    assert found.step is not None and found.step.do == "topic" and not found.portable


def test_a_topic_of_one_template_is_said_to_be_that_and_no_leftover(tmp_path: Path) -> None:
    (found,) = of_topics(tmp_path, [f"there was once a mouse that went to town on day {word}" for word in "abcdefgh"])
    assert found.kind == "templates" and "100% of its texts share the words" in found.what


def test_a_topic_of_content_is_none(tmp_path: Path) -> None:
    assert of_topics(tmp_path, [f"a mouse went there {day}" for day in "abcdefgh"]) == []
