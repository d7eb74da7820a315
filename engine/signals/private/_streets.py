"""Street addresses, where the words of a language give them away."""

import re

from engine.signals.private._linear import Span, places

_WORD = r"\p{Lu}[\p{L}'’.\-]*"
_NUMBER = r"\d{1,5}[A-Za-z]?(?:[\-/]\d{1,4})?"
_ENGLISH = (
    r"Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy"
    r"|Circle|Crescent|Cres|Place|Pl|Way|Close|Grove|Gardens|Mews|Quay|Row|Alley|Trail|Turnpike|Walk"
)
# Left out: -ring (Spring 2008), -ufer (Verkäufer 3), -kade (Dekade 2), -tie (Bowtie 2), -gade after i (Brigade 7).
_COMPOUND = (
    r"straße|strasse|str\.|gasse|allee|platz|weg|damm|vej|[^i]gade|vägen|gatan|veien|vegen|gata|bakken|stræti"
    r"|straat|laan|plein|gracht|singel|katu|kuja|utca"
)
_GERMAN = r"Straße|Strasse|Str\.|Allee|Platz|Weg|Gasse|Ring|Damm|Ufer"
_ROMANCE = (
    r"[Rr]ue|[Bb]oulevard|[Aa]venue|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai|Via|Viale|Piazza|Corso|Vicolo|Calle"
    r"|Avenida|Avda\.?|Plaza|Paseo|Carrer|Rua|Travessa|Praça|ul\.|Ul\.|ulica|[Uu]lice"
)
_OF = r"(?:(?:de|du|des|del|della|delle|degli|dei|di|da|do|dos|das|la|le|les|los|las|el) |d'|l'){0,3}"
_ROOM = r"(?:\.?,?\s{1,3}(?:Apt|Suite|Ste|Unit|Flat|Room|Apartment)\.? #?\w{1,6}\b|,? #\d{1,5}\b)?"
_PART = rf"(?:\.?,\s{{1,3}}|\s?\n\s?){_WORD}(?: {_WORD}){{0,2}}"
_TOWN = rf"(?:(?:{_PART}){{0,3}}(?:,\s|\s{{1,3}})\d{{4,6}}(?:-\d{{4}})?\b(?: {_WORD}){{0,2}})?"
_END = _ROOM + _TOWN

_RULES = (
    # 221B Baker Street, Apt. 4, Springfield, IL 62704
    rf"\b{_NUMBER} (?:(?:N|S|E|W|NE|NW|SE|SW)\.? )?(?:{_WORD} |\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}(?:{_ENGLISH})\b"
    rf"(?:\.? (?:N|S|E|W|NE|NW|SE|SW)\b)?{_END}",
    # Hauptstraße 12a, Drottninggatan 5
    rf"(?:\b\d{{1,4}} )?\p{{Lu}}\p{{L}}+(?:{_COMPOUND}) \d{{1,3}}[A-Za-z]?\b{_END}",
    # Unter den Linden 5 is missed; Lange Straße 12 is not
    rf"{_WORD} (?:{_GERMAN}) {_NUMBER}\b{_END}",
    # 10 rue de la Paix; Via Roma 3; Calle Mayor, 5
    rf"\b{_NUMBER},? (?:bis |ter )?(?:{_ROMANCE}) {_OF}{_WORD}(?:[ \-]{_OF}{_WORD}){{0,3}}"
    rf"(?:,? (?:nº ?)?\d{{1,4}}\b)?{_END}",
    rf"\b(?:{_ROMANCE}) {_OF}{_WORD}(?: {_OF}{_WORD}){{0,4}},? (?:nº ?|n\. ?)?\d{{1,4}}[a-zA-Z]?\b{_END}",
    # boxes, and posts of the United States' forces
    r"(?i)\bP\. ?O\. ?Box \d{1,6}\b|\bPO Box \d{1,6}\b|\bPostfach \d{2,6}\b",
    r"(?i)\b(?:Unit|PSC|CMR) \d{1,5},? Box \d{1,5}\b(?:\s{1,3}[AFD]PO A[AEP] \d{5}\b)?|\b[AFD]PO A[AEP] \d{5}\b",
)
# 1980 Mount St. Helens; 8 Bootable Flash Drive; 3 Transfer Hard Way
_NO_STREET = re.compile(
    r"\b(?:(?:Mount|Mt\.?|Lake|Fort|Port) St|(?:Hard|Flash|Disk|Tape|Zip|USB|Test) Drive|Hard Way)$"
)
_DOCTOR = re.compile(r"\.? [A-Z]")
_ANY = "|".join(f"(?:{rule})" for rule in _RULES)


def streets(text: str) -> list[Span]:
    """Where addresses of houses stand in a text, with room, town and postcode where they follow; and post boxes.

    English, German, Nordic, Dutch, French, Italian, Spanish, Portuguese and Polish streets whose name says that it is
    one, in capitals as names are written.
    """
    return [(start, end) for start, end in places(_ANY, text) if _is_street(text, start, end)]


def _is_street(text: str, start: int, end: int) -> bool:
    if text[max(0, start - 1) : start] in (":", ".", "$", "€", "£") and start:
        return False
    doctor = text.endswith(" Dr", start, end) and _DOCTOR.match(text, end)
    return not doctor and not _NO_STREET.search(text, start, end)
