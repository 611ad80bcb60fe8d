"""The days of the demonstration change: what was said before is what happens, and is undone."""

from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.fair.models import Edition, ProgrammeItem
from salon.fair.rules.days import ChangeNoLongerUndone
from salon.fair.services import days as services
from salon.platform.database.consequences import Consequences, Fate
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.outbox import rehearsed_messages
from salon.platform.settings.clock import local, paris
from salon.staffing.models import Shift
from tests.demonstration.lived_fair import (
    WEEK,
    calendars,
    change,
    dated,
    events_of,
    figures,
    last_message,
    posted_since,
)
from tests.factories import act_in


def said_before(edition: Edition, *args: Any) -> tuple[Consequences, Counter[str]]:
    with rehearsed_messages() as messages:
        consequences = change(edition, *args)
    return consequences, Counter(message.kind for message in messages)


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
    rehearsed, messages = said_before(edition, WEEK)
    assert dated(edition) == before
    latest = last_message()
    consequences = change(edition, WEEK)
    assert figures(consequences) == figures(rehearsed)
    assert posted_since(latest) == messages
    counts = {key: len(names) for key, names in figures(consequences).items()}
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
    for path in calendars():
        before = events_of(app, path)
        change(edition, WEEK)
        after = events_of(app, path)
        assert after.keys() == before.keys() != set()
        for uid, event in after.items():
            former = before[uid]
            assert event == (former.sequence + 1, former.day_on + WEEK, former.status), uid


def test_the_week_is_given_back_in_one_act(edition: Edition) -> None:
    before = dated(edition)
    change(edition, WEEK)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    assert dated(edition) == before
    assert services.last_change(edition) is None
    with pytest.raises(ChangeNoLongerUndone):
        services.undo_days_change(act_in(edition, SYSTEM), entry.id)


def test_the_hours_are_shortened_by_an_hour_then_given_back(edition: Edition) -> None:
    closes = time(edition.days[0].closes.hour - 1, edition.days[0].closes.minute)
    closing = paris(edition.days[0].day_on, closes)
    with transaction() as session:
        for item in session.scalars(select(ProgrammeItem)).all():
            if item.ends_at > closing:
                item.ends_at = closing
                item.starts_at = min(item.starts_at, closing - timedelta(minutes=30))
    before = dated(edition)
    rehearsed, messages = said_before(edition, timedelta(), closes)
    assert dated(edition) == before
    latest = last_message()
    consequences = change(edition, timedelta(), closes)
    assert figures(consequences) == figures(rehearsed)
    assert posted_since(latest) == messages
    counts = {key: len(names) for key, names in figures(consequences).items()}
    assert counts["shortened", "Vacations publiées"] > 0
    assert counts["removed", "Besoins des stands"] > 0
    late = select(func.count(Appointment.id)).where(
        Appointment.status == AppointmentStatus.BOOKED, Appointment.ends_at > closing
    )
    assert current_session().scalar(late) == 0
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    assert dated(edition) == before
