"""Code clones: programs that differ in names, literals, comments and layout alone are the same words."""

import pyarrow as pa
import pytest

from engine.pairs.shingles.code import code_words

PYTHON = '''
def mean(values):
    """Of some numbers."""
    total = 0  # so far
    for v in values:
        total += v // 1
    return total / max(len(values), 1.0)
'''
PYTHON_AGAIN = """
def average(xs):
  'The mean.'
  s = 10
  # add them up: it's simple
  for x in xs: s += x // 0x2F
  return (s / max(len(xs), 1e-9)
"""
C = """
#include <stdio.h>
/* Sum up. */
int sum(int *a, int n) {
    int s = 0; // so far
    for (int i = 0; i < n; i++) s += a[i];
    printf("%d\\n", s);
    return s;
}
"""
C_AGAIN = """
#include <math.h>
int add_all(int *numbers, int count)
{
    int total = 7;
    for (int k = 1; k < count; k++)
        total += numbers[k]; /* one
        more */
    write("sum: \\"%d\\" // no comment", total);
    return total;
}
"""
JAVASCRIPT = """
// greet
const greet = async (name) => {
  const text = `Hi ${name}!`;
  if (name !== 'x' && name.length > 3) { await $send(text, { at: 12 }); }
  return text;
};
"""
JAVASCRIPT_AGAIN = """
const hello = async (who) => {
  const message = `Good
    day`; /* two lines */
  if (who !== "nobody" && who.size > 10) {
    await post(message, { when: 0.5 });
  }
  return message;
};
"""


def words(text: str) -> str:
    return str(code_words(pa.array([text], pa.large_string()))[0].as_py())


@pytest.mark.parametrize(
    ("one", "other"),
    [(PYTHON, PYTHON_AGAIN.replace("(s /", "s /")), (C, C_AGAIN), (JAVASCRIPT, JAVASCRIPT_AGAIN)],
)
def test_programs_that_differ_in_names_literals_comments_and_layout_are_equal(one: str, other: str) -> None:
    assert words(one) == words(other) and len(words(one).split()) > 25


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PYTHON, PYTHON_AGAIN),  # one bracket more
        (C, C.replace("i < n", "i <= n")),
        (C, C.replace("i++", "i--")),
        (JAVASCRIPT, JAVASCRIPT.replace("await ", "")),
        (PYTHON, PYTHON.replace("return", "yield")),
    ],
)
def test_programs_that_do_something_else_are_not(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_words_are_of_letters_and_digits_alone_and_null_stays_null() -> None:
    found = code_words(pa.array([PYTHON, None, "", "# nothing else"], pa.large_string()))
    assert found.type == pa.large_string() and found.to_pylist()[1:] == [None, "", ""]
    assert all(word.isalnum() and word.isascii() for word in words(C + JAVASCRIPT + "§ é ≤").split())
    assert words("if a <= 1:\n  return b") == "if i o3co3d n o3a return i"


@pytest.mark.parametrize(
    ("sign", "found", "times"),
    [
        ("/*", "o2a", 33_333),  # a comment ends at the third of three, before its last sign
        ('\\"', "o5c s", 1),
        ("'", "s", 33_334),
        ('"""', "s", 33_333),
        ("`", "o60", 200_000),
        ("a", "i", 1),
        ("1e+", "n", 1),
        ("$", "i", 1),
        ("# ", "", 1),
        (";\n", "o3b", 100_000),
        (":\n", "o3a", 100_000),
        ("// ", "", 1),
        (" \t", "", 1),
        ("𝔸{", "i o7b", 100_000),
    ],
)
def test_a_long_text_of_one_sign_is_read_to_its_end(sign: str, found: str, times: int) -> None:
    # Where a pattern went back over what it has read, this would take hours.
    assert words(sign * (200_000 // len(sign))) == " ".join([found] * times)
