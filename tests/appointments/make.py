"""A village where appointments are taken: keyword arguments only, every one with a default."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    BookingSettings,
    StandBooking,
    ThemeBooking,
    VisitorClaim,
)
from salon.appointments.services.booking import Choice, VisitorQuestion, book_slot
from salon.appointments.services.placing import BookingAttempt
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee
from salon.badges.services import register_on_the_spot
from salon.badges.services.person import Person
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import paris
from salon.staffing.models import Agent
from salon.staffing.services.rows import NewRow, set_rows
from tests.factories import act_in, counter, new_key
from tests.staffing.make import (
    BODIES,
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    publish,
)

PUBLIC = Identity(None, None, "public", "192.0.2.44")


@dataclass
class Fair:
    """A village with agents on duty from 9:00 to 12:00 and from 13:00 to 17:00, published."""

    village: Village
    agents: dict[str, list[Agent]] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        return self.village.edition

    def at(self, hour: int, minute: int = 0) -> datetime:
        return self.village.at(hour, minute)

    def theme_id(self, body: str = "Département") -> int:
        return self.village.themes[body].id

    def stand_id(self, body: str = "Département") -> int:
        return self.village.bodies[body].stand_id

    @property
    def before(self) -> datetime:
        """Return the day before, at ten: everything is still to come."""
        day = self.edition.days[0].day_on - timedelta(days=1)
        return paris(day, time(10))


def make_fair(
    edition: Edition,
    *,
    agents: dict[str, int] | None = None,
    minutes: int = 20,
    kept_free: int | None = 0,
    bodies: Sequence[tuple[str, str]] = BODIES,
    **settings: Any,
) -> Fair:
    """`agents`: how many of each body are on duty, two at the Département unless said. A commune
    may have 100 appointments on a theme unless said.

    `kept_free`: agents who stay free for the public on each stand; None: by default,
    one of two or more.
    """
    fair = Fair(make_village(edition, bodies))
    rows = []
    for body, count in (agents or {"Département": 2}).items():
        fair.agents[body] = [make_agent(fair.village, body=body) for _ in range(count)]
        make_needs(fair.village, body=body, minimum=1, wished=1, maximum=max(3, count))
        shifts = [
            fair.village.wanted(body, *hours) for hours in (((9, 0), (12, 0)), ((13, 0), (17, 0)))
        ]
        rows += [NewRow(agent.id, agent.rota_version, shifts) for agent in fair.agents[body]]
    current_session().rollback()
    set_rows(act_in(edition, ORGANISER), rows)
    publish(fair.village)
    get_or_create_settings(edition)
    settings.setdefault("per_commune", 100)
    with transaction() as session:
        row = session.get_one(BookingSettings, edition.id)
        for name, value in settings.items():
            setattr(row, name, value)
        for body in fair.agents:
            session.add(ThemeBooking(theme_id=fair.theme_id(body), minutes=minutes))
            if kept_free is not None:
                session.add(StandBooking(stand_id=fair.stand_id(body), kept_free=kept_free))
    return fair


def make_visitor(edition: Edition, *, commune: str = "34092", **overrides: Any) -> Attendee:
    """Make a registered person of a commune (its INSEE code)."""
    number = next(counter)
    values: dict[str, Any] = {
        "civility": "madame",
        "first_name": "Mireille",
        "last_name": f"Bastide{number}",
        "function": "mayor",
        "place": Affiliation(f"Commune {commune}", commune_code=commune),
        "email": f"visiteur{number}@commune.example",
        "phone": "04 00 00 00 00",
        **overrides,
    }
    result = register_on_the_spot(
        act_in(get_public_edition(), SYSTEM, edition.starts_at), Person(**values), new_key()
    )
    return current_session().get_one(Attendee, result.added[0])


def book(
    fair: Fair,
    *,
    at: datetime,
    visitor: Attendee | None = None,
    body: str = "Département",
    agent: Agent | None = None,
    now: datetime | None = None,
    **overrides: Any,
) -> Appointment:
    """Book an appointment as the public does."""
    attendee = visitor or make_visitor(fair.edition)
    choice = Choice(fair.theme_id(body), at, agent.id if agent else None)
    question = VisitorQuestion(
        overrides.pop("subject", "La réfection de la route du Pioch"),
        contact_email=overrides.pop("contact_email", ""),
    )
    key = overrides.pop("key", new_key())
    actor = overrides.pop("by", PUBLIC)
    return book_slot(
        act_in(fair.edition, actor, now or fair.before),
        choice,
        attendee.id,
        question,
        BookingAttempt(key, **overrides),
    )


def messages(kind: str = "", about: str = "") -> list[Message]:
    """Return the posted messages, in order."""
    current_session().rollback()
    statement = select(Message).order_by(Message.id)
    if kind:
        statement = statement.where(Message.kind == kind)
    if about:
        statement = statement.where(Message.about == about)
    return list(current_session().scalars(statement))


def check_invariants(edition: Edition) -> None:
    """Check the invariants: claims are those of what is live, nobody is twice at once,
    a confirmed appointment has all its minutes, both parties'."""
    current_session().rollback()
    current_session().expire_all()
    minutes = get_or_create_settings(edition).buffer_minutes
    for appointment in current_session().scalars(select(Appointment)):
        agent = _claimed(AgentClaim, appointment.id)
        visitor = _claimed(VisitorClaim, appointment.id)
        if appointment.status == AppointmentStatus.BOOKED:
            expected = _ticks(
                appointment.starts_at, appointment.ends_at + timedelta(minutes=minutes)
            )
            assert [at for _, at in agent] == expected, appointment.id
            assert [at for _, at in visitor] == expected, appointment.id
            assert {number for number, _ in agent} == {appointment.agent_id}
            assert {number for number, _ in visitor} == {appointment.attendee_id}
        elif appointment.status in (AppointmentStatus.TO_CHOOSE, AppointmentStatus.CANCELLED):
            assert (list(agent), list(visitor)) == ([], []), appointment.id


def _claimed(table: Any, appointment_id: int) -> Sequence[tuple[int, datetime]]:
    agent_id = table.agent_id if table is AgentClaim else table.attendee_id
    statement = select(agent_id, table.starts_at).where(table.appointment_id == appointment_id)
    return [(a, b) for a, b in current_session().execute(statement.order_by(table.starts_at))]


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    results = []
    while start < end:
        results.append(start)
        start += timedelta(minutes=5)
    return results
