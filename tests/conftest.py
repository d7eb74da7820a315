"""What tests share: a real Chromium where the machine has one, and the reason where it has none."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says more of the machine than of the code.
settings.register_profile("winnow", deadline=None)
settings.load_profile("winnow")

# The many processes that tests start read what the first of them compiled, whatever the machine would rather not keep.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Software drawing of WebGL, as test machines have no GPU; no call home, as they have no network either. Whole pages are
# put together without a GPU too: one that is only played by the processor costs a third of a test's time.
CHROMIUM_FLAGS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium() -> str | None:
    """The Chromium of this machine, if any."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that drive a browser have a second try, as a full machine can keep a page waiting for too long.

    Where several processes share the work, their files begin: a long one at the end would leave the others idle.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("browser")}
        items.sort(key=lambda item: item.path not in slow)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not item.get_closest_marker("browser") or find_chromium():
        return
    reason = "no Chromium on this machine (Debian: apt-get install chromium)"
    if os.environ.get("WINNOW_NEEDS_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """A running Chromium, driven by Playwright; `chromium.new_page()` gives a page."""
    from playwright.sync_api import sync_playwright

    # As root, Chromium's own sandbox refuses to start.
    flags = CHROMIUM_FLAGS + (["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()
