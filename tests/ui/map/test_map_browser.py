"""The map in a real browser: gestures against numpy, with WebGL and without it."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import find_chromium
from tests.ui.map.made_corpus import made
from tests.ui.served import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
ROWS = 3000
MAP = "globalThis[Symbol.for('winnow.map')].maps.get('map__1')"
# So that a test can cut the connection as a bad network does.
KEEP_SOCKETS = """
    const Real = WebSocket;
    window.sockets = [];
    window.WebSocket = class extends Real { constructor(...a) { super(...a); window.sockets.push(this); } };
"""
BACKGROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
DATA = made(ROWS)
X, Y = DATA.points.x, DATA.points.y


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A Streamlit server with the map's test page; returns its address."""
    with serving("tests/ui/map/map_app.py", MAP_ROWS=str(ROWS)) as address:
        yield address


class Screen:
    """One browser page with the map on it, and the words in which the tests speak."""

    def __init__(self, browser, address, query="", **how):
        self.context = browser.new_context(viewport={"width": 1200, "height": 900}, accept_downloads=True, **how)
        self.page = self.context.new_page()
        self.errors, self.received = [], 0
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.on("websocket", lambda channel: channel.on("framereceived", self.count))
        self.page.add_init_script(KEEP_SOCKETS)
        self.page.goto(f"{address}/{query}")
        self.wait()

    def count(self, frame):
        self.received += len(frame)

    def wait(self):
        self.page.wait_for_selector(".map[data-drawn]", timeout=30_000)
        self.settle()

    def settle(self):
        """Until nothing has been drawn or said for a moment."""
        before, same = None, 0
        for _ in range(200):
            now = (
                self.page.evaluate(
                    "() => [document.querySelector('.stApp')?.dataset.testScriptState, document.body.innerText]"
                ),
                self.attribute("drawn"),
            )
            same = same + 1 if now == before else 0
            before = now
            if same >= 5 and "running" not in str(now[0][0]):
                return
            time.sleep(0.06)

    def attribute(self, name):
        return self.page.locator(".map").get_attribute(f"data-{name}")

    def say(self, start):
        return self.page.get_by_text(re.compile(f"^{start} ")).first.inner_text()

    def events(self):
        return int(self.say("events").split()[1])

    def after(self, gesture):
        """Do something that the server must hear of, and wait until it has."""
        before = self.events()
        gesture()
        for _ in range(300):
            if self.events() > before:
                break
            time.sleep(0.05)
        else:
            raise AssertionError("The server heard of nothing.")
        self.settle()

    def picked(self):
        _, count, digest = self.say("picked").split()
        return int(count), digest

    def polygon(self):
        return np.array([float(v) for v in self.say("polygon").split()[1:]]).reshape(-1, 2)

    def spot(self, x, y):
        """Where a place of the map is on the screen."""
        box = self.page.locator(".over").bounding_box()
        px, py = self.page.evaluate(
            f"([x, y]) => {{ const c = {MAP}.camera; return c.toScreen(...c.fromData(x, y)); }}", [x, y]
        )
        return box["x"] + px, box["y"] + py

    def look_closer(self):
        """Zoom in on a place, and wait until the view has come to rest and is told."""
        self.page.mouse.move(*self.spot(3, 1))
        self.page.mouse.wheel(0, -300)
        self.settle()
        time.sleep(1.2)

    def drag(self, places, keys=()):
        """Draw through places of the map, with keys held down."""
        self.draw([self.spot(*place) for place in places], keys)

    def draw(self, spots, keys=()):
        """Draw through spots of the screen, with keys held down."""
        for key in keys:
            self.page.keyboard.down(key)
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot, steps=6)
        self.after(self.page.mouse.up)
        for key in keys:
            self.page.keyboard.up(key)

    def click_name(self, topic):
        box = self.page.locator(".over").bounding_box()
        x0, y0, x1, y1 = self.page.evaluate(f"() => {MAP}.standing.find((l) => l.value === {topic}).screen")
        self.after(lambda: self.page.mouse.click(box["x"] + (x0 + x1) / 2, box["y"] + (y0 + y1) / 2))

    def tool(self, name):
        self.page.locator(f"[data-tool={name}]").click()

    def legend(self, word, **more):
        self.page.locator(".line", has_text=word).locator(".eye").click(**more)
        self.settle()

    def rows_of(self, word):
        line = self.page.locator(".line", has_text=word)
        self.after(line.locator(".pick").click)

    def press(self, key):
        self.page.locator(".map").focus()
        self.page.keyboard.press(key)

    def key(self, key):
        """A key that the server must hear of."""
        self.after(lambda: self.press(key))

    def close(self):
        self.context.close()


def opened_map(browser, server, how):
    opened = Screen(browser, server, "?webgl=on" if how == "webgl" else "")
    assert opened.attribute("drawing") == how
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture(params=["webgl", "pixels"])
def screen(request, chromium, server):
    """The map, drawn by WebGL and once more without it."""
    yield from opened_map(chromium, server, request.param)


@pytest.fixture
def pixels(chromium, server):
    """The map as it is drawn where there is no graphics card."""
    yield from opened_map(chromium, server, "pixels")


@pytest.fixture(scope="module")
def fingers(chromium, server):
    """The map on a screen that is touched, and a way to put fingers on it."""
    opened = Screen(chromium, server, has_touch=True, is_mobile=True)
    told = opened.context.new_cdp_session(opened.page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        told.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        time.sleep(0.1)

    opened.touch = touch
    yield opened
    opened.close()
    assert opened.errors == []


def scale(screen):
    return screen.page.evaluate(f"() => {MAP}.camera.scale")


def test_a_second_finger_goes_on_from_where_the_first_has_moved_the_map(fingers):
    before = scale(fingers)
    fingers.touch("Start", (600, 500))
    for x in (620, 640, 660):
        fingers.touch("Move", (x, 500))
    fingers.touch("Start", (660, 500), (720, 500))
    fingers.touch("Move", (660, 500), (722, 500))
    assert scale(fingers) / before == pytest.approx(62 / 60, abs=0.05)
    fingers.touch("Move", (660, 500), (780, 500))
    assert scale(fingers) / before == pytest.approx(2, abs=0.05)
    fingers.touch("End")


def test_what_one_finger_began_to_draw_is_given_up_when_a_second_one_moves_the_map(fingers):
    before = fingers.events()
    fingers.tool("lasso")
    fingers.touch("Start", (600, 500))
    for place in ((640, 500), (660, 540), (600, 560)):
        fingers.touch("Move", place)
    assert fingers.page.evaluate(f"() => {MAP}.region.length") > 1
    fingers.touch("Start", (600, 560), (700, 600))
    fingers.touch("Move", (600, 560), (710, 610))
    fingers.touch("End")
    assert fingers.page.evaluate(f"() => {MAP}.region") is None
    assert fingers.events() == before
    fingers.tool("pan")


def test_a_finger_picks_a_point_that_lies_beside_its_middle(fingers):
    fingers.page.evaluate(
        f"() => {{ {MAP}.tools.do('home'); {MAP}.tools.do('names'); }}"
    )  # a name would be what is tapped
    fingers.settle()
    row = int(np.nanargmax(X))  # farther right there is no other
    x, y = fingers.spot(float(X[row]), float(Y[row]))
    fingers.touch("Start", (x + 14, y))
    fingers.touch("End")
    assert fingers.page.evaluate(f"() => {MAP}.active") == row


def digest(mask):
    rows = np.flatnonzero(mask).astype("<i8")
    return len(rows), hashlib.sha256(rows.tobytes()).hexdigest()[:12]


def inside(polygon):
    """Every row against every edge, plainly: the oracle."""
    odd = np.zeros(len(X), dtype=bool)
    x, y = X.astype(float), Y.astype(float)
    with np.errstate(invalid="ignore"):
        for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            if ay != by:
                odd ^= ((ay <= y) != (by <= y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return odd


FREE = int(np.nanargmin(np.hypot(X, Y + 2.1)))  # a row that no name and no panel covers
RIGHT = [(1.5, -4.5), (7, -4), (7.2, 4), (1.8, 4.2), (3, 0)]
TOP = [(-6, 1), (6, 0.8), (6, 5), (-6, 5)]


def box_of(x0, y0, x1, y1):
    return (x0 <= X) & (X <= x1) & (y0 <= Y) & (Y <= y1)


def test_a_lasso_selects_exactly_the_rows_inside_it(screen):
    screen.tool("lasso")
    screen.drag(RIGHT)
    polygon = screen.polygon()
    assert len(polygon) >= 20
    assert screen.picked() == digest(inside(polygon))
    # What was drawn on the screen is what arrived: the corners of the gesture are corners of the polygon.
    for place in RIGHT:
        assert np.abs(polygon - place).sum(axis=1).min() < 0.12
    assert screen.say("events") == "events 1 lasso new"


def test_a_box_selects_exactly_the_rows_inside_it(screen):
    screen.tool("box")
    screen.drag([(-5.5, -2), (2, 3.5)])
    (x0, y0), (x1, y1) = screen.polygon().min(axis=0), screen.polygon().max(axis=0)
    assert screen.picked() == digest(box_of(x0, y0, x1, y1))
    assert abs(x0 + 5.5) < 0.05 and abs(y1 - 3.5) < 0.05


def test_shift_adds_alt_takes_away_and_both_intersect(screen):
    screen.tool("lasso")
    screen.drag(RIGHT)
    right = inside(screen.polygon())
    screen.drag(TOP, ["Shift"])
    both = right | inside(screen.polygon())
    assert screen.picked() == digest(both)
    screen.drag(TOP, ["Alt"])
    rest = both & ~inside(screen.polygon())
    assert screen.picked() == digest(rest)
    screen.drag(RIGHT, ["Shift", "Alt"])
    assert screen.picked() == digest(rest & inside(screen.polygon()))
    assert screen.say("events") == "events 4 lasso intersect"


def test_the_buttons_do_what_the_keys_do(pixels):
    pixels.tool("box")
    pixels.drag([(-6, -5), (0, 5)])
    left = inside(pixels.polygon())
    pixels.tool("subtract")
    pixels.drag([(-6, 0), (0, 5)])
    assert pixels.picked() == digest(left & ~inside(pixels.polygon()))
    pixels.after(lambda: pixels.tool("undo"))
    assert pixels.picked() == digest(left)
    pixels.key("i")
    assert pixels.picked() == digest(~left)
    pixels.key("Escape")
    assert pixels.picked() == digest(np.zeros(ROWS, dtype=bool))


def test_a_click_on_a_name_selects_its_topic_and_shift_adds_another(screen):
    screen.click_name(0)
    assert screen.picked() == digest(DATA.topic == 0)
    assert screen.page.locator(".about h4").inner_text() == "topic <b>0</b> as the page says"
    screen.page.keyboard.down("Shift")
    screen.click_name(4)
    screen.page.keyboard.up("Shift")
    assert screen.picked() == digest(np.isin(DATA.topic, [0, 4]))


def test_a_click_brings_the_row_into_focus_without_a_gesture_and_draws_its_neighbours(screen):
    row, events = FREE, screen.events()
    screen.page.mouse.click(*screen.spot(float(X[row]), float(Y[row])))
    screen.page.wait_for_url(re.compile(f"row={row}$"))
    screen.page.wait_for_function(f"() => {MAP}.links.length === 10")
    distance = np.hypot(X - X[row], Y - Y[row])
    assert screen.page.evaluate(f"() => [...{MAP}.links]") == np.argsort(distance)[1:11].tolist()
    assert screen.events() == events


def test_the_legend_selects_hides_and_keeps_only(screen):
    screen.rows_of("group 3")
    assert screen.picked() == digest(DATA.topic == 3)
    screen.legend("group 3")
    screen.tool("box")
    screen.drag([(-7, -5), (7, 5)])
    everything = inside(screen.polygon())
    assert screen.picked() == digest(everything & (DATA.topic != 3))
    screen.legend("group 5", modifiers=["Alt"])
    screen.drag([(-7, -5), (7, 5)])
    assert screen.picked() == digest(inside(screen.polygon()) & (DATA.topic == 5))


def test_rows_that_do_not_pass_the_filters_are_grey_and_not_selected(screen):
    screen.page.get_by_text("only low scores").click()
    screen.settle()
    screen.tool("box")
    screen.drag([(-7, -5), (7, 5)])
    assert screen.picked() == digest(inside(screen.polygon()) & (DATA.score < 4.5))
    grey = screen.page.evaluate(f"() => {MAP}.w.reduce((n, state) => n + (state === 1), 0)")
    assert grey == int((~(DATA.score < 4.5) & np.isfinite(X)).sum())
    rows = screen.page.locator(".line", has_text="group 3").locator(".rows").inner_text()
    assert rows == str(((DATA.topic == 3) & (DATA.score < 4.5)).sum())
    line = f"{MAP}.header.colour.lines.find((l) => l[0].startsWith('group 3'))"
    assert screen.page.evaluate(f"() => {MAP}.legend.rowsOf({line}[1])") == int(rows)  # what a saved picture says


def painted(screen):
    """Where something is painted on the canvas of points: bool, every fourth pixel."""
    flat, width = screen.page.evaluate(
        """() => {
        const from = document.querySelector('[data-testid^=stBidiComponent]').shadowRoot?.querySelector('.points')
          ?? [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.points')).find(Boolean);
        const copy = document.createElement('canvas');
        copy.width = from.width; copy.height = from.height;
        const context = copy.getContext('2d');
        context.drawImage(from, 0, 0);
        const data = context.getImageData(0, 0, copy.width, copy.height).data;
        const out = [];
        for (let i = 3; i < data.length; i += 16) out.push(data[i] > 8 ? 1 : 0);
        return [out, copy.width];
        }"""
    )
    assert width > 100
    return np.array(flat, dtype=bool)


def test_another_colour_keeps_the_view_and_the_selection_and_sends_no_places(screen):
    screen.look_closer()
    screen.tool("lasso")
    screen.drag([(2, -1), (5, -1), (5, 2), (2, 2)])
    view, picked, before = screen.attribute("view"), screen.picked(), painted(screen)
    assert picked[0] > 0 and before.any()
    received = screen.received
    screen.page.get_by_text("score", exact=True).first.click()
    screen.settle()
    time.sleep(0.6)
    assert screen.attribute("view") == view
    assert screen.picked() == picked
    assert int(screen.attribute("selected")) == picked[0]
    assert screen.received - received < ROWS * 8
    after = painted(screen)
    assert (before & after).sum() / (before | after).sum() > 0.97


def test_a_filter_and_the_theme_keep_the_view_and_the_selection(screen):
    screen.look_closer()
    screen.tool("lasso")
    screen.drag([(2, -1), (5, -1), (5, 2), (2, 2)])
    view, picked = screen.attribute("view"), screen.picked()
    assert picked[0] > 0

    def same():
        return (screen.attribute("view"), screen.picked(), int(screen.attribute("selected"))) == (
            view,
            picked,
            picked[0],
        )

    screen.page.get_by_text("only low scores").click()
    screen.settle()
    assert same()
    light = screen.page.evaluate(BACKGROUND)
    screen.page.emulate_media(color_scheme="dark")
    screen.page.wait_for_function(f"(light) => ({BACKGROUND})() !== light", arg=light)
    screen.settle()
    assert same()


def test_after_a_cut_connection_the_map_goes_on_where_it_was(pixels):
    pixels.look_closer()
    view = pixels.attribute("view")
    pixels.page.evaluate("() => { sockets.at(-1).close(); }")
    pixels.page.wait_for_function("() => sockets.length > 1 && sockets.at(-1).readyState === 1")
    pixels.settle()
    pixels.tool("box")
    pixels.after(lambda: pixels.drag([(2, -1), (5, 2)]))
    assert pixels.attribute("view") == view
    assert pixels.picked() == digest(inside(pixels.polygon()))


def test_a_map_that_left_the_page_comes_back_where_it_was(pixels):
    pixels.look_closer()
    view = pixels.attribute("view")
    pixels.page.get_by_text("map there").click()
    pixels.page.wait_for_selector(".map", state="detached")
    received = pixels.received
    pixels.page.get_by_text("map there").click()
    pixels.wait()
    assert pixels.attribute("view") == view
    assert pixels.received - received < ROWS * 8


def test_the_view_is_in_the_address_and_can_be_shared(pixels, chromium, server):
    pixels.page.mouse.move(*pixels.spot(-3, 1))
    pixels.page.mouse.wheel(0, -400)
    pixels.page.wait_for_url(re.compile("view="))
    pixels.settle()
    other = Screen(chromium, server, "?" + pixels.page.url.partition("?")[2])
    assert other.attribute("view") == pixels.attribute("view")
    other.close()


def test_the_hover_card_shows_markup_as_text(screen):
    row = FREE
    screen.page.mouse.move(*screen.spot(1.0, 0.2))
    screen.page.mouse.move(*screen.spot(float(X[row]), float(Y[row])), steps=3)
    card = screen.page.locator(".card .text")
    card.wait_for(timeout=8000)
    assert card.inner_text() == f"row {row}: <script>alert(1)</script> some words of the text"
    assert screen.page.locator(".card .label").inner_text() == f"group {DATA.topic[row]} <i>"
    assert screen.page.locator(".card .title").inner_text() == f"title <b>{row}</b>"


def test_a_person_chooses_which_columns_the_card_shows(pixels):
    pixels.tool("card")
    pixels.page.locator(".facts label", has_text="score").click()
    pixels.tool("card")
    pixels.page.mouse.move(*pixels.spot(1.0, 0.2))
    pixels.page.mouse.move(*pixels.spot(float(X[FREE]), float(Y[FREE])), steps=3)
    fact = pixels.page.locator(".card .fact")
    fact.wait_for(timeout=8000)
    assert fact.inner_text().split() == ["score", f"{DATA.score[FREE]:.2f}"]


def test_names_that_the_selection_leaves_out_fade(pixels):
    standing = f"() => {MAP}.standing.map((l) => [l.value, l.faded]).sort()"
    assert pixels.page.evaluate(standing) == [[group, False] for group in range(8)]
    pixels.rows_of("group 3")
    assert pixels.page.evaluate(standing) == [[group, group != 3] for group in range(8)]
    pixels.page.locator(".line", has_text="group 5").hover()  # and those that have none of the label pointed at
    pixels.page.wait_for_function(f"() => {MAP}.lit >= 0")
    unlit = f"() => {MAP}.standing.filter((l) => !l.unlit).map((l) => l.value)"
    assert pixels.page.evaluate(unlit) == [5]
    pixels.page.mouse.move(5, 5)
    pixels.page.wait_for_function(f"() => {MAP}.lit === -1")
    assert len(pixels.page.evaluate(unlit)) == 8


def test_a_value_under_other_gets_a_colour_of_its_own_by_a_click(chromium, server):
    opened, topic = Screen(chromium, server, "?case=many"), made(ROWS, "many").topic
    value = int(np.argsort(-np.bincount(topic), kind="stable")[250])
    rows = np.flatnonzero(topic == value).tolist()
    codes = f"() => [...new Set([...{MAP}.codes].filter((c, row) => {rows}.includes(row)))]"
    assert opened.page.evaluate(codes) == [250]
    opened.page.locator(".line .more").click()
    first = opened.page.locator(".others .other").first
    assert first.inner_text().split("\n")[0] == f"group {value} <i>"
    opened.after(first.click)
    assert opened.page.evaluate(codes) == [249]
    assert opened.page.locator(".line", has_text=f"group {value} <i>").count() == 1
    assert opened.page.locator(".line").count() == 251
    opened.close()


def test_an_empty_view_says_so_and_leads_home_where_points_glow(pixels):
    empty, home = pixels.page.locator(".empty"), pixels.attribute("view")
    assert not empty.is_visible()
    pixels.page.evaluate(f"() => {{ Object.assign({MAP}.camera, {{ x: 1.4, y: 1.4, zoom: 20 }}); {MAP}.moved(); }}")
    empty.get_by_role("button").click()
    empty.wait_for(state="hidden")
    pixels.page.wait_for_function(f"(home) => {MAP}.box.dataset.view === home", arg=home)
    glow = pixels.page.evaluate(
        f"() => {{ const g = {MAP}.glow.canvas;"
        " const { data } = g.getContext('2d').getImageData(0, 0, g.width, g.height);"
        " return [Math.max(...data.filter((v, i) => i % 4 === 3)), data[3]]; }"
    )
    assert 40 <= glow[0] <= 88 and glow[1] == 0  # at most 34 of 100 is covered, and nothing where no point is


def test_where_few_rows_are_in_sight_each_has_its_title(pixels):
    x, y = float(X[FREE]), float(Y[FREE])
    pixels.page.evaluate(
        f"([x, y]) => {{ const c = {MAP}.camera; [c.x, c.y] = c.fromData(x, y); c.zoom = 40; {MAP}.moved(); }}", [x, y]
    )
    pixels.page.wait_for_function(f"() => {MAP}.standing.some((l) => l.row === {FREE})")
    assert pixels.page.evaluate(f"() => {MAP}.standing.find((l) => l.row === {FREE}).full") == f"title <b>{FREE}</b>"
    pixels.page.evaluate(f"() => {{ {MAP}.w.fill(1); return {MAP}.findTitles(); }}")  # grey rows have none
    assert pixels.page.evaluate(f"() => {MAP}.titles.length") == 0


def test_bytes_that_were_lost_on_the_way_are_sent_again(pixels):
    pixels.page.evaluate("() => globalThis[Symbol.for('winnow.map')].bytes.clear()")
    drawn = int(pixels.attribute("drawn"))
    pixels.page.get_by_text("only low scores").click()
    pixels.page.wait_for_function(
        f"() => globalThis[Symbol.for('winnow.map')].bytes.size >= 4 && {MAP}.box.dataset.drawn > {drawn}"
    )
    pixels.settle()
    assert pixels.page.locator(".status").inner_text().startswith("3,000 rows · ")
    assert " pass" in pixels.page.locator(".status").inner_text()


def test_two_browsers_see_nothing_of_each_other(pixels, chromium, server):
    other = Screen(chromium, server)
    pixels.tool("box")
    pixels.drag([(-7, -5), (7, 5)])
    assert pixels.picked()[0] > ROWS - 10
    other.page.get_by_text("score", exact=True).first.click()
    other.settle()
    assert other.picked()[0] == 0
    assert other.attribute("selected") == "0"
    assert pixels.page.locator(".legend h4").first.inner_text() == "topic <u>"
    other.close()


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("one", "1 row"),
        ("equal", "3,000 rows"),
        ("none", "0 rows"),
        ("nowhere", "3,000 rows · 3,000 without a place"),
        ("many", "3,000 rows · 1 without a place"),
        ("long", "3,000 rows · 1 without a place"),
    ],
)
def test_bad_input_gives_a_map_that_says_what_it_is(chromium, server, case, status):
    opened = Screen(chromium, server, f"?case={case}")
    assert opened.page.locator(".status").inner_text() == status
    opened.press("+")
    opened.tool("contours")
    opened.tool("box")
    seen = opened.page.locator(".over").bounding_box()
    opened.draw([(seen["x"] + seen["width"] * share, seen["y"] + seen["height"] * share) for share in (0.1, 0.9)])
    assert opened.say("events").split()[2] == "box"
    exactly = {"one": 1, "equal": ROWS, "none": 0, "nowhere": 0}.get(case)
    picked = opened.picked()[0]
    assert ROWS / 2 < picked < ROWS if exactly is None else picked == exactly
    if case == "many":
        assert opened.page.locator(".line").count() == 251
        assert "other (" in opened.page.locator(".line").last.inner_text()
    assert opened.errors == []
    opened.close()


def test_the_saved_file_opens_alone_and_asks_nobody(pixels, tmp_path, chromium):
    pixels.tool("save")
    with pixels.page.expect_download() as found:
        pixels.page.get_by_text("The same with hover texts").click()
    path = tmp_path / "map.html"
    found.value.save_as(path)
    page = chromium.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(".map[data-drawn]", timeout=30_000)
    assert page.locator(".status").inner_text().startswith("3,000 rows")
    assert page.locator(".line").count() == 8
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
    page.close()


def test_rows_that_came_after_the_map_are_ringed_counted_in_the_legend_and_selected_there(chromium, server):
    opened = Screen(chromium, server, "?case=later")
    line = opened.page.locator(".line.later")
    assert line.inner_text().split("\n") == ["Came after the map", "5"]
    ringed = f"""row => {{ const map = {MAP}, [x, y] = map.camera.toScreen(map.x[row], map.y[row]);
        const r = devicePixelRatio, radius = Math.max(4, (map.dot ?? 3) / 2 + 2.2), context = map.over.getContext("2d");
        return context.getImageData((x + radius) * r, y * r, 1, 1).data[3] > 100; }}"""
    opened.tool("names")
    assert [opened.page.evaluate(ringed, row) for row in (0, 1, 4)] == [True] * 3
    apart = np.hypot(X[:5, None] - X, Y[:5, None] - Y).min(axis=0)
    assert not opened.page.evaluate(ringed, int(np.nanargmax(apart)))
    opened.after(line.locator(".pick").click)
    assert opened.picked() == (5, hashlib.sha256(np.arange(5).astype("<i8").tobytes()).hexdigest()[:12])
    opened.context.close()


def test_the_saved_picture_is_a_png_with_the_legend_beside_the_map(screen, tmp_path):
    screen.tool("save")
    with screen.page.expect_download() as found:
        screen.page.get_by_text("Picture (PNG)").click()
    content = Path(found.value.path()).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    shown = screen.page.locator(".over").bounding_box()
    assert (width, height) == (2 * (round(shown["width"]) + 220), 2 * round(shown["height"]))


def test_keys_move_the_map_and_walk_through_the_selection(pixels):
    view = pixels.attribute("view")
    pixels.press("ArrowRight")
    pixels.press("+")
    time.sleep(0.4)
    assert pixels.attribute("view") != view
    pixels.rows_of("group 2")
    rows = np.flatnonzero((DATA.topic == 2) & np.isfinite(X))
    for key, row in (("n", rows[0]), ("n", rows[1]), ("p", rows[0])):
        pixels.press(key)
        pixels.page.wait_for_url(re.compile(f"row={row}$"))
    spoken = pixels.page.locator(".sr[aria-live]").inner_text()
    assert f"{len(np.flatnonzero(DATA.topic == 2)):,} selected" in spoken


def test_trust_has_a_legend_of_its_own_and_goes_away_again(pixels):
    pixels.press("t")
    pixels.page.get_by_text("True neighbours kept near").wait_for()
    pixels.page.get_by_text("of all true neighbours are among the 100 nearest drawn").wait_for()
    titles = pixels.page.locator(".legend h4")
    assert "topic <u>" not in " ".join(titles.all_inner_texts())
    pixels.press("t")
    titles.filter(has_text="topic <u>").wait_for()
    assert pixels.page.get_by_text("True neighbours kept near").count() == 0


def test_a_browser_whose_webgl_is_switched_off_draws_all_the_same(chromium, server):
    flags = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-webgl", "--disable-webgl2"]
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=flags,
    )
    opened = Screen(browser, server)
    assert opened.attribute("drawing") == "pixels"
    assert painted(opened).any()
    opened.tool("lasso")
    opened.drag(RIGHT)
    assert opened.picked() == digest(inside(opened.polygon()))
    opened.close()
    browser.close()
