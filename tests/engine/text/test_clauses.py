import pytest

from engine.text import CLAUSE, SENTENCE, pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Free C++ tools, e-mail too. Done", ["Free", "C++", "tools", CLAUSE, "e-mail", "too", SENTENCE, "Done"]),
        ("don't see http://a.b/c", ["don't", "see", CLAUSE]),
        ("f(x_1) = os.path", ["f", CLAUSE, "x_1", CLAUSE, CLAUSE, "os.path"]),
        ("שלום עולם. नमस्ते दुनिया।", ["שלום", "עולם", SENTENCE, "नमस्ते", "दुनिया", SENTENCE]),
        ("東京タワー", ["東京", CLAUSE, "タワー", CLAUSE]),
        ("http://a.org/cats", ["http", CLAUSE, "a.org", CLAUSE, "cats"]),
        ("", []),
    ],
)
def test_words_and_ends_of_clauses_are_found(text: str, found: list[str]):
    assert pieces(text) == found
