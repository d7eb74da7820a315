"""Tampering: what plain verifying sees, what only a rebuild sees, and what only a signature sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.exporting.verify import verify
from tests.engine.exporting.tamperings import BYTES, FITTED, FORMATS, LABELS, ONLY_REBUILT, Tampering, good, tampered

EVERY = {**BYTES, **FITTED}


@pytest.fixture(scope="module", params=FORMATS)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An export in each format that holds the source's columns, made once."""
    yield good(tmp_path_factory.mktemp(request.param), request.param)


def holds(export: Path, tamper: Tampering, *, rebuild: bool = False) -> bool:
    """Whether a copy that was tampered with still verifies."""
    for copy in tampered(export, tamper):
        try:
            return verify(copy, rebuild=rebuild).ok
        except EngineError as error:  # said in words: it is no export, or the source is not where it says
            assert str(error)
    return False


def test_what_nobody_touched_holds_and_comes_out_again(export: Path) -> None:
    report = verify(export, rebuild=True)
    assert report.ok, [c for c in report.checks if not c.ok]
    assert "20 rows of data" in next(c.words for c in report.checks if c.name == "rows")


@pytest.mark.parametrize("name", EVERY)
def test_plain_verifying_sees(name: str, export: Path) -> None:
    assert not holds(export, EVERY[name])


@pytest.mark.parametrize("name", ONLY_REBUILT)
def test_only_a_rebuild_sees(name: str, export: Path) -> None:
    assert holds(export, ONLY_REBUILT[name])
    assert not holds(export, ONLY_REBUILT[name], rebuild=True)


@pytest.mark.parametrize("name", LABELS)
def test_only_a_signature_sees(name: str, export: Path) -> None:
    assert holds(export, LABELS[name], rebuild=True)


def test_there_are_more_than_a_hundred_tamperings() -> None:
    assert len(EVERY) + len(ONLY_REBUILT) + len(LABELS) > 100
