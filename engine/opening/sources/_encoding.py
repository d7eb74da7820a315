"""Which encoding a text is in: byte order mark, UTF-8, UTF-16, else the best guess; and what is no text at all."""

import codecs

from engine.errors import EngineError

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = {
    b"PK\x03\x04": "a zip archive (or an Excel file). Unpack it, or save the sheet as CSV",
    b"%PDF": "a PDF. Extract its text first",
    b"\x89PNG": "a picture. Winnow reads tables and texts",
    b"\xff\xd8\xff": "a picture. Winnow reads tables and texts",
    b"BZh": "packed with bzip2. Unpack it, or pack it with gzip or zstd",
    b"\xfd7zXZ": "packed with xz. Unpack it, or pack it with gzip or zstd",
    b"SQLite format 3": "an SQLite database. Export the table as CSV",
    b"ARROW1": "an Arrow file. Save it as Parquet",
}
# Python calls these encodings of text too; they are ways to write names or literals, and no file is in them.
_NOT_OF_FILES = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape")
# UTF-16 and UTF-32 were looked for by their zeros before a guess is made; short texts look like any of these.
_NEVER_GUESSED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]

_FEW_BYTES = 8
"""Fewer bytes that are not ASCII say nothing about the table that they are from."""


def text_encoding(name: str) -> codecs.CodecInfo:
    """The encoding of that name; raises `EngineError` where there is none, or it is not one of texts."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        raise EngineError(
            f"There is no encoding {name!r}. Write for example utf-8, cp1252, utf-16 or shift_jis."
        ) from None
    if not found._is_text_encoding or found.name in _NOT_OF_FILES or found.incrementaldecoder is None:
        raise EngineError(
            f"{name!r} is not an encoding of text files. Write for example utf-8, cp1252, utf-16 or shift_jis."
        )
    return found


def detect(sample: bytes, name: str, *, few_bad: int = 0) -> str:
    """The encoding of a text from its first bytes: byte order mark, UTF-8, UTF-16, else the best guess.

    few_bad: so many lines may be broken before another encoding is thought of. Raises `EngineError` for what is not
    text at all.
    """
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    for magic, what in _FOREIGN.items():
        if sample.startswith(magic):
            raise EngineError(f"{name} is {what}.")
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    half = len(sample) / 2
    if half and max(zeros) > 0.3 * half and min(zeros) < 0.05 * half:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if _begins_utf8(sample):
        return "utf-8"
    control = sum(sample.count(c) for c in (*range(9), 11, *range(14, 27), *range(28, 32), 127))
    if control > 0.02 * len(sample):
        raise EngineError(
            f"{name} is not text: {control / len(sample):.0%} of its first bytes are control characters. "
            "Winnow reads CSV, TSV, JSON, JSON lines, Parquet and texts, each also packed with gzip or zstd."
        )
    bad = sum(not _begins_utf8(line) for line in sample.split(b"\n"))
    foreign = sum(not line.isascii() for line in sample.split(b"\n"))
    if bad <= max(few_bad, 0.1 * foreign):
        return "utf-8"  # a few broken lines in a file of UTF-8: they are rejected, the others are kept
    from charset_normalizer import from_bytes

    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if sum(byte > 127 for line in lines[:_FEW_BYTES] for byte in line) < _FEW_BYTES:
        return "cp1252"
    best = from_bytes(b"\n".join(lines)[: 64 << 10], cp_exclusion=_NEVER_GUESSED).best()
    if best is None:
        return "cp1252"
    # Short texts fit many tables; the most common one that gives the same text is the honest name.
    return "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding


def is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8, whole."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _begins_utf8(sample: bytes) -> bool:
    """Whether bytes are UTF-8 but for a letter that the sample cuts off at its end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
