"""« À vérifier » in a real browser: hostile words stay words, a telephone settles a point."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe, check_is_fit, enter

HOSTILE = '"><svg onload=alert(1)><img src=x onerror=alert(2)>{{7*7}}'
ADD = """
INSERT INTO conflicts (edition_id, version, kind, scan_id, station_id, detail, raised_at,
    settlement, note, settled_by)
SELECT edition_id, 1, 'unreadable', '5b0c7e2a-0000-4000-8000-000000000001', id,
    json_object('sent', ?1, 'problem', ?1), '2021-10-01 07:12:00', '', '', ''
FROM stations LIMIT 1
"""


def test_a_hostile_point_is_read_and_settled_on_a_telephone(
    page: Page, live_server: LiveServer
) -> None:
    live_server.execute(ADD, HOSTILE)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/a-verifier")
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    check_is_fit(page)
    page.get_by_role("link", name="Passage refusé à l’envoi").click()
    expect(page.locator("pre")).to_have_text(HOSTILE)
    check_is_fit(page)
    page.get_by_label("Note").fill(HOSTILE)
    page.get_by_role("button", name="Entrée saisie à la main").press("Enter")
    expect(page.get_by_text("Ce point est réglé.")).to_be_visible()
    page.goto("/organisation/a-verifier?state=settled")
    page.get_by_role("link", name="Passage refusé à l’envoi").click()
    expect(page.locator("dd", has_text=HOSTILE)).to_be_visible()
    assert axe(page) == []
    assert dialogs == []
