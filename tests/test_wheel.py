"""The wheel: built, installed into an environment of its own, and used from a folder outside the repository."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from ui.map.bundle import is_current

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


class Installed:
    """A folder outside the repository, and a winnow that is there by its wheel alone."""

    def __init__(self, folder: Path, environment: Path) -> None:
        self.folder, self.bin = folder, environment / "bin"
        dropped = ("PYTHONPATH", "WINNOW_WORKSPACE", "WINNOW_FOLDERS")
        self.environment = {k: v for k, v in os.environ.items() if k not in dropped} | {
            "WINNOW_WORKSPACE": str(folder / "workspace")
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [str(self.bin / words[0]), *words[1:]]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, text=True, **pipes)

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out = process.communicate(timeout=300)[0]
        assert process.returncode == 0, f"{words} ended with {process.returncode}:\n{out}"
        return out


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of these sources, built apart so that nothing is left in the repository."""
    if not is_current():
        pytest.skip("the map's JavaScript is not built: python -m ui.map.bundle")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("engine", "indexes", "ui", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for path in [*ROOT.glob("*.py"), *(ROOT / name for name in ("pyproject.toml", "README.md", "LICENSE"))]:
        shutil.copy(path, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(out), "."], cwd=source, check=True)
    return next(out.glob("winnow-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a fresh environment, which sees the packages of this one but not the repository."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    here = next((environment / "lib").glob("python3*")) / "site-packages"
    shared = [path for path in sys.path if path.endswith("-packages")]
    (here / "shared.pth").write_text("\n".join(shared))
    command = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*command, "--no-index", "--no-deps", "--ignore-installed", str(wheel)], check=True)
    return Installed(tmp_path_factory.mktemp("elsewhere"), environment)


def test_the_wheel_holds_the_app_its_pages_its_look_and_the_map(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    screens = {str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.py"), *(ROOT / "pages").glob("*.py")]}
    assert names >= screens | {"app.py", ".streamlit/config.toml", "ui/icon.png"}
    assert names >= {
        "ui/map/dist/map.js",
        "ui/map/dist/offline.js",
        "ui/map/loader.js",
        "ui/map/palette.json",
        "ui/map/src/style.css",
    }
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or "node_modules" in name]


def test_what_is_installed_is_the_wheel_and_not_the_repository(installed: Installed) -> None:
    told = "import engine, indexes, ui; print(*(m.__file__ for m in (engine, indexes, ui)), sep='\\n')"
    for origin in installed.run("python", "-c", told).split():
        assert Path(origin).is_relative_to(installed.bin.parent)


def test_the_map_of_the_wheel_was_made_from_the_sources_in_it(installed: Installed) -> None:
    assert installed.run("python", "-m", "ui.map.bundle") == "The map is up to date.\n"


@pytest.fixture(scope="module")
def demo(installed: Installed) -> Installed:
    """A small demo corpus with a map, made by the wheel."""
    told = json.loads(installed.run("winnow", "demo", "--rows", "60", "--no-app", "--json", "--quiet"))
    installed.run("winnow", "jobs", "demo", "--follow", told["job"], "--quiet")
    return installed


@pytest.fixture(scope="module")
def address(demo: Installed) -> Iterator[str]:
    """The app, started by the wheel; the address that it says, with its token."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    app = demo.start("winnow", "app", "--no-browser", "--port", str(port))
    try:
        lines = iter(app.stdout)
        said = next((line for line in lines if "Winnow is at " in line), "")
        assert said, "the app did not start"
        yield said.split("Winnow is at ")[1].split()[0]
    finally:
        app.send_signal(signal.SIGINT)
        app.communicate(timeout=30)


def test_the_demo_is_made_by_the_wheel_and_its_map_is_there(demo: Installed) -> None:
    told = json.loads(demo.run("winnow", "info", "demo", "--json", "--quiet"))
    assert "tsne@minilm" in json.dumps(told)


def test_the_app_of_the_wheel_answers_with_its_first_page(address: str) -> None:
    browser = build_opener(HTTPCookieProcessor())
    browser.open(address, timeout=30).close()  # gives the cookie
    with browser.open(address.split("?")[0], timeout=30) as response:
        assert response.status == 200
        assert b'<div id="root">' in response.read()


@pytest.mark.browser
def test_the_map_of_the_wheel_is_drawn_in_its_own_look(address: str, chromium: "Browser") -> None:
    page = chromium.new_page()
    page.goto(address)
    page.get_by_role("heading", name="Open").wait_for(timeout=60_000)
    page.goto(f"{address.split('?')[0]}explore?dataset=demo")
    page.wait_for_selector(".map[data-drawn]", timeout=60_000)
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("system-ui")
    assert page.get_by_text("Deploy").count() == 0
    page.close()
