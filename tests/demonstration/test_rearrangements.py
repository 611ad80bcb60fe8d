"""Halls, bodies and themes of the demonstration go: what was said before is what happens, and
comes back."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    TopicTheme,
    VisitorClaim,
    WaitingEntry,
)
from salon.appointments.services.placing import LIVE_WAITING
from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor, exhibitor_themes
from salon.fair import queries
from salon.fair.models import Edition, Hall, PartnerBody, Theme, Zone
from salon.fair.rules.floor import PlanNoLongerUndone
from salon.fair.services import halls, last_renumbering, number_stands, undo_renumbering, village
from salon.platform.database.act import Act
from salon.platform.database.consequences import Consequences
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.mail.outbox import Message, rehearsed_messages
from salon.platform.settings.clock import clock
from salon.staffing.models import (
    Agent,
    AgentStand,
    Need,
    Shift,
    ShiftClaim,
    ShiftStatus,
    agent_themes,
    need_themes,
)
from tests.factories import act_in

WORDS = "Un dégât des eaux."
Rehearsed = Callable[[], Consequences]


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Return the demonstration three weeks before it opens."""
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    clock.jump(edition.starts_at - timedelta(days=21))
    return edition


def hall_of_village(edition: Edition) -> Hall:
    return queries.bodies_of(edition)[0].stand.hall


def close(edition: Edition, hall: Hall, stands: dict[int, int] | None = None) -> Consequences:
    proposed = halls.proposed_stands(edition, hall) if stands is None else stands
    changes = {"stands": proposed, "words": WORDS}
    stamp = stamp_of(halls.closing_values(hall))
    return halls.close_hall(act_in(edition, SYSTEM), hall, changes, stamp)


def reopen(edition: Edition, hall: Hall) -> Consequences:
    stamp = stamp_of(halls.closing_values(hall))
    return halls.reopen_hall(act_in(edition, SYSTEM), hall, "", stamp)


def withdraw(edition: Edition, body: PartnerBody) -> Consequences:
    stamp = stamp_of(village.body_values(body))
    return village.withdraw(act_in(edition, SYSTEM), body, WORDS, stamp)


def restore(edition: Edition, body: PartnerBody) -> Consequences:
    stamp = stamp_of(village.body_values(body))
    return village.restore(act_in(edition, SYSTEM), body, "", stamp)


def figures(consequences: Consequences) -> dict[tuple[str, str], Sequence[str]]:
    return {
        (consequence.fate.value, consequence.label): consequence.names
        for consequence in consequences
        if consequence.count
    }


def counts_of(consequences: Consequences) -> dict[tuple[str, str], int]:
    return {key: len(names) for key, names in figures(consequences).items()}


def rows(statement: Any) -> list[Any]:
    return sorted(tuple(map(str, row)) for row in current_session().execute(statement))


def placed(edition: Edition) -> dict[str, Any]:
    """Return all that has a stand, a body or a theme, as it is in the database."""
    current_session().expire_all()
    published = Shift.status == ShiftStatus.PUBLISHED
    draft = Shift.status == ShiftStatus.DRAFT
    shifts = select(Shift.agent_id, Shift.stand_id, Shift.starts_at, Shift.ends_at)
    return {
        "exhibitors": rows(select(Exhibitor.id, Exhibitor.stand_id)),
        "bodies": rows(select(PartnerBody.id, PartnerBody.stand_id, PartnerBody.withdrawn_at)),
        "order": [body.id for body in queries.bodies_of(edition)],
        "themes": rows(select(Theme.id, Theme.body_id, Theme.withdrawn_at)),
        "halls": rows(select(Hall.id, Hall.closed_at)),
        "zones": rows(select(Zone.id, Zone.stand_id)),
        "agents": rows(select(Agent.id, Agent.removed_at)),
        "places": rows(select(AgentStand.agent_id, AgentStand.stand_id, AgentStand.is_wished)),
        "agent themes": rows(select(agent_themes)),
        "exhibitor themes": rows(select(exhibitor_themes)),
        "need themes": rows(
            select(Need.stand_id, Need.starts_at, need_themes.c.theme_id).join(
                need_themes, need_themes.c.need_id == Need.id
            )
        ),
        "topics": rows(select(TopicTheme.topic_id, TopicTheme.theme_id, TopicTheme.rank)),
        "needs": rows(select(Need.stand_id, Need.starts_at, Need.minimum, Need.maximum)),
        "shifts": rows(shifts.where(published)),
        "draft": rows(shifts.where(draft)),
        "shift claims": rows(select(ShiftClaim.agent_id, ShiftClaim.layer, ShiftClaim.starts_at)),
        "appointments": rows(
            select(
                Appointment.id,
                Appointment.agent_id,
                Appointment.stand_id,
                Appointment.starts_at,
                Appointment.status,
            )
        ),
        "agent claims": rows(select(AgentClaim.agent_id, AgentClaim.starts_at)),
        "visitor claims": rows(select(VisitorClaim.attendee_id, VisitorClaim.starts_at)),
        "waiting": rows(select(WaitingEntry.id).where(WaitingEntry.status.in_(LIVE_WAITING))),
    }


def said_is_done(edition: Edition, act: Rehearsed) -> tuple[Consequences, Counter[str]]:
    """Rehearse the act, then act; return what was done and the kinds of messages."""
    before = placed(edition)
    with rehearsed_messages() as messages:
        rehearsed = figures(act())
        kinds = Counter(message.kind for message in messages)
    assert placed(edition) == before
    latest = current_session().scalar(select(func.max(Message.id))) or 0
    consequences = act()
    assert figures(consequences) == rehearsed
    posted = select(Message).where(Message.id > latest)
    messages = current_session().scalars(posted).all()
    assert Counter(message.kind for message in messages) == kinds
    return consequences, kinds


def test_a_hall_closes_and_its_bodies_move(edition: Edition) -> None:
    hall, before = hall_of_village(edition), placed(edition)
    occupied = [row for row in before["exhibitors"] if row[1] in stand_ids(hall)]
    events, moving = sequences(), halls.proposed_stands(edition, hall)
    bodies = len(queries.bodies_of(edition))
    consequences, messages = said_is_done(edition, lambda: close(edition, hall))
    counts = counts_of(consequences)
    assert counts["relocated", "Organismes"] == len(moving) > 0
    assert counts["removed", "Organismes"] == bodies - len(moving)
    assert both(counts, "Exposants", "unplaced") == len(occupied)
    assert both(counts, "Besoins des stands") == len(before["needs"])
    assert both(counts, "Vacations publiées") == len(before["shifts"])
    assert messages["stand_freed"] == counts["unplaced", "Exposants"] > 0
    assert messages["appointment_reassigned"] == counts["relocated", "Rendez-vous"] > 0
    assert messages["appointment_to_choose"] == counts["asked", "Rendez-vous à choisir de nouveau"]
    assert counts["kept", "Programme dans ce hall"] > 0
    assert hall.name not in [hall.name for hall in queries.halls_of(edition)]
    assert not [stand for stand in queries.stands_on_plan(edition) if stand.hall == hall.name]
    for uid, (place, number) in sequences().items():
        assert number == events[uid][1] + (place != events[uid][0]), uid
    reopen(edition, hall)
    assert placed(edition) == before


def both(counts: dict[tuple[str, str], int], label: str, gone: str = "removed") -> int:
    """Return how many rows of a kind move or go."""
    return counts["relocated", label] + counts[gone, label]


def stand_ids(hall: Hall) -> set[str]:
    return {str(stand.id) for stand in hall.stands}


def sequences() -> dict[str, tuple[Any, int]]:
    """Return what the event of each shift and of each appointment says, and its SEQUENCE."""
    session = current_session()
    shifts = select(Shift.uid, Shift.stand_id, Shift.status, Shift.sequence)
    meetings = select(
        Appointment.uid, Appointment.stand_id, Appointment.status, Appointment.sequence
    )
    return {
        uid: ((stand_id, status), number)
        for statement in (shifts.where(Shift.uid.is_not(None)), meetings)
        for uid, stand_id, status, number in session.execute(statement)
    }


def test_a_hall_closes_and_its_bodies_withdraw(edition: Edition) -> None:
    hall, before = hall_of_village(edition), placed(edition)
    themes = len(queries.themes_of(edition))
    agents = select(Agent.id).where(Agent.edition_id == edition.id, Agent.removed_at.is_(None))
    named = len(current_session().scalars(agents).all())
    consequences, messages = said_is_done(edition, lambda: close(edition, hall, {}))
    counts = counts_of(consequences)
    assert counts["removed", "Organismes"] == len(before["order"])
    assert counts["removed", "Thèmes que plus personne ne couvre"] == themes
    assert counts["removed", "Agents"] == named
    assert counts["removed", "Besoins des stands"] == len(before["needs"])
    assert counts["removed", "Vacations publiées"] == len(before["shifts"])
    booked = [row for row in before["appointments"] if row[4] in ("booked", "to_choose")]
    assert counts["removed", "Rendez-vous"] == len(booked) > 0
    assert messages["appointment_cancelled"] >= len(booked)
    reopen(edition, hall)
    assert placed(edition) == before


def test_a_body_withdraws_and_others_take_over(edition: Edition) -> None:
    body, before = queries.bodies_of(edition)[0], placed(edition)
    of_body = select(Agent.id).where(Agent.body_id == body.id, Agent.removed_at.is_(None))
    agents = len(current_session().scalars(of_body).all())
    consequences, messages = said_is_done(edition, lambda: withdraw(edition, body))
    counts = counts_of(consequences)
    assert counts["removed", "Agents"] == agents > 0
    assert counts["removed", "Vacations publiées"] > 0
    themes = sum(count for (_, label), count in counts.items() if label.startswith("Thèmes"))
    assert themes == len([row for row in before["themes"] if row[1] == str(body.id)]) > 0
    touched = ("Rendez-vous", "Rendez-vous confiés à un autre agent")
    touched_labels = (*touched, "Rendez-vous à choisir de nouveau")
    meetings = sum(count for (_, label), count in counts.items() if label in touched_labels)
    assert meetings > 0
    assert messages["appointment_cancelled"] + messages["appointment_to_choose"] > 0
    assert body.id not in [body.id for body in queries.bodies_of(edition)]
    restore(edition, body)
    assert placed(edition) == before


def test_a_body_changes_stands_and_goes_back(edition: Edition) -> None:
    body, before = queries.bodies_of(edition)[0], placed(edition)
    free = next(stand.id for stand in queries.stands_on_plan(edition) if not stand.who)
    of_body = select(func.count(Need.id)).where(Need.stand_id == body.stand_id)
    needs = current_session().scalar(of_body)

    def act() -> Consequences:
        stamp = stamp_of(village.body_values(body))
        changes = village.body_values(body) | {"stand_id": free, "place": 1, "words": WORDS}
        return village.change_body(act_in(edition, SYSTEM), body, changes, stamp)

    consequences, messages = said_is_done(edition, act)
    counts = counts_of(consequences)
    assert counts["relocated", "Organismes"] == 1
    assert counts["relocated", "Exposants"] == messages["stand_given"] == 1
    assert counts["relocated", "Besoins des stands"] == needs
    assert counts["relocated", "Rendez-vous"] == messages["appointment_reassigned"] > 0
    assert {key[0] for key in counts} == {"relocated"}
    entry = village.last_move(body)
    assert entry is not None
    village.move_body_back(act_in(edition, SYSTEM), body, entry.id)
    assert placed(edition) == before


def test_a_stand_takes_another_number(edition: Edition) -> None:
    body, before = queries.bodies_of(edition)[0], placed(edition)
    hall, number, events = body.stand.hall, body.stand.number, sequences()
    hall_id, stand_id = hall.id, body.stand_id

    def act() -> Consequences:
        hall = current_session().get_one(Hall, hall_id)
        return number_stands(Act(SYSTEM), hall, hall.version, {stand_id: "999"}, WORDS).done

    consequences, messages = said_is_done(edition, act)
    counts = counts_of(consequences)
    assert counts["updated", "Exposants"] == messages["stand_given"] == 1
    assert counts["updated", "Vacations dans les agendas"] > 0
    assert messages["agent_stand_renumbered"] > 0
    assert counts["updated", "Rendez-vous"] == messages["appointment_renumbered"] > 0
    assert placed(edition) == before
    for uid, ((stand, status), sequence) in sequences().items():
        is_touched = stand == stand_id and status in ("published", "booked", "to_choose")
        assert sequence == events[uid][1] + is_touched, uid
    with pytest.raises(StaleVersion):
        number_stands(Act(SYSTEM), hall, 0, {stand_id: "998"})
    entry_id = last_renumbering(hall).id  # type: ignore[union-attr]

    def undo() -> Consequences:
        return undo_renumbering(Act(SYSTEM), current_session().get_one(Hall, hall_id), entry_id)

    undone, messages_back = said_is_done(edition, undo)
    assert (counts_of(undone), messages_back) == (counts, messages)
    assert queries.get_stand(hall, stand_id).number == number
    with pytest.raises(PlanNoLongerUndone):
        undo()


def test_a_theme_is_withdrawn_then_restored(edition: Edition) -> None:
    session = current_session()
    booked = Appointment.status == AppointmentStatus.BOOKED
    counted = select(Appointment.theme_id).where(booked).group_by(Appointment.theme_id)
    theme_id = session.scalars(counted.order_by(func.count().desc())).first()
    theme, before = session.get_one(Theme, theme_id), placed(edition)
    statement = select(func.count(Appointment.id)).where(booked, Appointment.theme_id == theme.id)
    meetings = session.scalar(statement)

    def act() -> Consequences:
        stamp = stamp_of(village.theme_values(theme))
        return village.withdraw(act_in(edition, SYSTEM), theme, WORDS, stamp)

    consequences, _ = said_is_done(edition, act)
    assert counts_of(consequences)["removed", "Rendez-vous"] == meetings
    assert theme.id not in [theme.id for theme in queries.themes_of(edition)]
    stamp = stamp_of(village.theme_values(theme))
    village.restore(act_in(edition, SYSTEM), theme, "", stamp)
    assert placed(edition) == before


def test_a_closing_that_was_read_of_another_hall_is_refused(edition: Edition) -> None:
    hall = hall_of_village(edition)
    stamp = stamp_of(halls.closing_values(hall))
    close(edition, hall)
    reopen(edition, hall)
    with pytest.raises(StaleVersion):
        halls.close_hall(act_in(edition, SYSTEM), hall, {"stands": {}, "words": ""}, stamp)
    body = queries.bodies_of(edition)[0]
    with pytest.raises(StaleVersion):
        village.withdraw(act_in(edition, SYSTEM), body, "", "read-long-ago")


def test_calendars_already_taken_follow_the_stand(app: Flask, edition: Edition) -> None:
    session = current_session()
    agent_id = select(Shift.agent_id).where(Shift.status == ShiftStatus.PUBLISHED).limit(1)
    visitor_id = select(Appointment.attendee_id).limit(1)
    feed = session.scalar(
        select(Agent.calendar_token).where(Agent.id == agent_id.scalar_subquery())
    )
    valid = Badge.attendee_id == visitor_id.scalar_subquery(), Badge.revoked_at.is_(None)
    badge = session.scalar(select(Badge.private_token).where(*valid))
    paths = (f"/planning/{feed}.ics", f"/badge/{badge}.ics")
    before = {path: events_of(app, path) for path in paths}
    hall = hall_of_village(edition)
    name = hall.name
    close(edition, hall)
    for path in paths:
        after = events_of(app, path)
        assert after.keys() == before[path].keys() != set()
        assert after != before[path]
        for uid, (sequence, *words) in after.items():
            former_sequence, *former_words = before[path][uid]
            assert sequence == former_sequence + (words != former_words), uid
            place, status = words
            assert status != "CONFIRMED" or f"hall {name}," not in place.lower()


def events_of(app: Flask, path: str) -> dict[str, tuple[int, str, str]]:
    """Return the SEQUENCE, the LOCATION and the STATUS of each event of a calendar, by UID."""
    calendar = Calendar.from_ical(app.test_client().get(path).data)
    return {
        str(event["uid"]): (int(event["sequence"]), str(event["location"]), str(event["status"]))
        for event in calendar.walk("VEVENT")
    }
