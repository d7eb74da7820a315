"""The command line: what a person types, and what comes back."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from engine.building.spec import member_of
from engine.commands.app_ import token_of
from engine.commands.cli import COMMANDS, main, parser_of
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.manifest import Manifest
from engine.jobs import jobs
from engine.recipe.recipe import Recipe, Step
from engine.registry import as_json
from engine.store.workspace import Store

ROOT = Path(__file__).resolve().parents[3]
WORDS = ["apple pie with cream", "how to bake bread", "bread and butter", "a pie chart of sales", "sales in June", ""]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with `notes.csv` of 24 rows and a recipe; the workspace is in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WINNOW_WORKSPACE", raising=False)
    lines = [f'n{i:02},{i},"{WORDS[i % 6]} {i // 6 if i % 6 < 5 else ""}"' for i in range(24)]
    (tmp_path / "notes.csv").write_text("\n".join(["id,stars,text", *lines]) + "\n")
    recipe = Recipe(
        name="bright",
        steps=(
            Step("number_range", {"column": "stars", "low": 4}).checked(),
            Step("number_range", {"column": "characters", "low": 5}).checked(),
        ),
    )
    (tmp_path / "recipe.json").write_text(recipe.text())
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """Run with --json and read the result."""
    assert main([*words, "--json", "--quiet"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_help_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert "Exit codes: 0 good" in shown


def test_help_answers_without_numpy() -> None:
    code = "import sys; from engine.commands.cli import main; main(['--help']); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"example:\n  winnow {name}" in shown
    assert "--workspace" in shown


@pytest.mark.parametrize(
    ("command", "family", "name", "flag"),
    [
        ("embed", "embedding", "lexical", "--embedder"),
        ("map", "map", "umap", "--member"),
        ("map", "topics", "hdbscan", "--topics-by"),
    ],
)
def test_flags_of_a_member_are_its_parameters(command: str, family: str, name: str, flag: str) -> None:
    shown = parser_of(command, ["--member", "pca", flag, name]).format_help()
    for p in member_of(family, name).params:
        assert f"--{p.name.replace('_', '-')}" in shown
        if p.default not in (None, "") and not isinstance(p.default, bool | tuple):
            assert f"(default: {as_json(p.default)})" in " ".join(shown.split())


def test_open_then_run_then_verify(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = said(capsys, "open", "notes.csv", "--id", "id")
    assert (opened["dataset"], opened["rows"]) == ("notes", 24)
    made = said(capsys, "export", "notes", "recipe.json", "--out", "chosen", "--format", "jsonl")
    # 4 … 23 are 20 rows; those with i % 6 == 5 (5, 11, 17, 23) hold a blank only
    assert made["rows"]["kept"] == 16  # type: ignore[index]
    assert json.loads(Path("chosen/data.jsonl").read_text().splitlines()[0])["id"] == "n04"
    assert said(capsys, "verify", "chosen")["ok"] is True


def test_run_leaves_no_workspace_behind_and_gives_the_same_rows_as_export(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = said(capsys, "run", "recipe.json", "notes.csv", "--out", "chosen")
    assert sorted(p.name for p in here.iterdir()) == ["chosen", "notes.csv", "recipe.json"]
    said(capsys, "open", "notes.csv")
    again = said(capsys, "export", "notes", "recipe.json", "--out", "again")
    assert made["rows"]["digest"] == again["rows"]["digest"]  # type: ignore[index]
    assert said(capsys, "run", "chosen", "notes.csv", "--out", "third")["rows"] == made["rows"]


def test_an_export_says_what_was_typed_and_the_python_that_makes_it_again(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["run", "recipe.json", "notes.csv", "--out", "a b", "--format", "csv", "--quiet"])
    made = Manifest.read(here / "a b")
    assert made.command == "winnow run recipe.json notes.csv --out 'a b' --format csv --quiet"
    assert "workspace" not in made.python
    exec(compile(made.python, "README.md", "exec"), {})  # noqa: S102 - our own text
    assert Manifest.read(here / "a b-again").rows == made.rows


def test_a_changed_byte_gives_exit_code_1_and_names_the_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "recipe.json", "notes.csv", "--out", "chosen", "--quiet"])
    path = here / "chosen" / "data.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    capsys.readouterr()
    assert main(["verify", "chosen", "--quiet"]) == 1
    assert "BAD  data.parquet: data.parquet has been changed" in capsys.readouterr().out


def test_made_once_more_the_rows_are_the_same_until_the_source_changes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "run", "recipe.json", "notes.csv", "--out", "chosen")
    assert said(capsys, "verify", "chosen", "--rebuild")["rebuilt"]["same"] is True  # type: ignore[index]
    with (here / "notes.csv").open("a") as file:
        file.write("n24,24,one more about pies\n")
    assert main(["verify", "chosen", "--rebuild", "--json", "--quiet"]) == 1
    rebuilt = json.loads(capsys.readouterr().out)["rebuilt"]
    assert (rebuilt["rows"], rebuilt["overlap"]) == (17, 16 / 17)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fly"], "No command named 'fly'"),
        (["opne", "x"], "Did you mean 'open'?"),
        (["overview", "nix"], "No dataset in winnow_workspace named 'nix'"),
        (["overview"], "There is no dataset in winnow_workspace yet"),
        (["run", "nix.json", "notes.csv", "--out", "o"], "There is no recipe at nix.json"),
        (["run", "notes.csv", "notes.csv", "--out", "o"], "This is not a recipe: not JSON"),
        (["open", "nix.csv"], "nix.csv"),
        (["open", "notes.csv", "--role", "label"], "'label' is not a role. Write ROLE=COLUMN"),
        (["open", "notes.csv", "--text", "txt"], "Did you mean 'text'?"),
        (["verify", "."], "is not an export of Winnow"),
        (["run", "recipe.json", "notes.csv", "--out", "."], "Winnow did not write it"),
    ],
)
def test_what_cannot_be_done_says_why_and_gives_exit_code_2(
    words: list[str], message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == 2
    shown = capsys.readouterr()
    assert message in json.loads(shown.out)["error"]
    assert message in shown.err


def test_a_flag_that_is_not_there_gives_exit_code_2(here: Path) -> None:
    assert main(["open", "notes.csv", "--sampel", "3"]) == 2


def test_a_plan_does_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned = said(capsys, "open", "notes.csv", "--plan")
    assert list(planned["columns"]) == ["id", "stars", "text"]  # type: ignore[call-overload]
    assert said(capsys, "run", "recipe.json", "notes.csv", "--out", "o", "--plan")["computes"] == ["characters"]
    assert sorted(p.name for p in here.iterdir()) == ["notes.csv", "recipe.json"]
    said(capsys, "open", "notes.csv")
    said(capsys, "embed", "notes", "--embedder", "lexical", "--plan")
    assert main(["map", "notes", "--plan"]) == 0  # the one that keeps most neighbours, as it is drawn in time
    planned = capsys.readouterr().out
    assert "\ntsne@minilm: " in planned and "t-SNE keeps about " in planned
    assert said(capsys, "map", "notes", "--min-dist", "0.2", "--plan")["builds"][-2] == "umap(min_dist=0.2)@minilm"  # type: ignore[index]
    assert said(capsys, "info", "notes")["added"] == {}


def test_embed_map_signals_jobs_and_info_on_one_dataset(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "open", "notes.csv")
    assert said(capsys, "embed", "--embedder", "lexical", "--dimensions", "8")["built"] == ["lexical(dimensions=8)"]
    assert said(capsys, "map", "--member", "pca")["built"] == [
        f"{k}@lexical(dimensions=8)" for k in ("graph", "pca", "topics")
    ]
    assert said(capsys, "map", "--plan")["builds"] == []  # who drew the map there draws the next
    assert said(capsys, "signals", "--only", "characters", "utf8_bytes")["built"] == ["characters", "utf8_bytes"]
    assert said(capsys, "signals", "--only", "characters") == {"built": [], "there": ["characters"]}
    listed = said(capsys, "jobs")["jobs"]
    assert [j["status"] for j in listed] == ["done"] * 3  # type: ignore[attr-defined]
    assert said(capsys, "info", "notes")["added"]["map"] == ["pca@lexical(dimensions=8)"]  # type: ignore[index]
    assert main(["info"]) == 0
    assert "lexical(dimensions=8)" in capsys.readouterr().out  # the line of a dataset names its embeddings


def test_signals_lists_what_there_is_and_measures_the_usual_ones(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = said(capsys, "signals", "--list")["signals"]
    assert listed["lexicon"]["purpose"] == "private"  # type: ignore[index, call-overload]
    said(capsys, "open", "notes.csv")
    usual, all_ = (said(capsys, "signals", "--plan", *more)["builds"] for more in ((), ("--all",)))
    assert usual == ["characters", "words", "tokens", "text_kind", "repeated_share", "language", "encoding_damage"]
    assert set(usual) < set(all_) and "readability" in all_  # type: ignore[arg-type, operator]
    assert not {"density", "lexicon"} & set(all_)  # type: ignore[arg-type]


def test_a_job_in_the_background_can_be_followed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "open", "notes.csv")
    job = str(said(capsys, "signals", "--only", "characters", "--background")["job"])
    assert said(capsys, "jobs", "--follow", job)["status"] == "done"
    assert "characters" in said(capsys, "info", "notes")["columns"]  # type: ignore[operator]
    assert "Counting characters" in str(said(capsys, "jobs", "--log", job)["log"])


def test_an_interrupt_gives_exit_code_130(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import engine.commands.overview_ as command

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    main(["open", "notes.csv", "--quiet"])
    monkeypatch.setattr(command, "overview", stop)
    assert main(["overview", "--quiet"]) == 130


def test_the_workspace_is_that_of_the_flag_then_of_the_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINNOW_WORKSPACE", str(here / "env"))
    main(["open", "notes.csv", "--quiet"])
    main(["open", "notes.csv", "--quiet", "--workspace", "flag"])
    assert (here / "env" / "notes").is_dir() and (here / "flag" / "notes").is_dir()


def test_progress_goes_to_stderr_and_the_result_alone_to_stdout(here: Path) -> None:
    command = [sys.executable, "-c", "import sys; from engine.commands.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "open", str(here / "notes.csv"), "--workspace", str(here / "w"), "--json"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stdout)["rows"] == 24
    assert "Reading" in done.stderr


def running(here: Path) -> "subprocess.Popen[str]":
    """A run of many rows, as far as writing them."""
    lines = ["id,stars,text", *(f"n{i},{i},text number {i}" for i in range(60_000))]
    (here / "many.csv").write_text("\n".join(lines) + "\n")
    code = "import sys; from engine.commands.cli import main; sys.exit(main())"
    words = ["run", str(here / "recipe.json"), str(here / "many.csv"), "--out", str(here / "chosen")]
    child = subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert child.stderr is not None
    assert next(line for line in child.stderr if line.startswith("Writing parquet"))
    return child


def test_a_kill_in_the_middle_of_a_run_leaves_no_half_written_folder(here: Path) -> None:
    with running(here) as child:
        child.kill()
    assert not (here / "chosen").exists()
    assert len(list(here.glob(".chosen.*.tmp"))) == 1
    main(["run", "recipe.json", "notes.csv", "--out", "chosen", "--quiet"])
    assert not list(here.glob(".chosen.*"))


def test_a_run_that_is_told_to_end_clears_up_and_gives_130(here: Path) -> None:
    with running(here) as child:
        child.terminate()
        assert child.wait(20) == 130
    assert not (here / "chosen").exists()
    assert not list(here.glob(".chosen.*"))


def test_the_demo_is_made_opened_and_prepared_and_the_app_ends_with_the_command(here: Path) -> None:
    """The app answers at the address that is printed, on this machine only; ended, it leaves no server behind."""
    import urllib.error
    import urllib.request

    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    code = "import sys; from engine.commands.cli import main; sys.exit(main())"
    words = ["demo", "--rows", "40", "--no-browser", "--port", str(port), "--workspace", str(here / "w")]
    with subprocess.Popen([sys.executable, "-c", code, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        lines = iter(child.stderr.readline, "")
        said = next(x for x in lines if "Winnow is" in x)
        address = f"http://localhost:{port}/overview?dataset=demo"
        assert f"Winnow is at {address}&token=" in said
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=10) as answer:
            assert answer.read() == b"ok"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address, timeout=10)
        jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        jar.open(said.split()[3], timeout=10).close()  # gives the cookie
        with jar.open(address, timeout=10) as answer:
            assert (answer.status, answer.url) == (200, address)
        child.terminate()
        assert child.wait(20) == 0
    with socket.socket() as again:
        assert again.connect_ex(("localhost", port)) != 0
    store = Store(here / "w" / "demo")
    assert Dataset.load(store).n == 40
    (job,) = jobs.all_jobs(store)
    assert job.work["do"] == "prepare"
    jobs.cancel(store, job.id)


def test_the_browser_is_given_a_file_of_the_persons_own_and_no_token(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on the machine may read the words of a command."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    browser = here / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" > {here}/part && mv {here}/part {here}/words\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    code = "import sys; from engine.commands.cli import main; sys.exit(main())"
    words = ["app", "--port", str(port), "--workspace", str(here / "w")]
    with subprocess.Popen([sys.executable, "-c", code, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        said = next(x for x in iter(child.stderr.readline, "") if "Winnow is" in x)
        token = said.split()[3].partition("token=")[2]
        until = time.monotonic() + 30
        while not (here / "words").exists() and time.monotonic() < until:
            time.sleep(0.05)
        told = (here / "words").read_text().strip()
        file = Path(url2pathname(urlsplit(told).path))
        assert (told.startswith("file://"), token in told) == (True, False)
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert f"http://localhost:{port}/?token={token}" in file.read_text()
        child.terminate()
        assert child.wait(20) == 0
    assert not file.parent.exists()


def test_a_token_of_ones_own_stays_and_fits_into_an_address() -> None:
    assert (token_of("mine-1_x"), token_of("")) == ("mine-1_x", "")
    assert len(token_of(None)) == 43 and token_of(None) != token_of(None)
    for odd in ("a b", "a;b", "ü", "a&b", "a\n"):
        with pytest.raises(EngineError, match="letters, digits"):
            token_of(odd)


def test_a_port_that_is_taken_is_named_with_one_that_is_free(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["app", "--no-browser", "--port", str(port)]) == 2
    assert f"Port {port} is taken" in capsys.readouterr().err


def test_the_app_opens_no_dataset_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "w" / "words").mkdir(parents=True)
    (here / "w" / "words" / "dataset.json").touch()
    assert main(["app", "--dataset", "word", "--no-browser", "--workspace", str(here / "w")]) == 2
    assert "No dataset named 'word'. Did you mean 'words'?" in capsys.readouterr().err


def test_the_app_is_private_also_without_its_configuration_file() -> None:
    from streamlit.config import get_option

    from engine.commands.app_ import PRIVATE

    options = {
        "gatherUsageStats": "browser",
        "showSidebarNavigation": "client",
        "address": "server",
        "headless": "server",
    }
    for name, section in options.items():
        get_option(f"{section}.{name}")  # raises for an option that this Streamlit does not have
        spelled = "".join(f"_{c}" if c.isupper() else c for c in name).upper()
        assert f"STREAMLIT_{section.upper()}_{spelled}" in PRIVATE
    assert PRIVATE["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] == "false"


def test_a_dataset_is_renamed_deleted_and_brought_back(here: Path, capsys) -> None:
    said(capsys, "open", "notes.csv")
    assert said(capsys, "rename", "notes", "mine") == {"dataset": "mine"}
    asked = said(capsys, "delete", "mine")
    assert (asked["rows"], asked["deleted"]) == (24, False)
    assert said(capsys, "delete", "mine", "--yes")["deleted"]
    assert [row["what"] for row in said(capsys, "clean")["could_go"]] == ["mine"]
    assert said(capsys, "delete", "mine", "--undo") == {"dataset": "mine"}
    assert said(capsys, "delete", "mine", "--yes") and said(capsys, "clean", "--yes")["bytes"] > 0
    assert main(["delete", "mine", "--undo"]) == 2
    assert "No deleted dataset named 'mine'" in capsys.readouterr().err


def test_guessed_roles_are_taken_when_asked_for_and_told_with_the_plan(here: Path, capsys) -> None:
    told = said(capsys, "open", "notes.csv", "--plan")
    assert {role: guess["column"] for role, guess in told["guesses"].items()} == {"id": "id", "text": "text"}
    assert main(["open", "notes.csv", "--guess"]) == 0
    assert "id is the id, text is the text." in capsys.readouterr().out
