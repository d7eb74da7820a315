"""What is behind a path, looked at before anything is opened; and which format and encoding it has."""

import os
import socket
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.opening.find import find
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.sources._encoding import detect


@pytest.mark.parametrize("format", ["", "csv", "folder"])
def test_a_pipe_is_refused_by_name_and_never_waited_for(tmp_path: Path, format: str) -> None:
    os.mkfifo(tmp_path / "a.csv")
    (tmp_path / "link.csv").symlink_to("a.csv")
    for name in ("a.csv", "link.csv"):
        with pytest.raises(EngineError, match=rf"{name} is a pipe, not a file"):
            find([tmp_path / name], format)


@pytest.mark.parametrize(("behind", "what"), [("/dev/zero", "a device"), ("/dev/null", "a device")])
def test_a_link_to_a_device_is_refused_by_name(tmp_path: Path, behind: str, what: str) -> None:
    (tmp_path / "a.jsonl").symlink_to(behind)
    with pytest.raises(EngineError, match=f"a.jsonl is {what}, not a file"):
        find([tmp_path / "a.jsonl"])


def test_a_socket_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a.csv")
        with pytest.raises(EngineError, match=r"a.csv is a socket"):
            find(["a.csv"])


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "a\0b.csv"])
def test_a_name_that_no_file_can_have_is_an_error_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineError, match="cannot be read|There is no file"):
        find([tmp_path / name])


def test_a_link_to_itself_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("a.csv")
    with pytest.raises(EngineError, match="a.csv cannot be read: Too many levels"):
        find([tmp_path / "a.csv"])


def test_a_file_name_that_is_not_utf8_is_shown_escaped_and_found_again_as_shown(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv")).write_text("text,n\na text,1\n")
    (given,) = tmp_path.glob("*.csv")
    data = open_source(given, tmp_path / "workspace")
    file = data.record.files[0]
    assert (data.n, file.name, file.path) == (1, r"caf\xe9.csv", rf"{tmp_path}/caf\xe9.csv")
    assert find([file.path])[0].path == given


@pytest.mark.parametrize(
    "encoding", ["hex", "zlib", "rot13", "base64", "idna", "punycode", "unicode_escape", "undefined"]
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_an_encoding_that_is_not_of_texts_is_refused(tmp_path: Path, encoding: str, name: str) -> None:
    (tmp_path / name).write_text('{"text": "a"}\n')
    with pytest.raises(EngineError, match=rf"'{encoding}' is not an encoding of text files"):
        open_source(tmp_path / name, tmp_path / "workspace", options=SourceOptions(encoding=encoding))


def test_one_bad_byte_in_a_short_text_does_not_make_it_utf16() -> None:
    assert detect(b"text,n\na,1\nb\xff,2\n", "a.csv") == "cp1252"


def test_a_file_of_one_endless_line_is_refused_and_never_whole_in_memory(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * (2 << 20))
    with pytest.raises(EngineError, match="a.txt is larger than 1 MB. Open again with --largest-row and more MB"):
        open_source(tmp_path / "a.txt", tmp_path / "workspace", options=SourceOptions(largest_row=1))


def test_a_file_whose_bytes_cannot_be_read_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "memory.csv").symlink_to("/proc/self/mem")
    with pytest.raises(EngineError, match=r"memory.csv cannot be read: Input/output error"):
        find([tmp_path / "memory.csv"])
