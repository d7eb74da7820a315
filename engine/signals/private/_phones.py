"""Telephone numbers: cheap candidates first, then the numbering plans of `phonenumbers`."""

import re
from functools import cache
from typing import Literal, get_args

from engine.signals.private._linear import Span, places

Region = Literal[
    "any", "none", "US", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CO", "CZ", "DE", "DK", "EE", "EG",
    "ES", "FI", "FR", "GB", "GR", "HR", "HU", "ID", "IE", "IL", "IN", "IS", "IT", "JP", "KE", "KR", "LT", "LU", "LV",
    "MA", "MX", "MY", "NG", "NL", "NO", "NZ", "PE", "PH", "PK", "PL", "PT", "RO", "RS", "RU", "SA", "SE", "SG", "SI",
    "SK", "TH", "TR", "TW", "UA", "VN", "ZA",
]  # fmt: skip
REGIONS: tuple[str, ...] = get_args(Region)[2:]

# One greedy stretch of digits and what people put between them.
_STRETCH = r"\+?\(?\+?\d(?:[ \x{A0}.\-‑–/()]{0,3}\d){6,}"
_DIGITS = re.compile(r"\d")
_DATE = re.compile(
    r"\(?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d[-–](?:19|20)\d\d)(?!\d)"
)
_SAYS_PHONE = re.compile(
    r"(?i)\b(?:(?:tele)?phones?|tel|mobile|cell|fax|call(?:ing|ed)?|dial|whatsapp|reach|answering|hotline"
    r"|telefono?|telefax|handy|mobil|t[ée]l[ée]phone|tél|móvil|numéro)\b[^\d\n]{0,24}$"
)
_SAYS_BOOK = re.compile(r"(?i)\b(?:isbn(?:-1[03])?|issn|ean|doi)[ :]{0,3}$")
_GROUP = re.compile(r"\d+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_AREA = re.compile(r"0\d|\(\d+\)")
_FEWEST, _MOST = 7, 15  # digits: E.164 allows 15
_FEWEST_ANYWHERE = 8
_FEWEST_UNGROUPED = 9
_MOST_ASKED = 200
"""Stretches of a text whose region is looked up: a text with more is a table of numbers, and would take minutes."""


def phones(text: str, region: Region) -> list[Span]:
    """Where telephone numbers stand in a text.

    With + and a country, where the plan of that country has the number. Any 7 to 15 digits, in groups or at least 9,
    after a word such as "call" or "phone". Others where they are valid in the home region, and in the groups that are
    usual there. "any" asks that of all regions, for numbers in three groups or with a 0 or a bracket first.
    """
    found, asked = [], 0
    for start, end in places(_STRETCH, text):
        says = _says(text, start, end)
        if says is None and _may_ask(written := text[start:end], region):
            asked += 1
            says = asked <= _MOST_ASKED and _at_home(written, region)
        if says:
            # (719-440-1050): the bracket is not the number's
            found.append((start + (text[start] == "(" and ")" not in text[start:end]), end))
    return found


def _says(text: str, start: int, end: int) -> bool | None:
    """Whether a stretch of digits is a telephone number by itself and by what stands around it; None: ask the plans."""
    written, before, after = text[start:end], text[max(0, start - 40) : start], text[end : end + 2]
    count = len(_DIGITS.findall(written)) if end - start <= 40 else 0
    if not _FEWEST <= count <= _MOST:
        return False
    if before[-1:].isalnum() or before[-1:] in ("_", ".", "-", "/", "=", "#", "$", "€", "£"):
        return False
    if after[:1].isalpha() or after[:1] in ("_", "%") or (after[:1] in (":", ",") and after[1:].isdigit()):
        return False
    if "+" in written:
        return _valid(written, None)
    if _DATE.match(written) or _SAYS_BOOK.search(before):
        return False
    grouped = not written.isdigit()
    if _SAYS_PHONE.search(before):
        return grouped or count >= _FEWEST_UNGROUPED
    return None if grouped else False


def _may_ask(written: str, region: Region) -> bool:
    """Whether the plans are worth asking."""
    return _telling(written) if region == "any" else region != "none"


def _at_home(written: str, region: Region) -> bool:
    return any(_usual(written, home) for home in (REGIONS if region == "any" else (region,)))


def _telling(written: str) -> bool:
    """Whether a number looks like a telephone number also where its country is not known."""
    groups = _GROUP.findall(written)
    shaped = len(groups) >= 3 or (len(groups) == 2 and _AREA.match(written))
    return bool(shaped) and sum(map(len, groups)) >= _FEWEST_ANYWHERE and not any(map(_YEAR.fullmatch, groups))


def _valid(written: str, region: str | None) -> bool:
    """Whether a number is one by the plan of its country. region: of a number without +."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _usual(written: str, region: str) -> bool:
    """Whether a number is valid in a region and in the groups that people write there."""
    import phonenumbers

    # The plans are slow to ask, and most numbers are none of most regions.
    may = _may_be(region)
    if (may and not may.fullmatch("".join(_GROUP.findall(written)))) or not _valid(written, region):
        return False
    strict = phonenumbers.Leniency.STRICT_GROUPING
    return any(True for _ in phonenumbers.PhoneNumberMatcher(written, region, strict, max_tries=1))


@cache
def _may_be(region: str) -> re.Pattern[str] | None:
    """Digits that may be a number of a region; None where its plan rewrites them first."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None or plan.national_prefix_transform_rule:
        return None
    kinds = (
        *(plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost),
        *(plan.personal_number, plan.voip, plan.pager, plan.uan, plan.voicemail),
    )
    numbers = "|".join(kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern)
    prefix = plan.national_prefix_for_parsing or ""
    abroad = rf"(?:{plan.international_prefix})\d+|" if plan.international_prefix else ""
    return re.compile(rf"{abroad}(?:{plan.country_code})?(?:{prefix})?(?:{numbers})")
