"""A fair of several days asks on which of them people come; badge, calendar, paper follow it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import icalendar
import pypdfium2
import pytest
from flask import Flask

from salon.badges.imports.roster import read_days
from salon.badges.models import Attendee, Badge
from salon.badges.queries.visit_days import comes_on
from salon.fair.models import Edition, EditionDay
from salon.fair.services import days as day_services
from salon.fair.services.days import DayHours
from salon.paper.queries import places_of
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now
from salon.platform.words import formats
from salon.platform.words.formats import short_days
from tests.badges.people import all_of, make_person, register
from tests.badges.test_group_routes import group_fields
from tests.badges.visitor_pages import VISITOR, page_of
from tests.factories import act_in, make_edition, make_places, sign_in
from tests.pages import PageClient
from tests.tables import each

ONE_DAY = timedelta(days=1)


@pytest.fixture
def two_days(app: Flask) -> Edition:
    """Tomorrow and the day after."""
    return add_day(make_edition(), 1)


def add_day(edition: Edition, later: int) -> Edition:
    make_places()
    day_on = edition.days[0].day_on + later * ONE_DAY
    with transaction() as session:
        day = EditionDay(edition_id=edition.id, day_on=day_on, opens=time(9), closes=time(16))
        session.add(day)
    current_session().expire_all()
    return edition


def days_of(edition: Edition) -> list[str]:
    return [day.day_on.isoformat() for day in edition.days]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def visits() -> dict[str, str]:
    current_session().expire_all()
    return {attendee.last_name: attendee.visit_days for attendee in all_of(Attendee)}


def events_of(client: PageClient) -> Iterator[date]:
    token = all_of(Badge)[-1].private_token
    for event in icalendar.Calendar.from_ical(client.get(f"/badge/{token}.ics").data).walk(
        "VEVENT"
    ):
        yield local(event["dtstart"].dt).date()


def test_a_fair_of_one_day_does_not_ask(client: PageClient, edition: Edition) -> None:
    assert "Quels jours" not in page_of(client.get("/inscription"))
    assert client.fill("/inscription", **VISITOR).status_code == 302
    assert visits() == {"d’Arçon": ""}


def test_somebody_comes_on_one_day(client: PageClient, two_days: Edition) -> None:
    first, second = days_of(two_days)
    page = page_of(client.get("/inscription"))
    assert page.count('name="visit_days"') == page.count("checked") - 1 == 2, "all, and a half-day"
    none = client.fill("/inscription", **{**VISITOR, "visit_days": []})
    assert none.status_code == 400
    assert "Choisissez au moins un jour" in page_of(none)
    assert client.fill("/inscription", **{**VISITOR, "visit_days": [second]}).status_code == 302
    assert visits() == {"d’Arçon": second}
    assert list(events_of(client)) == [two_days.days[1].day_on]
    badge = all_of(Badge)[0]
    words = short_days([two_days.days[1].day_on]).capitalize()
    shown = page_of(client.get(f"/badge/{badge.private_token}"))
    assert f"{words}, matin" in shown
    assert [len(places_of(two_days, day.day_on)) for day in two_days.days] == [0, 1]
    said = plain(formats.day(two_days.days[1].day_on))
    assert f"{said.capitalize()}, 9 h – 16 h" in plain(shown)
    assert f"Quand : {said}, 9 h – 16 h" in plain(words_of(all_of(Message)[0])[1])
    sheet = pypdfium2.PdfDocument(client.get(f"/badge/{badge.private_token}.pdf").data)
    printed = sheet[0].get_textpage().get_text_range()
    assert said.capitalize() in plain(printed)
    changed = {**VISITOR, "version": "1", "visit_days": [first, second]}
    client.fill(f"/badge/{badge.private_token}/modifier", **changed)
    assert visits() == {"d’Arçon": ""}
    assert len(list(events_of(client))) == 2


def test_a_group_and_a_list_say_their_days(client: PageClient, two_days: Edition) -> None:
    first, second = days_of(two_days)
    client.fill("/inscription/commune", **group_fields("Un", "Deux"), visit_days=[first])
    assert visits() == {"Un": first, "Deux": first}
    day = two_days.days[1].day_on
    roster = (
        f"Prénom;Nom;Fonction;Jours\nA;Trois;Maire;{day:%d/%m}\nB;Quatre;Maire;\nC;Cinq;Maire;tous"
    )
    fields = {"commune": "Mons", "email": "mairie@mons.example", "roster": roster}
    fields |= {"visit_days": [first]}
    preview = page_of(client.fill("/inscription/commune/liste", **fields))
    assert short_days([day]).capitalize() in preview
    client.fill("/inscription/commune/liste", **fields, action="confirm")
    assert visits() == {"Un": first, "Deux": first, "Trois": second, "Quatre": first, "Cinq": ""}
    wrong = {**fields, "roster": "Prénom;Nom;Fonction;Jours\nD;Six;Maire;jamais"}
    assert "n’est pas un jour du salon" in page_of(
        client.fill("/inscription/commune/liste", **wrong)
    )


def test_who_registers_on_the_second_day_comes_that_day(
    app: Flask, minute: Callable[[datetime], None]
) -> None:
    edition = add_day(make_edition(day=local(now()).date() - ONE_DAY), 1)
    minute(edition.days[1].opens_at)
    register(make_person(last_name="Tard"))
    assert visits() == {"Tard": days_of(edition)[1]}
    desk = page_of(sign_in(app, Role.ORGANISER).get("/accueil"))
    today = f'value="{days_of(edition)[1]}"'
    (box,) = [line for line in desk.splitlines() if today in line and "visit_days" in line]
    assert "checked" in box
    assert desk.count("checked") == 1, "today alone"


def test_visits_follow_their_day_and_one_given_up_means_all(app: Flask, two_days: Edition) -> None:
    first, second = days_of(two_days)
    for name, days in (("Un", first), ("Deux", second)):
        register(make_person(last_name=name, visit_days=days))
    hours = [DayHours(day.day_on, day.opens, day.closes) for day in two_days.days]

    def change(*days: DayHours) -> None:
        stamp = stamp_of(day_services.days_of(two_days))
        day_services.change_days(act_in(two_days, SYSTEM), {"days": list(days)}, stamp)

    week = [DayHours(day.day_on + 7 * ONE_DAY, day.opens, day.closes) for day in hours]
    change(*week)
    assert visits() == {"Un": str(week[0].day_on), "Deux": str(week[1].day_on)}
    change(week[0])
    expected = current_session().query(Attendee).where(comes_on(two_days, week[0].day_on))
    assert expected.count() == 2, "who chose the day that went is expected on the one left"
    assert visits()["Deux"] == str(week[1].day_on), "and has it again when it comes back"


THURSDAY, FRIDAY, SATURDAY = (date(2027, 10, number) for number in (14, 15, 16))
FAIR = (THURSDAY, FRIDAY, SATURDAY)


@each(
    ("cell", "days"),
    [
        ("jeudi", [THURSDAY]),
        ("Jeudi 14", [THURSDAY]),
        ("15/10", [FRIDAY]),
        ("2027-10-15", [FRIDAY]),
        ("15/10/2027 00:00", [FRIDAY]),
        ("14 et 15", [THURSDAY, FRIDAY]),
        ("du jeudi 14 au samedi 16 octobre 2027", list(FAIR)),
        ("tous", list(FAIR)),
        ("les trois jours", list(FAIR)),
        ("vendredi 14", []),
        ("lundi", []),
        ("14/11", []),
        ("oui", []),
    ],
)
def test_a_cell_names_days_of_the_fair(cell: str, days: list[date]) -> None:
    assert read_days(cell, FAIR) == days


def test_an_empty_cell_says_nothing() -> None:
    assert read_days("  ", FAIR) is None
