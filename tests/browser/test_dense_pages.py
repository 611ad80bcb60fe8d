"""How much of the staff's lists the first screen of a desk shows, and that fingers lose nothing."""

from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser, enter

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


def test_the_first_screen_of_a_desk_shows_many_rows(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = {}
    for path, rows, _ in LISTS:
        page.goto(path)
        page.locator(rows).first.wait_for()
        shown[path] = page.evaluate(WHOLLY_VISIBLE, rows)
    assert all(shown[path] >= least for path, _, least in LISTS), shown


def test_the_columns_of_people_meet_whatever_is_said_of_one(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/organisation/participants")
    page.locator(".rows__state").first.evaluate("state => state.append('Vu à 8 h 28')")
    lefts = page.locator(".rows > li > .category").evaluate_all(
        "all => all.map(category => category.getBoundingClientRect().left)"
    )
    assert len(lefts) > 10
    assert len(set(lefts)) == 1


def test_fingers_keep_large_targets_on_a_wide_screen(open_browser: OpenBrowser) -> None:
    page = open_browser(1280, 800, has_touch=True).new_page()
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/participants")
    menu = ".section-nav [open] > ul a, .section-nav__title"
    targets = page.locator(f"{menu}, main .btn, .rows > li")
    assert min(targets.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")) >= 44


def test_the_inspector_of_the_plan_lies_beside_the_drawing_and_scrolls_apart(
    page: Page,
) -> None:
    enter(page, "Entrer comme organisateur")
    page.set_viewport_size({"width": 1024, "height": 700})
    page.goto("/organisation/plan/1A")
    drawing, inspector = page.locator("#plan-drawing"), page.locator(".plan-desk__side")
    page.get_by_text("Numéroter la rangée du stand choisi").click()
    left, right = drawing.bounding_box(), inspector.bounding_box()
    assert left is not None
    assert right is not None
    assert right["x"] >= left["x"] + left["width"]
    assert right["y"] < left["y"] + left["height"]
    scrolled = page.evaluate("scrollY")
    inspector.evaluate("side => side.scrollTo(0, side.scrollHeight)")
    assert inspector.evaluate("side => side.scrollTop") > 0
    assert page.evaluate("scrollY") == scrolled

    drawing.locator("[tabindex='0']").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.plan-desk__side') !== null")

    page.set_viewport_size({"width": 360, "height": 740})
    above, below = drawing.bounding_box(), inspector.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] >= above["y"] + above["height"]
