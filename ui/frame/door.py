"""The door of the app: who may come in, decided before Streamlit sees a request.

Three things are asked of each request. Its `Host` names this machine, so that no page elsewhere reaches the app by a
name of its own. Its `Origin`, where it has one, is the app itself: a page of another address, another local port too,
may not knock (Streamlit would ask a service on the internet for this machine's address in order to decide). And it
carries the token, in the address once, then in a cookie. Only the health check needs no token: it says "ok".
"""

import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from typing import cast
from urllib.parse import quote, urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.frame.browser import COOKIE, is_id, new_id, set_cookie

HERE = ("localhost", "127.0.0.1", "::1")
HEALTH = "/_stcore/health"
# Whatever a page holds, the browser loads from the app alone and sends to nobody else, and no other page frames it.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self' blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)
UNKNOWN = """<!doctype html><html lang=en><meta charset=utf-8><meta name=color-scheme content="light dark">
<title>Winnow: not let in</title>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.4rem">Winnow does not know this browser yet</h1>
<p>Open the address that Winnow printed where it was started. It ends in <code>token=…</code>, and is another one after
each start.</p>
<p>You have been in since, and a link from another page has led here? <a href="">Open this page again</a>.</p>
"""
KNOWN = """<!doctype html><html lang=en><meta charset=utf-8><meta name=color-scheme content="light dark">
<title>Winnow</title><meta http-equiv=refresh content="0; url={target}">
<p>You are let in. This leads to <a href="{target}">Winnow</a>.</p>
"""
ANEW = "Winnow was started anew. Open the address that it printed: it ends in a new token."
_GIVEN = os.environ.pop("WINNOW_TOKEN", None)  # jobs and their children have no need of it
TOKEN = secrets.token_urlsafe(32) if _GIVEN is None else _GIVEN
"""What a request must carry: `WINNOW_TOKEN`, else one of this start. Empty: nothing."""


@asynccontextmanager
async def announced(app: st.App) -> AsyncIterator[None]:
    """Say the address with the token, where nobody who started the app can know it."""
    if _GIVEN is None:
        port = st.get_option("server.port")
        sys.stderr.write(f"Winnow is at http://localhost:{port}/?token={TOKEN}\n")
    yield


@dataclass(frozen=True)
class Door:
    """The middleware. token: empty lets in every program of this machine, and no page but the app's own."""

    app: ASGIApp
    token: str = TOKEN

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif answer := self.answer(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await answer(scope, receive, send)
        else:
            await self.app(scope, receive, with_head(send, cookie_of_browser(scope)))

    def answer(self, scope: Scope) -> Response | None:
        """What is said at the door; None for who may come in."""
        headers = Headers(scope=scope)
        if not from_here(headers):
            return PlainTextResponse("The app answers on this machine only, and to its own pages only.", 403)
        if not self.token or scope["path"] == HEALTH:
            return None
        name = cookie_name(headers["host"])
        inside = same(cookies(headers).get(name, ""), self.token)
        token, rest = without_token(scope["query_string"].decode("latin-1"))
        if scope["type"] == "http" and token is not None and (inside or same(token, self.token)):
            return entered(scope["path"], rest, f"{name}={self.token}")
        if inside:
            return None
        if scope["path"].startswith("/_stcore/"):  # a page that was open before shows a 401 in words, a 403 as a riddle
            return JSONResponse(ANEW, 401)
        return HTMLResponse(UNKNOWN, 403, {"Cache-Control": "no-store", "Content-Security-Policy": POLICY})


def from_here(headers: Headers) -> bool:
    """Whether a request names this machine, and comes from the app's own pages or from no page at all."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or host_name(hosts[0]) not in (st.get_option("server.allowedHosts") or HERE):
        return False
    if any(origin not in (f"http://{hosts[0]}", f"https://{hosts[0]}") for origin in headers.getlist("origin")):
        return False
    # A page elsewhere may lead here by a link; it may not load what is here as its own picture or script.
    site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
    return site not in ("cross-site", "same-site") or mode == "navigate"


def cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request, by name."""
    return {k: v for line in headers.getlist("cookie") for k, v in cookie_parser(line).items()}


def cookie_of_browser(scope: Scope) -> str:
    """The header that says who a browser is, for a page that it opens; nothing for all that a page loads.

    A page that is led to from elsewhere brings no strict cookie, so nothing is set there: it would take the place of
    the one that the browser has.
    """
    headers = Headers(scope=scope)
    opens = headers.get("sec-fetch-dest", "document" if "text/html" in headers.get("accept", "") else "")
    if scope["type"] != "http" or opens != "document" or headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return ""
    known = cookies(headers).get(COOKIE, "")
    return set_cookie(known if is_id(known) else new_id())


def host_name(host: str) -> str:
    """The name in a `Host` header, without the port; empty for what is no name and port.

    >>> host_name("localhost:8501"), host_name("[::1]:8501"), host_name("localhost@elsewhere:1")
    ('localhost', '::1', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port  # a port that is no number raises
    except ValueError:
        return ""
    return name if parts.netloc == host and "@" not in host else ""


def cookie_name(host: str) -> str:
    """One for each port: a browser gives the cookies of localhost to all of them."""
    return f"winnow-{urlsplit(f'//{host}').port or 80}"


def same(given: str, token: str) -> bool:
    """Compared in constant time."""
    return secrets.compare_digest(given.encode(), token.encode())


def without_token(query: str) -> tuple[str | None, str]:
    """The token of an address, None where it has none, and the rest of the query.

    >>> without_token("dataset=a&token=b")
    ('b', 'dataset=a')
    """
    parts = query.split("&")
    given = [p.removeprefix("token=") for p in parts if p.startswith("token=")]
    return (given[-1] if given else None), "&".join(p for p in parts if not p.startswith("token="))


def entered(path: str, rest: str, cookie: str) -> Response:
    """A page that leads to the same page, without the token in its address, and with the cookie."""
    # One slash in front: two would lead to another host.
    target = quote("/" + path.lstrip("/\\")) + (f"?{rest}" if rest else "")
    headers = {
        "Set-Cookie": f"{cookie}; Path=/; HttpOnly; SameSite=Strict",
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
    }
    # A 303 would not do: followed from elsewhere, as from the file that `winnow app` opens, it brings no strict cookie.
    return HTMLResponse(KNOWN.format(target=escape(target)), 200, headers)


def with_head(send: Send, cookie: str) -> Send:
    """The same `send`, with the policy, and a cookie where there is one, in the head of each answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            head = cast(list[tuple[bytes, bytes]], message.setdefault("headers", []))
            more = [(b"set-cookie", cookie.encode())] if cookie else []
            message["headers"] = [*head, (b"content-security-policy", POLICY.encode()), *more]
        await send(message)

    return sending
