"""Building blocks of bookings: find, hold, take and release a slot.

Each runs inside the caller's transaction, which holds the lock on BookingSettings.
"""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.engine.slots import (
    Demand,
    Reason,
    Situation,
    Slot,
    agents_at,
    reason_against,
    tick,
)
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.offers import demand_of
from salon.appointments.queries.situation import (
    Offering,
    Window,
    offering_of,
    situation_of,
    standing_facts,
    stored_situation,
)
from salon.appointments.rules import booking as rules
from salon.appointments.rules.booking import Limit
from salon.appointments.services.claims import delete_claims, save_claims
from salon.badges.models import Attendee, HalfDay
from salon.fair.models import Edition, Theme
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.web.limits import TryLimit
from salon.platform.words.tokens import new_token

WAIVED_FOR_HOLDS = (Limit.NOTICE,)
"""Limits that no longer apply to a slot held in time."""
LIVE_WAITING = (WaitingStatus.WAITING, WaitingStatus.OFFERED)


@dataclass(frozen=True)
class Choice:
    """A theme at a time, with one agent or, None, any of them."""

    theme_id: int
    starts_at: datetime
    agent_id: int | None = None


@dataclass(frozen=True)
class VisitorQuestion:
    """The visitor's question; `amount` in euros. `contact_email`: of the person who asks for the
    visitor.
    """

    subject: str
    project: str = ""
    stage: str = ""
    amount: int | None = None
    deadline: str = ""
    contact_email: str = ""

    @property
    def words(self) -> dict[str, object]:
        """Return the question alone."""
        words = asdict(self)
        del words["contact_email"]
        return words


@dataclass(frozen=True)
class BookingAttempt:
    """One sending of a booking, known by its `key`.

    `hold`: the token of the visitor's hold. `network`: the visitor's. `limit`: counts the try; one
    that is refused is not counted. `accepted`: the public limits that staff pass knowingly, None
    for the public.
    """

    key: str
    hold: str = ""
    network: str = ""
    limit: TryLimit | None = None
    accepted: Collection[str] | None = None


@dataclass(frozen=True)
class WaitingChoice:
    """A place in the waiting list of a theme, for a part of the day, and the visitor's question.

    `day_on`: the day on which the visitor can come, None for any. `contact_email`: of the person
    who asks for the visitor.
    """

    theme_id: int
    part: HalfDay
    subject: str
    contact_email: str = ""
    day_on: date | None = None

    @property
    def content(self) -> dict[str, object]:
        """Return what makes a form sent twice the same."""
        day = {"day": self.day_on.isoformat()} if self.day_on is not None else {}
        return {"wait": self.theme_id, "part": self.part, "subject": self.subject, **day}


def find_slot(
    edition: Edition,
    choice: Choice,
    now: datetime,
    without: Collection[int] = (),
    accepted: Collection[str] | None = None,
) -> Slot:
    """Return the best slot for a choice.

    `without`: appointments whose time counts as free. `accepted`: limits that staff pass, None for
    the public. Raises as `book_slot`.
    """
    rules.check_fair_has_a_date(edition)
    rules.check_whole_ticks(choice.starts_at)
    facts = standing_facts(edition)
    demand = _open_demand(facts.offering, choice, accepted)
    end = choice.starts_at + timedelta(minutes=5 * demand.length)
    is_now = Limit.NOTICE in (accepted or ())
    situation = situation_of(
        edition,
        now,
        Window(choice.starts_at, end, demand.agents),
        without,
        with_notice=not is_now,
        facts=facts,
    )
    if Limit.COVER in (accepted or ()):
        situation.reserved = {}
    return _best_slot(situation, demand, choice, now, is_now)


def check_is_not_known_taken(edition: Edition, choice: Choice, now: datetime) -> None:
    """Check a choice against the situation stored by this process, where it is the present one.

    Who comes after the last slot is refused without the lock. Raises as `find_slot`.
    """
    situation = stored_situation(edition, now).find()
    if situation is not None:
        rules.check_whole_ticks(choice.starts_at)
        _best_slot(situation, _open_demand(offering_of(edition), choice), choice, now)


def _open_demand(
    offering: Offering, choice: Choice, accepted: Collection[str] | None = None
) -> Demand:
    if choice.theme_id in offering.closed and accepted is None:
        raise rules.ThemeClosed
    return demand_of(offering, choice.theme_id, choice.agent_id)


def _best_slot(
    situation: Situation, demand: Demand, choice: Choice, now: datetime, is_now: bool = False
) -> Slot:
    start = tick(choice.starts_at)
    rules.check_is_not_past(start, tick(now))
    free_slots = agents_at(situation, demand, start, is_now)
    if free_slots:
        return free_slots[0]
    agents = [choice.agent_id] if choice.agent_id else sorted(demand.agents)
    reasons = [reason_against(situation, demand, agent_id, start, is_now) for agent_id in agents]
    # Report the reason closest to being free.
    rules.check_no_reason(max(filter(None, reasons), key=list(Reason).index, default=None))
    raise rules.SlotNotFree


def check_theme(edition: Edition, theme_id: int) -> None:
    """Check that the theme belongs to the edition and is answered. Raises NoResultFound."""
    theme = current_session().get(Theme, theme_id)
    if theme is None or theme.edition_id != edition.id or theme.withdrawn_at is not None:
        raise NoResultFound


def lock_appointments(session: Session, ids: Collection[int]) -> None:
    """Lock appointments and refresh them.

    Lock order: BookingSettings first, so that a rescue and a cancellation never deadlock.
    """
    statement = select(Appointment).where(Appointment.id.in_(ids)).order_by(Appointment.id)
    statement = statement.with_for_update(of=Appointment)
    session.scalars(statement.execution_options(populate_existing=True)).all()


def take_hold(session: Session, edition: Edition, hold: Hold, now: datetime) -> Slot:
    """Consume a hold and return its slot, if the rota still covers it. Raises SlotNotFree."""
    choice = Choice(hold.theme_id, hold.starts_at, hold.agent_id)
    session.delete(hold)
    session.flush()
    return find_slot(edition, choice, now, accepted=WAIVED_FOR_HOLDS)


def add_hold(
    session: Session,
    edition: Edition,
    theme_id: int,
    slot: Slot,
    expires_at: datetime,
    attendee_id: int | None = None,
    **more: object,
) -> Hold:
    """Insert a hold of the slot until `expires_at`, with its claims."""
    hold = Hold(
        edition_id=edition.id,
        token=new_token(),
        theme_id=theme_id,
        agent_id=slot.agent_id,
        stand_id=slot.stand_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        expires_at=expires_at,
        **more,
    )
    session.add(hold)
    buffer_minutes = session.get_one(BookingSettings, edition.id).buffer_minutes
    save_claims(session, hold, buffer_minutes, attendee_id)
    return hold


def add_appointment(
    act: Act,
    session: Session,
    attendee: Attendee,
    theme_id: int,
    slot: Slot,
    question: VisitorQuestion,
) -> Appointment:
    """Insert an appointment with its claims; the caller has checked the limits."""
    contact_email = question.contact_email
    appointment = Appointment(
        edition_id=attendee.edition_id,
        theme_id=theme_id,
        agent_id=slot.agent_id,
        stand_id=slot.stand_id,
        attendee_id=attendee.id,
        commune_code=attendee.commune_code,
        epci_siren=attendee.epci_siren,
        organisation=attendee.organisation,
        status=AppointmentStatus.BOOKED,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        private_token=new_token(),
        uid=secrets.token_hex(16),
        sequence=0,
        contact_email="" if contact_email == attendee.email else contact_email,
        booked_at=act.now,
        booked_by=act.actor.display_name,
        **question.words,
    )
    session.add(appointment)
    buffer_minutes = session.get_one(BookingSettings, attendee.edition_id).buffer_minutes
    save_claims(session, appointment, buffer_minutes, attendee.id)
    subject = f"appointment:{appointment.id}"
    details = {"theme": theme_id, "agent": slot.agent_id, "attendee": attendee.id}
    write_entry(
        session,
        act.actor,
        AppointmentAction.BOOKED,
        subject,
        starts_at=slot.starts_at.isoformat(),
        **details,
    )
    return appointment


def move_to_slot(
    session: Session, appointment: Appointment, slot: Slot, buffer_minutes: int
) -> None:
    """Move an appointment to a slot and confirm it.

    Its calendar event stays the same, with a higher SEQUENCE.
    """
    appointment.agent_id, appointment.stand_id = slot.agent_id, slot.stand_id
    if appointment.starts_at != slot.starts_at:
        appointment.eve_told_at = appointment.hour_told_at = None
        appointment.in_hall_at = appointment.arrived_at = None
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.status = AppointmentStatus.BOOKED
    appointment.untended_told_at = None
    appointment.sequence += 1
    save_claims(session, appointment, buffer_minutes, appointment.attendee_id)
    settle_waiting_entries(session, appointment, WaitingStatus.SERVED)
    # A visitor who left the list of a lost appointment may wait again if this one is lost.
    left = (
        WaitingEntry.appointment_id == appointment.id,
        WaitingEntry.status == WaitingStatus.LEFT,
    )
    session.execute(update(WaitingEntry).where(*left).values(appointment_id=None))
    session.refresh(appointment, ["agent", "stand"])


def end_appointment(session: Session, appointment: Appointment, now: datetime) -> None:
    """Cancel an appointment and release its time and its proposed time."""
    appointment.status, appointment.cancelled_at = AppointmentStatus.CANCELLED, now
    appointment.sequence += 1
    session.flush()
    delete_claims(session, appointment)
    session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
    settle_waiting_entries(session, appointment, WaitingStatus.LEFT)


def settle_waiting_entries(
    session: Session, appointment: Appointment, status: WaitingStatus
) -> None:
    """Give this status to the live waiting entries of a lost appointment."""
    statement = select(WaitingEntry).where(
        WaitingEntry.appointment_id == appointment.id, WaitingEntry.status.in_(LIVE_WAITING)
    )
    for entry in session.scalars(statement).all():
        entry.status = status
        session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
