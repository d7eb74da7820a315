"""The purposes that signals are sorted by: the folders that they stand in, each with the sentence of its folder."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from engine.registry import Member, Value


@dataclass(frozen=True)
class Group:
    """Members of one purpose. name: of their folder; text: one sentence on what they measure."""

    name: str
    text: str
    members: tuple[Member, ...]

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return self.name.capitalize()


def grouped(members: Iterable[Member]) -> list[Group]:
    """Members by purpose, in the order in which the purposes come first."""
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(member.function.__module__.rpartition(".")[0], []).append(member)
    return [
        Group(folder.rpartition(".")[2], (sys.modules[folder].__doc__ or "").partition("\n")[0], tuple(some))
        for folder, some in found.items()
    ]


def matches(group: Group, member: Member, words: str) -> bool:
    """Whether every word stands in what is said of a member: names, title, sentence, values, units, purpose."""
    values = [part for name, value in member.about.values.items() for part in (name, value.unit)]
    said = " ".join([group.title, member.name, member.title, member.text, *values]).replace("_", " ").casefold()
    return all(word in said for word in words.replace("_", " ").casefold().split())


def values_said(member: Member, most: int = 3) -> str:
    """The values that a member gives, with their units; of many the first ones.

    >>> from engine.signals import ROW_SIGNALS
    >>> values_said(ROW_SIGNALS["entropy"])
    'character_entropy (bits a character), word_entropy (bits a word)'
    """
    values = list(member.about.values.items())
    shown = [f"{name} ({unit})" if (unit := _unit(value)) not in ("", name) else name for name, value in values[:most]]
    return ", ".join(shown) + (f" and {len(values) - most} more" if len(values) > most else "")


def _unit(value: Value) -> str:
    return value.unit or (f"one of {len(value.labels)}" if value.labels else "")
