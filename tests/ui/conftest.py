"""What tests of whole screens share."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.served import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A workspace for all tests of a file, each with a dataset of its own, and the address of the app on it.

    The app may read and write wherever tests have their folders.
    """
    workspace = tmp_path_factory.mktemp("shared")
    with served(workspace, tmp_path_factory.getbasetemp()) as address:
        yield workspace, address


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
