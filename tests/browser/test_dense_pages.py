"""How much of the staff's lists the first screen of a desk shows, and that fingers lose nothing."""

from playwright.sync_api import Browser, Page

from tests.browser.conftest import LiveServer, enter

WHOLLY_VISIBLE = """selector => [...document.querySelectorAll(selector)].filter(row => {
    const { left, top, bottom } = row.getBoundingClientRect();
    return [top + 2, bottom - 2].every(
        height => row.contains(document.elementFromPoint(left + 30, height)));
}).length"""
LISTS = (
    ("/organisation/village/planning", "#rota-grid tr[data-agent]", 15),
    ("/organisation/participants", ".rows > li", 14),
    ("/organisation/exposants", ".rows > li", 8),
)


def test_the_first_screen_of_a_desk_shows_many_rows(page: Page, live_server: LiveServer) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = {}
    for path, rows, _ in LISTS:
        page.goto(path)
        page.locator(rows).first.wait_for()
        shown[path] = page.evaluate(WHOLLY_VISIBLE, rows)
    assert all(shown[path] >= least for path, _, least in LISTS), shown


def test_fingers_keep_large_targets_on_a_wide_screen(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 800}, has_touch=True
    )
    page = context.new_page()
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/participants")
    targets = page.locator(".section-nav a, main .btn, .rows > li")
    assert min(targets.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")) >= 44
    context.close()
