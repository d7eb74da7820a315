"""E-mail addresses, also as people write them to hide them from machines."""

import re

from engine.signals.private._linear import Span, places

_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}\-]*[\p{L}\p{N}])?"
_PLAIN = rf"[\p{{L}}\p{{N}}._%+'\-]+@(?:{_LABEL}\.)+(?:\p{{L}}{{2,}}|xn--[a-z0-9\-]+)"
_HIDDEN = (
    r"(?i)[a-z0-9._+\-]+ ?(?:\(at\)|\[at\]|\{at\}|<at>) ?[a-z0-9\-]+"
    r"(?:(?: ?(?:\(dot\)|\[dot\]|\{dot\}|<dot>) ?|\.| dot )[a-z0-9\-]+)+"
)
_MAY_HIDE = re.compile(r"[(\[{<]at[)\]}>]", re.I)

# RFC 2606 and 6761: names that belong to nobody.
_NOBODYS = re.compile(r"(?i)(?:^|\.)(?:example\.(?:com|net|org|edu)|example|invalid|test|localhost|local)$")
# What follows an @ in the names of pictures for dense screens and of services, and is no top-level domain.
_NO_DOMAIN = frozenset("png jpg jpeg gif svg webp service socket timer target mount slice path device scope".split())
_LONGEST_NAME, _LONGEST_DOMAIN = 64, 253


def emails(text: str) -> list[Span]:
    """Where e-mail addresses stand in a text.

    Left out: domains set apart for examples, the user in an address of a server (ssh://git@host, git@host:path), and
    file names with an @.
    """
    found = [span for start, end in places(_PLAIN, text) if (span := _address(text, start, end))] if "@" in text else []
    if _MAY_HIDE.search(text):
        found += places(_HIDDEN, text)
    return found


def _address(text: str, start: int, end: int) -> Span | None:
    at = text.index("@", start)
    domain = text[at + 1 : end]
    start += len(text[start:at]) - len(text[start:at].lstrip(".'-%+"))
    if not 0 < at - start <= _LONGEST_NAME or len(domain) > _LONGEST_DOMAIN:
        return None
    if _NOBODYS.search(domain) or domain.rpartition(".")[2].lower() in _NO_DOMAIN:
        return None
    before = text[max(0, start - 200) : start]
    server = before.rpartition("://")
    if server[1] and not re.search(r"[\s/?#]", server[2]):
        return None
    if text[start:at] == "git" or (text[end : end + 1] == ":" and re.match(r":[\w~./]*/", text[end : end + 80])):
        return None
    return start, end
