import pytest

from engine.text.phrases import candidates, overlap, runs
from engine.text.terms import count_terms, distinctive_terms, rates


def _names(inside: list[str], outside: list[str], **more: int) -> list[str]:
    return [term.text for term in distinctive_terms(inside, outside, **more)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop", {"don't", "don't stop", "stop"}),
        ("Straße, größer", {"straße", "größer"}),
        ("नमस्ते दुनिया", {"नमस्ते", "दुनिया", "नमस्ते दुनिया"}),
        ("Привет, мир", {"привет", "мир"}),
        ("see https://example.org/a-b now", {"see", "now"}),
        ("write to a.person@example.org", {"write", "to", "write to"}),
        ("2024 42 3d", {"3d"}),
        ("東京タワーへ行く", {"東京", "タワー", "行"}),
        ("a b", set()),
        ("", set()),
    ],
)
def test_words_and_pairs_are_found_in_any_script(text: str, words: set[str]):
    assert candidates(runs(text)) == words


def test_unspaced_scripts_give_short_pieces():
    assert candidates(runs("北京大学")) == {"北京", "京大", "大学", "北京大", "京大学", "北京大学"}


def test_terms_are_what_is_inside_and_not_outside():
    inside = ["the red apple is ripe", "the apple tree is tall", "an apple pie is here"]
    outside = ["the red car is fast", "the car is here", "a train is tall"]
    assert _names(inside, outside)[0] == "apple"
    assert not {"the", "is"} & set(_names(inside, outside))


def test_shares_are_those_of_the_texts():
    (apple, *_) = distinctive_terms(
        ["apple one", "apple two", "three", "four"], ["five", "six", "apple", "ten"] * 2 + ["red"] * 2
    )
    assert (apple.text, apple.inside, apple.outside) == ("apple", 0.5, 0.2)


def test_a_pair_stands_for_its_words():
    inside = ["machine learning model"] * 3 + ["a machine learning book"]
    assert "machine learning" in _names(inside, ["a book about birds"] * 4 + ["model trains"])
    assert "learning" not in _names(inside, ["a book about birds"] * 4 + ["model trains"])


def test_the_usual_spelling_is_shown():
    inside = ["GNOME panel", "the GNOME shell", "gnome"]
    assert _names(inside, ["a cat", "a dog"])[0] == "GNOME"


def test_the_whole_of_an_unspaced_word_is_shown():
    inside = ["我在北京大学学习", "北京大学很大", "去北京大学"]
    assert "北京大学" in _names(inside, ["我在家学习", "今天很热", "去商店"])


def test_longer_texts_inside_do_not_make_common_words_telling():
    long = ["we walk and we talk and the sun is up and the day is long while apples grow"] * 5
    short = ["the sun", "we talk", "and the day", "is long", "up and up"]
    assert "apples grow" in _names(long, short) or "apples" in _names(long, short)
    assert not {"and", "the", "is", "we"} & set(_names(long, short))


@pytest.mark.parametrize(("inside", "outside"), [([], ["a text"]), (["a text"], []), ([], []), ([""], [""])])
def test_nothing_to_set_apart_gives_no_terms(inside: list[str], outside: list[str]):
    assert distinctive_terms(inside, outside) == []


def test_the_limit_is_kept():
    assert len(_names(["alpha. beta. gamma. delta"] * 3, ["omega"] * 3, limit=2)) == 2


def test_rates_are_shares_of_texts_not_of_words():
    counts = count_terms([["cat cat cat", "dog"], ["cat", "cat"]])
    assert rates(counts)[:, counts.terms.index("cat")].tolist() == [0.5, 1.0]


def test_forms_of_one_word_overlap():
    assert overlap("game", "games")
    assert overlap("search engine", "engine")
    assert not overlap("perl", "python")
