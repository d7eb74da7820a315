"""The identifier of languages by lingua, which is there where the extra `lingua` is installed."""

import os
from functools import cache
from typing import TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    from lingua import Language, LanguageDetector

_THREADS = "RAYON_NUM_THREADS"
_OTHER_CODES = {"nb": "no"}


def most_probable(text: str) -> tuple[str, float]:
    """The code of the language, and its probability among all that lingua knows; "" and 0.0 where it says nothing."""
    readable = text.encode("utf-8", "replace").decode()  # half a character is no text for it
    first = _detector().compute_language_confidence_values(readable)[0]
    return (code_of(first.language), first.value) if first.value else ("", 0.0)


def code_of(language: "Language") -> str:
    """The code that py3langid has for a language of lingua's."""
    code = language.iso_code_639_1.name.lower()
    return _OTHER_CODES.get(code, code)


@cache
def _detector() -> "LanguageDetector":
    """One a process. Languages are read from disk when a text first may be in them: seconds, and up to 1.5 GB.

    It asks on one thread: signals run in a process a core, and threads that wait for each other take 50 times as long.
    """
    try:
        from lingua import LanguageDetectorBuilder
    except ImportError as error:
        raise EngineError(
            "lingua is not installed. Install it with pip install 'winnow[lingua]', or choose by = py3langid."
        ) from error

    detector = LanguageDetectorBuilder.from_all_languages().build()
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        detector.compute_language_confidence_values("a")  # the threads are counted at the first call
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
    return detector
