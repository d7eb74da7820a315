"""Damage that is made here, letter by letter, and healthy texts that look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.signals.language.encoding_damage import ABOUT, encoding_damage

PLAIN = "Der Käse aus Übersee wäre schön – „größer“ und süß… Déjà vu, l’été à Besançon coûte 30 €."
RUSSIAN = "Кто потерял синюю тетрадь возле большого окна?"


def per_1000(text: str) -> float:
    return float(encoding_damage([text])["encoding_damage"][0])


def marked(text: str) -> list[str]:
    assert ABOUT.spans
    return [text[start:end] for start, end in ABOUT.spans([text])[0]]


def test_damaged_characters_are_counted_per_1000():
    assert per_1000("caf\ufffd") == 250
    assert per_1000("cafÃ©") == 400  # two of five
    assert marked("cafÃ© donâ€™t") == ["Ã©", "â€™"]


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp1250", "cp1251", "mac_roman", "cp437", "cp850"])
@pytest.mark.parametrize("text", [PLAIN, "¿Qué pasó mañana?", "J’étais là."])
def test_utf8_that_was_read_as_another_encoding_is_found(text, wrong):
    assert per_1000(text.encode().decode(wrong, "ignore")) > 0


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp1251", "mac_roman"])
def test_nearly_all_of_a_russian_text_that_was_read_as_another_encoding_is_marked(wrong):
    damaged = RUSSIAN.encode().decode(wrong, "ignore")
    assert per_1000(damaged) > 600


@pytest.mark.parametrize(("text", "right"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), ("这是一个长句子", "gbk")])
def test_older_encodings_of_other_alphabets_read_as_latin_1_are_found(text, right):
    assert per_1000(text.encode(right).decode("latin-1")) > 500


def test_latin_1_read_as_utf8_leaves_replacement_characters():
    assert marked("garçon".encode("latin-1").decode("utf8", "replace")) == ["\ufffd"]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x92", "\ud800", "\ufffe"])
def test_control_characters_and_halves_of_letters_are_damage(sign):
    assert marked(f"one{sign}two") == [sign]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tab\tand\r\nline\x0cpage\x85next",
        PLAIN,
        "« L’été\u00a0», voilà\u00a0! À\u00a0table…",
        "“COMPAÑÍA” “MAÇÔ “CAFÉ®” DÁŽ MÔŽE TÄTÄ”",
        "Großer Spaß“ Spaß… 2×½ ß²",
        "Äh… Åland, Ærø, Éva, Ñandú: ÄÖÜ äöü",
        "Hái dâu, ĂN CƠM “Đ”, ORĂŞENI, Č” 3√π x√2",
        "├── src\n│   ├── main.py\n└── tests",
        "Моєї надії, її ЄС, «Г» РІЧ",
        "jäääär öö",
        "日本語、ひらがな。中文，标点！",
        "👩‍👩‍👧 e\u0301",
    ],
)
def test_healthy_text_of_many_languages_has_none(text):
    assert marked(text) == []


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20)))
def test_ascii_is_never_damaged(text):
    assert per_1000(text) == 0


@given(st.text(st.sampled_from("ÃâÐ©€™ð\x9f\ufffdРСі√├é—Ä x")))
def test_spans_never_overlap(text):
    assert ABOUT.spans
    places = [place for span in ABOUT.spans([text])[0] for place in span]
    assert places == sorted(places) and 0 <= per_1000(text) <= 1000
