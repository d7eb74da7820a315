"""Who gets in, in a real browser: an address with a token, other tabs, other ports, a new start."""

import http.server
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands._entrance import leading_file
from engine.marks import Desk
from engine.opening import open_source
from engine.recipe import Step, change_draft, draft
from engine.store import Store
from ui.map.bundle import is_current

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent.parent
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"
START = "import sys; from engine.commands.cli import main; sys.exit(main(sys.argv[1:]))"
MARKED = "https://cell.example www.cell.example a@cell.example :material/bomb: $x^2$ ![i](https://cell.example/i.png)"


class App:
    """`winnow app` on a corpus with addresses in cells and names; started anew, it prints another token."""

    def __init__(self, workspace: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = int(probe.getsockname()[1])
        self.workspace = workspace
        self.start()

    def start(self) -> None:
        words = ["app", "--dataset", "evil", "--no-browser", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *words, "--workspace", str(self.workspace)],
            cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        said = next(line for line in self.process.stderr if "Winnow is at" in line)
        self.address = said.split()[3]

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    if not is_current():
        pytest.skip("the map's JavaScript is not built: python -m ui.map.bundle")
    folder = tmp_path_factory.mktemp("visitors")
    rows = "".join(f'text {i} of a few words,"{MARKED}"\n' for i in range(30))
    (folder / "evil.csv").write_text(f"text,https://column.example :material/bomb:\n{rows}")
    for name in ("evil", "another"):  # where there are several, none is opened by itself
        open_source(folder / "evil.csv", folder / "w", name=name)
    app = App(folder / "w")
    yield app
    app.stop()


@pytest.fixture
def page(chromium):
    page = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(60_000)
    yield page
    page.context.close()


def rest(page):
    page.wait_for_selector(RESTS)
    page.wait_for_timeout(500)
    page.wait_for_selector(RESTS)


def test_without_the_token_a_page_says_how_to_get_in(app, page):
    answer = page.goto(f"http://localhost:{app.port}/overview?dataset=evil")
    assert answer.status == 403
    assert "Open the address that Winnow printed" in page.inner_text("body")
    assert page.context.cookies() == []


def test_the_printed_address_lets_in_this_browser_in_all_its_tabs(app, page):
    assert re.fullmatch(rf"http://localhost:{app.port}/\?dataset=evil&token=[\w-]{{43}}", app.address)
    page.goto(app.address)
    rest(page)
    page.get_by_role("heading", name="Overview").wait_for()
    assert page.url == f"http://localhost:{app.port}/overview?dataset=evil"
    (cookie,) = [c for c in page.context.cookies() if c["name"] == f"winnow-{app.port}"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    other = page.context.new_page()
    assert other.goto(f"http://localhost:{app.port}/overview?dataset=evil").status == 200
    rest(other)
    assert other.get_by_role("heading", name="Overview").count() == 1


def test_the_file_that_is_opened_for_a_person_leads_to_the_app_and_lets_in(app, page):
    with leading_file(app.address) as file:
        page.goto(file)
        page.wait_for_url(f"http://localhost:{app.port}/?dataset=evil")
        rest(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.reload().status == 200
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    assert not [entry["url"] for entry in history if "token" in entry["url"]]


def test_two_browsers_have_a_draft_each_and_a_reload_keeps_it(app, page, chromium):
    other = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    store = Store(app.workspace / "evil")
    for number, one in enumerate((page, other), 1):
        one.goto(app.address)
        rest(one)
        (browser,) = [c["value"] for c in one.context.cookies() if c["name"] == "winnow-browser"]
        # What a click would do, twice over; the screen must show it to this browser and to no other.
        for words in ("first", "second"):
            desk = Desk(store, browser)
            change_draft(desk, draft(desk).recipe.with_step(Step("text", {"find": f"{words} {number}"})), words)
    for number, one in enumerate((page, other), 1):
        one.goto(f"http://localhost:{app.port}/overview?dataset=evil")
        rest(one)
        one.get_by_role("button", name="Ctrl + Z").click()
        one.get_by_text("Taken back: second").wait_for()
        rest(one)
        one.reload()
        rest(one)
        lines = one.locator(".steps li")
        lines.first.wait_for()
        (said,) = lines.all_inner_texts()
        assert f"first {number}" in said
    other.context.close()


def test_addresses_and_icons_in_cells_and_names_stay_text_on_the_overview(app, page):
    page.goto(app.address)
    rest(page)
    page.goto(f"http://localhost:{app.port}/overview?dataset=evil")
    rest(page)
    page.get_by_role("button", name="Values").last.click()
    rest(page)
    outward = "[...document.querySelectorAll('a, img')].map(e => e.href || e.src).filter(a => a.includes('example'))"
    assert page.evaluate(outward) == []
    assert "https://column.example :material/bomb:" in page.inner_text("body").replace("\N{WORD JOINER}", "")


def test_a_page_of_another_port_gets_neither_the_websocket_nor_an_answer(app, page):
    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<title>another page of this machine</title>")

        def log_message(self, *words):
            pass

    page.goto(app.address)
    rest(page)
    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        page.goto(f"http://localhost:{elsewhere.server_port}/")
        assert page.title() == "another page of this machine"
        opened = f"""() => new Promise(done => {{
            const s = new WebSocket('ws://localhost:{app.port}/_stcore/stream', ['streamlit']);
            s.onopen = () => done('open'); s.onerror = () => done('refused');
        }})"""
        asked = f"() => fetch('http://localhost:{app.port}/_stcore/health').then(r => 'read', () => 'refused')"
        assert (page.evaluate(opened), page.evaluate(asked)) == ("refused", "refused")
        # Another port of this machine is the same site to a browser: the cookie alone would have been sent along.
        page.set_content(f"<iframe src='http://localhost:{app.port}/'></iframe>")
        page.wait_for_timeout(1500)
        assert page.frames[-1].url != f"http://localhost:{app.port}/" or page.frames[-1].locator(RESTS).count() == 0
        elsewhere.shutdown()


def test_after_a_new_start_an_old_tab_says_so_and_the_new_address_lets_it_in(app, page):
    page.goto(app.address)
    rest(page)
    old = app.address
    app.stop()
    app.start()
    assert app.address != old
    page.get_by_text("Open the address that it printed").first.wait_for()
    assert page.reload().status == 403
    assert "is another one after each start" in " ".join(page.inner_text("body").split())
    assert page.goto(old).status == 403
    assert page.goto(app.address).status == 200
    rest(page)
    assert page.locator("[data-testid=stException]").count() == 0
