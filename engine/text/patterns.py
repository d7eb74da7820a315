"""Regular expressions in linear time (RE2): checked at the door, and where they match in a text."""

from engine.errors import EngineError

MAX_SPANS = 1_000


def checked_pattern(pattern: str, match_case: bool = True) -> str:
    """The pattern, ready for RE2; raises `EngineError` that says what RE2 does not read in it."""
    import re2

    if not pattern:
        raise EngineError("The regular expression is empty. Type a pattern, such as \\d+.")
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
        hint = " RE2 has no lookaround and no backreferences." if "(?" in said or "escape" in said else ""
        raise EngineError(f"The regular expression {pattern!r} cannot be read: {said}.{hint} Correct it.") from error
    return pattern if match_case else f"(?i){pattern}"


def pattern_spans(checked: str, text: str) -> list[tuple[int, int]]:
    """Where a checked pattern matches in a text: (start, end) in characters, no empty ones, 1,000 at most."""
    import re2

    found: list[tuple[int, int]] = []
    for match in re2.finditer(checked, text):
        if match.end() > match.start():
            found.append(match.span())
        if len(found) == MAX_SPANS:
            break
    return found


def readable(text: str) -> str:
    """The text with a question mark for each half of a character, which no linear search reads: the same places."""
    return text if text.isascii() else text.encode(errors="replace").decode()
