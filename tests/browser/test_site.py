"""The site in a browser: notes, folds, dark mode, phone, print, accessibility; nothing is asked of the network."""

from __future__ import annotations

import pytest

from browser.conftest import PHONE, REPORTS, opened

PAGES = ["index.html", *(f"{name}/{name}.html" for name in REPORTS)]
ARMS = PAGES[1]
#: Levels of WCAG that axe has to find nothing of.
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


@pytest.fixture
def at(browser, site):
    """Opens a page of the site in a page of its own; the policy of our pages lets no script in, axe's neither."""
    stack = []

    def go(path: str, **options):
        opening = opened(browser, bypass_csp=True, **options)
        stack.append(opening)
        page = opening.__enter__()
        page.goto((site / path).as_uri())
        return page

    yield go
    for opening in reversed(stack):
        opening.__exit__(None, None, None)


def luminance(colour: str) -> float:
    """From 0, black, to 255, white, of "rgb(…)"."""
    return sum(float(part) for part in colour.strip("rgba()").split(",")[:3]) / 3


@pytest.mark.parametrize(
    ("path", "scheme"),
    [*((path, "light") for path in PAGES), *((path, "dark") for path in PAGES[:2])],
)
def test_axe_finds_nothing_of_level_a_or_aa(at, path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = at(path, color_scheme=scheme)
    found = axe.Axe().run(page, options=AXE).response["violations"]
    told = [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})" for v in found]
    assert told == []


@pytest.mark.parametrize("path", PAGES[1:])
def test_every_note_leads_to_what_is_seen_even_in_a_fold(at, path):
    page = at(path)
    links = page.locator("a[href*='-note-']")
    wanted = {link.get_attribute("href") for link in links.all()}
    assert all(page.locator(f"[id='{href[1:]}']").count() == 1 for href in wanted)
    if path == ARMS:
        links.first.click()
        assert page.locator(f"[id='{links.first.get_attribute('href')[1:]}']").is_visible()


def test_folds_open_by_keyboard(at):
    page = at(ARMS)
    fold = page.locator("details").first
    was = fold.get_attribute("open") is not None
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert (fold.get_attribute("open") is not None) != was


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_every_chart_whole_and_never_scrolls_sideways(at, path):
    page = at(path, viewport=PHONE, has_touch=True, device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    widths = page.evaluate(
        """() => [...document.images].filter(i => i.offsetParent).map(i => {
          const {left, right} = i.getBoundingClientRect(); return [left, right, i.naturalWidth]})"""
    )
    assert all(left >= 0 and right <= PHONE["width"] and wide for left, right, wide in widths)
    assert widths or path != ARMS


def test_dark_pages_are_dark_and_their_charts_stand_on_a_light_card(at):
    light, dark = (at(ARMS, color_scheme=scheme) for scheme in ("light", "dark"))
    back = "getComputedStyle(document.body).backgroundColor"
    assert luminance(light.evaluate(back)) > 200
    assert luminance(dark.evaluate(back)) < 60
    assert luminance(dark.evaluate("getComputedStyle(document.body).color")) > 150


def test_print_has_charts_and_no_navigation(at):
    page = at(ARMS)
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("img").first.is_visible()


def test_the_front_page_leads_to_every_report(at, site):
    page = at("index.html")
    for name in REPORTS[:2]:
        link = page.locator(f"a[href='{name}/{name}.html']").first
        assert link.count() == 1 and (site / name / f"{name}.html").exists()


def test_a_filter_on_the_front_page_leaves_what_it_names(at):
    page = at("index.html")
    field = page.locator("input[type=search]")
    reports = page.locator(f"a[href$='{REPORTS[0]}.html']:visible")
    assert reports.count()
    field.first.fill("no such words")
    assert not reports.count()


def test_a_table_can_be_taken_along(at):
    page = at(ARMS)
    links = page.locator("a[download], a[href$='.csv']")
    with page.expect_download() as taken:
        links.first.evaluate("link => { link.download ||= 'table.csv'; link.click() }")
    assert taken.value.path().read_text(encoding="utf-8").count("\n") > 2
