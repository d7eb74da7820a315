"""Every page for people who cannot see well, or use no mouse: axe on its markup, the tab key through its controls."""

import json
from collections.abc import Iterator

import pytest

import engine
from tests.ui.served import RESTS, rest, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("Open", "Overview", "Explore", "Clean", "Choose", "Export")
GRAVE = ("serious", "critical")

# Controls that can be seen, as [which, whether it is ours, its group]. In a group that the arrow keys walk through
# (tabs, radio buttons, a list), the tab key reaches one member.
CONTROLS = """() => {
  const found = [];
  const kinds = 'button, a[href], input, select, textarea, [role=button], [role=separator], [role=option]';
  const groups = ['tablist', 'radiogroup', 'listbox', 'toolbar', 'feed', 'grid'].map((g) => `[role=${g}]`).join();
  const walk = (root, ours) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) walk(e.shadowRoot, true);
      if (!e.matches(kinds)) continue;
      const box = e.getBoundingClientRect();
      if (!box.width || !box.height || e.disabled || !e.checkVisibility({visibilityProperty: true})) continue;
      if (e.type === 'file' || e.closest('[aria-hidden=true], [inert]')) continue;
      found.push([e, ours, e.closest(groups)]);
    }
  };
  walk(document, false);
  globalThis.controls = found;
  globalThis.reached = new Set();
  return found.length;
}"""
REACHED = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const first = e && !globalThis.reached.has(e);
  if (e) globalThis.reached.add(e);
  return Boolean(first);
}"""
MISSED = """() => globalThis.controls
  .filter(([e, ours, group]) => ours && e.isConnected && !globalThis.reached.has(e)
    && !(group && [...globalThis.reached].some((other) => group.contains(other))))
  .map(([e]) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a small corpus with a map, topics, a score and a recipe of one step."""
    folder = tmp_path_factory.mktemp("seen")
    themes = ["waves and tide in the harbour", "flour and butter in the oven", "stars over the orbit of a moon"]
    rows = [{"id": f"r{i}", "kind": f"kind {i % 3}", "text": f"{themes[i % 3]}, {i} times"} for i in range(90)]
    (folder / "seen.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    data = engine.open(folder / "seen.jsonl", folder / "w", name="seen")
    engine.build(data, engine.building.specs_for_pages("lexical"))
    with served(folder / "w", folder) as at:
        yield f"{at}/?dataset=seen"


@pytest.fixture(scope="module")
def page(chromium, address: str) -> Iterator[object]:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    rest(page)
    yield page
    page.context.close()


@pytest.fixture(scope="module", params=PAGES)
def shown(page, request: pytest.FixtureRequest) -> str:
    """The name of the page that is there now: each is gone to once, and all is asked of it before the next."""
    name = request.param
    page.emulate_media(color_scheme="light")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", name=name, exact=True).first.wait_for()
    page.wait_for_timeout(1500)
    page.wait_for_selector(RESTS)
    return name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_grave_fault_in_its_markup(page, shown: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    rest(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [one for one in found if one["impact"] in GRAVE]
    assert [f"{one['id']}: {node['html'][:160]}" for one in grave for node in one["nodes"]] == []


def test_the_tab_key_reaches_every_control_of_ours(page, shown: str) -> None:
    many = page.evaluate(CONTROLS)
    page.evaluate("document.activeElement?.blur()")
    again = 0
    for _ in range(3 * many + 50):
        page.keyboard.press("Tab")
        again = 0 if page.evaluate(REACHED) else again + 1
        if again > 12:  # the tab key has gone all the way round
            break
    assert page.evaluate(MISSED) == []
