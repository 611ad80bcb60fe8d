"""What a fair of two days, or one overseas, says of its hours."""

import re
from datetime import date, time

import pytest
from flask import Flask

from salon.fair.models import Edition, EditionDay, ProgrammeItem, Room
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import paris
from salon.platform.words import formats
from salon.village_day.rules.standins import note_of_stand_in
from tests.factories import make_edition, sign_in
from tests.fair.test_practical import text_of
from tests.pages import PageClient

FIRST, SECOND = date(2027, 10, 14), date(2027, 10, 15)


@pytest.fixture
def edition(app: Flask) -> Edition:
    edition = make_edition(day=FIRST, slug="2027")
    with transaction() as session:
        hours = {"opens": time(9), "closes": time(16)}
        session.add(EditionDay(edition_id=edition.id, day_on=SECOND, **hours))
    current_session().expire_all()
    return edition


def test_an_hour_says_its_day_where_there_are_two(edition: Edition) -> None:
    starts_at, ends_at = (paris(SECOND, time(hour)) for hour in (10, 12))
    with_days = formats.span(starts_at, ends_at).replace("\u00a0", " ")
    assert with_days == "de 10 h à 12 h le vendredi 15"
    assert with_days in note_of_stand_in("A", "B", starts_at, ends_at).replace("\u00a0", " ")
    with transaction() as session:
        session.delete(session.get_one(EditionDay, edition.days[1].id))
    current_session().expire_all()
    assert formats.day_hour(starts_at) == "10\u00a0h"


def test_a_day_without_programme_has_no_heading(client: PageClient, edition: Edition) -> None:
    with transaction() as session:
        at = [paris(FIRST, time(hour)) for hour in (10, 11)]
        room = Room(edition_id=edition.id, name="Riquet")
        item = {"title": "L’eau", "starts_at": at[0], "ends_at": at[1], "room": room}
        session.add(ProgrammeItem(edition_id=edition.id, **item))
    headings = re.findall("<h2>([^<]*)</h2>", client.get("/programme").text)
    assert "Jeudi 14\u00a0octobre 2027" in headings
    assert "Vendredi 15\u00a0octobre 2027" not in headings


def test_overseas_hours_name_their_clock_and_the_journal_its_offset(
    app: Flask, edition: Edition
) -> None:
    with transaction(edition):
        edition.time_zone = "Indian/Reunion"
    assert edition.hours_label.endswith("heure de La Réunion")
    organiser = sign_in(app, Role.ORGANISER)
    assert "heure de La Réunion" in text_of(organiser.get("/infos-pratiques"))
    journal = organiser.get("/organisation/journal.csv").get_data(as_text=True)
    assert re.search(r"\d{2}:\d{2}:\d{2}\+04:00", journal)
    assert "+00:00" not in journal
