"""With every socket to elsewhere blocked, the whole way still works, and nothing even tries to get out.

The block is laid in each Python process that a test starts, jobs and their children too, by a `sitecustomize` on the
path. Each attempt is refused and written down: what swallows the refusal and goes on is found as well.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BLOCK = """
import errno, os, socket, sys

LOG = os.environ["WINNOW_TEST_SOCKETS"]
HERE = ("", "localhost", "::1", "0.0.0.0", "::")


def _guard(name, host, port, here):
    host = host.decode() if isinstance(host, bytes) else str(host or "")
    if host.startswith("127.") or host in here:
        return
    with open(LOG, "a") as log:
        log.write(f"{name} {host}:{port} by {sys.argv[:3]}\\n")
    raise OSError(errno.ENETUNREACH, f"blocked by the test: {name} {host}:{port}")


def _wrap(name, here):
    real = getattr(socket.socket, name)

    def guarded(self, *arguments):
        address = arguments[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            _guard(name, address[0], address[1], here)
        return real(self, *arguments)

    setattr(socket.socket, name, guarded)


for _name in ("connect", "connect_ex", "sendto"):
    _wrap(_name, HERE)
# An empty or zero address would answer to the whole network.
_wrap("bind", ("localhost", "::1"))

_resolve = socket.getaddrinfo


def _getaddrinfo(host, port, *more, **named):
    _guard("getaddrinfo", host, port, HERE)
    return _resolve(host, port, *more, **named)


socket.getaddrinfo = _getaddrinfo
"""

WINNOW = "import sys; from engine.commands.cli import main; raise SystemExit(main(sys.argv[1:]))"
RECIPE = {
    "format": 2,
    "name": "seven that lie far apart",
    "steps": [
        {"do": "number_range", "params": {"column": "characters", "low": 5}},
        {"do": "farthest", "params": {"budget": {"amount": 7, "unit": "rows"}, "embedding": "minilm"}},
    ],
}


class Sealed:
    """A folder, and Python processes in it that reach no other machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "sockets.txt"
        (folder / "block").mkdir()
        (folder / "home").mkdir()
        (folder / "block" / "sitecustomize.py").write_text(BLOCK)
        # What asks libraries to stay offline is taken away, so that they would try if they wanted to.
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("HF_", "TRANSFORMERS_", "STREAMLIT_")) and k != "CI"
        }
        self.environment = kept | {
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(folder / "home" / ".cache"),
            "PYTHONPATH": os.pathsep.join([str(folder / "block"), str(ROOT)]),
            "WINNOW_TEST_SOCKETS": str(self.log),
            "WINNOW_WORKSPACE": str(folder / "workspace"),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def python(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out = process.communicate(timeout=300)[0]
        assert process.returncode == 0, f"{arguments[-3:]} ended with {process.returncode}:\n{out}"
        return out

    def attempts(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path)


REACH_OUT = """
import socket, subprocess, sys
for reach in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.getaddrinfo("example.org", 443),
    lambda: socket.socket().bind(("0.0.0.0", 0)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
):
    try:
        reach()
    except OSError as error:
        print(error)
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname())
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"])
"""


def test_the_block_refuses_and_notes_what_leaves_the_machine_children_too(sealed: Sealed) -> None:
    (sealed.folder / "reach.py").write_text(REACH_OUT)
    sealed.python(str(sealed.folder / "reach.py"))
    reached = [" ".join(line.split()[:2]) for line in sealed.attempts().splitlines()]
    one = ["getaddrinfo 192.0.2.1:80", "getaddrinfo example.org:443", "bind 0.0.0.0:0", "sendto 192.0.2.1:9"]
    assert reached == one + one


OPENVINO = """
import os, sys
from engine.vectors.embedders._runtimes import quiet_openvino
if len(sys.argv) > 1:
    quiet_openvino()
import openvino, time
end = time.monotonic() + 5
while len(sys.argv) == 1 and not os.path.exists(os.environ["WINNOW_TEST_SOCKETS"]) and time.monotonic() < end:
    time.sleep(0.05)
"""


def test_openvino_reports_its_import_unless_it_is_kept_quiet(sealed: Sealed) -> None:
    (sealed.folder / "use.py").write_text(OPENVINO)
    sealed.python(str(sealed.folder / "use.py"), "quietly")
    assert sealed.attempts() == ""
    assert list((sealed.folder / "home").iterdir()) == []
    sealed.python(str(sealed.folder / "use.py"))
    assert "analytics" in sealed.attempts()


@pytest.mark.slow
def test_the_whole_way_from_a_file_to_a_verified_export_needs_no_network(sealed: Sealed) -> None:
    words = ["rain", "river", "stone", "bread", "wolf", "lamp", "ship", "glass"]
    rows = [f"{i},the {words[i % 8]} and the {words[i // 8 % 8]} number {i}" for i in range(64)]
    (sealed.folder / "tales.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    (sealed.folder / "recipe.json").write_text(json.dumps(RECIPE))
    for command in (
        ["open", "tales.csv", "--name", "tales", "--text", "text"],
        ["embed", "tales"],
        ["map", "tales"],
        ["signals", "tales", "--only", "characters"],
        ["export", "tales", "recipe.json", "--out", "first"],
        ["run", "first/recipe.json", "tales.csv", "--out", "again"],
        ["verify", "again"],
    ):
        sealed.python("-c", WINNOW, *command)
    assert sealed.attempts() == ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def knock(port: int, host: str, origin: str, token: str = "") -> int:
    """Ask for the WebSocket of the pages; the status that is answered, 101 for who is let in."""
    head = ["GET /_stcore/stream HTTP/1.1", f"Host: {host}", "Connection: Upgrade", "Upgrade: websocket"]
    head += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Origin: {origin}"]
    head += [f"Cookie: winnow-{port}={token}"] if token else []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        return int(one.recv(100).split()[1])


@pytest.mark.slow
@pytest.mark.parametrize("token", ["", "right"])
def test_the_app_answers_on_this_machine_only_and_calls_nobody_whoever_knocks(sealed: Sealed, token: str) -> None:
    port = free_port()
    sealed.environment["WINNOW_TOKEN"] = token
    server = sealed.start("-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port))
    here = f"localhost:{port}"
    try:
        answer = ""
        end = time.monotonic() + 60
        while answer != "ok" and time.monotonic() < end and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{here}/_stcore/health", timeout=5) as response:
                    answer = response.read().decode()
            except OSError:
                time.sleep(0.2)
        assert answer == "ok"
        for origin in ("http://evil.example", "null", f"http://localhost:{port + 1}", "https://share.streamlit.io"):
            assert knock(port, here, origin, token) == 403
        assert knock(port, f"evil.example:{port}", f"http://evil.example:{port}", token) == 403
        assert knock(port, here, f"http://{here}", token) == 101
        assert knock(port, here, f"http://{here}", "wrong") == (403 if token else 101)
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert sealed.attempts() == ""
