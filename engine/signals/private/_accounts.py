"""Numbers of payment cards and of bank accounts, by their check digits."""

import re
from itertools import pairwise

from engine.signals.private._linear import Span, alone, places

# A run of digits is taken whole, however long: many short pieces of a long run would take long.
_CARD = r"\d{12,}|\d{4} \d{4} \d{4} \d{4}|\d{4}-\d{4}-\d{4}-\d{4}|\d{4} \d{6} \d{4,5}|\d{4}-\d{6}-\d{4,5}"
# First digits and lengths that the schemes have published: ISO/IEC 7812 says only how such a number is made.
_SCHEMES = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[68]\d)\d{11}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"  # Maestro
)
_IBAN = r"(?i)\b[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]){11,30}"
_SEPARATORS = str.maketrans("", "", " -")


def cards(text: str) -> list[Span]:
    """Where numbers of payment cards stand: known first digits and length, and Luhn's check digit is right."""
    from stdnum import luhn

    found = []
    for start, end in places(_CARD, text):
        digits = text[start:end].translate(_SEPARATORS)
        if _SCHEMES.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1 and alone(text, start, end):
            found.append((start, end))
    return found


def ibans(text: str) -> list[Span]:
    """Where international bank account numbers stand: length and form of their country, and both check digits right.

    In groups with blanks or hyphens, too; in capitals or not.
    """
    return [span for start, end in places(_IBAN, text) if (span := _account(text, start, end))]


def _account(text: str, start: int, end: int) -> Span | None:
    """The longest valid number that ends where a group ends: what comes after a blank may be the next word."""
    from stdnum import iban

    ends = [start + i + 1 for i, (_, b) in enumerate(pairwise(text[start:end])) if b in " -"]
    if not _ends_word(text, end):
        end = ends.pop() if ends else start
    for stop in [end, *reversed(ends)]:
        if stop - start >= 15 and iban.is_valid(text[start:stop].translate(_SEPARATORS), check_country=False):
            return start, stop
    return None


def _ends_word(text: str, end: int) -> bool:
    return not text[end : end + 1].isalnum()
