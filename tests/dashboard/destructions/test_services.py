"""The visa of an edition, and the quiet day after an odd start, on SQLite and PostgreSQL."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from salon.badges.models import Attendee, AttendeeStatus
from salon.dashboard.rules import DestructionSuspended, EditionNotOver, QuietReason
from salon.dashboard.services import destructions, purge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.invariants import erasing
from salon.platform.database.journal import JournalEntry, action_named, note
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import real_now
from tests.dashboard.people import a_person, marc, register
from tests.factories import make_account, make_edition

DAY = timedelta(days=1)
ORGANISER = Identity(Role.ORGANISER, 1, "Claude Martin")


def past_edition_with_people() -> Edition:
    """Return an edition of 2021 in which two people registered."""
    past = make_edition(day=date(2021, 10, 1), is_current=False)
    register(a_person(), marc(), edition=past)
    return past


def names_left() -> int:
    current_session().rollback()
    statement = select(func.count(Attendee.id)).where(Attendee.status != AttendeeStatus.ERASED)
    return current_session().scalar(statement) or 0


def run_for_days(days: int) -> Any:
    """Let the service run so many days in a row, somebody acting on each; then purge."""
    begin = real_now()
    destructions.watch_over(begin)
    for number in range(4 * days + 1):
        destructions.watch_over(begin + number * DAY / 4)
    note(ORGANISER, action_named("sign_in.opened"))
    moment = begin + days * DAY
    return destructions.purge_approved(Act(SYSTEM, moment), moment)


@pytest.mark.on_both
def test_an_odd_start_begins_a_day_without_destruction(app: Flask, edition: Edition) -> None:
    past = past_edition_with_people()
    destructions.approve(Act(ORGANISER, real_now()), past.id)
    begin = real_now()
    destructions.watch_over(begin)
    for hours in (0, 6, 12, 18, 23):
        destructions.watch_over(begin + timedelta(hours=hours))
        with pytest.raises(DestructionSuspended, match="vient de démarrer"):
            destructions.purge_approved(
                Act(SYSTEM, begin + timedelta(hours=hours)), begin + timedelta(hours=hours)
            )
    assert names_left() == 2
    destructions.purge_approved(Act(SYSTEM, begin + DAY), begin + DAY)
    assert names_left() == 0


@pytest.mark.on_both
@pytest.mark.parametrize("gap", [5 * 365 * DAY, timedelta(hours=25), timedelta(hours=-2)])
def test_a_silence_or_a_clock_gone_back_begins_it_again(
    app: Flask, edition: Edition, gap: timedelta
) -> None:
    past = past_edition_with_people()
    destructions.approve(Act(ORGANISER, real_now()), past.id)
    run_for_days(1)
    later = real_now() + DAY + gap
    destructions.watch_over(later)
    with pytest.raises(DestructionSuspended):
        destructions.purge_approved(Act(SYSTEM, later), later)


@pytest.mark.on_both
def test_a_clock_far_from_the_last_act_of_a_person_destroys_nothing(
    app: Flask, edition: Edition
) -> None:
    """The clock is a year ahead and the service has run so for two days: only it has written."""
    past = past_edition_with_people()
    destructions.approve(Act(ORGANISER, real_now()), past.id)
    ahead = real_now() + 365 * DAY
    for number in range(9):
        destructions.watch_over(ahead + number * DAY / 4)
        note(SYSTEM, action_named("doctor.wrote"))
    with pytest.raises(DestructionSuspended, match="le dernier acte du journal"):
        destructions.purge_approved(Act(SYSTEM, ahead + 2 * DAY), ahead + 2 * DAY)
    assert names_left() == 2


@pytest.mark.on_both
def test_nothing_of_an_edition_goes_without_a_visa_and_organisers_are_asked(
    app: Flask, edition: Edition
) -> None:
    make_account(role=Role.ORGANISER)
    past = past_edition_with_people()
    report = run_for_days(1)
    assert names_left() == 2
    assert not {slip["table"] for slip in report["slips"]} & {"attendees", "badges", "groups"}
    run_for_days(2)
    messages = (
        current_session().scalars(select(Message).where(Message.kind == destructions.ASKED)).all()
    )
    assert [message.about for message in messages] == [f"edition:{past.id}"]


@pytest.mark.on_both
def test_after_the_visa_the_destructions_of_that_edition_go_on(
    app: Flask, edition: Edition
) -> None:
    past = past_edition_with_people()
    shown = {
        destruction.table: destruction.volume.rows
        for destruction in purge.destructions_of(past, real_now())
    }
    assert shown["attendees"] == 2
    for _ in range(2):
        destructions.approve(Act(ORGANISER, real_now()), past.id)
    entries = current_session().scalars(
        select(JournalEntry).where(JournalEntry.action == purge.VISA)
    )
    (entry,) = entries.all()
    assert (entry.actor_name, entry.details["counts"]) == ("Claude Martin", shown)
    report = run_for_days(1)
    assert names_left() == 0
    slips = {slip["table"]: slip["rows"] for slip in report["slips"]}
    assert shown.items() <= slips.items()
    later = real_now() + 400 * DAY
    purge.purge(Act(SYSTEM, later), later, dry_run=False)
    assert destructions.visas().keys() == {past.id}, "the visa outlives the journal"


def test_an_edition_that_is_not_over_has_nothing_to_approve(app: Flask, edition: Edition) -> None:
    with pytest.raises(EditionNotOver):
        destructions.approve(Act(ORGANISER, real_now()), edition.id)


def test_a_restored_database_is_quiet_for_a_day(app: Flask, edition: Edition) -> None:
    run_for_days(1)
    destructions.begin_quiet(QuietReason.RESTORED, real_now())
    destructions.watch_over(real_now())
    assert "vient d’être restaurée" in destructions.suspension(real_now())


@pytest.mark.on_both
def test_before_the_worker_has_run_nothing_is_destroyed(app: Flask, edition: Edition) -> None:
    make_account()
    note(ORGANISER, action_named("sign_in.opened"))
    assert "n’a pas encore tourné" in destructions.suspension(real_now())
    with transaction() as session, erasing(session):
        session.execute(delete(JournalEntry).where(JournalEntry.actor != SYSTEM.key))
    run = real_now()
    destructions.watch_over(run - 2 * DAY)
    assert "personne n’a encore agi" in destructions.suspension(run)
