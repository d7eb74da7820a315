"""What tests of whole screens share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    """A page of its own in Chromium; in the end nothing may have failed in it, nor any dialog have opened."""
    found = chromium.new_context(viewport={"width": 1440, "height": 1300}).new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    found.set_default_timeout(120_000)
    yield found
    assert errors == []
    found.context.close()
