"""Appointments in calendars, read by three independent readers as they are booked, moved, given to
another agent, cancelled; also on the days when the clock changes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar

from salon.appointments.documents.ical import appointment_calendar
from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.rescue import read_rescue
from salon.appointments.services.booking import Choice, cancel_appointment, move_appointment
from salon.appointments.services.rescue import apply_rescue
from salon.badges.queries import get_valid_badge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import PARIS
from salon.platform.web.access import settings
from salon.staffing.models import Agent, ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.make import PUBLIC, Fair, book, make_fair
from tests.factories import act_in, make_edition, make_places
from tests.pages import PageClient
from tests.staffing.feed.readers import READERS, Seen
from tests.staffing.make import ORGANISER, shifts

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
"""The clock goes back, and goes forward."""
STAMP = datetime(2026, 7, 1, tzinfo=UTC)


def fair_on(day: date) -> Fair:
    make_places()
    return make_fair(make_edition(day=day))


def seen_by_all(folder: Path, content: bytes, day: date) -> Sequence[Seen]:
    """Return the appointments that the readers show, once they agree; khal keeps what it read
    before.
    """
    first, *others = (read(folder, content, day) for read in READERS)
    for feed in others:
        assert list(feed) == list(first)
    return [
        item for item in first if "Rendez-vous" in item.summary or "Annulé\u00a0" in item.summary
    ]


def lines(events_seen: Sequence[Seen]) -> list[str]:
    return [
        f"{event.starts[-5:]} {event.minutes}{' [cancelled]' if event.is_cancelled else ''}"
        for event in events_seen
    ]


def file_of(appointment: Appointment) -> bytes:
    current_session().rollback()
    current_session().refresh(appointment)
    return appointment_calendar(appointment, settings(), STAMP)


def feed_of(client: PageClient, agent: Agent) -> bytes:
    current_session().rollback()
    current_session().refresh(agent)
    return client.get(f"/planning/{agent.calendar_token}.ics").data


def move(fair: Fair, appointment: Appointment, hour: int, minute: int) -> None:
    choice = Choice(fair.theme_id(), fair.at(hour, minute), appointment.agent_id)
    move_appointment(Act(PUBLIC, fair.before), appointment, choice)


@pytest.mark.parametrize("day", [AUTUMN, SPRING])
def test_an_appointment_moved_three_times_then_cancelled_is_one_event(
    app: Flask, client: PageClient, tmp_path: Path, day: date
) -> None:
    fair = fair_on(day)
    appointment = book(fair, at=fair.at(9))
    badge = get_valid_badge(appointment.attendee_id).private_token
    uids = set()

    def check(expected: str) -> None:
        """The visitor's file, their badge's calendar, the agent's feed."""
        for folder, content in (
            ("file", file_of(appointment)),
            ("badge", client.get(f"/badge/{badge}.ics").data),
            ("feed", feed_of(client, appointment.agent)),
        ):
            events_seen = seen_by_all(tmp_path / folder, content, day)
            assert lines(events_seen) == [expected]
            uids.update(event.uid for event in events_seen)

    check("09:00 20")
    for hour, minute in ((9, 30), (14, 0), (16, 5)):
        move(fair, appointment, hour, minute)
    check("16:05 20")
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    check("16:05 20 [cancelled]")
    assert len(uids) == 1


def test_a_rescued_appointment_leaves_one_agent_s_calendar_for_the_other_s(
    app: Flask, client: PageClient, tmp_path: Path
) -> None:
    """Readers of a feed read it whole: what is no longer in it leaves the agenda."""
    fair = fair_on(AUTUMN)
    absent_agent, present_agent = fair.agents["Département"]
    saved_appointment = book(fair, at=fair.at(9), agent=absent_agent)
    book(fair, at=fair.at(10), agent=present_agent)
    lost = book(fair, at=fair.at(10), agent=absent_agent)
    assert lines(seen_by_all(tmp_path / "1", feed_of(client, absent_agent), AUTUMN)) == [
        "09:00 20",
        "10:00 20",
    ]
    now = fair.at(8, 50)
    note_absence(Act(ORGANISER, now), shifts(absent_agent, ShiftStatus.PUBLISHED)[0].id)
    apply_rescue(act_in(fair.edition, ORGANISER, now), read_rescue(fair.edition, now).stamp, None)

    # What has another agent is not there any more; what has no time yet is called off.
    assert lines(seen_by_all(tmp_path / "2", feed_of(client, absent_agent), AUTUMN)) == [
        "10:00 20 [cancelled]"
    ]
    other_events = seen_by_all(tmp_path / "3", feed_of(client, present_agent), AUTUMN)
    assert lines(other_events) == ["09:00 20", "10:00 20"]
    assert other_events[0].uid.startswith(saved_appointment.uid)

    def status(appointment: Appointment) -> str:
        (event,) = Calendar.from_ical(file_of(appointment)).walk("VEVENT")
        return str(event["status"])

    assert (status(saved_appointment), status(lost)) == ("CONFIRMED", "TENTATIVE")


@pytest.mark.parametrize(
    ("start", "end", "shown", "minutes"),
    [
        # 2 h 30 comes twice that night, at 0:30 then at 1:30 UTC; the next one is not shown.
        ("2026-10-25 00:30", "2026-10-25 00:50", "02:30", 20),
        ("2026-10-25 01:30", "2026-10-25 01:50", "02:30", 20),
        ("2026-10-25 00:50", "2026-10-25 01:10", "02:50", 20),
        ("2027-03-28 00:50", "2027-03-28 01:10", "01:50", 20),
    ],
)
def test_hours_and_lengths_are_right_in_the_night_when_the_clock_changes(
    app: Flask,
    client: PageClient,
    tmp_path: Path,
    start: str,
    end: str,
    shown: str,
    minutes: int,
) -> None:
    starts_at, ends_at = (datetime.fromisoformat(f"{text}+00:00") for text in (start, end))
    day = starts_at.astimezone(PARIS).date()
    fair = fair_on(day)
    appointment = book(fair, at=fair.at(9))
    with transaction(appointment):
        appointment.starts_at, appointment.ends_at = starts_at, ends_at
    agent = appointment.agent
    for folder, content in (("file", file_of(appointment)), ("feed", feed_of(client, agent))):
        assert lines(seen_by_all(tmp_path / folder, content, day)) == [f"{shown} {minutes}"]


def test_what_people_typed_is_text_in_a_calendar(app: Flask, edition: Edition) -> None:
    """No line of a calendar is made by a name or a subject."""
    hostile = "Route;\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:x@evil.test, \\n <b>"
    fair = make_fair(edition)
    content = file_of(book(fair, at=fair.at(9), subject=hostile))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert not isinstance(event["attendee"], list)
    assert "x@evil.test" not in event["attendee"]
    assert "ATTENDEE:mailto:x@evil.test" in str(event["description"])


def test_a_feed_changes_when_an_appointment_does_and_only_then(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    address = f"/planning/{appointment.agent.calendar_token}.ics"
    etags = [client.get(address).headers["ETag"]]

    def is_same() -> bool:
        expected_fields = {"If-None-Match": etags[-1]}
        answer = client.get(address, headers=expected_fields)
        etags.append(answer.headers["ETag"])
        return answer.status_code == 304

    assert is_same()
    move(fair, appointment, 10, 0)
    assert not is_same()
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    assert not is_same()
    assert is_same()


def test_what_was_met_stays_in_the_calendar(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    with transaction(appointment):
        appointment.status = AppointmentStatus.MET
        appointment.closed_at = appointment.ends_at + timedelta(minutes=1)
    (event,) = Calendar.from_ical(file_of(appointment)).walk("VEVENT")
    assert event["status"] == "CONFIRMED"
