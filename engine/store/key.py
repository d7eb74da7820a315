"""What an added thing is called: `density(k=20)@minilm`."""

from dataclasses import dataclass


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
        """A key as it is written; text that is none is all name."""
        head, _, on = text.partition("@")
        name, bracket, said = head.partition("(")
        return Key(name, said.removesuffix(")"), on) if not bracket or said.endswith(")") else Key(head, "", on)
