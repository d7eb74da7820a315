"""What of a text does not count when two are compared: case, white space, punctuation and their like."""

from dataclasses import dataclass
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc

from engine.registry import Help
from engine.text import UNSEEN

AnyUnicodeForm = Annotated[bool, Help("é as one sign or as two, ﬁ or fi, signs that cannot be seen.")]
AnyCase = Annotated[bool, Help("Upper or lower case does not count.")]
AnySpace = Annotated[bool, Help("How many spaces, tabs and line breaks stand in a row does not count.")]
AnyPunctuation = Annotated[bool, Help("Stops, commas and quotes do not count; operators, brackets and hyphens do.")]
AnyDigits = Annotated[bool, Help("Numbers count as the same number.")]
AnyUrl = Annotated[bool, Help("Addresses of pages count as the same address.")]

_URL = r"(?i)\b(?:https?://|www\.)\S+"
# Marks of sentences and quotes. Operators, brackets and hyphens carry meaning: a < b is not a > b, -5 is not 5.
_MARKS = r"""\.,;:!?'"`´…¡¿。、！？；：\p{Pi}\p{Pf}"""
_PUNCTUATION = rf"\s*[{_MARKS}][\s{_MARKS}]*"
_SPACE = r"[\s\p{Z}]+"
# Signs of no language stand for what was taken out, so that no text can spell them.
_A_URL, _A_NUMBER = "\ue000", "\ue001"


@dataclass(frozen=True)
class Alike:
    """Differences that do not count, each a switch; with all of them off only equal bytes are alike."""

    unicode_form: bool = False
    case: bool = False
    space: bool = False
    punctuation: bool = False
    digits: bool = False
    urls: bool = False

    @property
    def nothing(self) -> bool:
        """Whether every difference counts."""
        return not any(vars(self).values())


def without(alike: Alike, texts: pa.Array) -> pa.Array:
    """The texts without what does not count: large_string in, the same out; null stays null.

    A text that nothing would be left of stays as it is: `?!` and `...` are not the same for that.
    """
    found = texts
    if alike.unicode_form and not pc.all(pc.string_is_ascii(texts)).as_py():
        found = pc.utf8_normalize(pc.replace_substring_regex(found, UNSEEN, ""), "NFKC")
    if alike.urls:
        found = pc.replace_substring_regex(found, _URL, _A_URL)
    if alike.case:
        found = pc.utf8_lower(found)
    if alike.punctuation:
        # Between spaces of its own, so that 1.5 does not become 15; those at the ends go.
        found = pc.utf8_trim(pc.replace_substring_regex(found, _PUNCTUATION, " "), " ")
    if alike.digits:
        found = pc.replace_substring_regex(found, r"\p{Nd}+", _A_NUMBER)
    if alike.space:
        found = pc.utf8_trim(pc.replace_substring_regex(found, _SPACE, " "), " ")
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(found), ""), texts, found)
