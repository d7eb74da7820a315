"""What stands between the cells of delimited text, and around them, found by a look at its beginning."""

import csv
import io
from itertools import islice

_DELIMITERS = (",", "\t", ";", "|", "\x1f")


def dialect(text: str, name: str, delimiter: str = "", quote: str = "") -> tuple[str, str]:
    """The delimiter and the quote of a file of this name, where they are not given; quote "" where none is used.

    >>> dialect("a;b\\n1;2\\n", "x.csv")
    (';', '"')
    """
    asked, quote = quote, quote or _quote(text)
    delimiter = delimiter or ("\t" if ".tsv" in name.lower() else _delimiter(text, quote))
    return delimiter, "" if not asked and delimiter == "\t" and _bare_quotes(text) else quote


def _delimiter(text: str, quote: str) -> str:
    """The delimiter that cuts the first records into the same number of cells, more than one; else a comma."""
    csv.field_size_limit(1 << 30)
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            records = [r for r in islice(csv.reader(io.StringIO(text), delimiter=delimiter, quotechar=quote), 100) if r]
        except csv.Error:
            continue
        # The sample may end within the last record.
        sizes = [len(r) for r in (records[:-1] if len(records) > 2 else records)]
        if sizes and sizes[0] > 1:
            score = sizes.count(sizes[0]) / len(sizes) + min(sizes[0], 50) / 1000
            if score > most:
                best, most = delimiter, score
    return best


def _bare_quotes(text: str) -> bool:
    """Whether quotes are only letters, as often in tables with tabs: they open cells and do not close them."""
    opened = text.count('\t"') + text.count('\n"')
    closed = text.count('"\t') + text.count('"\n') + text.count('"\r\n')
    return abs(opened - closed) > 1 + 0.01 * max(opened, closed)


def _quote(text: str) -> str:
    """The character around cells: double quotes, unless only single ones stand beside delimiters."""
    single = sum(text.count(f"{d}'") for d in _DELIMITERS[:4]) + text.count("\n'")
    closed = sum(text.count(f"'{d}") for d in _DELIMITERS[:4]) + text.count("'\n")
    return "'" if '"' not in text and min(single, closed) > 2 else '"'
