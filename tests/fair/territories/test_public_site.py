"""The whole public site of fairs of other départements than the demonstration's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar

from salon.appointments.documents.ical import appointment_calendar
from salon.badges.queries import get_valid_badge
from salon.badges.services import load_department
from salon.fair.models import Edition, Hall
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import current_zone, in_zone, local, paris
from salon.platform.web.access import settings
from tests.appointments.make import Fair, book, make_fair, make_visitor, messages
from tests.exhibitors.make import make_terms
from tests.factories import make_edition
from tests.pages import PageClient
from tests.statements import statements
from tests.test_no_place import WORDS
from tests.test_walls import access_table

AUDE: dict[str, Any] = {
    "department": "11",
    "name": "Salon des maires de l’Aude",
    "short_name": "Salon des maires de l’Aude",
    "place": "Parc des expositions",
    "address": "Avenue de la Mer, 11100 Narbonne",
    "city": "Narbonne",
    "organiser": "Association des maires de l’Aude",
    "village_name": "le village",
}
REUNION: dict[str, Any] = {
    "department": "974",
    "name": "Salon des maires de La Réunion",
    "short_name": "Salon des maires de La Réunion",
    "place": "Parc des expositions",
    "address": "1 rue du Karting, 97419 La Possession",
    "city": "La Possession",
    "organiser": "Association des maires de La Réunion",
    "village_name": "l’espace des partenaires",
    "time_zone": "Indian/Reunion",
}
COMMUNES = {"11": "11262", "974": "97411"}
SELLER = {"name": "Association des maires", "address": "", "postal_code": "", "city": ""}
REGULATIONS = {
    "regulations": [{"title": "Montage", "text": "La veille, à partir de 14 h."}],
    "regulations_dated_on": date(2027, 1, 15),
}
ELSEWHERE = {
    *("/connexion/code", "/connexion/organisation/code", "/inscription/corriger"),
    "/inscription/deja-inscrit",
    *("/rendez-vous/demande", "/mon-parcours.ics", "/mon-parcours.pdf", "/favicon.ico"),
    *("/logo.webp", "/metrics"),
    *("/connexion/fournisseur", "/connexion/fournisseur/retour", "/deconnexion"),
}
"""Pages that lead to the step before them, files of a choice that was not made, icon, logo, figures
for who bears their token, and the way to an identity provider where there is none."""


def make_public_fair(facts: dict[str, Any]) -> Fair:
    load_department(Act(SYSTEM), facts["department"])
    edition = make_edition(**facts)
    make_terms(edition, seller=SELLER, **REGULATIONS)
    return make_fair(edition, bodies=[("Département", "Aide aux communes")])


@pytest.mark.parametrize("facts", [AUDE, REUNION], ids=["Aude", "La Réunion"])
def test_every_public_page_is_of_its_own_departement(
    app: Flask, client: PageClient, facts: dict[str, Any]
) -> None:
    fair = make_public_fair(facts)
    visitor = make_visitor(fair.edition, commune=COMMUNES[facts["department"]])
    badge = get_valid_badge(visitor.id).private_token
    theme = fair.village.themes["Département"].slug
    hall = current_session().query(Hall).first()
    assert hall is not None
    addresses = [
        *public_addresses(app),
        *(f"/badge/{badge}", f"/village/{theme}", f"/rendez-vous/themes/{theme}"),
        f"/plan/{hall.name}",
    ]
    answers = {address: client.get(address) for address in addresses}
    statuses = {address: answer.status_code for address, answer in answers.items()}
    assert {address for address, status in statuses.items() if status != 200} == ELSEWHERE
    for address, answer in answers.items():
        content = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        assert not WORDS.search(content), address
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert facts["short_name"] in content, address


def public_addresses(app: Flask) -> list[str]:
    """Return the public addresses that have no argument."""
    lines = (line.split() for line in access_table(app))
    return [
        address
        for *methods, address, text in lines
        if "GET" in methods and text == "public" and "<" not in address
    ]


def test_nine_o_clock_in_la_reunion_is_nine_everywhere_and_five_in_utc(
    app: Flask, client: PageClient
) -> None:
    fair = make_public_fair(REUNION)
    assert current_zone() == ZoneInfo("Indian/Reunion")
    visitor = make_visitor(fair.edition, commune="97411")
    appointment = book(fair, at=fair.at(9), visitor=visitor)
    day = fair.edition.days[0].day_on
    assert appointment.starts_at == datetime.combine(day, time(5), UTC)
    assert fair.edition.starts_at == datetime.combine(day, time(5), UTC)
    (message,) = messages("appointment_booked")
    subject, words = words_of(message)
    assert "9\u00a0h" in subject
    assert "de 9\u00a0h à 9\u00a0h\u00a020" in words
    page = client.get(f"/rendez-vous/{appointment.private_token}").text
    assert "9\u00a0h" in page
    assert 'data-time-zone="Indian/Reunion"' in page
    calendar = Calendar.from_ical(
        appointment_calendar(appointment, settings(), appointment.starts_at)
    )
    (zone,) = calendar.walk("VTIMEZONE")
    (event,) = calendar.walk("VEVENT")
    assert zone["tzid"] == "Indian/Reunion"
    assert event["dtstart"].params["TZID"] == "Indian/Reunion"
    assert event["dtstart"].dt.time() == time(9)
    assert client.get("/api/v1/time").json["now"].endswith("+04:00")


def test_another_zone_is_read_for_a_while(app: Flask, edition: Edition) -> None:
    noon = paris(edition.days[0].day_on, time(12))
    with in_zone("Pacific/Noumea"):
        assert local(noon).tzinfo == ZoneInfo("Pacific/Noumea")
        assert paris(edition.days[0].day_on, time(12)) < noon
    assert local(noon).time() == time(12)


def test_the_zone_is_not_asked_for_at_each_hour(app: Flask) -> None:
    instant = make_edition(**REUNION).registration_opens_at
    with statements() as sent_statements:
        assert {local(instant).utcoffset() for _ in range(100)} == {timedelta(hours=4)}
    assert sum(statement.startswith("SELECT") for statement in sent_statements) == 1
