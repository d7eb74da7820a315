"""A signature over the manifest with a person's own SSH key: what nobody else can make, whatever they may write.

The manifest has the digest of every file, so its signature stands for the whole export. Made and checked by
`ssh-keygen -Y` of OpenSSH, in the format of https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from engine.errors import EngineError
from engine.exporting.check import Check
from engine.exporting.contents import SIGNATURE
from engine.exporting.manifest import FILE
from engine.store import write_bytes

NAMESPACE = "winnow-export"
"""A signature made for another purpose (a commit, say) is none for an export."""

_KEY_TYPES = ("ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-")
_SIGNER = "signer"


def check_key(key: Path) -> None:
    """Raise `EngineError` where a key cannot sign: asked before the work starts."""
    _signature(key, b"a trial")


def sign_manifest(folder: Path, key: Path) -> None:
    """Write the signature beside the manifest. key: a private key, or the public half of one that ssh-agent holds."""
    write_bytes(folder / SIGNATURE, _signature(key, (folder / FILE).read_bytes()))


def signed(folder: Path, signers: Path) -> Check:
    """Whether one of these people signed the manifest. signers: a public key, or a list of allowed signers."""
    allowed = _allowed(signers)
    path = folder / SIGNATURE
    if path.is_symlink() or not path.is_file():
        return Check("signature", False, f"{SIGNATURE} is missing: nobody signed this export.")
    with tempfile.TemporaryDirectory(prefix="winnow-signers-") as place:
        listed = Path(place) / "allowed_signers"
        listed.write_bytes(allowed)
        found = _ssh_keygen("find-principals", "-s", str(path), "-f", str(listed))
        names = [name for name in found.stdout.decode(errors="replace").splitlines() if name]
        if found.returncode or not names:
            return Check("signature", False, f"{SIGNATURE} is of nobody whom {signers} names.")
        for name in names:  # one key may stand there for several purposes
            words = ["verify", "-f", str(listed), "-I", name, "-n", NAMESPACE, "-s", str(path)]
            done = _ssh_keygen(*words, given=(folder / FILE).read_bytes())
            if done.returncode == 0:
                with_ = done.stdout.decode(errors="replace").strip().rpartition("with ")[2]
                return Check("signature", True, f"signed with {with_}")
    return Check("signature", False, f"{SIGNATURE} does not fit the manifest: {_said(done)}.")


def _signature(key: Path, content: bytes) -> bytes:
    if not key.is_file():
        raise EngineError(f"There is no key at {key}. Make one with `ssh-keygen -t ed25519 -f {key}`.")
    done = _ssh_keygen("sign", "-f", str(key), "-n", NAMESPACE, given=content)
    if done.returncode == 0:
        return done.stdout
    said = _said(done)
    if "passphrase" in said:
        raise EngineError(f"The key {key} has a passphrase. Load it with `ssh-add {key}`, and sign once more.")
    if "No private key" in said:
        raise EngineError(f"{key} is a public key, and ssh-agent does not hold its other half. Name the private key.")
    if "public key" in said:
        raise EngineError(f"{key} is no SSH key, or its public half ({key.name}.pub) is not beside it ({said}).")
    raise EngineError(f"{key} could not sign: {said}. Choose another key.")


def _allowed(signers: Path) -> bytes:
    """A list of allowed signers; a public key becomes a list of one."""
    try:
        text = signers.read_bytes()
    except OSError as error:
        raise EngineError(
            f"{signers} cannot be read ({error.strerror}). Give a public key, such as key.pub."
        ) from error
    if b"PRIVATE KEY-----" in text:
        raise EngineError(f"{signers} is a private key. Give its public half, {signers.name}.pub.")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(b"#")]
    if not lines:
        raise EngineError(f"{signers} names no key. Give a public key, such as key.pub.")
    if all(line.startswith(tuple(t.encode() for t in _KEY_TYPES)) for line in lines):
        lines = [_SIGNER.encode() + b" " + line for line in lines]
    return b"\n".join(lines) + b"\n"


def _ssh_keygen(*words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which("ssh-keygen")
    if program is None:
        raise EngineError("Signatures need ssh-keygen, which is not here. Install OpenSSH (package openssh-client).")
    # A session of its own has no terminal, so that it never waits for a passphrase.
    return subprocess.run(
        [program, "-Y", *words], input=given, capture_output=True, start_new_session=True, check=False
    )


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    lines = [line.strip() for line in (done.stderr + done.stdout).decode(errors="replace").splitlines() if line.strip()]
    return "; ".join(line for line in lines if not line.startswith(("Signing", "@"))) or "ssh-keygen gives no reason"
