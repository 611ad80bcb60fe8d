"""The eve of the fair: one message to each address, once, for those who come the next day."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from salon.appointments.services.reminders import post_appointment_reminders
from salon.badges.models import Attendee, Badge
from salon.badges.services import cancel_attendee
from salon.badges.services.agents import update_agent_badges
from salon.fair.models import Edition, EditionDay, EditionState
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import action_named, write_entry
from salon.platform.mail.delivery import attachments_of, envelope, words_of
from salon.platform.mail.html import html_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import paris
from salon.staffing.services.reminders import post_rota_reminders
from tests.appointments.make import book, make_fair, make_visitor, messages
from tests.badges.people import all_of, badge_of, make_person, register, register_one
from tests.races import race
from tests.reads.test_api import make_item

MAIRIE = "mairie@vias.example"


def eve_of(edition: Edition, hour: int = 18, minute: int = 0) -> datetime:
    return paris(edition.days[0].day_on - timedelta(days=1), time(hour, minute))


def long_ago(edition: Edition) -> None:
    """Date every registration ten days before the fair."""
    with transaction() as session:
        at = edition.starts_at - timedelta(days=10)
        session.execute(update(Attendee).values(registered_at=at))


def told() -> list[Message]:
    return [*messages("eve_visitor"), *messages("appointment_tomorrow")]


def test_each_person_is_told_once_of_hours_way_and_badge(app: Flask, edition: Edition) -> None:
    with transaction(edition):
        edition.access = "Autoroute A9, sortie 36.\n700 places de stationnement."
    person = register_one(email="vera@beziers.example", civility="madame")
    long_ago(edition)
    counts = [post_appointment_reminders(eve_of(edition, *at)) for at in ((17, 59), (18,), (23,))]
    assert counts == [0, 1, 0]
    # The clock goes back: what was told stays told.
    assert post_appointment_reminders(eve_of(edition)) == 0
    (message,) = told()
    token = badge_of(person.id).private_token
    text = words_of(message)[1]
    for words in (
        f"/badge/{token}\n",
        f"/badge/{token}.pdf",
        "9\u00a0h",
        "700 places",
        "/infos-pr",
    ):
        assert words in text
    assert [file.picture for file in attachments_of(message)] == [
        "QR code du badge, à montrer à l’entrée"
    ]
    assert b"Content-ID: <picture@" in envelope(message)
    version = current_session().get_one(Attendee, person.id).version
    assert version == 1


@pytest.mark.on_both
def test_an_address_shared_by_nine_gets_one_message_with_the_appointments(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    people = [
        make_visitor(edition, email=MAIRIE if number % 2 else MAIRIE.title()) for number in range(9)
    ]
    alone = make_visitor(edition)
    for hour, visitor in ((9, people[0]), (10, people[1]), (11, alone)):
        book(fair, at=fair.at(hour), visitor=visitor)
    long_ago(edition)
    assert post_appointment_reminders(eve_of(edition)) == 2
    shared, own = messages("appointment_tomorrow")
    assert (shared.recipient.casefold(), own.recipient) == (MAIRIE, alone.email)
    text = words_of(shared)[1]
    assert [person.full_name in text for person in people] == [True] * 9
    assert len(shared.context["appointments"]) == 2
    page = html_of(*words_of(shared), edition)
    links = re.findall(r'href="[^"]*/(badge|rendez-vous)/[^"]+"', page)
    assert [links.count("badge"), links.count("rendez-vous")] == [9, 2]
    assert [f", pour {person.full_name}" in text for person in people] == [
        *(True, True),
        *[False] * 7,
    ]
    assert own.context["salutation"] != shared.context["salutation"] == "Bonjour"
    assert ", pour " not in words_of(own)[1].partition("Votre badge")[0]


def test_a_booker_who_writes_their_address_in_capitals_is_the_visitor(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    visitor = make_visitor(edition, email=MAIRIE)
    book(fair, at=fair.at(9), visitor=visitor, contact_email=MAIRIE.upper())
    [booked] = messages("appointment_booked")
    long_ago(edition)
    assert post_appointment_reminders(eve_of(edition)) == 1
    [eve] = messages("appointment_tomorrow")
    for message in (booked, eve):
        assert message.context["is_holder"] is True
        assert message.context["salutation"] != "Bonjour"


def test_nobody_is_told_who_does_not_come_or_of_a_fair_that_does_not_take_place(
    app: Flask, edition: Edition
) -> None:
    gone, comes = register_one(email="a@x.example"), register_one(email="b@x.example")
    register(make_person(email=""), contact="mairie@x.example")
    late = register_one(email="late@x.example")
    long_ago(edition)
    with transaction(late):
        late.registered_at = eve_of(edition, 19)
    cancel_attendee(Act(SYSTEM), gone.id)
    for changes in (
        {"standing": Standing.POSTPONED},
        {"standing": Standing.CANCELLED},
        {"state": EditionState.HELD},
    ):
        former = {name: getattr(edition, name) for name in changes}
        change(edition, changes)
        assert post_appointment_reminders(eve_of(edition)) == 0, changes
        change(edition, former)
    assert post_appointment_reminders(eve_of(edition, 20)) == 1
    assert [message.recipient for message in told()] == [comes.email]


def change(edition: Edition, values: dict[str, Any]) -> None:
    with transaction(edition):
        for name, value in values.items():
            setattr(edition, name, value)


def test_of_two_days_the_eve_is_that_of_the_first_on_which_one_comes(
    app: Flask, edition: Edition
) -> None:
    first = edition.days[0].day_on
    second = first + timedelta(days=1)
    with transaction() as session:
        day = EditionDay(edition_id=edition.id, day_on=second, opens=time(10), closes=time(16))
        session.add(day)
    both = register_one(email="both@x.example")
    friday = register_one(email="friday@x.example")
    with transaction(friday):
        friday.visit_days = second.isoformat()
    long_ago(edition)
    evenings = [eve_of(edition), eve_of(edition) + timedelta(days=1)]
    assert [post_appointment_reminders(at) for at in evenings] == [1, 1]
    assert [message.recipient for message in told()] == [both.email, friday.email]
    assert "10\u00a0h\u00a0–\u00a016\u00a0h" in words_of(told()[1])[1].replace(" ", "\u00a0")


def test_what_is_new_in_the_programme_since_the_registration_is_named(
    app: Flask, edition: Edition
) -> None:
    register_one(email="vera@beziers.example")
    long_ago(edition)
    known, new = make_item(edition, title="Ouverture"), make_item(edition, title="Voirie")
    with transaction() as session:
        write_entry(
            session,
            SYSTEM,
            action_named("programme.added"),
            f"edition:{edition.id}",
            title=new.title,
        )
    post_appointment_reminders(eve_of(edition))
    text = words_of(told()[0])[1]
    assert new.title in text
    assert known.title not in text


@pytest.mark.race
def test_two_workers_tell_each_address_once(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    people = [make_visitor(edition) for _ in range(6)]
    book(fair, at=fair.at(9), visitor=people[0])
    long_ago(edition)
    evening = eve_of(edition)
    assert sum(race(app, [lambda: post_appointment_reminders(evening)] * 4)) == 6
    assert sorted(message.recipient for message in told()) == sorted(
        person.email for person in people
    )


def test_agents_have_their_badge_and_their_appointments_with_their_shifts(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    update_agent_badges(fair.before)
    appointment = book(fair, at=fair.at(9))
    assert post_rota_reminders(eve_of(edition)) == 1
    (message,) = messages("shift_tomorrow")
    (badge,) = all_of(Badge)[:1]
    text = words_of(message)[1]
    for words in (appointment.attendee.full_name, f"/badge/{badge.private_token}\n", "/planning\n"):
        assert words in text
    assert [file.file_name for file in attachments_of(message)] == ["badge.png"]


def test_the_evening_is_that_of_the_fair(app: Flask, edition: Edition) -> None:
    register_one(email="vera@beziers.example")
    long_ago(edition)
    change(edition, {"time_zone": "Indian/Reunion"})
    six = datetime.combine(edition.days[0].day_on - timedelta(days=1), time(14), UTC)
    counts = [post_appointment_reminders(at) for at in (six - timedelta(minutes=1), six)]
    assert counts == [0, 1]
    assert "heure de La Réunion" in words_of(told()[0])[1]
