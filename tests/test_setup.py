"""The set-up itself: pins inside their ranges, one faiss, a quiet app, messages where a machine does not fit."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOOK = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def asked_for() -> list[Requirement]:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [r for r in map(Requirement, (line for part in lists for line in part)) if r.name != "winnow"]


def make(*arguments: str, folder: Path, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("pyproject.toml", "constraints.txt"):
        if not (folder / name).exists():
            (folder / name).touch()
    # A make that runs these tests would hand its own knobs down.
    knobs = ("MFLAGS", "PIP_ARGS", "INSTALLER")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k not in knobs}
    return subprocess.run(["make", *arguments], cwd=folder, env=clean | {"PATH": path}, capture_output=True, text=True)


def program(folder: Path, name: str, script: str) -> str:
    """A PATH on which `name` is this script."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / name).chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("requirement", asked_for(), ids=lambda r: r.name)
def test_a_tested_version_stands_inside_its_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_tested_versions_name_no_machine() -> None:
    for name, version in pins().items():
        assert re.fullmatch(r"[\w.-]+", name)
        assert re.fullmatch(r"[\d.]+(rc\d+|\.post\d+)?", version), name


PYTHONS = ["3.11", "3.12", "3.13"]


def test_the_pythons_that_fit_are_the_same_wherever_they_are_named() -> None:
    words = "Programming Language :: Python :: "
    assert [c.removeprefix(words) for c in PROJECT["classifiers"] if c.startswith(words)] == PYTHONS
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in (ROOT / "README.md").read_text()
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("version", PYTHONS)
def test_every_python_of_this_machine_can_read_the_sources(version: str) -> None:
    places = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    found = next((str(p) for p in places if p and not subprocess.run([p, "-V"], capture_output=True).returncode), "")
    if not found:
        pytest.skip(f"no Python {version} on this machine")
    read = "import ast, sys; from pathlib import Path; "
    read += "[ast.parse(p.read_bytes()) for f in sys.argv[1:] for p in Path(f).rglob('*.py')]"
    folders = [str(ROOT / name) for name in ("engine", "indexes", "ui", "pages")]
    done = subprocess.run([found, "-W", "error", "-c", read, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]


def test_faiss_comes_by_an_extra_only() -> None:
    assert not [d for d in PROJECT["dependencies"] if d.startswith("faiss")]
    assert [Requirement(d).name for e in ("cpu", "gpu") for d in PROJECT["optional-dependencies"][e]] == [
        "faiss-cpu",
        "faiss-gpu",
    ]


@pytest.mark.parametrize(
    ("answer", "extra", "removed"), [("exit 0", "gpu", "faiss-cpu"), ("exit 9", "cpu", "faiss-gpu")]
)
def test_set_up_takes_the_faiss_that_fits_the_machine(tmp_path: Path, answer: str, extra: str, removed: str) -> None:
    shown = make("-n", "setup", folder=tmp_path, path=program(tmp_path, "nvidia-smi", answer)).stdout
    assert f'-e ".[{extra}]"' in shown
    assert re.search(rf"pip uninstall .*{removed} ", shown)


def test_what_the_tests_need_is_asked_for_whole(tmp_path: Path) -> None:
    shown = make("-n", "test", folder=tmp_path, path=program(tmp_path, "nvidia-smi", "exit 9")).stdout
    assert '-e ".[cpu,test,dev]"' in shown and '-e ".[cpu"' not in shown


def test_the_choice_of_faiss_can_be_overridden(tmp_path: Path) -> None:
    shown = make("-n", "setup", "FAISS=gpu", folder=tmp_path, path=program(tmp_path, "nvidia-smi", "exit 9")).stdout
    assert '-e ".[gpu]"' in shown


def test_a_finished_set_up_installs_nothing_again(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    make("-n", "setup", folder=tmp_path)
    (tmp_path / ".venv" / ".ready-cpu").touch()
    assert '-e ".[' not in make("-n", "setup", "FAISS=cpu", folder=tmp_path).stdout


FAKE_PYTHON = """
echo "$@" >> asked.txt
case "$*" in
  *dry-run*) exit {asked};;
  "-m uv"*) exit {installs};;
  *) exit 0;;
esac
"""


@pytest.mark.parametrize(
    ("words", "asked", "installs", "said", "used"),
    [
        ([], 0, 0, "Installing with uv", ["uv"]),
        ([], 1, 0, "Installing with pip: uv could not reach the builds of torch", ["pip"]),
        ([], 0, 1, "uv could not install (see above); going on with pip", ["uv", "pip"]),
        (["INSTALLER=pip"], 0, 0, "", ["pip"]),
        (["INSTALLER=uv"], 1, 0, "", ["uv"]),
        (["PIP_ARGS=--no-index"], 0, 0, "", ["pip --no-index"]),
    ],
)
def test_uv_installs_where_it_reaches_the_builds_of_torch_and_pip_elsewhere(
    tmp_path: Path, words: list[str], asked: int, installs: int, said: str, used: list[str]
) -> None:
    (tmp_path / ".venv").mkdir()
    program(tmp_path / ".venv", "python", FAKE_PYTHON.format(asked=asked, installs=installs))
    done = make("setup", "FAISS=cpu", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    lines = [line for line in (tmp_path / "asked.txt").read_text().splitlines() if line.endswith("-e .[cpu]")]
    assert [("uv" if "-m uv" in line else "pip") for line in lines] == [name.split()[0] for name in used]
    assert all("--torch-backend=auto -c constraints.txt" in line for line in lines if "-m uv" in line)
    assert all(word in " ".join(lines) for name in used for word in name.split())


def test_a_failed_install_with_uv_alone_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    program(tmp_path / ".venv", "python", FAKE_PYTHON.format(asked=0, installs=1))
    assert make("setup", "FAISS=cpu", "INSTALLER=uv", folder=tmp_path).returncode
    assert not (tmp_path / ".venv" / ".ready-cpu").exists()


def test_the_question_to_the_builds_of_torch_ends_within_seconds(tmp_path: Path) -> None:
    shown = make("-n", "setup", "FAISS=cpu", folder=tmp_path).stdout
    assert "UV_HTTP_CONNECT_TIMEOUT=3 UV_HTTP_TIMEOUT=5 UV_HTTP_RETRIES=0" in shown


def test_an_unknown_installer_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    program(tmp_path / ".venv", "python", "exit 0")
    assert "Use INSTALLER=uv or INSTALLER=pip" in make("setup", "INSTALLER=conda", folder=tmp_path).stdout


def test_an_old_python_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = program(tmp_path, "python3.6", 'case "$1" in --version) echo Python 3.6.9;; *) exit 1;; esac')
    done = make("setup", "PYTHON=python3.6", "FAISS=cpu", folder=tmp_path, path=path)
    assert done.returncode
    assert "needs Python 3.11, 3.12 or 3.13; python3.6 is Python 3.6.9" in done.stdout
    assert "make PYTHON=python3.12" in done.stdout


def test_an_unknown_faiss_is_refused_with_the_way_out(tmp_path: Path) -> None:
    assert "Use FAISS=cpu or FAISS=gpu" in make("setup", "FAISS=tpu", folder=tmp_path).stdout


def bare_path(folder: Path, **scripts: str) -> str:
    """A PATH that holds make, a shell, and these scripts alone."""
    for name, script in scripts.items():
        program(folder, name.replace("_", "-"), script)
    for name in ("make", "sh"):
        (folder / "bin" / name).symlink_to(str(shutil.which(name)))
    return str(folder / "bin")


def test_a_missing_chromium_is_installed_where_that_is_allowed(tmp_path: Path) -> None:
    path = bare_path(tmp_path, id="echo 0", apt_get='echo "$@" >> asked.txt')
    assert "installing Debian's" in make("chromium", "FAISS=cpu", folder=tmp_path, path=path).stdout
    asked = (tmp_path / "asked.txt").read_text()
    assert re.search(r"update.*\ninstall -y .* chromium", asked)


@pytest.mark.parametrize("scripts", [{"id": "echo 1000", "apt_get": "exit 1"}, {"id": "echo 0", "apt_get": "exit 1"}])
def test_a_chromium_that_cannot_be_had_is_said_and_set_up_goes_on(tmp_path: Path, scripts: dict[str, str]) -> None:
    done = make("chromium", "FAISS=cpu", folder=tmp_path, path=bare_path(tmp_path, **scripts))
    assert done.returncode == 0
    assert "the browser tests will be skipped" in done.stdout


def test_a_chromium_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = bare_path(tmp_path, chromium="exit 0")
    done = make("chromium", "FAISS=cpu", folder=tmp_path, path=path)
    assert (done.returncode, done.stdout) == (0, "")


def test_streamlit_knows_every_option_of_ours() -> None:
    from streamlit import config

    known = config.get_config_options()

    def names(table: dict[str, object], prefix: str = "") -> list[str]:
        deeper = [names(v, f"{prefix}{k}.") if isinstance(v, dict) else [prefix + k] for k, v in table.items()]
        return [name for part in deeper for name in part]

    assert [name for name in names(LOOK) if name not in known] == []


def test_the_app_reports_nothing_and_answers_here_only() -> None:
    assert LOOK["browser"]["gatherUsageStats"] is False
    assert LOOK["server"]["address"] == "localhost"
    assert LOOK["server"]["allowedHosts"] == ["localhost", "127.0.0.1", "::1"]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, by the W3C's definition (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_one_for_the_same_colour_and_21_for_black_on_white() -> None:
    assert contrast("#336699", "#336699") == 1
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_controls_can_be_read_in_both_themes(mode: str) -> None:
    look = LOOK["theme"][mode]
    for ground in (look["backgroundColor"], look["secondaryBackgroundColor"], look["sidebar"]["backgroundColor"]):
        assert contrast(look["textColor"], ground) >= 7
        assert contrast(look["linkColor"], ground) >= 4.5
        assert contrast(look["primaryColor"], ground) >= 3


def test_a_browser_test_without_a_browser_is_skipped_with_the_reason_and_fails_where_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tests import conftest

    marked = SimpleNamespace(get_closest_marker=lambda name: name == "browser")
    monkeypatch.setattr(conftest, "find_chromium", lambda: None)
    monkeypatch.delenv("WINNOW_NEEDS_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium on this machine .*apt-get install chromium"):
        conftest.pytest_runtest_setup(marked)
    monkeypatch.setenv("WINNOW_NEEDS_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        conftest.pytest_runtest_setup(marked)
    assert conftest.pytest_runtest_setup(SimpleNamespace(get_closest_marker=lambda name: None)) is None
