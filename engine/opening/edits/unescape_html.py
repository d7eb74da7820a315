"""Turn HTML escapes into letters."""

import html

import pyarrow as pa

from engine.opening.edits._text import TEXT, as_text, writing_texts
from engine.registry import About

ABOUT = About(title="Unescape HTML", values=TEXT, cost=writing_texts)


def unescape_html(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn HTML escapes such as &amp; and &#233; into the letters that they stand for."""
    chunks = [
        pa.array([html.unescape(v) if v is not None and "&" in v else v for v in chunk.to_pylist()], pa.large_string())
        for chunk in as_text(values).chunks
    ]
    return pa.chunked_array(chunks, pa.large_string())
