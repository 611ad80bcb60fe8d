"""An agent's page on a phone: it opens without network, keeps taps, tells what comes."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from salon.platform.words.formats import hour
from salon.village_day.presenters.my_rota import wait
from tests.browser.conftest import (
    LiveServer,
    axe,
    change_moment,
    check_is_fit,
    enter,
    patient,
    until,
)
from tests.browser.my_rota import (
    ARRIVE,
    CARD,
    STRIP,
    arrival_calls,
    is_noted,
    open_before_arriving,
    open_rota,
    shorten_the_day,
)
from tests.chromium import chromium_path


def test_the_page_opens_again_without_network(page: Page, context: BrowserContext) -> None:
    open_rota(page)
    expect(page.locator(STRIP)).to_be_hidden()
    failed: list[str] = []
    context.set_offline(True)
    page.on("requestfailed", lambda item: failed.append(item.url))
    page.reload()
    expect(page.locator(STRIP)).to_have_text(
        re.compile(r"^Hors connexion, planning tel qu’à 10\sh\s30 \(version\s1\)\.$")
    )
    expect(page.locator(CARD)).to_contain_text("Maintenant")
    assert page.evaluate("() => document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    assert [text for text in failed if "/static/" in text] == []
    expect(page.get_by_text("ouvrez-la une fois avec du réseau")).to_be_visible()
    assert axe(page) == []
    context.set_offline(False)
    expect(page.locator(STRIP)).to_be_hidden()


def test_a_server_that_is_down_is_as_no_network(page: Page, live_server: LiveServer) -> None:
    open_rota(page)
    live_server.stop()
    page.reload()
    expect(page.locator(STRIP)).to_contain_text("Hors connexion")
    expect(page.locator(CARD)).to_contain_text("Maintenant")


def test_what_is_on_is_told_by_the_fair_s_clock_without_network(
    page: Page, context: BrowserContext
) -> None:
    page.clock.install()
    open_rota(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator(CARD)).to_contain_text("jusqu’à 12\u00a0h")
    page.clock.fast_forward("01:31:00")
    expect(page.locator(CARD).locator(".now__when")).to_have_text(re.compile(r"Dans 5\d\smin"))
    expect(page.locator(CARD)).to_contain_text("13\u00a0h")
    page.clock.fast_forward("01:00:00")
    expect(page.locator(CARD)).to_contain_text("jusqu’à 13\u00a0h\u00a030")
    expect(page.locator(".my-shift.is-past")).to_have_count(2)
    page.clock.fast_forward("09:00:00")
    expect(page.locator(CARD)).to_contain_text("C’est fini")


def test_whom_one_receives_is_told_in_turn_without_network(
    page: Page, context: BrowserContext
) -> None:
    page.clock.install()
    open_rota(page)
    context.set_offline(True)
    page.reload()
    said = page.locator(f"{CARD} [data-meeting]:not([hidden])")
    ends_at = datetime.fromisoformat(said.get_attribute("data-until") or "")
    now = datetime.fromisoformat(page.locator("#planning").get_attribute("data-now") or "")
    expect(page.locator(".my-meeting.is-past")).to_have_count(0)
    page.locator(".my-meeting a").first.click()
    expect(page.locator(STRIP)).to_contain_text("demande le réseau")
    page.clock.fast_forward(int((ends_at - now).total_seconds() + 5) * 1000)
    expect(
        page.locator(f"[data-until='{ends_at.isoformat()}'][data-meeting]:visible")
    ).to_have_count(0)
    expect(page.locator(".my-meeting.is-past")).to_have_count(1)


def test_a_tap_without_network_is_sent_once_when_it_is_back(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    open_before_arriving(page, live_server)
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name=ARRIVE).click()
    element = page.locator(CARD).get_by_text(re.compile(r"Arrivée de 10\sh\s3\d gardée"))
    expect(element).to_be_visible()
    expect(page.locator(STRIP)).to_contain_text("1\u00a0arrivée à envoyer")
    page.reload()
    expect(element).to_be_visible()
    assert not is_noted(live_server)
    sent = arrival_calls(page)
    context.set_offline(False)
    expect(page.locator(CARD)).to_contain_text(re.compile(r"Arrivée notée à 10\sh\s3\d"))
    expect(page.locator(STRIP)).to_be_hidden()
    page.reload()
    expect(page.locator(CARD)).to_contain_text("Arrivée notée à")
    assert is_noted(live_server)
    assert len(sent) == 1


def test_a_tap_with_the_network_is_noted_at_once_by_keyboard(
    page: Page, live_server: LiveServer
) -> None:
    open_before_arriving(page, live_server)
    sent = arrival_calls(page)
    page.get_by_role("button", name=ARRIVE).focus()
    page.keyboard.press("Enter")
    expect(page.locator(CARD)).to_contain_text("Arrivée notée à")
    expect(page.locator("#annonce")).to_contain_text("Votre arrivée est notée")
    assert is_noted(live_server)
    assert len(sent) == 1


def test_other_pages_say_that_they_need_the_network(page: Page, context: BrowserContext) -> None:
    open_rota(page)
    context.set_offline(True)
    page.reload()
    page.get_by_role("link", name=re.compile("Je ne peux pas")).first.click()
    expect(page.locator(STRIP)).to_contain_text("Cette page demande le réseau")
    page.goto("/planning/souhaits")
    expect(page).to_have_url(re.compile("/planning$"))
    expect(page.locator(STRIP)).to_contain_text("Cette page demande le réseau")


@pytest.fixture
def notified_page(launch: Callable[..., Browser], live_server: LiveServer) -> Iterator[Page]:
    """A page of a browser that shows notifications."""
    browser = launch(path=chromium_path())
    context = browser.new_context(
        base_url=live_server.url, locale="fr-FR", permissions=["notifications"]
    )
    yield patient(context).new_page()
    browser.close()


def test_a_quarter_of_an_hour_before_the_phone_says_so(notified_page: Page) -> None:
    notified_page.clock.install()
    open_rota(notified_page)
    notified_page.clock.fast_forward("02:15:30")
    expect(notified_page.locator(STRIP)).to_contain_text(
        re.compile(r"Dans 1\d\smin\s: Hérault Logement, hall\s3, stand\s67\.")
    )
    shown = "() => navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"
    until(notified_page, f"{shown}.then((all) => all.length > 0)")
    bodies: list[str] = notified_page.evaluate(
        f"{shown}.then((all) => all.map((item) => item.body))"
    )
    assert bodies == ["Hérault Logement, hall\u00a03, stand\u00a067, à 13\u00a0h"]


def test_the_page_at_every_moment(page: Page) -> None:
    enter(page, "Entrer comme agent")
    for moment in ("La veille", "L’ouverture", "10 h 30", "Le soir, après"):
        page.goto("/planning")
        change_moment(page, moment)
        page.goto("/planning")
        expect(page.locator(CARD)).to_have_count(1)
        check_is_fit(page)


def test_what_changed_since_the_last_look_is_marked_until_it_is_seen(
    page: Page, live_server: LiveServer
) -> None:
    open_rota(page)
    expect(page.locator("#changements")).to_be_hidden()
    shorten_the_day(live_server)
    page.goto("/planning")
    expect(page.locator("#changements")).to_contain_text("2\u00a0vacations ont changé")
    expect(page.locator(".my-shift.is-new")).to_have_count(1)
    expect(page.locator(".my-withdrawn li:visible")).to_contain_text(
        "15\u00a0h\u00a030 – 17\u00a0h\u00a030"
    )
    assert axe(page) == []
    page.reload()
    page.get_by_role("button", name="C’est vu").click()
    expect(page.locator("#changements")).to_be_hidden()
    expect(page.locator(".my-shift.is-new")).to_have_count(0)
    page.reload()
    expect(page.locator("#changements")).to_be_hidden()


VERSION_TWO_IS_KEPT = """async () => {
  const page = await caches.match(location.pathname);
  return Boolean(page) && (await page.text()).includes('data-number="2"');
}"""


def test_a_page_left_open_shows_what_is_published_meanwhile(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    open_rota(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator(".my-shift")).to_have_count(5)
    shorten_the_day(live_server)
    context.set_offline(False)
    expect(page.locator(".my-shift")).to_have_count(4)
    expect(page.locator("#changements")).to_be_visible()
    until(page, VERSION_TWO_IS_KEPT)
    context.set_offline(True)
    page.reload()
    expect(page.locator(STRIP)).to_contain_text("(version\u00a02)")
    expect(page.locator(".my-shift")).to_have_count(4)


HOURS = [
    ("2021-10-01T08:05:00+00:00", "2021-10-01T08:30:00+00:00"),
    ("2021-10-01T08:04:30+00:00", "2021-10-01T08:30:00+00:00"),
    ("2021-10-01T07:30:00+00:00", "2021-10-01T08:30:00+00:00"),
    ("2021-10-01T06:25:00+00:00", "2021-10-01T08:30:00+00:00"),
    ("2021-09-30T21:50:00+00:00", "2021-10-01T07:00:00+00:00"),
    ("2021-09-30T22:10:00+00:00", "2021-10-01T07:00:00+00:00"),
    ("2021-09-28T07:00:00+00:00", "2021-10-01T07:00:00+00:00"),
    ("2021-10-01T08:30:00+00:00", "2021-10-01T08:30:00+00:00"),
    ("2021-10-30T21:00:00+00:00", "2021-10-31T08:00:00+00:00"),
    ("2021-10-30T23:30:00+00:00", "2021-10-31T03:00:00+00:00"),
    ("2021-03-28T00:30:00+00:00", "2021-03-28T03:00:00+00:00"),
]


def test_the_phone_says_hours_as_the_server_does(page: Page) -> None:
    """The same words by the same instants, on the days when clocks change too."""
    open_rota(page)
    value = page.evaluate(
        """async (hours) => {
          const page = document.querySelector("script[src$='my_rota/my_rota.js']").src;
          const part = (name) => import(page.replace("my_rota/my_rota.js", name));
          const { wait } = await part("my_rota/moments.js");
          const { hourOf } = await part("page/french.js");
          return hours.map((pair) => pair.map(Date.parse))
            .map(([now, start]) => [wait(now, start), hourOf(start)]);
        }""",
        HOURS,
    )
    instants = [
        (datetime.fromisoformat(first_hour), datetime.fromisoformat(two))
        for first_hour, two in HOURS
    ]
    assert value == [[wait(at, start), hour(start)] for at, start in instants]
