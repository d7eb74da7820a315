"""Rules of thumb: known answers, the same numbers as plain Python says, and texts that would break them."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.signals import ROW_SIGNALS
from engine.signals.rules import _values
from engine.signals.rules._characters import ENDS, NO_WORD

FAMILIES = ("gopher_quality", "gopher_repetition", "c4", "fineweb")
CONTROLS = "".join(map(chr, (*range(9), 11, 12, *range(13, 32), *range(127, 160))))


def values(text: str, words: str = "white space") -> dict[str, float]:
    """Every value of every family for one text."""
    found: dict[str, float] = {}
    texts = [text]
    for family in FAMILIES:
        found |= {name: float(v[0]) for name, v in ROW_SIGNALS[family].function(texts, words=words).items()}
    return found


def value(name: str, text: str, words: str = "signs apart") -> float:
    return values(text, words)[name]


# What datatrove's own tests of its filters say: a text for each rule.


@pytest.mark.parametrize(
    ("name", "text", "low", "high"),
    [
        ("gopher_repeated_lines", "I am your father.\n" * 4, 0.3, None),
        ("gopher_repeated_paragraphs", "I am your father.\n\n" * 4, 0.3, None),
        ("gopher_repeated_line_characters", "I am groot\n\n" + "You are a wizard.\n" + "I am groot\n" * 2, 0.2, None),
        (
            "gopher_repeated_paragraph_characters",
            "I am groot\n\n" + "You are a wizard.\n\n" + "I am groot\n\n" * 2,
            0.2,
            None,
        ),
        ("gopher_top_2_words", "I am Frank, I am Frank, I am Frank", 0.2, None),
        ("gopher_top_3_words", "I am Frank, you are Jhon. I am Frank. I am Frank you are Jhon", 0.18, None),
        ("gopher_words", "I am a tree.", None, 50),
        ("gopher_hashes", "# comment " * 20, 0.1, None),
        ("gopher_ellipses", "... comment " * 20, 0.1, None),
        ("gopher_word_length", "interconnection " * 20, 10, None),
        ("gopher_word_length", "I am " * 30, None, 3),
        ("gopher_bullet_lines", "• comment line\n" * 20, 0.9, None),
        ("gopher_ellipsis_lines", "comment line...\n" * 20, 0.3, None),
        ("gopher_lettered_words", "11 22 33 44 word " * 20, None, 0.8),
        ("gopher_stop_words", "tree house sky blue " * 20, None, 2),
        ("fineweb_ended_lines", "no end\n" * 9 + "One end.", None, 0.12),
        ("fineweb_short_lines", "short line.\n" * 9 + "A line that is longer than thirty characters.", 0.67, None),
        ("fineweb_repeated_characters", "The same line.\nThe same line.\nAnother one.", 0.01, None),
        ("fineweb_line_breaks", "word\n" * 20, 0.3, None),
        ("c4_sentences", "One here now. Two here now.", None, 5),
        ("c4_curly_lines", "if (a) { do the thing.", 0, None),
        ("c4_lorem_ipsum_lines", "This is Lorem Ipsum dolor sit.", 0, None),
        ("c4_javascript_lines", "Please switch on JavaScript now.", 0, None),
        ("c4_policy_lines", "This site uses cookies to work.", 0, None),
    ],
)
def test_each_rule_has_a_text_that_fails_it(name: str, text: str, low: float | None, high: float | None) -> None:
    found = value(name, text)
    assert (low is not None and found > low) or (high is not None and found < high)


def test_known_answers_counted_by_hand() -> None:
    found = values("I am Frank, I am Frank, I am Frank", "signs apart")
    assert found["gopher_words"] == 9  # the commas are words too, of signs alone
    assert found["gopher_word_length"] == pytest.approx(8 * 3 / 9)
    assert found["gopher_lettered_words"] == pytest.approx(9 / 11)
    assert found["gopher_top_2_words"] == pytest.approx(3 * len("I am") / 34)
    assert found["gopher_top_3_words"] == pytest.approx(3 * len("I am Frank") / 34)
    assert found["gopher_repeated_5_words"] == pytest.approx(len("IamFrank,I") / 34)  # from the fifth word on
    c4 = values('He came. She went! "Who?" - nobody\nToo short.\nNo end here [12]\nAn end with a note.[3]')
    assert (c4["c4_lines"], c4["c4_kept_lines"], c4["c4_sentences"]) == (4, 1, 1)


def test_a_phrase_is_found_in_any_case_and_inside_of_words() -> None:
    for phrase in _values.PHRASES:
        found = values(f"This line here is kept.\nThis one has x{phrase.upper()}x in it.")
        faults = sum(found[f"c4_{fault}_lines"] for fault in ("curly", "lorem_ipsum", "javascript", "policy"))
        assert (found["c4_kept_lines"], faults) == (1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't", "do n't"),
        ("Anna's", "Anna 's"),
        ("(well-known),", "( well - known ) ,"),
        ("3.5% of $20", "3.5 % of $ 20"),
        ("see www.example.org/a-b", "see www.example.org/a-b"),
        ("wait...what", "wait ... what"),
        ("we'll they're", "we 'll they 're"),
        ("end.Start", "end . Start"),
        ("1-2 pages", "1 - 2 pages"),
        ("“Yes!”", "“ Yes ! ”"),
    ],
)
def test_signs_and_contractions_are_words_of_their_own(text: str, expected: str) -> None:
    from engine.signals.rules._characters import character_bits
    from engine.signals.rules._values import _points
    from engine.signals.rules.kernels.characters import Text
    from engine.signals.rules.kernels.words import Words, find_words

    points = _points(text)
    room = len(points) + 1
    kinds = (np.int32, np.int32, np.uint64, np.uint16, np.uint16)
    words = Words(*(np.empty(room, t) for t in kinds), np.zeros(1, np.int64))
    find_words(Text(points, character_bits()[points], points[:0]), True, words, np.empty(room, np.int32))
    spans = zip(words.starts[: words.total[0]], words.ends[: words.total[0]], strict=True)
    assert " ".join(text[a:b] for a, b in spans) == expected


# The same numbers as plain Python, word for word and line for line.

PIECES = st.sampled_from([
    "the", "and", "with", "a", "tree", "...", "…", "#", "- x", "• y", "no.", "Yes!", "uses cookies", "javascript", "{",
    "lorem ipsum", "[12]", "[edit]", " ", "  ", "\n", "\n\n", "\n\n\n", "\r\n", "\u2028", "\t",
    "日本。", "שלום", "🙂", "\x00",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@example("- x...[12]- xno.")  # words with a citation in them
@example("a tree [12]Yes! the [edit]... [3]no.")
@given(st.lists(PIECES, max_size=40).map(" ".join) | st.lists(PIECES, max_size=30).map("".join))
def test_the_values_are_those_of_plain_python(text: str) -> None:
    assert values(text) == pytest.approx(in_plain_python(text))


def in_plain_python(text: str) -> dict[str, float]:
    """The same rules, written down as they are told."""
    words, lines = text.split(), text.splitlines()
    signs = set(NO_WORD + ENDS + CONTROLS)
    real = [word for word in words if not set(word) <= signs]
    paragraphs, parts = re.split("\n{2,}", text.strip()), re.split("\n+", text)
    told = [line for line in text.split("\n") if line.strip()]
    kept, faults = [], Counter[str]()
    for line in map(str.strip, lines):
        pieces, said = line.split(), re.sub(r"\[\d*]|\[edit]|\[citation needed]", "", line)
        if len(pieces) < 3 or not said.endswith((".", "?", "!", '"', "'")) or said.endswith("..."):
            continue
        low = line.lower()
        policies = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
        if "lorem ipsum" in low:
            faults["lorem"] += 1
        elif "javascript" in low:
            faults["script"] += 1
        elif "{" in said:
            faults["curly"] += 1
        elif any(policy in low for policy in policies):
            faults["policy"] += 1
        else:
            kept.append(said)
    dots = text.count("...") + text.count("…")
    found = {
        "gopher_words": len(real),
        "gopher_word_length": sum(map(len, real)) / max(len(real), 1),
        "gopher_hashes": text.count("#") / max(len(words), 1),
        "gopher_ellipses": dots / max(len(words), 1),
        "gopher_bullet_lines": share(line.lstrip().startswith(("•", "-")) for line in lines),
        "gopher_ellipsis_lines": share(line.rstrip().endswith(("...", "…")) for line in lines),
        "gopher_lettered_words": share(any(c.isalpha() for c in word) for word in words),
        "gopher_stop_words": len({"the", "be", "to", "of", "and", "that", "have", "with"} & set(words)),
        "gopher_repeated_lines": repeats(parts)[0] / len(parts),
        "gopher_repeated_line_characters": repeats(parts)[1] / max(len(text), 1),
        "gopher_repeated_paragraphs": repeats(paragraphs)[0] / len(paragraphs),
        "gopher_repeated_paragraph_characters": repeats(paragraphs)[1] / max(len(text), 1),
        "c4_lines": len(lines),
        "c4_kept_lines": len(kept),
        "c4_sentences": sum(map(sentences, kept)),
        "c4_curly_lines": faults["curly"],
        "c4_lorem_ipsum_lines": faults["lorem"],
        "c4_javascript_lines": faults["script"],
        "c4_policy_lines": faults["policy"],
        "fineweb_ended_lines": share(line.endswith(tuple(ENDS)) for line in told),
        "fineweb_short_lines": share(len(line) <= 30 for line in told),
        "fineweb_repeated_characters": repeats(told)[1] / max(len(text.replace("\n", "")), 1),
        "fineweb_line_breaks": text.count("\n") / max(len(words), 1),
    }
    for k in (2, 3, 4):
        grams = Counter(tuple(words[i : i + k]) for i in range(len(words) - k + 1))
        gram, times = grams.most_common(1)[0] if grams else ((), 0)
        found[f"gopher_top_{k}_words"] = len(" ".join(gram)) * times / max(len(text), 1)
    for k in range(5, 11):
        found[f"gopher_repeated_{k}_words"] = said_before(words, k) / max(len(text), 1)
    return found if text else dict.fromkeys(found, 0.0)


def share(holds) -> float:
    each = list(holds)
    return sum(each) / max(len(each), 1)


def repeats(pieces: list[str]) -> tuple[int, int]:
    again = [piece for i, piece in enumerate(pieces) if piece in pieces[:i]]
    return len(again), sum(map(len, again))


def said_before(words: list[str], k: int) -> int:
    there, length, i = set(), 0, 0
    while i + k <= len(words):
        gram = tuple(words[i : i + k])
        if gram in there:
            length += sum(map(len, gram))
        i += k if gram in there else 1
        there.add(gram)
    return length


def sentences(line: str) -> int:
    """Words that end in a sign that ends a sentence part; words of punctuation alone begin none."""
    import unicodedata

    count, over = 1, False
    for word in line.split():
        if over and not all(unicodedata.category(c)[0] == "P" for c in word):
            count, over = count + 1, False
        end = len(word)
        while end and unicodedata.category(word[end - 1])[0] == "P" and word[end - 1] not in ENDS:
            end -= 1
        over = over or (end > 0 and word[end - 1] in ENDS)
    return count


# What would break them.


@pytest.mark.parametrize(
    "text", ["", " \n ", "\n\n\n\n", "\x00", "🙂" * 3, "שלום עולם.", "a" * 3_000, "。" * 50, "- " * 99]
)
@pytest.mark.parametrize("words", ["white space", "signs apart"])
def test_odd_texts_have_finite_values(text: str, words: str) -> None:
    found = values(text, words)
    assert all(np.isfinite(v) and v >= 0 for v in found.values())
    assert all(v <= 1 for name, v in found.items() if name.startswith("gopher_repeated"))


def test_of_a_very_long_text_the_first_million_characters_are_read() -> None:
    assert value("gopher_words", "ab " * 2_000_000, "white space") == 333_334


def test_half_a_character_breaks_nothing() -> None:
    assert value("gopher_words", "a \ud800 b", "white space") == 3


def test_a_text_of_line_feeds_alone_has_no_more_paragraphs_than_lines() -> None:
    assert values("\n" * 31)["gopher_repeated_lines"] == 0.5
    assert values("\n" * 31)["gopher_repeated_paragraphs"] == 0


def test_a_list_that_was_changed_is_read_anew_and_many_long_texts_are_read_in_parts(monkeypatch) -> None:
    texts = ["a b"]
    count = ROW_SIGNALS["gopher_quality"].function
    assert count(texts)["gopher_words"].tolist() == [2]
    texts[0] = "a b c"
    texts.append("a")
    assert count(texts)["gopher_words"].tolist() == [3, 1]
    monkeypatch.setattr(_values, "AT_ONCE", 4)
    assert count(["a", "b c", "", "d e f g", "h"])["gopher_words"].tolist() == [1, 2, 0, 4, 1]


def test_what_was_found_for_other_texts_is_not_given_again() -> None:
    assert [value("gopher_words", text, "white space") for text in ("a b", "a", "a b c")] == [2, 1, 3]
