"""The way into the app for a browser that a command starts: a file that leads on, as its address is no secret."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

_LEADS_ON = """<!doctype html><html lang=en><meta charset=utf-8><meta name=color-scheme content="light dark">
<title>Winnow</title><meta name=referrer content=no-referrer>
<meta http-equiv=refresh content="0; url={address}">
<p>This leads to <a href="{address}">Winnow on this machine</a>.</p>
"""


@contextmanager
def leading_file(address: str) -> Iterator[str]:
    """The `file://` address of a page that leads on to an address and that only its owner can read; gone at the end.

    Everybody on the machine may read the words of a command, and a browser is started with the address as one of them.
    """
    with TemporaryDirectory(prefix="winnow-entrance-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "winnow.html")
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as page:
            page.write(_LEADS_ON.format(address=escape(address)))
        yield file.as_uri()
