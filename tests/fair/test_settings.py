"""Settings of the fair changed on pages: names, days, place, texts."""

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from flask import Flask

from salon.fair.engine.map_points import read_point
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.fair.rules import DayClosesBeforeOpening, DayTwice, NoDay, ProgrammeOutsideOpeningHours
from salon.fair.rules.texts import PAGE_TEXTS
from salon.fair.services import days as day_services
from salon.fair.services import settings as services
from salon.fair.services.days import DayHours
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import entries
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.settings.clock import local, paris
from tests.factories import act_in, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/reglages"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def fresh(edition: Edition) -> Edition:
    current_session().expire_all()
    return edition


def last_action() -> str:
    return current_session().scalars(entries()).first().action  # type: ignore[union-attr]


def test_the_hub_shows_the_present_values_and_every_card_opens(
    organiser: PageClient, edition: Edition
) -> None:
    page = organiser.get(PLACE)
    assert edition.short_name in text_of(page)
    links = re.findall(r'setting-card__title"><a href="([^"]+)"', page.text)
    assert len(links) > 8
    for link in links:
        assert organiser.get(link).status_code == 200, link


def test_a_new_name_is_read_everywhere(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    fields = fields_of(organiser.get(f"{PLACE}/salon").text)
    fields |= {"short_name": "Salon des maires de l’Aude", "contact_email": "salon@aude.example"}
    fields |= {"figures-0-value": "30", "figures-0-label": "stands"}
    assert organiser.post(f"{PLACE}/salon", data=fields).location == PLACE
    assert "Salon des maires de l’Aude" in text_of(client.get("/programme"))
    assert "salon@aude.example" in client.get("/infos-pratiques").text
    assert "stands" in client.get("/").text
    assert last_action() == "edition.identity_changed"


def test_a_figure_without_its_words_is_refused(organiser: PageClient) -> None:
    fields = fields_of(organiser.get(f"{PLACE}/salon").text) | {"figures-0-value": "30"}
    answer = organiser.post(f"{PLACE}/salon", data=fields)
    assert answer.status_code == 400
    assert "ce qu’il compte" in answer.text


def test_two_organisers_on_the_same_page(organiser: PageClient, edition: Edition) -> None:
    fields = fields_of(organiser.get(f"{PLACE}/salon").text)
    organiser.post(f"{PLACE}/salon", data=fields | {"organiser": "AMF 11"})
    answer = organiser.post(f"{PLACE}/salon", data=fields | {"organiser": "AMF 66"})
    assert answer.status_code == 409
    assert "AMF 11" in answer.text
    assert "AMF 66" in answer.text
    assert fresh(edition).organiser == "AMF 11"
    assert organiser.post(f"{PLACE}/salon", data=fields_of(answer.text)).status_code == 302
    assert fresh(edition).organiser == "AMF 66"


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("43.3442, 3.2158", (43.3442, 3.2158)),
        ("43,3442 ; 3,2158", (43.3442, 3.2158)),
        ("-21.1 55.5", (-21.1, 55.5)),
        ("https://www.openstreetmap.org/?mlat=43.1&mlon=2.5#map=17/43.2/2.6", (43.1, 2.5)),
        ("https://www.openstreetmap.org/#map=17/43.2/2.6", (43.2, 2.6)),
        ("Béziers", None),
        ("99, 3", None),
        ("43, 200", None),
    ],
)
def test_a_point_is_read_as_it_is_pasted(typed: str, point: tuple[float, float] | None) -> None:
    assert read_point(typed) == point


def test_a_map_point_is_a_link_for_the_visitor(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    path = f"{PLACE}/lieu"
    fields = fields_of(organiser.get(path).text)
    assert organiser.post(path, data=fields | {"map_point": "ici"}).status_code == 400
    organiser.post(path, data=fields | {"map_point": "43.21, 2.35", "city": "Carcassonne"})
    page = client.get("/infos-pratiques").text
    assert "https://www.openstreetmap.org/?mlat=43.21&amp;mlon=2.35#map=17/43.21/2.35" in page
    assert '"latitude": 43.21' in client.get("/").text
    fields = fields_of(organiser.get(path).text)
    assert fields["map_point"] == "43.21, 2.35"
    organiser.post(path, data=fields | {"map_point": ""})
    assert "openstreetmap" not in client.get("/infos-pratiques").text


def put_item(edition: Edition, start: time, end: time) -> ProgrammeItem:
    day = edition.days[0].day_on
    with transaction() as session:
        item = ProgrammeItem(
            edition_id=edition.id,
            starts_at=paris(day, start),
            ends_at=paris(day, end),
            title="Ouverture",
            room=Room(edition_id=edition.id, name="Salle 1"),
        )
        session.add(item)
    return item


def change_days(edition: Edition, *days: DayHours) -> None:
    stamp = stamp_of(day_services.days_of(edition))
    day_services.change_days(act_in(edition, SYSTEM), {"days": days}, stamp)


def test_the_programme_moves_with_its_day(edition: Edition) -> None:
    item = put_item(edition, time(10), time(11))
    later = edition.days[0].day_on + timedelta(days=120)
    change_days(edition, DayHours(later, time(9), time(18)))
    assert [day.day_on for day in fresh(edition).days] == [later]
    assert local(item.starts_at).date() == later
    assert local(item.starts_at).time() == time(10)
    assert last_action() == "edition.days_changed"


def test_hours_that_leave_the_programme_out_are_refused(edition: Edition) -> None:
    put_item(edition, time(16, 30), time(17, 30))
    day = edition.days[0].day_on
    with pytest.raises(ProgrammeOutsideOpeningHours, match="Ouverture"):
        change_days(edition, DayHours(day, time(9), time(17)))
    assert fresh(edition).days[0].closes == time(17, 30)


DAY = date(2027, 10, 1)


@each(
    ("days", "error"),
    [
        ([], NoDay),
        ([DayHours(DAY, time(9), time(17)), DayHours(DAY, time(9), time(18))], DayTwice),
        ([DayHours(DAY, time(17), time(9))], DayClosesBeforeOpening),
    ],
)
def test_days_in_disorder_are_refused(
    edition: Edition, days: list[DayHours], error: type[Exception]
) -> None:
    with pytest.raises(error):
        change_days(edition, *days)


def test_days_are_typed_on_a_page(organiser: PageClient, edition: Edition) -> None:
    path = f"{PLACE}/jours"
    fields = fields_of(organiser.get(path).text)
    second = edition.days[0].day_on + timedelta(days=1)
    added = {"days-1-day_on": str(second), "days-1-opens": "09:00"}
    answer = organiser.post(path, data=fields | added)
    assert answer.status_code == 400
    assert str(second) in answer.text
    assert organiser.post(path, data=fields | added | {"days-1-closes": "12:30"}).status_code == 302
    assert len(fresh(edition).days) == 2
    answer = organiser.post(path, data=fields | {"days-0-closes": "16:00"})
    assert answer.status_code == 409


def test_a_text_is_previewed_then_saved_then_back_to_the_original(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    path = f"{PLACE}/textes"
    fields = fields_of(organiser.get(path).text)
    typed = fields | {"tagline": "Deux **jours** pour <b>tous</b> : venez"}
    preview = organiser.post(path, data=typed | {"preview": "1"})
    assert "Deux <strong>jours</strong> pour &lt;b&gt;" in preview.text
    assert fields_of(preview.text)["tagline"] == typed["tagline"]
    assert fresh(edition).texts == {}
    organiser.post(path, data=fields_of(preview.text))
    assert fresh(edition).texts == {"tagline": typed["tagline"]}
    assert "<strong>jours</strong>" in client.get("/").text
    fields = fields_of(organiser.get(path).text)
    organiser.post(path, data=fields | {"tagline": ""})
    assert fresh(edition).texts == {}
    assert unescape(PAGE_TEXTS["tagline"].original[:40]) in client.get("/").text


def test_texts_of_two_pages_do_not_lose_each_other(edition: Edition) -> None:
    texts, arrival = services.texts_of(edition), services.arrival_of(edition)
    services.change_texts(act_in(edition, SYSTEM), {"after": "Merci."}, stamp_of(texts))
    services.change_arrival(act_in(edition, SYSTEM), {"by_car": "A9"}, stamp_of(arrival))
    assert fresh(edition).texts == {"after": "Merci.", "by_car": "A9"}
    with pytest.raises(StaleVersion):
        services.change_texts(act_in(edition, SYSTEM), {"after": "Adieu."}, stamp_of(texts))


@each("path", ["", "/salon", "/jours", "/lieu", "/venir", "/textes"])
def test_settings_are_the_organisers(app: Flask, edition: Edition, path: str) -> None:
    assert sign_in(app, Role.AGENT).get(PLACE + path).status_code == 403


def test_registration_dates_and_the_telephone_are_set_on_a_page(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    path = f"{PLACE}/inscriptions"
    fields = fields_of(organiser.get(path).text) | {"phone_asked": "optional"}
    assert 'name="phone"' in client.get("/inscription").text
    organiser.post(path, data=fields | {"phone_asked": "no"})
    assert 'name="phone"' not in client.get("/inscription").text
    fields = fields_of(organiser.get(path).text) | {"phone_asked": "required"}
    organiser.post(path, data=fields)
    page = client.get("/inscription").text
    assert re.search(r'<input[^>]*name="phone"[^>]*required', page)
    answer = client.post("/inscription", data=fields_of(page) | {"phone": ""})
    assert answer.status_code == 400
    assert "Indiquez un numéro de téléphone." in answer.text
    opens = fields["registration_opens_at"]
    fields = fields_of(organiser.get(path).text) | {"phone_asked": "optional"}
    answer = organiser.post(path, data=fields | {"registration_closes_at": opens})
    assert answer.status_code == 400
    assert "ferment avant d’ouvrir" in answer.text
    assert fresh(edition).phone_asked == "required"
    closed = fields | {"registration_closes_at": "2022-01-01T10:00"}
    organiser.post(path, data=closed | {"registration_opens_at": "2021-01-01T10:00"})
    assert "closes" in client.get("/inscription").text


def test_legal_notices_are_written_on_a_page(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    path = f"{PLACE}/mentions-legales"
    fields = fields_of(organiser.get(path).text)
    written = {"publisher": "AMF de l’Aude", "email": "dpo@aude.example", "dpo": "dpo@aude.example"}
    assert organiser.post(path, data=fields | {"email": "aude"}).status_code == 400
    assert organiser.post(path, data=fields | written).location == PLACE
    assert "AMF de l’Aude" in client.get("/mentions-legales").text
    assert "dpo@aude.example" in client.get("/confidentialite").text
    assert "dpo@aude.example" in client.get("/.well-known/security.txt").text
    assert organiser.post(path, data=fields | {"publisher": "Un autre"}).status_code == 409
    fields = fields_of(organiser.get(path).text)
    organiser.post(path, data=fields | {"publisher": ""})
    assert "AMF de l’Aude" not in client.get("/mentions-legales").text
