import re

import numpy as np
import pytest

from engine.topics.naming import name_texts, name_topics
from tests.engine.small import circle, corpus, embedded

# Words that stand in any text of the language, and must never make up a name.
GERMAN = "der die das und ist nicht mit von den auf für eine ein im zu es sich auch als an dem war wird sind".split()
RUSSIAN = "и в не на что он она это с как по но они мы вы из у за так же бы от для был до".split()
SUBJECTS = {
    "german": (GERMAN, ["Hund Katze Tierarzt", "Motor Getriebe Bremse", "Geige Orchester Konzert"]),
    "russian": (RUSSIAN, ["собака кошка ветеринар", "двигатель тормоз колесо", "скрипка оркестр концерт"]),
}


def _texts(common: list[str], own: list[str], *, count: int = 40, seed: int) -> list[str]:
    """Texts of common words, each with two of the subject's own among them."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        words = [*rng.choice(common, 14), *rng.choice(own, 2)]
        made.append(" ".join(rng.permutation(words)) + ".")
    return made


@pytest.mark.parametrize("language", list(SUBJECTS))
def test_names_are_the_subjects_words_and_never_common_ones(language: str):
    common, subjects = SUBJECTS[language][0], [words.split() for words in SUBJECTS[language][1]]
    texts = {i: _texts(common, own, seed=i) for i, own in enumerate(subjects)}
    named = name_texts(texts, {0: 0, 1: 1, 2: 2})
    for i, own in enumerate(subjects):
        words = set(re.findall(r"\w+", named.names[i]))
        assert words & set(own)
        assert not {w.lower() for w in words} & set(common)


def test_a_topic_does_not_repeat_what_its_area_says():
    texts = {
        0: ["python web server django", "python web page django", "python django site web"],
        1: ["python numbers numpy", "python arrays numpy fast", "python numpy maths"],
        2: ["guitar music song", "song music band guitar", "music guitar chord"],
    }
    named = name_texts(texts, {0: 0, 1: 0, 2: 1})
    assert "python" in named.area_names[0]
    assert "django" in named.names[0]
    assert "python" not in named.names[0]
    assert "numpy" in named.names[1]


def test_names_of_siblings_differ_even_when_their_texts_do_not():
    same = ["red apple pie"] * 5
    named = name_texts({0: same, 1: same, 2: same, 3: ["blue car race"] * 5}, {0: 0, 1: 0, 2: 0, 3: 1})
    assert len({named.names[i] for i in range(3)}) == 3


def test_a_single_topic_is_named_by_how_a_text_begins():
    named = name_texts({0: ["Only one topic is here, so nothing sets it apart"]}, {0: 0})
    assert named.names == {0: "“Only one topic is here, so nothing sets…”"}


def test_texts_without_words_still_get_a_name():
    named = name_texts({0: ["12 34"], 1: [""], 2: ["???"]}, {0: 0, 1: 0, 2: 1})
    assert named.names == {0: "“12 34”", 1: "no text", 2: "“???”"}


def test_no_topics_get_no_names():
    named = name_texts({}, {})
    assert (named.names, named.area_names) == ({}, {})


def test_the_sidecar_names_every_topic_and_leaves_noise_out(tmp_path):
    texts = ["apple pie", "apple tree", "apple jam", "car race", "car wheel", "car door", "odd one"]
    data = embedded(corpus(tmp_path, {"text": texts}), circle([0, 1, 2, 90, 91, 92, 200]))
    nodes = data.embedding("given").texts
    topic = np.array([0, 0, 0, 1, 1, 1, -1], dtype=np.int32)
    notes = name_topics(data, nodes, topic, topic)
    assert notes["names"] == {"0": "apple", "1": "car"}
    assert notes["area_names"] == {"0": "apple", "1": "car"}
    assert notes["terms"]["0"][0] == {"term": "apple", "inside": 1.0, "outside": 0.0}
    assert notes["read"] == 6
