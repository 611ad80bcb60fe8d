"""The days of the demonstration change: what was said before is what happens, and is undone."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from salon.appointments.models import AgentClaim, Appointment, AppointmentStatus, VisitorClaim
from salon.badges.models import Badge
from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition, ProgrammeItem
from salon.fair.rules.days import ChangeNoLongerUndone
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.clock import clock, local, paris
from salon.platform.consequences import Consequences, Fate
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM
from salon.platform.mail.outbox import Message, rehearsed_messages
from salon.platform.versions import stamp_of
from salon.staffing.models import Agent, Need, Shift, ShiftClaim, ShiftStatus

WEEK = timedelta(days=7)


@pytest.fixture
def edition(app: Flask) -> Edition:
    """The demonstration three weeks before it opens."""
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    clock.jump(edition.starts_at - timedelta(days=21))
    return edition


def change(edition: Edition, days: timedelta = timedelta(), closes: time | None = None) -> Any:
    new_days = [
        DayHours(day.day_on + days, day.opens, closes or day.closes) for day in edition.days
    ]
    stamp = stamp_of(services.days_of(edition))
    changes = {"days": new_days, "words": "Le parc est pris ce jour-là."}
    return services.change_days(edition, changes, stamp, SYSTEM)


def said_before(edition: Edition, *args: Any) -> tuple[Consequences, Counter[str]]:
    with rehearsed_messages() as messages:
        consequences = change(edition, *args)
    return consequences, Counter(message.kind for message in messages)


def figures(consequences: Consequences) -> dict[tuple[str, str], Sequence[str]]:
    return {(each.fate.value, each.label): each.names for each in consequences if each.count}


def dated(edition: Edition) -> dict[str, Any]:
    """Return all that has a date, as it is in the database."""
    session = current_session()
    session.expire_all()
    shifts = select(Shift.id, Shift.starts_at, Shift.ends_at, Shift.status)
    appointments = select(
        Appointment.id, Appointment.starts_at, Appointment.ends_at, Appointment.status
    )
    agent_claims = select(AgentClaim.agent_id, AgentClaim.starts_at, AgentClaim.appointment_id)
    visitor_claims = select(VisitorClaim.attendee_id, VisitorClaim.starts_at)
    return {
        "days": services.days_of(edition),
        "registration": [edition.registration_opens_at, edition.registration_closes_at],
        "deadlines": session.scalar(select(ExhibitorTerms.deadlines)),
        "programme": rows(select(ProgrammeItem.id, ProgrammeItem.starts_at)),
        "needs": rows(select(Need.stand_id, Need.starts_at, Need.minimum)),
        "shifts": rows(shifts.where(Shift.status != ShiftStatus.DRAFT)),
        "draft": rows(
            select(Shift.agent_id, Shift.starts_at, Shift.ends_at, Shift.stand_id).where(
                Shift.status == ShiftStatus.DRAFT
            )
        ),
        "shift claims": rows(select(ShiftClaim.agent_id, ShiftClaim.layer, ShiftClaim.starts_at)),
        "appointments": rows(appointments),
        "agent claims": rows(agent_claims.where(AgentClaim.appointment_id.is_not(None))),
        "visitor claims": rows(visitor_claims.where(VisitorClaim.appointment_id.is_not(None))),
    }


def rows(statement: Any) -> list[Any]:
    return sorted(tuple(map(str, row)) for row in current_session().execute(statement))


def posted_since(message_id: int) -> Counter[str]:
    statement = select(Message.kind).where(Message.id > message_id)
    return Counter(current_session().scalars(statement))


def last_message() -> int:
    return current_session().scalar(select(func.max(Message.id))) or 0


def sequences() -> dict[str, tuple[Any, int]]:
    session = current_session()
    shifts = session.execute(select(Shift.uid, Shift.starts_at, Shift.sequence)).all()
    meetings = session.execute(
        select(Appointment.uid, Appointment.starts_at, Appointment.sequence).where(
            Appointment.status == AppointmentStatus.BOOKED
        )
    ).all()
    return {uid: (starts_at, number) for uid, starts_at, number in (*shifts, *meetings) if uid}


def test_the_day_moves_by_a_week(edition: Edition) -> None:
    before, events = dated(edition), sequences()
    said, messages = said_before(edition, WEEK)
    assert dated(edition) == before
    latest = last_message()
    done = change(edition, WEEK)
    assert figures(done) == figures(said)
    assert posted_since(latest) == messages
    counts = {key: len(names) for key, names in figures(done).items()}
    assert counts["moved", "Rendez-vous"] == messages["appointment_moved"] > 0
    assert counts["moved", "Vacations publiées"] > 0
    assert counts["moved", "Badges"] > 0
    assert counts["moved", "Besoins des stands"] == len(before["needs"])
    assert not [key for key in counts if key[0] in (Fate.REMOVED, Fate.SHORTENED)]
    for uid, (starts_at, number) in sequences().items():
        assert (local(starts_at) - WEEK).replace(tzinfo=None) == local(events[uid][0]).replace(
            tzinfo=None
        )
        assert number == events[uid][1] + 1


def test_calendars_already_taken_follow_the_day(app: Flask, edition: Edition) -> None:
    session = current_session()
    agent_id = select(Shift.agent_id).where(Shift.status == ShiftStatus.PUBLISHED).limit(1)
    visitor_id = select(Appointment.attendee_id).limit(1)
    feed = session.scalar(
        select(Agent.calendar_token).where(Agent.id == agent_id.scalar_subquery())
    )
    valid = Badge.attendee_id == visitor_id.scalar_subquery(), Badge.revoked_at.is_(None)
    badge = session.scalar(select(Badge.private_token).where(*valid))
    for path in (f"/planning/{feed}.ics", f"/badge/{badge}.ics"):
        before = events_of(app, path)
        change(edition, WEEK)
        after = events_of(app, path)
        assert after.keys() == before.keys() != set()
        for uid, (sequence, day) in after.items():
            assert (sequence, day) == (before[uid][0] + 1, before[uid][1] + WEEK), uid


def events_of(app: Flask, path: str) -> dict[str, tuple[int, date]]:
    """Return the SEQUENCE and the day of each event of a calendar, by UID."""
    calendar = Calendar.from_ical(app.test_client().get(path).data)
    return {
        str(event["uid"]): (int(event["sequence"]), local(event["dtstart"].dt).date())
        for event in calendar.walk("VEVENT")
    }


def test_the_week_is_given_back_in_one_act(edition: Edition) -> None:
    before = dated(edition)
    change(edition, WEEK)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(edition, entry.id, SYSTEM)
    assert dated(edition) == before
    assert services.last_change(edition) is None
    with pytest.raises(ChangeNoLongerUndone):
        services.undo_days_change(edition, entry.id, SYSTEM)


def test_the_hours_are_shortened_by_an_hour_then_given_back(edition: Edition) -> None:
    closes = time(edition.days[0].closes.hour - 1, edition.days[0].closes.minute)
    closing = paris(edition.days[0].day_on, closes)
    with transaction() as session:
        for item in session.scalars(select(ProgrammeItem)).all():
            if item.ends_at > closing:
                item.ends_at = closing
                item.starts_at = min(item.starts_at, closing - timedelta(minutes=30))
    before = dated(edition)
    said, messages = said_before(edition, timedelta(), closes)
    assert dated(edition) == before
    latest = last_message()
    done = change(edition, timedelta(), closes)
    assert figures(done) == figures(said)
    assert posted_since(latest) == messages
    counts = {key: len(names) for key, names in figures(done).items()}
    assert counts["shortened", "Vacations publiées"] > 0
    assert counts["removed", "Besoins des stands"] > 0
    late = select(func.count(Appointment.id)).where(
        Appointment.status == AppointmentStatus.BOOKED, Appointment.ends_at > closing
    )
    assert current_session().scalar(late) == 0
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(edition, entry.id, SYSTEM)
    assert dated(edition) == before
