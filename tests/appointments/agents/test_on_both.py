"""Two people close the same meeting, on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import (
    Appointment,
    NextStep,
    Outcome,
    StepKind,
)
from salon.appointments.services.meeting import (
    Account,
    MeetingPromise,
    close_meeting,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.versions import StaleVersion
from tests.appointments.agents.made import AGENT, alone
from tests.appointments.make import book
from tests.races import ROUNDS, race

MINUTE = timedelta(minutes=1)
VISIT = MeetingPromise(StepKind.VISIT, "Le pont du Pioch", "Agnès Roqueblave")
CALL = MeetingPromise(StepKind.CALL, "", "Le secrétariat", date(2100, 1, 1))
ANSWERED = Account(Outcome.ANSWERED, "Tout est dit.")


def closing(appointment_id: int, version: int, account: Account, now: datetime) -> str:
    """Close a meeting as a colleague does; return the account's note, or `changed`."""
    appointment = current_session().get_one(Appointment, appointment_id)
    try:
        close_meeting(Act(AGENT, now), appointment, version, account)
    except StaleVersion:
        return "changed"
    return account.note


def unguarded(appointment_id: int, version: int, account: Account, now: datetime) -> str:
    """The control: the version is compared before the row is locked."""
    appointment = current_session().get_one(Appointment, appointment_id)
    if appointment.version != version:
        return "changed"
    with transaction() as session:
        session.add(NextStep(appointment_id=appointment_id, **vars(account.steps[0])))
    return account.note


def colleagues(
    app: Flask,
    close: Callable[[int, int, Account, datetime], str],
    appointment: Appointment,
    now: datetime,
) -> list[str]:
    current_session().rollback()
    current_session().refresh(appointment)
    number, version = appointment.id, appointment.version
    accounts = [Account(Outcome.FOLLOW_UP, note, [VISIT]) for note in ("Anna", "Bruno")]
    calls = [lambda account=account: close(number, version, account, now) for account in accounts]
    return race(app, calls)


def count_steps(appointment: Appointment) -> int:
    current_session().rollback()
    statement = select(func.count()).where(NextStep.appointment_id == appointment.id)
    return current_session().scalar(statement) or 0


@pytest.mark.race
def test_two_close_the_same_meeting_and_one_reads_again(app: Flask, edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(9))
    for _ in range(ROUNDS):
        names = colleagues(app, closing, appointment, fair.at(9, 10))
        assert names.count("changed") == 1
        current_session().rollback()
        current_session().refresh(appointment)
        assert appointment.note in names
        assert count_steps(appointment) == 1


@pytest.mark.race
def test_without_the_lock_both_write_what_they_promised(app: Flask, edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(9))
    colleagues(app, unguarded, appointment, fair.at(9, 10))
    assert count_steps(appointment) == 2
