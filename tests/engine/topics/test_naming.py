import numpy as np
import pytest

from engine.topics.evidence import evidence
from engine.topics.meaning import Meaning
from engine.topics.naming import name_texts, name_topics
from tests.engine.small import circle, corpus, embedded

# Words that stand in any text of the language, and must never make up a name.
GERMAN = "der die das und ist nicht mit von den auf für eine ein im zu es sich auch als an dem war wird sind".split()
RUSSIAN = "и в не на что он она это с как по но они мы вы из у за так же бы от для был до".split()
HEBREW = "של את על לא זה הוא עם כל או אבל גם".split()
SUBJECTS = {
    "german": (GERMAN, ["Hund Katze Tierarzt", "Motor Getriebe Bremse", "Geige Orchester Konzert"]),
    "russian": (RUSSIAN, ["собака кошка ветеринар", "двигатель тормоз колесо", "скрипка оркестр концерт"]),
    "hebrew": (
        "של את על לא זה הוא עם כל או אבל גם".split(),
        ["כלב חתול וטרינר", "מנוע בלם גלגל", "כינור תזמורת קונצרט"],
    ),
}


def named_texts(texts, area_of, **knobs):
    return name_texts(texts, area_of, central=lambda number: texts[number][0], **knobs)


def _texts(common: list[str], own: list[str], *, count: int = 40, seed: int) -> list[str]:
    """Texts of common words, each with two of the subject's own among them."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        words = [*rng.choice(common, 14), *rng.choice(own, 2)]
        made.append(" ".join(rng.permutation(words)) + ".")
    return made


@pytest.mark.parametrize("language", list(SUBJECTS))
def test_names_begin_and_end_with_the_subjects_words_and_never_with_common_ones(language: str):
    common, subjects = SUBJECTS[language][0], [words.split() for words in SUBJECTS[language][1]]
    texts = {i: _texts(common, own, seed=i) for i, own in enumerate(subjects)}
    named = named_texts(texts, {0: 0, 1: 1, 2: 2})
    for i, own in enumerate(subjects):
        for phrase in named.names[i].split(", "):
            assert {phrase.split()[0], phrase.split()[-1]} <= set(own)


def test_names_of_chinese_topics_are_its_words():
    texts = {0: ["我喜欢电影院", "电影院很大", "他在电影院里"], 1: ["我喜欢图书馆", "图书馆很大", "他在图书馆里"]}
    assert named_texts(texts, {0: 0, 1: 0}).names == {0: "电影院", 1: "图书馆"}


def test_a_topic_may_use_the_words_of_its_area():
    texts = {
        0: ["python web server django", "python web page django", "python django site web"],
        1: ["python numbers numpy", "python arrays numpy fast", "python numpy maths"],
        2: ["guitar music song", "song music band guitar", "music guitar chord"],
    }
    named = named_texts(texts, {0: 0, 1: 0, 2: 1})
    assert named.area_names[0].startswith("python")
    assert "django" in named.names[0] and "numpy" in named.names[1]
    assert any("python" in term.text for term in named.terms[0])


def test_what_is_said_again_in_the_same_words_counts_once_unless_texts_begin_with_it():
    own, other = ["violin", "bow", "strings", "wood"], ["engine oil", "engine brake"]
    after = evidence([[f"{one}. Find rhymes." for one in own], other])
    assert "find rhymes" not in after.phrases
    before = evidence([[f"Find rhymes. {one}." for one in own], other])
    assert before.fresh.toarray()[0, before.phrases.index("find rhymes")] == 1.0


def test_a_piece_of_a_longer_phrase_is_no_name():
    ends = ["now", "here", "there", "soon", "later"]
    texts = {0: [f"{end} data plane development kit {end}" for end in ends], 1: ["guitar song", "guitar chord"] * 2}
    found = named_texts(texts, {0: 0, 1: 1}).terms[0]
    assert not {"plane", "plane development", "development kit"} & {term.text for term in found}


def test_a_phrase_is_spelled_as_it_is_written_most():
    texts = {0: ["we use Objective Caml", "try Objective Caml", "an objective test"], 1: ["blue car", "red car"]}
    assert named_texts(texts, {0: 0, 1: 1}).names[0].startswith("Objective Caml")


def test_what_a_phrase_means_decides_between_equal_counts():
    texts = {0: ["stray kitten", "kitten again stray", "stray old kitten"], 1: ["blue car", "red car", "fast car"]}
    places = {"kitten": [1, 0], "stray": [0, 1], "car": [0, 1]}
    meaning = Meaning(
        {0: np.array([1.0, 0.0]), 1: np.array([0.0, 1.0])},
        lambda phrases: np.array([places.get(phrase, [1, 1]) for phrase in phrases], dtype=np.int16),
    )
    assert named_texts(texts, {0: 0, 1: 1}, meaning=meaning).names[0].startswith("kitten")


def test_names_of_siblings_differ_even_when_their_texts_do_not():
    same = ["red apple pie"] * 5
    named = named_texts({0: same, 1: same, 2: same, 3: ["blue car race"] * 5}, {0: 0, 1: 0, 2: 0, 3: 1})
    assert len({named.names[i] for i in range(3)}) == 3


def test_where_nothing_sets_topics_apart_the_central_text_is_quoted():
    same = ["one and the same"] * 3
    named = name_texts({0: same, 1: same}, {0: 0, 1: 0}, central=lambda number: f"{number} is central")
    assert named.names == {0: "“0 is central”", 1: "“1 is central”"}


def test_a_single_topic_is_named_by_its_own_words():
    named = named_texts({0: ["apple pie", "apple jam", "apple tree"]}, {0: 0})
    assert (named.names, named.area_names) == ({0: "apple"}, {0: "apple"})


def test_numbers_and_addresses_are_words_where_there_are_no_others():
    texts = {
        0: ["12 34", "12 35"],
        1: ["99 77", "99 76"],
        2: [""],
        3: ["???"],
    }
    assert named_texts(texts, dict.fromkeys(texts, 0)).names == {0: "12", 1: "99", 2: "no text", 3: "“???”"}
    addresses = {i: [f"https://a.org/{kind}/{n}" for n in "abcd"] for i, kind in enumerate(("cats", "dogs", "cars"))}
    assert named_texts(addresses, dict.fromkeys(addresses, 0)).names == {0: "cats", 1: "dogs", 2: "cars"}


def test_no_topics_get_no_names():
    named = named_texts({}, {})
    assert (named.names, named.area_names) == ({}, {})


def test_the_sidecar_names_every_topic_and_leaves_noise_out(tmp_path):
    texts = ["apple pie", "apple tree", "apple jam", "car race", "car wheel", "car door", "odd one"]
    data = embedded(corpus(tmp_path, {"text": texts}), circle([0, 1, 2, 90, 91, 92, 200]))
    topic = np.array([0, 0, 0, 1, 1, 1, -1], dtype=np.int32)
    notes = name_topics(data, data.embedding("given"), topic, topic)
    assert notes["names"] == {"0": "apple", "1": "car"}
    assert notes["area_names"] == {"0": "apple", "1": "car"}
    assert notes["terms"]["0"][0] == {"term": "apple", "inside": 1.0, "outside": 0.0}
    assert (notes["read"], notes["by_meaning"]) == (6, False)


def test_the_text_in_the_middle_is_quoted_and_not_the_first(tmp_path):
    data = embedded(corpus(tmp_path, {"text": ["!!", "??", ".."]}), circle([0, 20, 30]))
    topic = np.zeros(3, dtype=np.int32)
    assert name_topics(data, data.embedding("given"), topic, topic)["names"] == {"0": "“??”"}


def test_many_topics_have_named_groups_between_them_and_their_areas():
    texts = {i: [f"kind{i // 3} thing{i}", f"thing{i} kind{i // 3}"] for i in range(9)}
    group_of = {i: i // 3 for i in texts}
    named = named_texts(texts, {i: int(i > 5) for i in texts}, group_of=group_of)
    assert [name.split(", ")[0] for name in named.group_names.values()] == ["kind0", "kind1", "kind2"]
