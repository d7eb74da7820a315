"""Six formulas on texts whose words, syllables and sentences can be counted by hand."""

import numpy as np
import pytest

from engine.signals.language._syllables import LONGEST, hyphenated, spoken
from engine.signals.language.readability import readability


def six(text: str, **knobs: str) -> list[float]:
    return [round(float(values[0]), 3) for values in readability([text], **knobs).values()]


def test_six_words_of_one_syllable_in_one_sentence():
    # 6 words, 1 sentence, 17 letters, 6 syllables, none of three.
    assert six("The cat sat on the mat.") == [116.145, -1.45, 2.4, 3.129, -4.073, -5.085]


def test_eight_words_of_18_syllables_in_two_sentences():
    # 8 words, 2 sentences, 47 letters, 18 syllables; education, important and university are complex.
    text = "Education is important. Children need a good university."
    assert six(text) == [12.425, 12.52, 16.6, 10.126, 11.345, 8.241]


def test_hyphens_find_fewer_syllables_than_one_says():
    # Ed-u-ca-tion, im-por-tant, Chil-dren, uni-ver-si-ty: 17.
    text = "Education is important. Children need a good university."
    assert six(text, syllables="hyphenated")[:2] == [23.0, 11.045]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four…", 4),
        ("“Stop.” (He did.) Yes!!", 3),
        ("Dr. A. Smith paid 3.50 at example.org today.", 1),
        ("A heading\nThe text goes on\nas it was wrapped here.", 2),
        ("One line\n\n\nanother line", 2),
        ("One. 123. ... !!!", 1),
    ],
)
def test_sentences_end_at_marks_and_lines_that_do_not_go_on(text, sentences):
    ease, grade = six(text)[:2]
    words = len([w for w in text.replace("\n", " ").split() if any(c.isalpha() for c in w)])
    words += "example.org" in text
    # Both formulas hold words a sentence and syllables a word; solved for the first.
    length = (11.8 * (206.835 - ease) - 84.6 * (grade + 15.59)) / (11.8 * 1.015 - 84.6 * 0.39)
    assert words / length == pytest.approx(sentences, rel=1e-3)


def test_the_case_of_a_word_and_figures_beside_it_do_not_matter():
    assert six("THE CAT SAT ON THE MAT 1999.") == six("The cat sat on the mat.")


@pytest.mark.parametrize("text", ["", "12 + 3", "Это русский текст.", "日本語です。", "\x00", "\ud800", "👍"])
def test_a_text_without_a_latin_word_has_no_grade(text):
    assert np.isnan(six(text)).all()


def test_longer_sentences_and_longer_words_read_harder_by_each_formula():
    easy = six("We had a dog. He ran to us. We fed him well.")
    hard = six("Considerable administrative difficulties accompanied the reorganisation of municipal institutions.")
    assert hard[0] < easy[0] and all(h > e for h, e in zip(hard[1:], easy[1:], strict=True))


def test_syllables_of_words_that_rules_trip_over():
    known = {
        1: "the make makes walked called you're through league",
        2: "table boxes wanted didn't being going rhythm prism someone café didn’t",
        3: "video radio beautiful résumé audience however idea",
        5: "university vocabulary",
    }
    assert {n: [spoken(w) for w in words.split()] for n, words in known.items()} == {
        n: [n] * len(words.split()) for n, words in known.items()
    }


def test_hyphens_are_those_of_the_dictionary_for_setting_type():
    assert [hyphenated(w) for w in ("the", "table", "video", "university")] == [1, 2, 1, 4]


def test_of_a_word_without_end_only_the_beginning_counts():
    assert spoken("ba" * 10_000) == LONGEST / 2
