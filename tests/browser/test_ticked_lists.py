"""« Tout cocher » and the count above lists whose lines are ticked."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, enter


def test_one_box_ticks_every_line_and_tells_how_many(live_server: LiveServer, page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/exposants")
    boxes, every_line = page.locator("[name=row]"), page.get_by_label("Tout cocher")
    counted = page.locator(".together").get_by_role("status")
    expect(counted).to_be_empty()
    boxes.first.check()
    expect(counted).to_have_text("1\u00a0cochée")
    assert every_line.evaluate("box => [box.checked, box.indeterminate]") == [False, True]
    every_line.click()
    expect(counted).to_have_text(f"{boxes.count()}\u00a0cochées")
    assert boxes.evaluate_all("boxes => boxes.every((box) => box.checked)")
    boxes.last.uncheck()
    assert every_line.evaluate("box => [box.checked, box.indeterminate]") == [False, True]
    boxes.last.check()
    assert every_line.evaluate("box => [box.checked, box.indeterminate]") == [True, False]


def test_each_table_of_a_proposal_has_its_own_box(live_server: LiveServer, page: Page) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/placement")
    page.get_by_role("button", name="Proposer un plan").click()
    live_server.flask("worker", "--once")
    accepted = page.locator("[data-ticked]")
    expect(accepted).to_contain_text(" sur ")
    boxes = page.locator("[name=exhibitors]")
    total = boxes.count()
    expect(accepted).to_have_text(f"{total} sur {total}")
    table = page.get_by_role("table").filter(has=page.locator("[data-tick-all]")).first
    table.get_by_label("Tout cocher, hall").uncheck()
    left = total - table.locator("[name=exhibitors]").count()
    expect(accepted).to_have_text(f"{left} sur {total}")
    assert page.locator("[name=exhibitors]:checked").count() == left
