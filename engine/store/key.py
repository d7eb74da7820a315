"""What an added thing is called: `density(k=20)@minilm`."""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([^(@]+)(?:\((.+?)\))?(?:@(.+))?", re.DOTALL)


@dataclass(frozen=True)
class Key:
    """The name of an added thing, such as `density(k=20)@minilm`. said: how it differs from the plain one; on: the
    key of the embedding that it stands on.

    >>> Key.read("density(k=20)@minilm")
    Key(name='density', said='k=20', on='minilm')
    >>> str(Key("graph", on="minilm"))
    'graph@minilm'
    """

    name: str
    said: str = ""
    on: str = ""

    def __str__(self) -> str:
        return f"{self.name}{f'({self.said})' if self.said else ''}{f'@{self.on}' if self.on else ''}"

    @staticmethod
    def read(text: str) -> "Key":
        """A key as it is written; text that is none is all name. What is said may hold brackets and @ too."""
        parts = _WRITTEN.fullmatch(text)
        return Key(parts[1], parts[2] or "", parts[3] or "") if parts else Key(text)
