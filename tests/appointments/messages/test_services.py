"""Reminders of appointments, on SQLite and PostgreSQL: once each, never late, never for nothing."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from salon.appointments.queries.appointments import appointments_to_remind
from salon.appointments.services.booking import Choice, cancel_appointment, move_appointment
from salon.appointments.services.messages import notify_visitor
from salon.appointments.services.reminders import post_appointment_reminders
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.mail.outbox import LAPSES_AT
from tests.appointments.make import PUBLIC, book, make_fair, make_visitor, messages
from tests.races import race

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECRETARY = "secretariat@commune.example"


def reminded(kind: str) -> list[str]:
    return [message.recipient for message in messages(f"appointment_{kind}")]


def test_the_eve_is_told_once_from_six_in_the_evening(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    six = fair.before + 8 * HOUR
    assert post_appointment_reminders(six - MINUTE) == 0
    assert post_appointment_reminders(six) == 1
    assert post_appointment_reminders(six + 5 * HOUR) == 0
    assert reminded("tomorrow") == [appointment.attendee.email]


@pytest.mark.on_both
def test_a_day_is_one_message_and_who_booked_is_told_of_theirs(edition: Edition) -> None:
    fair = make_fair(edition)
    visitor = make_visitor(edition)
    book(fair, at=fair.at(14), visitor=visitor, contact_email=SECRETARY)
    book(fair, at=fair.at(9), visitor=visitor)
    assert post_appointment_reminders(fair.before + 8 * HOUR) == 2
    contexts = {
        message.recipient: message.context["appointments"]
        for message in messages("appointment_tomorrow")
    }
    assert {address: len(rows) for address, rows in contexts.items()} == {
        visitor.email: 2,
        SECRETARY: 1,
    }
    assert [item["from"] for item in contexts[visitor.email]] == ["9\u00a0h", "14\u00a0h"]


@pytest.mark.on_both
def test_what_is_booked_that_evening_is_not_recalled_at_once(edition: Edition) -> None:
    fair = make_fair(edition)
    six = fair.before + 8 * HOUR
    book(fair, at=fair.at(9), now=six)
    assert post_appointment_reminders(six + MINUTE) == 0


def test_an_hour_before_is_told_once_and_never_late(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment, late = book(fair, at=fair.at(10)), book(fair, at=fair.at(9))
    assert post_appointment_reminders(fair.at(9)) == 1
    assert post_appointment_reminders(fair.at(9, 1)) == 0
    assert reminded("soon") == [appointment.attendee.email]
    [message] = messages("appointment_soon")
    assert message.context[LAPSES_AT] == appointment.starts_at.isoformat()
    assert late.hour_told_at is None


@pytest.mark.parametrize("minutes", [59, 60])
def test_a_booking_made_within_the_hour_is_not_recalled(edition: Edition, minutes: int) -> None:
    fair = make_fair(edition)
    book(fair, at=fair.at(10), now=fair.at(10) - minutes * MINUTE)
    assert post_appointment_reminders(fair.at(9, 30)) == 0
    book(fair, at=fair.at(10), now=fair.at(10) - 61 * MINUTE)
    assert post_appointment_reminders(fair.at(9, 30)) == 1


@pytest.mark.on_both
def test_nobody_is_recalled_what_is_cancelled_or_who_is_there(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 3})
    lost_appointment, present, comes = (book(fair, at=fair.at(10)) for _ in range(3))
    cancel_appointment(Act(PUBLIC, fair.before), lost_appointment)
    with transaction(present):
        present.arrived_at = fair.at(8, 50)
    assert post_appointment_reminders(fair.at(9)) == 1
    assert reminded("soon") == [comes.attendee.email]


@pytest.mark.on_both
def test_another_time_is_recalled_again(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(10))
    assert post_appointment_reminders(fair.at(9)) == 1
    choice = Choice(fair.theme_id(), fair.at(14))
    move_appointment(Act(PUBLIC, fair.at(9, 30)), appointment, choice)
    assert post_appointment_reminders(fair.at(9, 31)) == 0
    assert post_appointment_reminders(fair.at(13)) == 1


@pytest.mark.race
def test_two_workers_recall_once(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    book(fair, at=fair.at(10))
    moment = fair.at(9)
    assert sum(race(app, [lambda: post_appointment_reminders(moment)] * 4)) == 1
    assert len(reminded("soon")) == 1


@pytest.mark.race
def test_without_reading_again_inside_the_transaction_they_would_recall_twice(
    app: Flask, edition: Edition
) -> None:
    """The control."""
    fair = make_fair(edition)
    book(fair, at=fair.at(10))
    both_read = threading.Barrier(2)

    def careless() -> None:
        (due,) = appointments_to_remind(edition, fair.at(9), fair.at(10))
        assert due.hour_told_at is None
        both_read.wait()
        with transaction(due) as session:
            due.hour_told_at = fair.at(9)
            notify_visitor(session, "appointment_soon", due)

    race(app, [careless] * 2)
    assert len(reminded("soon")) == 2
