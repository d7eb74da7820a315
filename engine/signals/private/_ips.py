"""Addresses of machines that the whole internet can reach."""

import re
from ipaddress import IPv4Address, IPv6Address

from engine.signals.private._linear import Span, places

# A stretch is taken whole, however long; whether it is an address is asked of it as a whole.
_IPV4 = r"\d+(?:\.\d+){3,}"
_IPV6 = r"(?i)[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*"
# Four numbers with points are a version or a chapter more often than an address.
_VERSION = re.compile(
    r"(?i)(?:\bv(?:ersions?|er)?\.?|\brel(?:ease)?|\b(?:section|chapter|clause|table|figure|§)|[-_~=<>])\s*$"
)
_GOES_ON = re.compile(r"[-~+]\w|\w|/\d")
_CHAPTER = 20
"""Four numbers, all below this, count as a chapter or a version where nothing says that they are an address."""
_SAYS_ADDRESS = re.compile(r"(?i)\b(?:ip|ips|ipv4|address(?:es)?|host|server|from|dns|gateway|ping)\b[^\n]{0,24}$")


def ips(text: str) -> list[Span]:
    """Where public IP addresses stand in a text, of version 4 and 6.

    Left out: addresses that no other network sees (192.168.…, 10.…, 172.16.…, 127.…, of documentation, link-local …),
    networks (203.0.114.0/24), parts of longer numbers, versions and chapters.
    """
    found = [(s, e) for s, e in places(_IPV4, text) if _public4(text, s, e)] if text.count(".") > 2 else []
    if text.count(":") > 1:
        found += [(s, e) for s, e in places(_IPV6, text) if _public6(text, s, e)]
    return found


def _public4(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    if end - start > len("255.255.255.255"):
        return False
    if _GOES_ON.match(text, end) or before[-1:].isalnum() or before[-1:] in (".", "_") or _VERSION.search(before):
        return False
    try:
        address = IPv4Address(text[start:end])
    except ValueError:
        return False
    small = all(part < _CHAPTER for part in address.packed)
    return address.is_global and not address.is_multicast and (not small or bool(_SAYS_ADDRESS.search(before)))


def _public6(text: str, start: int, end: int) -> bool:
    written = text[start:end]
    if end - start > len("ffff:" * 8):
        return False
    if len(written.replace(":", "")) < 8 or not any(map(str.isdigit, written)):
        return False  # `a::b` is a name in code
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or before in ("_", ":", ".") or after in ("_", ":"):
        return False
    try:
        address = IPv6Address(written)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast
