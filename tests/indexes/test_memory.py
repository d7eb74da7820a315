"""How much memory there is to take: of the machine, or of the container."""

from pathlib import Path

import psutil
import pytest

from indexes.memory import available_memory

GIB = 1 << 30


def group(folder: Path, limit: str, used: int, spare: int, *, old: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes") if old else ("memory.max", "memory.current")
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\n{'total_' * old}inactive_file {spare}\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 8 GiB to spare."""
    facts = type("Memory", (), {"available": 8 * GIB})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: facts)
    return tmp_path


def test_without_a_container_it_is_what_the_machine_has_to_spare(machine: Path) -> None:
    assert available_memory(machine, machine / "none") == 8 * GIB


def test_a_container_allows_its_limit_less_what_it_holds_and_cannot_give_back(machine: Path) -> None:
    group(machine, str(2 * GIB), GIB, GIB // 2)
    (machine / "of").write_text("0::/\n")
    assert available_memory(machine, machine / "of") == 3 * GIB // 2


def test_the_tightest_of_the_groups_around_a_process_counts(machine: Path) -> None:
    group(machine / "a", str(GIB), 0, 0)
    group(machine / "a" / "b", "max", 0, 0)
    (machine / "of").write_text("0::/a/b\n")
    assert available_memory(machine, machine / "of") == GIB


def test_the_older_kind_of_group_counts_too(machine: Path) -> None:
    group(machine / "memory", str(3 * GIB), GIB, 0, old=True)
    (machine / "of").write_text("9:name=systemd:/\n4:memory:/not/seen/from/inside\n")
    assert available_memory(machine, machine / "of") == 2 * GIB


def test_more_held_than_allowed_leaves_nothing(machine: Path) -> None:
    group(machine, "5", 9, 0)
    (machine / "of").write_text("0::/\n")
    assert available_memory(machine, machine / "of") == 0
