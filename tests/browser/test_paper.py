"""Paper typed back in a real browser: as fast as hands go, without network, by boxes, on print."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from salon.paper.engine.short_codes import short_code
from tests.browser.conftest import LiveServer, axe, check_is_fit, enter, until

TYPE = "/organisation/papier"
ROWS_KEPT = """async (count) => {
  const [{ name }] = (await indexedDB.databases()).filter((base) => base.name.startsWith("paper:"));
  const base = await new Promise((done) => {
    indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
  });
  const rows = await new Promise((done) => {
    base.transaction("queue").objectStore("queue").count().onsuccess = ({ target }) => {
      done(target.result);
    };
  });
  base.close();
  return rows === count;
}"""
"""Whether so many codes are kept on the device."""


@pytest.fixture
def organiser(page: Page) -> Page:
    enter(page, "Entrer comme organisateur")
    return page


def codes(server: LiveServer, count: int) -> list[str]:
    """The short codes of some valid badges, of no agent nor exhibitor."""
    rows = server.execute(
        "SELECT badges.id FROM badges JOIN attendees ON attendees.id = attendee_id"
        " WHERE revoked_at IS NULL AND status = 'registered' ORDER BY badges.id LIMIT ?",
        count,
    )
    assert len(rows) == count
    return [short_code(number) for (number,) in rows]


def typed(server: LiveServer) -> int:
    """How many scans the station « Papier » has."""
    ((count,),) = server.execute(
        "SELECT count(*) FROM scans JOIN stations ON stations.id = station_id"
        " WHERE stations.name = 'Papier'"
    )
    return int(count)


def type_code(page: Page, code: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def expect_noted(page: Page, count: int) -> None:
    expect(page.locator("#paper-counts")).to_have_attribute("data-noted", str(count))


def test_thirty_codes_typed_without_a_pause(organiser: Page, live_server: LiveServer) -> None:
    page, texts = organiser, codes(live_server, 30)
    page.goto(TYPE)
    expect(page.get_by_label("Code de la ligne")).to_be_focused()
    for code in texts:
        type_code(page, code.replace(" ", ""))
    expect_noted(page, 30)
    expect(page.locator("#typed li")).to_have_count(30)
    assert typed(live_server) == 30
    type_code(page, texts[0])
    expect(page.locator("#typed li").first).to_have_attribute("data-state", "known")
    assert typed(live_server) == 30
    check_is_fit(page)


def test_a_wrong_digit_is_said_at_once_and_several_codes_are_pasted(
    organiser: Page, live_server: LiveServer
) -> None:
    page, texts = organiser, codes(live_server, 3)
    page.goto(TYPE)
    requests: list[str] = []
    page.on("request", lambda item: requests.append(item.method) if item.method == "POST" else None)
    wrong = texts[0][:-1] + str((int(texts[0][-1]) + 1) % 10)
    type_code(page, wrong)
    expect(page.locator("#paper-problem")).to_contain_text("relisez les deux derniers chiffres")
    expect(page.get_by_label("Code de la ligne")).to_have_value(wrong)
    assert requests == []
    page.keyboard.press("Control+A")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text", text);
            const how = {clipboardData: data, bubbles: true, cancelable: true};
            document.getElementById("codes").dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        "\n".join(texts),
    )
    page.keyboard.press("Enter")
    expect_noted(page, 3)
    expect(page.locator("#paper-problem")).to_be_empty()


def test_codes_wait_for_the_network(
    organiser: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    page, texts = organiser, codes(live_server, 3)
    page.goto(TYPE)
    context.set_offline(True)
    for code in texts:
        type_code(page, code)
    counts = page.locator("#paper-counts")
    expect(counts).to_contain_text("3\u00a0en attente du réseau")
    expect(page.locator("#paper-problem")).to_contain_text("partiront seuls")
    assert typed(live_server) == 0
    context.set_offline(False)
    expect_noted(page, 3)
    expect(counts).not_to_contain_text("attente")
    assert typed(live_server) == 3


def test_codes_that_wait_outlive_the_page(
    organiser: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    page, texts = organiser, codes(live_server, 3)
    page.goto(TYPE)
    page.route("**/*", lambda route: route.abort() if is_post(route) else route.continue_())
    page.get_by_label("Heure du pointage").fill("00:15")
    page.get_by_label("Code de la ligne").focus()
    for code in texts:
        type_code(page, code)
    expect(page.locator("#paper-problem")).to_contain_text("fermée puis rouverte")
    until(page, ROWS_KEPT, arg=3)
    page.close()
    assert typed(live_server) == 0
    again = context.new_page()
    again.goto(TYPE)
    expect_noted(again, 3)
    assert typed(live_server) == 3
    until(again, ROWS_KEPT, arg=0)


def is_post(route: Route) -> bool:
    return route.request.method == "POST"


def test_codes_that_are_refused_come_back_to_the_field(
    organiser: Page, live_server: LiveServer
) -> None:
    page, texts = organiser, codes(live_server, 3)
    page.goto(TYPE)
    hour = page.get_by_label("Heure du pointage")
    now = hour.input_value()
    hour.fill("23:45")
    field = page.get_by_label("Code de la ligne")
    field.focus()
    for code in texts:
        type_code(page, code.replace(" ", ""))
    expect(page.locator("#paper-problem")).to_contain_text("revenus dans le champ")
    expect(field).to_have_value(re.compile(r"^(?:[^;]+; ){3}$"))
    assert typed(live_server) == 0
    hour.fill(now)
    field.focus()
    page.keyboard.press("Enter")
    expect_noted(page, 3)
    expect(field).to_have_value("")
    assert typed(live_server) == 3


def test_the_hour_moves_by_quarters(organiser: Page) -> None:
    organiser.goto(TYPE)
    hour = organiser.get_by_label("Heure du pointage")
    hour.fill("00:05")
    organiser.get_by_role("button", name="− 15 min").click()
    expect(hour).to_have_value("23:50")
    organiser.get_by_role("button", name="+ 15 min").click()
    expect(hour).to_have_value("00:05")


def test_a_pack_is_made_and_its_sheet_ticked_by_keyboard(
    organiser: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page = organiser
    page.goto("/organisation/dossier-papier")
    page.get_by_role("button", name="Préparer un dossier").click()
    expect(page.get_by_role("heading", name=re.compile("se prépare"))).to_be_visible()
    assert axe(page) == []
    live_server.flask("worker", "--once")
    expect(page.get_by_role("heading", name=re.compile("se prépare"))).to_be_hidden()
    fetch = page.get_by_role("link", name=re.compile("Télécharger")).first
    expect(fetch).to_be_visible()
    with page.expect_download() as fetched:
        fetch.click()
    fetched.value.save_as(tmp_path / "pack.pdf")
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF")
    pack = re.search(r"\d+", fetched.value.suggested_filename)
    assert pack
    page.goto(f"/ORGANISATION/PAPIER/{pack[0]}/0002")
    boxes = page.locator(".boxes__line input")
    boxes.first.focus()
    for _ in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    expect(page.locator("#boxes-count")).to_have_text("3\u00a0lignes cochées")
    check_is_fit(page)
    page.emulate_media(media="print")
    expect(boxes.first).to_be_visible()
    expect(page.get_by_role("button", name="Noter les lignes cochées")).to_be_hidden()
    expect(page.locator(".section-nav")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Noter les lignes cochées").press("Enter")
    expect(page.get_by_text("3\u00a0passages notés")).to_be_visible()
    assert typed(live_server) == 3
