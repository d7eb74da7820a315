"""Signatures: an export signed with a key of one's own, and whose it is."""

import shutil
import subprocess
from pathlib import Path

import pytest

from engine.commands.cli import main
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.verify import verify
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from tests.engine.exporting.tamperings import at
from tests.engine.small import corpus

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here: install OpenSSH (package openssh-client)"
)


def key(folder: Path, name: str, passphrase: str = "", kind: str = "ed25519") -> Path:
    command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", name, "-f", str(folder / name)]
    subprocess.run(command, check=True)
    return folder / name


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return key(tmp_path, "mine")


@pytest.fixture
def out(tmp_path: Path, mine: Path) -> Path:
    export(run(corpus(tmp_path, {"n": [1, 2]}), Recipe()), tmp_path / "out", sign=mine)
    return tmp_path / "out"


def signature(out: Path, signers: Path) -> tuple[bool, str]:
    report = verify(out, signed_by=signers)
    found = next(c for c in report.checks if c.name == "signature")
    assert report.ok or not found.ok
    return found.ok, found.words


def test_an_export_says_who_signed_it(out: Path, mine: Path) -> None:
    ok, words = signature(out, mine.with_suffix(".pub"))
    assert ok and words.startswith("signed with ED25519 key SHA256:")


def test_a_list_of_allowed_signers_is_taken_too(out: Path, mine: Path, tmp_path: Path) -> None:
    other = key(tmp_path, "other")
    public = [f"{name}@here {path.with_suffix('.pub').read_text()}" for name, path in (("o", other), ("m", mine))]
    (tmp_path / "allowed").write_text("# who may\n" + "".join(public))
    assert signature(out, tmp_path / "allowed")[0]


def test_the_signature_of_somebody_else_does_not_hold(out: Path, tmp_path: Path) -> None:
    ok, words = signature(out, key(tmp_path, "other").with_suffix(".pub"))
    assert not ok and "of nobody whom" in words


def test_a_manifest_that_was_made_to_fit_does_not_fit_the_signature(out: Path, mine: Path) -> None:
    at("created", "1999-01-01T00:00:00+00:00")(out)
    assert verify(out).ok  # nothing else sees it
    ok, words = signature(out, mine.with_suffix(".pub"))
    assert not ok and "does not fit the manifest" in words


def test_a_signature_made_for_another_purpose_does_not_hold(out: Path, mine: Path) -> None:
    (out / "manifest.json.sig").unlink()
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(mine), "-n", "git", str(out / "manifest.json")]
    subprocess.run(command, check=True, capture_output=True)
    assert not signature(out, mine.with_suffix(".pub"))[0]


def test_an_export_that_nobody_signed_does_not_hold_where_a_signature_is_asked_for(out: Path, mine: Path) -> None:
    (out / "manifest.json.sig").unlink()
    assert verify(out).ok
    assert "nobody signed" in signature(out, mine.with_suffix(".pub"))[1]


def test_a_signature_that_nobody_asked_for_is_told_of(out: Path) -> None:
    found = next(c for c in verify(out).checks if c.name == "signature")
    assert found.ok and "was not looked at" in found.words


def test_a_signed_export_is_replaced_with_its_signature(out: Path, tmp_path: Path) -> None:
    export(run(corpus(tmp_path, {"n": [1, 2]}), Recipe()), out, overwrite=True)
    assert not (out / "manifest.json.sig").exists() and verify(out).ok


def test_a_key_that_cannot_sign_is_said_before_the_work(
    tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    locked = key(tmp_path, "locked", "a passphrase")
    (tmp_path / "letter").write_text("dear")
    (tmp_path / "half.pub").write_text(mine.with_suffix(".pub").read_text())
    cases = {
        locked: "has a passphrase. Load it with `ssh-add", tmp_path / "none": "There is no key at",
        tmp_path / "letter": "is no SSH key", tmp_path / "half.pub": "is a public key",
    }  # fmt: skip
    done = run(corpus(tmp_path, {"n": [1, 2]}), Recipe())
    for path, words in cases.items():
        with pytest.raises(EngineError, match=words):
            export(done, tmp_path / "out", sign=path)
    assert not (tmp_path / "out").exists()


def test_what_names_no_signer_is_refused(out: Path, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nobody\n")
    for path, words in (
        (mine, "is a private key"),
        (tmp_path / "empty", "names no key"),
        (tmp_path / "x", "cannot be"),
    ):
        with pytest.raises(EngineError, match=words):
            verify(out, signed_by=path)


def test_without_ssh_keygen_the_way_out_is_said(out: Path, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="openssh-client"):
        verify(out, signed_by=mine.with_suffix(".pub"))
    assert verify(out).ok


def test_the_command_line_signs_and_looks_at_the_signature(tmp_path: Path, mine: Path) -> None:
    (tmp_path / "t.csv").write_text("text\none\ntwo\n")
    (tmp_path / "r.json").write_text(Recipe().text())
    run_ = ["run", str(tmp_path / "r.json"), str(tmp_path / "t.csv"), "--out", str(tmp_path / "o"), "--quiet"]
    assert main([*run_, "--sign", str(mine)]) == 0
    assert main(["verify", str(tmp_path / "o"), "--signed-by", f"{mine}.pub"]) == 0
    other = key(tmp_path, "other")
    assert main(["verify", str(tmp_path / "o"), "--signed-by", f"{other}.pub"]) == 1
