"""Who comes in: by host, by origin, by token; asked of the door itself, with requests written out."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from ui.frame.door import POLICY, Door, cookie_name, entered, host_name, without_token

HOST = "localhost:8501"
COOKIE = ("cookie", "other=1; winnow-8501=right")


def knock(*headers, path="/", query="", kind="http", token="right", host=HOST):
    """What a request is answered with: (status, headers); status 200 is the app itself, 403 for a WebSocket too."""
    sent = []

    async def app(scope, receive, send):
        if kind == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        else:
            await send({"type": "websocket.accept"})

    async def send(message):
        sent.append(message)

    named = [("host", host), *headers] if host is not None else list(headers)
    scope = {
        "type": kind, "method": "GET", "scheme": "http" if kind == "http" else "ws", "path": path,
        "query_string": query.encode(), "headers": [(k.encode(), v.encode("latin-1")) for k, v in named],
    }  # fmt: skip
    # In a thread of its own: a browser that an earlier test drove may have left a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, Door(app, token)(scope, None, send)).result()
    if sent[0]["type"] == "websocket.close":
        return 403, {}
    if sent[0]["type"] == "websocket.accept":
        return 101, {}
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def onward(path, rest=""):
    """Where the page leads to that lets in: by itself and by its link."""
    page = entered(path, rest, "a=b").body.decode()
    by_itself, by_link = re.search(r'content="0; url=([^"]*)"', page), re.search(r'href="([^"]*)"', page)
    assert by_itself[1] == by_link[1]
    return unescape(by_link[1])


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_the_names_of_this_machine_lead_in(host: str) -> None:
    assert knock(host=host, token="")[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.com", "evil.com:8501", "localhost.evil.com:8501", "127.0.0.1.nip.io:8501", "localhost:8501.evil.com", "",
     "[::2]:8501", "0.0.0.0", "localhost@evil.com:8501", "evil.com, localhost:8501", "localhost/x", "[", None],
)  # fmt: skip
def test_any_other_host_is_refused_with_and_without_a_token(host: str | None) -> None:
    assert knock(host=host, token="")[0] == 403
    assert knock(COOKIE, host=host)[0] == 403
    assert knock(COOKIE, host=host, path="/_stcore/health")[0] == 403
    assert knock(COOKIE, host=host, kind="websocket")[0] == 403


def test_two_hosts_are_refused() -> None:
    assert knock(("host", HOST), token="")[0] == 403


@pytest.mark.parametrize(
    "origin",
    ["http://evil.com", "null", "http://localhost:1234", "http://localhost", "file://", "https://x.streamlit.app",
     "http://127.0.0.1:8501", "http://localhost:8501.evil.com", "ws://localhost:8501", ""],
)  # fmt: skip
def test_a_page_of_another_origin_gets_nothing(origin: str) -> None:
    for kind in ("http", "websocket"):
        assert knock(COOKIE, ("origin", origin), kind=kind)[0] == 403
        assert knock(("origin", origin), kind=kind, token="")[0] == 403


def test_the_apps_own_pages_get_in_with_the_cookie() -> None:
    assert knock(COOKIE, ("origin", "http://localhost:8501"), kind="websocket")[0] == 101
    assert knock(COOKIE, ("origin", "http://localhost:8501"))[0] == 200


def test_a_page_elsewhere_may_lead_here_but_load_nothing() -> None:
    assert knock(COOKIE, ("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors"), path="/media/a.png")[0] == 403
    assert knock(COOKIE, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"))[0] == 200
    assert knock(COOKIE, ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors"))[0] == 200


@pytest.mark.parametrize("cookie", ["", "winnow-8501=wrong", "winnow-8502=right", "winnow-8501=", "winnow-8501=rightt"])
def test_without_the_cookie_of_this_port_nobody_gets_in(cookie: str) -> None:
    for kind in ("http", "websocket"):
        assert knock(("cookie", cookie), kind=kind)[0] == 403
    assert knock(("cookie", cookie), path="/media/a.png")[0] == 403


def test_the_token_in_the_address_becomes_a_cookie_and_leaves_the_address() -> None:
    status, head = knock(path="/overview", query="dataset=a%20b&token=right&x=1")
    assert status == 200
    assert head["set-cookie"] == "winnow-8501=right; Path=/; HttpOnly; SameSite=Strict"
    assert (head["cache-control"], head["referrer-policy"]) == ("no-store", "no-referrer")
    assert head["content-security-policy"] == POLICY
    assert "set-cookie" not in knock(COOKIE, path="/overview", query="dataset=a%20b&x=1")[1]
    assert onward("/overview", "dataset=a%20b&x=1") == "/overview?dataset=a%20b&x=1"
    assert onward("/") == "/"


def test_a_page_that_was_open_before_a_new_start_is_told_in_words() -> None:
    status, head = knock(("cookie", "winnow-8501=old"), path="/_stcore/host-config")
    assert (status, head["content-type"]) == (401, "application/json")


def test_a_wrong_token_is_refused_and_an_old_address_does_no_harm_to_who_is_inside() -> None:
    assert knock(query="token=wrong")[0] == 403
    assert knock(query="token=")[0] == 403
    assert knock(query="token=r%C3%AF")[0] == 403
    assert "winnow-8501=right" in knock(COOKIE, query="token=old")[1]["set-cookie"]
    assert knock(query="token=right", kind="websocket")[0] == 403


def test_a_path_of_two_slashes_leads_to_no_other_host() -> None:
    assert onward("//evil.com/x") == "/evil.com/x"
    assert onward("/\\evil.com") == "/evil.com"
    assert onward("/a\r\nb") == "/a%0D%0Ab"


def test_an_address_ends_no_attribute_of_the_page_that_lets_in() -> None:
    page = entered('/"><script>', "a=\"><script>alert('1')</script>", "a=b").body.decode()
    assert "<script>" not in page
    assert onward('/"><script>', "a='\">") == "/%22%3E%3Cscript%3E?a='\">"


def test_the_health_check_asks_for_no_token() -> None:
    assert knock(path="/_stcore/health")[0] == 200


def test_without_a_token_the_host_and_the_origin_still_count() -> None:
    assert knock(token="")[0] == 200
    assert knock(kind="websocket", token="")[0] == 101
    assert knock(("origin", "http://localhost:1234"), kind="websocket", token="")[0] == 403


def test_every_answer_forbids_what_lies_elsewhere() -> None:
    for answer in (knock(COOKIE), knock()):
        assert "connect-src 'self'" in answer[1]["content-security-policy"]
        assert "frame-ancestors 'self'" in answer[1]["content-security-policy"]


def test_the_cookie_is_named_after_the_port_that_the_browser_sees() -> None:
    assert cookie_name("localhost:9001") == "winnow-9001"
    assert cookie_name("[::1]:8501") == "winnow-8501"
    assert cookie_name("localhost") == "winnow-80"
    assert host_name("localhost:x") == ""
    assert without_token("tokens=1") == (None, "tokens=1")


def test_a_page_that_a_browser_opens_gives_it_an_id_and_keeps_the_one_that_it_has() -> None:
    opens = ("sec-fetch-dest", "document")
    first = knock(opens, token="")[1]["set-cookie"]
    assert re.fullmatch(r"winnow-browser=[\w-]{22}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict", first)
    assert knock(opens, token="")[1]["set-cookie"] != first
    had = ("cookie", f"other=1; {first.partition(';')[0]}")
    assert knock(opens, had, token="")[1]["set-cookie"] == first
    assert knock(opens, ("cookie", "winnow-browser=../../x"), token="")[1]["set-cookie"] != first
    assert "set-cookie" in knock(("accept", "text/html,*/*"), token="")[1]  # a browser that says less


@pytest.mark.parametrize(
    "said",
    [
        (("sec-fetch-dest", "script"),),
        (("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")),
        (("accept", "*/*"),),
    ],
)
def test_what_a_page_loads_and_a_page_led_to_from_elsewhere_set_no_id(said: tuple[tuple[str, str], ...]) -> None:
    # From elsewhere a browser brings no strict cookie: a new one would take the place of its own.
    assert "set-cookie" not in knock(*said, token="")[1]
