"""winnow plugins: signals of a person's own, each approved by the hash of its file before anything of it runs."""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

from engine.commands._flags import workspace_of
from engine.commands.answer import Answer
from engine.errors import EngineError, unknown
from engine.progress import Progress
from engine.registry import Json
from engine.signals import OWN_SIGNALS, Runs, approve, contents, read_own, revoke, tried, waiting

EXAMPLE = "winnow plugins --show shouting.py"
_LEAST = 16
"""Digits of a hash that name a file: of fewer, somebody else could make a file that begins with the same."""


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """What to do with which file."""
    one = parser.add_mutually_exclusive_group()
    which = "its name in the folder `plugins` of the workspace, or the first 16 digits of its SHA-256"
    one.add_argument("--show", metavar="FILE", help=f"the file to be read: {which}; nothing of it is run")
    one.add_argument("--approve", metavar="FILE", help="let exactly these bytes run, as a copy that nobody changes")
    one.add_argument("--revoke", metavar="SHA256", help="let it run no more; what it has measured stays")
    one.add_argument("--try", dest="try_", nargs=2, metavar=("SHA256", "TEXT"), help="what it says of a text")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """List what there is, or do what is asked with one."""
    workspace = workspace_of(args)
    if args.show:
        path, content = _file(workspace, args.show)
        text = content.decode("utf-8", "backslashreplace")
        digest = hashlib.sha256(content).hexdigest()
        head = f"{_shown(str(path))}\nSHA-256 {digest}\n{len(content):,} bytes; {_state(digest)}\n"
        if hidden := sum(_hides(sign) for sign in text.replace("\r\n", "\n")):
            head += f"{hidden:,} signs that a terminal would hide or obey are written as escapes, such as \\x1b.\n"
        value: dict[str, Json] = {"path": str(path), "sha256": digest, "bytes": len(content), "text": text}
        return Answer(value, f"{head}\n{_shown(text)}")
    if args.approve:
        path, content = _file(workspace, args.approve)
        own = approve(content, str(path))
        said = f"Approved: {own.called} (SHA-256 {own.digest}). Measure it: winnow signals DATASET --only {own.called}"
        return Answer({"name": own.called, "sha256": own.digest}, said)
    if args.revoke:
        digest = _approved(args.revoke)
        revoke(digest)
        return Answer({"revoked": digest}, f"{digest} runs no more.")
    if args.try_:
        runs = OWN_SIGNALS[next(n for n in OWN_SIGNALS if n.endswith(_approved(args.try_[0])))]
        assert isinstance(runs.function, Runs)
        said = tried(runs.function, args.try_[1], runs.json({}))
        return Answer({"says": said}, _shown(said))
    return _listed(workspace)


def _listed(workspace: Path) -> Answer:
    """The files that are there, and those that are approved."""
    values: list[Json] = []
    lines: list[str] = []
    for path in waiting(workspace):
        content = contents(path)
        digest = hashlib.sha256(content).hexdigest()
        try:
            name, why = read_own(content, str(path)).called, ""
        except EngineError as error:
            name, why = path.stem, str(error)
        state = why or _state(digest)
        values.append({"path": str(path), "name": name, "sha256": digest, "bytes": len(content), "state": state})
        lines.append(f"{name}  {path}  {len(content):,} bytes  SHA-256 {digest}\n  {state}")
    there = {str(v["sha256"]) for v in values if isinstance(v, dict)}
    for name, member in OWN_SIGNALS.items():
        digest = name.partition(":")[2]
        if digest not in there:
            values.append({"path": "", "name": member.about.called, "sha256": digest, "state": _state(digest)})
            lines.append(
                f"{member.about.called}  SHA-256 {digest}\n  {_state(digest)}; its file is not in this workspace"
            )
    nothing = f"No signals of your own. Put a file into {workspace / 'plugins'}."
    return Answer({"files": values}, _shown("\n".join(lines) or nothing))


def _shown(text: str) -> str:
    """Text from elsewhere as a terminal may have it: what it would hide or obey as escapes."""
    signs = text.replace("\r\n", "\n")
    return "".join(s.encode("unicode_escape").decode() if _hides(s) else s for s in signs)


def _hides(sign: str) -> bool:
    return not sign.isprintable() and sign not in "\n\t"


def _state(digest: str) -> str:
    return "approved" if any(name.endswith(digest) for name in OWN_SIGNALS) else "not approved: it does not run"


def _file(workspace: Path, named: str) -> tuple[Path, bytes]:
    """The file of a name or of the first digits of a hash, and its bytes as they are now."""
    there = {path.name: (path, contents(path)) for path in waiting(workspace)}
    if named in there:
        return there[named]
    meant = [one for one in there.values() if hashlib.sha256(one[1]).hexdigest().startswith(named.lower())]
    if len(named) >= _LEAST and len(meant) == 1:
        return meant[0]
    raise unknown(f"file in {workspace / 'plugins'}", named, there)


def _approved(first: str) -> str:
    """The whole hash of an approved file."""
    digests = [name.partition(":")[2] for name in OWN_SIGNALS]
    meant = [digest for digest in digests if digest.startswith(first.lower())]
    if len(first) < _LEAST or len(meant) != 1:
        raise unknown("approved SHA-256", first, digests)
    return meant[0]
