"""The day and the way of who presented their badge."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition, ProgrammeItem, Room, Stand
from salon.kiosk import queries
from salon.kiosk.presenters import welcome
from salon.kiosk.presenters.way import way_shown
from salon.platform.database.db import current_session, transaction
from tests.appointments.make import Fair, book, make_fair, make_visitor
from tests.exhibitors.make import make_hall, make_stand


@pytest.fixture
def fair(edition: Edition) -> Fair:
    stored_fair = make_fair(edition, agents={"Département": 1, "Hérault THD": 1})
    with transaction() as session:
        room = Room(edition_id=edition.id, name="Salle 1")
        for hour, title in ((9, "Ouverture"), (15, "Clôture")):
            starts_at = stored_fair.at(hour)
            session.add(
                ProgrammeItem(
                    edition_id=edition.id,
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=30),
                    title=title,
                    room=room,
                )
            )
    return stored_fair


def test_the_day_is_what_is_left_of_it_and_ones_own(fair: Fair) -> None:
    visitor, other_attendee = make_visitor(fair.edition), make_visitor(fair.edition)
    book(fair, at=fair.at(9), visitor=visitor)
    book(fair, at=fair.at(11), visitor=visitor, body="Hérault THD")
    book(fair, at=fair.at(11), visitor=other_attendee)
    day = queries.day_of(fair.edition, visitor.id, fair.at(10))
    assert [appointment.starts_at for appointment in day.appointments] == [fair.at(11)]
    assert [talk.title for talk in day.talks] == ["Clôture"]
    shown = welcome.appointment_shown(day.appointments[0])
    assert shown["hour"] == "11\u00a0h"
    assert "Hérault THD" in shown["more"]
    eve = queries.day_of(fair.edition, visitor.id, fair.before)
    assert (list(eve.appointments), list(eve.talks), eve.next) == ([], [], None)


def stand_number(fair: Fair, body: str) -> str:
    return current_session().get_one(Stand, fair.stand_id(body)).number


def test_the_way_starts_at_the_kiosk_and_holds_no_link(app: Flask, fair: Fair) -> None:
    visitor = make_visitor(fair.edition)
    book(fair, at=fair.at(11), visitor=visitor, body="Hérault THD")
    day = queries.day_of(fair.edition, visitor.id, fair.at(10))
    own_stand, next_stand = stand_number(fair, "Département"), stand_number(fair, "Hérault THD")
    far_stand = make_stand(make_hall(fair.edition, name="1A")).number
    with app.test_request_context():
        way = way_shown(fair.edition, day, own_stand)
        without = way_shown(fair.edition, day, "")
        unknown = way_shown(fair.edition, day, "Z999")
        arrived = way_shown(fair.edition, day, next_stand)
        elsewhere = way_shown(fair.edition, day, far_stand)
    assert way["title"].startswith("À 11\u00a0h\u00a0: hall ")
    assert way["title"].endswith(f"stand {next_stand}")
    assert re.search(r"D’ici, comptez \d+\sminutes? à pied\.$", way["said"])
    assert "Vous êtes dans le hall 1A, comptez" in elsewhere["said"]
    assert "kiosk-plan__way" in way["plan"]
    assert f"le stand {next_stand} est entouré" in way["plan"]
    assert "<a" not in way["plan"]
    assert "à pied" not in without["said"]
    assert "kiosk-plan__way" not in without["plan"] + unknown["plan"] + arrived["plan"]
    assert "kiosk-plan__there" in without["plan"]
    assert arrived["said"].endswith("Vous y êtes.")


def test_without_appointment_the_plan_of_the_park_is_shown(app: Flask, fair: Fair) -> None:
    day = queries.day_of(fair.edition, make_visitor(fair.edition).id, fair.at(10))
    with app.test_request_context():
        way = way_shown(fair.edition, day, "")
    assert way["title"] == "Aucun rendez-vous à venir aujourd’hui"
    assert "<a" not in way["plan"]
