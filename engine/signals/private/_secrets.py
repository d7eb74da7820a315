"""Keys, tokens and passwords in a text: by the forms that their issuers give them, or by what they are assigned to."""

import base64
import binascii
import json
import re
from collections import Counter
from math import log2

from engine.signals.private._linear import Span, compiled, places
from engine.text import readable

# Forms that the issuers have made so that they can be told apart, most of them published for scanners.
_TOKENS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",  # Amazon
    r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}",  # GitHub
    r"gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_\-]{20,}",  # GitLab
    r"xox[abeoprs]-[A-Za-z0-9\-]{10,}|xapp-\d-[A-Za-z0-9\-]{10,}",  # Slack
    r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}",
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}",  # Stripe
    r"AIza[A-Za-z0-9_\-]{35}|GOCSPX-[A-Za-z0-9_\-]{28}|ya29\.[A-Za-z0-9_\-]{20,}",  # Google
    r"sk-(?:proj-|ant-|svcacct-|or-v1-)?[A-Za-z0-9_\-]{32,}",  # OpenAI, Anthropic, OpenRouter
    r"hf_[A-Za-z]{34}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_\-]{50,}",  # Hugging Face, npm, PyPI
    r"SG\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}|key-[0-9a-f]{32}|SK[0-9a-f]{32}",  # SendGrid, Mailgun, Twilio
    r"do[opr]_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|dapi[0-9a-f]{32}",  # DigitalOcean, Shopify, Databricks
    r"\d{8,10}:AA[A-Za-z0-9_\-]{33}",  # Telegram
    r"AGE-SECRET-KEY-1[A-Z0-9]{58}",
)
_TOKEN = r"\b(?:" + "|".join(_TOKENS) + ")"
_WEB_TOKEN = r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{16,}"
# Up to its last line, where no other line of hyphens comes before that.
_KEY_BLOCK = (
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:[^\-]|-[^\-])*-----END [A-Z0-9 ]{1,60}-----)?"
)
_IN_ADDRESS = r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s:/@'\"<>]{1,64}:([^\s:/@'\"<>]{3,128})@[A-Za-z0-9\[]"
_NAME = (
    r"pass(?:word|wd|phrase|code)|pwd|secret(?:[_\- ]?(?:access[_\- ]?)?key)?|api[_\- ]?(?:key|secret|token)"
    r"|(?:access|auth|bearer|refresh|session|id|app|bot)[_\- ]?token"
    r"|(?:access|account|private|encryption|signing)[_\- ]?key|client[_\- ]?secret|auth[_\- ]?key|authorization|token"
)
_ASSIGNED = (
    rf"(?i)(?:{_NAME})[\"'`\])]{{0,2}}[ \t]{{0,8}}(?::=|=>|==?|:| is:?)[ \t]{{0,8}}(?:bearer )?"
    r"(?:\"([^\"\n]{6,200})\"|'([^'\n]{6,200})'|([^\s\"'`<>;,(){}\[\]$]{8,200}))"
)
# What people write where a secret would stand.
_PLACEHOLDER = re.compile(
    r"(?i)your|example|sample|placeholder|change.?me|insert|replace|redact|dummy|xxx|\*\*\*|\.\.\.|…|<.*>|^\$|\{.*\}|^%\w+%?$"
    r"|process\.env|environ|getenv|undefined|12345|abcde|foobar|password|passwd|secret|api.?key"
    r"|(?:^|[^a-z0-9])(?:none|null|test|token)(?:[^a-z0-9]|$)"
)
_NAMED = re.compile(r"[A-Za-z_$][A-Za-z_]*\d{0,2}(?:[.:\-/][A-Za-z_]+\d{0,2})*[.!?]?")
"""A name of code, a word, a path: no secret, however it is assigned."""


def secrets(text: str, least: float) -> list[Span]:
    """Where secrets stand in a text, in order; no two places overlap.

    Tokens by their issuers' forms, private keys, JSON web tokens (RFC 7519) whose header can be read, passwords in
    addresses, and values of a name such as `password` or `api_key`, of at least `least` bits a character (Shannon's
    entropy of the value's own characters), that hold letters and digits and are no placeholder.
    """
    text = readable(text)
    found = [span for span in places(_TOKEN, text) if _is_token(text, *span)]
    if "PRIVATE KEY" in text:
        found += places(_KEY_BLOCK, text)
    if "eyJ" in text:
        found += (span for span in places(_WEB_TOKEN, text) if _is_web_token(text[slice(*span)]))
    if "://" in text:
        found += (span for span in _values(_IN_ADDRESS, text) if not _PLACEHOLDER.search(text[slice(*span)]))
    found += (span for span in _values(_ASSIGNED, text) if _looks_secret(text[slice(*span)], least))
    return _apart(found)


def bits(value: str) -> float:
    """Shannon's entropy of the characters of a value, bits a character.

    >>> bits("aaaa"), bits("abab"), bits("abcd")
    (0.0, 1.0, 2.0)
    """
    return sum(-n / len(value) * log2(n / len(value)) for n in Counter(value).values()) + 0.0


def _values(pattern: str, text: str) -> list[Span]:
    """Where the value of each match stands."""
    return [match.span(match.lastindex) for match in compiled(pattern).finditer(text)]


def _is_token(text: str, start: int, end: int) -> bool:
    """Not a placeholder: `AKIAXXXXXXXXXXXXXXXX` has the form of a key, and no information."""
    return bits(text[start:end][4:]) >= 2.5 and not re.search(r"(?i)example|x{6}|your[-_]", text[start:end])


_LONGEST_HEADER = 1_000
"""Signs of the header of a web token; a longer one could nest deeper than a reader of JSON goes."""


def _is_web_token(written: str) -> bool:
    head = written.partition(".")[0]
    if len(head) > _LONGEST_HEADER:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(header, dict) and ("alg" in header or "typ" in header)


def _looks_secret(value: str, least: float) -> bool:
    if _PLACEHOLDER.search(value) or _NAMED.fullmatch(value) or any(map(str.isspace, value)):
        return False
    kinds = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return kinds and bits(value) >= least


def _apart(found: list[Span]) -> list[Span]:
    """In order, of those that overlap the one that begins first."""
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
