"""The search of the header by the keyboard alone, with axe, and without scripts."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, enter


def test_ctrl_k_finds_a_page_and_opens_it(page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Chercher une personne, un stand, une page")
    expect(field).to_be_focused()
    page.keyboard.type("journal")
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
