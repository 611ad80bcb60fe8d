"""What exhibitors are told before they set up: once, two evenings before the fair."""

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.appointments.services.reminders import post_appointment_reminders
from salon.badges.models import Attendee
from salon.exhibitor_space.services.eve import post_exhibitor_eves
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind
from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import LAPSES_AT, Message
from salon.platform.settings.clock import paris
from tests.badges.people import register_one
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.races import race


def eve_of(edition: Edition, days: int = 2, hour: int = 18) -> datetime:
    return paris(edition.days[0].day_on - timedelta(days=days), time(hour))


def told(kind: str = "eve_exhibitor") -> list[Message]:
    current_session().rollback()
    statement = select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(current_session().scalars(statement))


def test_stand_set_up_tasks_and_team_are_told_once(app: Flask, edition: Edition) -> None:
    make_terms(edition, set_up="La veille, de 14 h à 20 h,\npar l’entrée X.")
    stand = make_stand(make_hall(edition, name="7"), number="12")
    exhibitor = make_exhibitor(edition, stand=stand, email="ana@exposant.example")
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    staff, other = register_one(email="ana@exposant.example"), register_one(email="b@x.example")
    with transaction() as session:
        session.add(
            Contact(
                exhibitor_id=exhibitor.id,
                kind=ContactKind.ON_SITE,
                email="Ana@exposant.example",
                email_key="ana@exposant.example",
            )
        )
        at = edition.starts_at - timedelta(days=9)
        session.execute(update(Attendee).values(exhibitor_id=exhibitor.id, registered_at=at))
    evenings = [(3, 20), (2, 17), (2, 18), (2, 20), (1, 9), (0, 8)]
    assert [post_exhibitor_eves(eve_of(edition, *at)) for at in evenings] == [0, 0, 1, 0, 0, 0]
    (message,) = told()
    assert message.recipient == "ana@exposant.example"
    assert message.context[LAPSES_AT] == paris(edition.days[0].day_on, time()).isoformat()
    text = words_of(message)[1].replace("\u00a0", " ")
    for words in (
        "Stand : 12, hall 7",
        "Montage : La veille, de 14 h à 20 h, par l’entrée X.",
        f"/mon-stand/{exhibitor.id}/equipe",
        "- Attestation d’assurance",
        staff.full_name,
    ):
        assert words in text
    # Their contact has the badges of the team there; a colleague is told of their own.
    assert post_appointment_reminders(eve_of(edition, 1)) == 1
    assert [message.recipient for message in told("eve_visitor")] == [other.email]


def test_nothing_is_told_of_a_fair_that_is_postponed(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    make_exhibitor(edition)
    with transaction(edition):
        edition.standing = Standing.POSTPONED
    assert post_exhibitor_eves(eve_of(edition)) == 0
    with transaction(edition):
        edition.standing = Standing.AS_PLANNED
    # The worker did not run that evening.
    assert post_exhibitor_eves(eve_of(edition, 1, 9)) == 1


@pytest.mark.race
def test_two_workers_tell_each_exhibitor_once(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    for _ in range(3):
        make_exhibitor(edition)
    evening = eve_of(edition)
    assert sum(race(app, [lambda: post_exhibitor_eves(evening)] * 4)) == 3
    assert len({message.recipient for message in told()}) == len(told()) == 3
