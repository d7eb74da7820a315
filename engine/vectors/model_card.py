"""What a sentence model says of itself before it is loaded: its languages, and what its tokenizer cannot read."""

import re
from functools import lru_cache
from pathlib import Path

from engine.errors import EngineError
from engine.store import Spec
from engine.vectors.embedders import EMBEDDERS
from engine.vectors.embedders._weights import model_folder

_HEAD = 20_000
_MOST = 4_000
"""Characters of a text that are looked at: the beginning says it as well, and a book would take seconds."""
_LANGUAGES = re.compile(r"^language:[ \t]*(.*)\n((?:[ \t]*-[ \t]*\S+[ \t]*\n)*)", re.M)


def languages(made: Spec) -> frozenset[str]:
    """The languages that the model of an embedding was made for, as ISO codes; none where nothing says.

    Of the model that comes with Winnow English; of another one what the head of its README says.
    """
    folder = _folder(made)
    if folder is None:
        return frozenset()
    if not made.params.get("model"):
        return frozenset({"en"})
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as file:
            head = file.read(_HEAD)
    except OSError:
        return frozenset()
    return languages_said(head)


def languages_said(readme: str) -> frozenset[str]:
    """The languages in the head of a model's README.

    >>> sorted(languages_said("---\\nlanguage:\\n- en\\n- de\\n---\\n")), languages_said("# language: en")
    (['de', 'en'], frozenset())
    """
    parts = readme.split("---", 2)
    head = parts[1] if len(parts) > 2 and not parts[0].strip() else ""
    found = _LANGUAGES.search(head if head.endswith("\n") else f"{head}\n")
    said = set(re.findall(r"[A-Za-z]+", f"{found[1]} {found[2]}".lower())) if found else set()
    return frozenset() if any(len(one) > 3 for one in said) else frozenset(said)  # multilingual: all that there are


def unknown_share(made: Spec, texts: list[str]) -> float | None:
    """The share of the tokens of some texts' beginnings that the model's tokenizer has no word for, 0 to 1.

    None where it has a piece for every sign, as those over bytes have, or where there is none to ask.
    """
    folder = _folder(made)
    path = folder / "tokenizer.json" if folder else None
    if path is None or not path.is_file():
        return None
    sound = [text[:_MOST].encode("utf-8", "replace").decode() for text in texts]
    return _unknown(str(path), path.stat().st_mtime_ns, tuple(sound))


@lru_cache(maxsize=8)
def _unknown(path: str, written: int, texts: tuple[str, ...]) -> float | None:
    import json

    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(path)
    model = json.loads(Path(path).read_text(encoding="utf-8"))["model"]
    unknown = tokenizer.token_to_id(model["unk_token"]) if model.get("unk_token") else model.get("unk_id")
    if unknown is None or model.get("byte_fallback"):
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found = [one.ids for one in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
    total = sum(map(len, found))
    return sum(ids.count(unknown) for ids in found) / total if total else 0.0


def _folder(made: Spec) -> Path | None:
    """The folder of the model behind an embedding; None for one that has none, or is gone."""
    member = EMBEDDERS[made.member] if made.member in EMBEDDERS else None
    if member is None or not any(p.kind == "path" and p.of == "model" for p in member.params):
        return None
    try:
        return model_folder(str(made.params.get("model") or ""))
    except EngineError:
        return None
