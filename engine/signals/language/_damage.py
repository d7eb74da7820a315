"""Where a text was damaged by a wrong encoding."""

import re

# What the bytes 80 to BF, which go on a letter in UTF-8, become where they are read as another encoding. Cp1252 leaves
# five of them out, Latin-1 makes all below A0 control characters.
_1252 = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_1250 = "\x80-\xa0€‚„…†‡‰Š‹ŚŤŽŹ‘’“”•–—™š›śťžźˇ˘Ł¤Ą¦§¨©Ş«¬\xad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż"
_1251 = "\x80-\xa0ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈ¤Ґ¦§Ё©Є«¬\xad®Ї°±Ііґµ¶·ё№є»јЅѕї"

_DAMAGE = re.compile(
    "|".join(
        (
            # What no text means to hold: lost letters, control characters, halves of letters, what is never a letter.
            "(?P<lost>[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]+)",
            # UTF-8 read as cp1252 or Latin-1: Ã©, â€™, ðŸ˜€; a run of these is damage, a single one is looked at.
            f"(?P<run>(?:[Â-ß][{_1252}]|[à-ï][{_1252}]{{2}}|[ð-ô][{_1252}]{{3}})+)",
            # ... as cp1250, Ĺ‚ for ł; as cp1251, РїСЂ for пр, вЂ” for a dash, and between Latin letters Г© for é.
            f"(?P<central>(?:[ÂĂÄĹČĐŃ][{_1250}])+|â€[{_1250}])",
            f"(?P<cyrillic>(?:[РС][{_1251}]){{2,}}|(?:[а-п][{_1251}]{{2}}){{2,}}|вЂ[{_1251}]"
            f"|(?<=[A-Za-z])[ГДЕ][{_1251}]|[ГДЕ][{_1251}](?=[a-z]))",
            # ... as Mac Roman, caf√©, don‚Äôt, –ø—Ä for пр; as that of DOS, caf├⌐, donÔÇÖt, where no frame is drawn.
            "(?P<mac>‚Ä[ìîòôúù¶¢Ø]|√[†©]|¬[´ªø°]|(?<=[A-Za-z])√[\xa1-\u2265]|√[\xa1-\u2265](?=[a-z])|(?:[–—][\xa1-\u2265]){3,})",
            "(?P<dos>ÔÇ[£ÖÿôöÜª»]|├[á®⌐]|┬[½╗]|(?<=[A-Za-z])[├┬][^\0-\xa0─━]|[├┬][^\0-\xa0─━](?=[A-Za-z]))",
            # An older encoding of Cyrillic, Greek, Chinese … read as Latin-1: words of accents alone, Ïðèâåò.
            "(?P<accents>[\xa1-\xff]{4,})",
        )
    )
)
_LOST = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]+")
# Signs that stand after a letter in many a healthy text: COMPAÑÍA”, CAFÉ®, À …
_AFTER = frozenset("\xa0‘’“”‚„‹›«»…–—®™©°")
# First letters of a run that are seldom anything else, and those of three bytes that stand for punctuation and signs.
_ALONE = re.compile("[Â-ÖØ-ÞĂĹČĐŃ].|â[^\xa0«»].|ï(?:¿½|»¿|¬.|¼.)|ð[Ÿ\x9f]..", re.S)


def damaged(text: str) -> list[tuple[int, int]]:
    """Where a text is damaged: (start, end) in characters, in order."""
    if text.isascii():
        return [found.span() for found in _LOST.finditer(text)]
    sure, accents = [], []
    for found in _DAMAGE.finditer(text):
        if found.lastgroup == "accents":
            if _foreign(found[0]):
                accents.append(found.span())
        elif found.lastgroup not in ("run", "central") or _misread(text, *found.span()):
            sure.append(found.span())
    if sum(end - start for start, end in accents) >= 8:
        return sorted(sure + accents)
    return sure


def _misread(text: str, start: int, end: int) -> bool:
    """Whether a run stands for letters that were misread, and not for a letter and the sign after it."""
    if end - start > 4 or not _ALONE.fullmatch(text, start, end):
        # Longer than one letter of four bytes, or letters of another script, which do not come alone.
        return len(re.findall("[Â-ôĂĹČĐŃ]", text[start:end])) > 1
    before, after, last = text[start - 1 : start], text[end : end + 1], text[end - 1]
    if end - start > 2 or before.islower() or after.islower():
        return True
    if text[start] in "ÃĂ" and not before.isalpha():  # à, é: words of a letter; no language has a word Ã
        return True
    return last not in _AFTER and not last.isupper()


def _foreign(word: str) -> bool:
    """Whether a word of signs beyond ASCII is of another alphabet: several letters, a third or more, or many signs."""
    letters = [sign for sign in word if sign >= "À"]
    return len(set(letters)) >= 3 and len(letters) >= len(word) / 3 or len(set(word)) >= 5 and len(word) >= 8
