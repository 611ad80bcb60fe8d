"""The search of the header by the keyboard alone, with axe, and without scripts."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenBrowser, axe, enter


@pytest.fixture
def field(page: Page) -> Locator:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Chercher une personne, un stand, une page")
    expect(field).to_be_focused()
    return field


def test_ctrl_k_finds_a_page_and_opens_it(page: Page, field: Locator) -> None:
    field.press_sequentially("journal")
    expect(page.get_by_role("option", name="Journal Pages")).to_be_visible()
    assert axe(page) == []
    page.keyboard.type("xqxqxq")
    expect(page.get_by_text("Rien de ce nom parmi")).to_be_visible()
    for _ in "xqxqxq":
        page.keyboard.press("Backspace")
    expect(page.get_by_role("option", name="Journal Pages")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Journal")


def test_the_key_is_told_where_there_may_be_a_keyboard(
    field: Locator, open_browser: OpenBrowser
) -> None:
    expect(field).to_have_attribute("placeholder", "Chercher (Ctrl K)")
    phone = open_browser(has_touch=True, is_mobile=True).new_page()
    enter(phone, "Entrer comme organisateur")
    phone.goto("/organisation")
    expect(phone.get_by_role("combobox")).to_have_attribute("placeholder", "Chercher")


def test_an_answer_that_comes_late_does_not_hide_that_of_the_latest_words(
    page: Page, field: Locator
) -> None:
    late: list[Route] = []
    page.route("**/*?q=jo", lambda route: late.append(route))
    with page.expect_request("**/*?q=jo"):
        field.press_sequentially("jo")
    field.press_sequentially("urnal")
    options = page.get_by_role("option")
    expect(page.get_by_role("option", name="Journal Pages")).to_be_visible()
    titles = options.all_inner_texts()
    with page.expect_response("**/*?q=jo") as answer:
        late[0].fulfill(json=[{"title": "Trop tard", "part": "", "detail": "", "address": "/"}])
    answer.value.finished()
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")
    assert options.all_inner_texts() == titles


def test_a_search_without_network_does_not_say_that_nothing_is_found(
    page: Page, field: Locator
) -> None:
    page.context.set_offline(True)
    field.press_sequentially("journal")
    expect(page.get_by_text("Pas de réponse").first).to_be_visible()
    expect(page.get_by_text("Rien de ce nom parmi")).to_have_count(0)
    page.context.set_offline(False)
    with page.expect_navigation():
        field.press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name="Journal", exact=True)).to_be_visible()
