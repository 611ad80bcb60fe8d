"""The demonstration takes place elsewhere: what was said before is what happens, and is undone."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from salon.appointments.models import Appointment
from salon.badges.models import Attendee, AttendeeStatus
from salon.fair.models import Edition
from salon.fair.rules.days import PlaceNoLongerUndone
from salon.fair.services import place as services
from salon.platform.database.consequences import Consequences
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.mail.outbox import Message, MessageStatus, is_held_now, rehearsed_messages
from salon.platform.settings.clock import clock
from salon.staffing.models import Shift, ShiftStatus
from tests.demonstration.lived_fair import calendars, figures, last_message, posted_since
from tests.factories import act_in, sign_in
from tests.fair.test_practical import fields_of, text_of

PATH = "/organisation/reglages/lieu"
ELSEWHERE = {"place": "Halle Tropisme", "address": "121 rue Fontcouverte, 34000 Montpellier"}


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Return the demonstration three weeks before it opens."""
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    clock.jump(edition.starts_at - timedelta(days=21))
    return edition


def change(edition: Edition, **values: Any) -> Consequences:
    current = services.place_of(edition)
    return services.change_place(act_in(edition, SYSTEM), {**current, **values}, stamp_of(current))


def events_of(app: Flask, path: str) -> dict[str, tuple[int, str]]:
    """Return the SEQUENCE and the LOCATION of each event of a calendar, by UID."""
    calendar = Calendar.from_ical(app.test_client().get(path).data)
    return {
        str(event["uid"]): (int(event["sequence"]), str(event["location"]))
        for event in calendar.walk("VEVENT")
        if event["status"] != "CANCELLED"
    }


def test_people_and_calendars_follow_the_place(app: Flask, edition: Edition) -> None:
    session, before = current_session(), services.place_of(edition)
    events = {path: events_of(app, path) for path in calendars()}
    with rehearsed_messages() as messages:
        counts = figures(change(edition, **ELSEWHERE, words="La halle est plus grande."))
        kinds = Counter(message.kind for message in messages)
    session.expire_all()
    assert services.place_of(edition) == before
    latest = last_message()
    done = figures(change(edition, **ELSEWHERE, words="La halle est plus grande."))
    assert done == counts
    assert posted_since(latest) == kinds
    registered = select(func.count(Attendee.id)).where(
        Attendee.edition_id == edition.id, Attendee.status == AttendeeStatus.REGISTERED
    )
    assert len(done["updated", "Badges"]) == session.scalar(registered)
    published = select(func.count(Shift.id)).where(
        Shift.edition_id == edition.id, Shift.status == ShiftStatus.PUBLISHED
    )
    assert len(done["updated", "Vacations dans les agendas"]) == session.scalar(published)
    assert len(done["updated", "Rendez-vous dans les agendas"]) > 0
    assert min(kinds[kind] for kind in KINDS) > 0
    for path, former in events.items():
        after = events_of(app, path)
        assert after.keys() == former.keys() != set()
        for uid, (sequence, place) in after.items():
            assert sequence == former[uid][0] + 1, uid
            assert "Halle Tropisme" in place
            assert "Halle Tropisme" not in former[uid][1]


KINDS = ("place_changed", "exhibitor_place_changed", "agent_place_changed")


def test_the_point_of_the_map_alone_tells_nobody(edition: Edition) -> None:
    latest, sequence = last_message(), select(func.sum(Appointment.sequence))
    before = current_session().scalar(sequence)
    assert not change(edition, latitude=43.6, longitude=3.87)
    assert not posted_since(latest)
    assert current_session().scalar(sequence) == before


def test_the_place_is_given_back_once_and_not_after_another_change(edition: Edition) -> None:
    before = services.place_of(edition)
    change(edition, **ELSEWHERE)
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_place_change(act_in(edition, SYSTEM), entry.id)
    assert services.place_of(edition) == before
    with pytest.raises(PlaceNoLongerUndone):
        services.undo_place_change(act_in(edition, SYSTEM), entry.id)
    with pytest.raises(StaleVersion):
        services.change_place(act_in(edition, SYSTEM), {**before, **ELSEWHERE}, "read-long-ago")


def test_a_change_of_place_is_said_then_confirmed_and_undone(app: Flask, edition: Edition) -> None:
    former = edition.place
    organiser = sign_in(app, Role.ORGANISER)
    question = organiser.post(PATH, data=fields_of(organiser.get(PATH).text) | ELSEWHERE)
    read = text_of(question)
    for heading in ("Se met à jour", "Badges : ", "Rendez-vous dans les agendas : "):
        assert heading in read
    current_session().expire_all()
    assert edition.place == former
    assert organiser.confirm(question).status_code == 302
    current_session().expire_all()
    assert edition.place == "Halle Tropisme"
    page = organiser.get(PATH).text
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry
    fields = {"entry": entry[1], "csrf_token": fields_of(page)["csrf_token"]}
    assert organiser.post(f"{PATH}/retablir", data=fields).location == PATH
    current_session().expire_all()
    assert edition.place == former
    held_messages = select(func.count(Message.id)).where(is_held_now())
    assert current_session().scalar(held_messages) == 0
    waiting = Message.kind == "place_changed", Message.status == MessageStatus.WAITING
    assert current_session().scalar(select(func.count(Message.id)).where(*waiting)) == 0
    assert organiser.post(f"{PATH}/retablir", data=fields).status_code == 409
