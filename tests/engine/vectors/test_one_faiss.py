from importlib.metadata import PackageNotFoundError

import pytest

from engine.errors import EngineError
from engine.vectors import neighbours


def with_installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    def version(name: str) -> str:
        if name not in names:
            raise PackageNotFoundError(name)
        return "1.15.1"

    monkeypatch.setattr(neighbours, "version", version)


def test_one_faiss_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with_installed(monkeypatch, "faiss-gpu", "numpy")
    assert neighbours.one_faiss() == "faiss-gpu"


def test_two_faiss_say_which_to_remove(monkeypatch: pytest.MonkeyPatch) -> None:
    with_installed(monkeypatch, "faiss-cpu", "faiss-gpu")
    with pytest.raises(EngineError, match="faiss-cpu and faiss-gpu .*`pip uninstall faiss-cpu faiss-gpu`"):
        neighbours.one_faiss()


def test_no_faiss_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with_installed(monkeypatch)
    with pytest.raises(EngineError, match="`make setup`.*`pip install faiss-cpu`"):
        neighbours.one_faiss()


def test_this_environment_has_exactly_one() -> None:
    assert neighbours.one_faiss() in ("faiss-cpu", "faiss-gpu", "faiss-gpu-cuvs")
