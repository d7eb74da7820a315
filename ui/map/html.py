"""The map as one HTML file that opens without a server and without a network."""

import base64
import html
import json
from collections.abc import Mapping, Sequence

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline';
 style-src 'unsafe-inline'; connect-src data:; img-src data: blob:; worker-src blob:">
<style>
body {{ margin: 12px; font-family: system-ui, sans-serif; background: {back}; color: {text}; }}
h1 {{ font-size: 17px; font-weight: 650; margin: 2px 2px 10px; }}
#winnow-map {{ --st-background-color: {back}; --st-text-color: {text}; --st-primary-color: {accent};
  --st-font: system-ui, sans-serif; }}
</style></head><body>
<h1>{title}</h1><div id="winnow-map"></div>
<script type="application/json" id="winnow-header">{header}</script>
{parts}
<script>{script}</script>
</body></html>
"""


def map_html(
    header: Mapping[str, object],
    parts: Mapping[str, bytes],
    *,
    script: str,
    title: str = "Map",
    texts: Sequence[object] | None = None,
    dark: bool = False,
) -> bytes:
    """One self-contained file: the map's header and arrays, its script, and (optionally) the cards of all rows.

    `header` and `parts`: what the map on the screen is given, `parts` by name. `script`: the built offline script.
    `texts`: what the card of each row says. About 12 bytes a row without texts, and the texts' own size with them. The
    page may load nothing from anywhere: its security policy forbids it. Texts and names are data in the page, never
    markup.
    """
    blocks = dict(parts)
    if texts is not None:
        blocks["texts"] = json.dumps(list(texts)).encode()
    return PAGE.format(
        title=html.escape(title),
        back="#121716" if dark else "#ffffff",
        text="#e4e9e7" if dark else "#1c2422",
        accent="#1f9185" if dark else "#0f766e",
        header=json.dumps(_offline(header, texts is not None)).replace("<", "\\u003c"),
        parts="\n".join(_block(name, content) for name, content in blocks.items()),
        script=script.replace("</script", "<\\/script"),
    ).encode()


def _offline(header: Mapping[str, object], texts: bool) -> dict[str, object]:
    """The header without what only a server can do."""
    return {
        **header,
        "can": {"texts": texts, "trust": False, "neighbours": False, "topics": False},
        "note": "",
        "noteAction": "",
        "histograms": None,
        "goTo": None,
    }


def _block(name: str, content: bytes) -> str:
    """One array as an element that a browser keeps but does not run."""
    text = base64.b64encode(content).decode()
    return f'<script type="application/octet-stream" id="{html.escape(name)}">{text}</script>'
