import numpy as np

from engine.topics.choosing import chosen, joined, joint_score


def test_a_name_says_no_more_than_what_stands_out():
    assert joined(["cat", "dog", "said"], [5.0, 3.0, 0.5], [0.6, 0.4, 0.5]) == "cat, dog"
    assert joined(["cat", "dog"], [2.0, 1.0], [0.6, 0.4]) == "cat, dog"
    assert joined(["cat", "rarely said"], [5.0, 3.0], [0.6, 0.03]) == "cat"


def test_a_name_fits_a_line():
    long = "a" * 40
    assert joined([long], [5.0], [0.5]) == "a" * 33 + "…"
    assert joined([long, "cat", "b" * 30, "dog"], [5.0, 5.0, 5.0, 5.0], [0.5] * 4) == "cat, dog"
    assert joined([], [], []) == ""


def test_forms_of_one_word_stand_in_no_name_together():
    phrases = ["parser", "parsing", "day off", "days", "grammar"]
    taken = chosen(phrases, np.array([5.0, 4.0, 3.0, 2.0, 1.0]), None, limit=5)
    assert [phrases[i] for i in taken] == ["parser", "day off", "grammar"]


def test_an_area_is_named_for_different_topics_of_it():
    stands = np.array([[1.0, 1.0, 0.0], [0.9, 0.9, 0.0], [0.0, 0.0, 1.0]])
    scores = np.array([5.0, 4.0, 3.0])
    assert chosen(["cat", "dog", "boat"], scores, None, limit=2, stands=stands) == [0, 2]
    assert chosen(["cat", "dog", "boat"], scores, None, limit=2) == [0, 1]


def test_words_run_together_by_an_apostrophe_come_later():
    score = joint_score(["don't", "boat"], np.array([1.0, 1.0]), None, np.empty(0))
    assert score[1] > score[0]
