"""How much memory may be taken: what the machine has to spare, or less where a container allows less."""

from pathlib import Path

_FILES = ("memory.max", "memory.current", "inactive_file")  # cgroup v2
_OLD_FILES = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")  # cgroup v1


def available_memory(root: Path = Path("/sys/fs/cgroup"), of: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes that can be taken without swapping and without being killed for it.

    What the system counts as available: free, or held only by files that can be read again. root, of: where the system
    tells the limits of groups of processes, and the group of this one.
    """
    import psutil

    return min([int(psutil.virtual_memory().available), *_left_in_groups(root, of)])


def _left_in_groups(root: Path, of: Path) -> list[int]:
    """Bytes left under each limit that holds for this process: its group's, and those of the groups around it."""
    left: list[int | None] = []
    try:
        lines = of.read_text().splitlines()
    except OSError:
        return []
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            top, files = root, _FILES
        elif "memory" in controllers.split(","):
            top, files = root / "memory", _OLD_FILES
        else:
            continue
        # Within a container the path may be that of the machine outside; its own limits then stand at the top.
        inner = top / group.strip("/")
        for folder in (inner, *inner.parents):
            if folder.is_relative_to(top):
                left.append(_left(folder, *files))
    return [room for room in left if room is not None]


def _left(folder: Path, limit: str, used: str, spare: str) -> int | None:
    """Bytes left under the limit of one group; None where it has none."""
    try:
        most, now = int((folder / limit).read_text()), int((folder / used).read_text())
        facts = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no such file, or “max”
        return None
    return max(0, most - now + int(facts.get(spare, 0)))
