"""Who a browser is: an id by chance in a cookie that the door sets; nobody's name, and known to no page."""

import re
import secrets
from typing import TypeGuard

COOKIE = "winnow-browser"
YEAR = 365 * 24 * 60 * 60  # browsers keep no cookie for much longer; each page that is opened begins it anew
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_id() -> str:
    """An id for a browser that has none."""
    return secrets.token_urlsafe(16)


def is_id(given: object) -> TypeGuard[str]:
    """Whether this may be an id of ours; a page in a test has something else than a text for its cookies."""
    return isinstance(given, str) and bool(_ID.fullmatch(given))


def set_cookie(browser: str) -> str:
    """The header that keeps the id in the browser."""
    return f"{COOKIE}={browser}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Strict"
