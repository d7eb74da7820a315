"""Bring letters to one Unicode form."""

from typing import Literal, cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.opening.edits._text import TEXT, as_text, writing_texts
from engine.registry import About

Form = Literal["NFC", "NFKC", "NFD", "NFKD"]


ABOUT = About(values=TEXT, cost=writing_texts)


def unicode_form(values: pa.ChunkedArray, *, form: Form = "NFC") -> pa.ChunkedArray:
    """Bring letters to the Unicode form {form}.

    NFC joins letters with their accents, NFD parts them; NFKC and NFKD also turn ligatures, full-width and raised
    letters into plain ones.
    """
    return cast(pa.ChunkedArray, pc.utf8_normalize(as_text(values), form=form))
