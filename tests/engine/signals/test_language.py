"""Languages and scripts of texts that anyone can tell."""

import numpy as np
import pytest

from engine.signals.language.language import LANGUAGES, READ, SCRIPTS, language


def told(text: str) -> tuple[str, str]:
    found = language([text])
    return LANGUAGES[found["language"][0]], SCRIPTS[found["script"][0]]


@pytest.mark.parametrize(
    ("text", "code", "script"),
    [
        ("The parcel that I ordered last week has still not arrived.", "en", "Latin"),
        ("Das Paket, das ich letzte Woche bestellt habe, ist noch nicht da.", "de", "Latin"),
        ("Le colis que j'ai commandé la semaine dernière n'est pas arrivé.", "fr", "Latin"),
        ("Посылка, которую я заказал на прошлой неделе, ещё не пришла.", "ru", "Cyrillic"),
        ("Το δέμα που παρήγγειλα την περασμένη εβδομάδα δεν έφτασε ακόμη.", "el", "Greek"),
        ("我上周订购的包裹还没有到。", "zh", "Han"),
        ("先週ちゅうもんした荷物がまだ届きません。", "ja", "Hiragana"),
        ("지난주에 주문한 소포가 아직 도착하지 않았습니다.", "ko", "Hangul"),
        ("الطرد الذي طلبته الأسبوع الماضي لم يصل بعد", "ar", "Arabic"),
        ("पिछले सप्ताह मंगाया गया पार्सल अभी तक नहीं आया है।", "hi", "Devanagari"),
    ],
)
def test_a_plain_sentence_is_told_in_ten_languages(text, code, script):
    assert told(text) == (code, script)
    assert language([text])["language_confidence"][0] > 0.5


@pytest.mark.parametrize("text", ["", " \n", "2024-03-01 17:45", "😀 👍🏽 !!!", "\x00", "…", "\ud800"])
def test_a_text_without_letters_has_no_language_no_script_and_no_confidence(text):
    found = language([text])
    assert found["language"].tolist() == found["script"].tolist() == [-1]
    assert np.isnan(found["language_confidence"]).all()


def test_the_script_is_that_of_most_letters_and_digits_and_signs_do_not_count():
    assert told("Москва 2024 123456 ok!!!")[1] == "Cyrillic"
    assert told("the word Москва is a name in this sentence")[1] == "Latin"


def test_a_letter_of_a_script_that_nobody_writes_today_is_of_another_script():
    assert told("𐌰𐌱𐌲")[1] == "other"  # Gothic


def test_a_letter_that_several_scripts_share_has_none():
    assert language(["ー"])["script"].tolist() == [-1]


def test_nothing_is_read_beyond_the_beginning():
    english = "The parcel that I ordered has not arrived. " * (READ // 40)
    assert told(english + "Посылка ещё не пришла. " * 5000) == ("en", "Latin")


def test_what_is_listed_is_what_the_model_knows():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    assert list(LANGUAGES) == sorted(LanguageIdentifier.from_model_file(MODEL_FILE).labels)
