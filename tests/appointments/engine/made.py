"""Tools of the races of appointments: calls that return their outcome, and a clean day."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, func, select, text

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    Hold,
    ThemeBooking,
    VisitorClaim,
    WaitingEntry,
)
from salon.appointments.services.booking import book_slot, hold_slot
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee
from salon.badges.services import Person, replace_attendee
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.invariants import erasing
from salon.platform.database.journal import JournalEntry
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent, Shift
from tests.appointments.make import PUBLIC, Fair, make_visitor
from tests.factories import act_in, new_key
from tests.races import drop_guards

CLAIMS = ("appointment_agent_claims", "appointment_visitor_claims")
WORDS = VisitorQuestion("La réfection de la route du Pioch")


def visitor_ids(fair: Fair, count: int) -> list[int]:
    """Registered people, who are nothing to one another but of the same commune."""
    return [make_visitor(fair.edition).id for _ in range(count)]


def choice_of(fair: Fair, at: datetime, body: str = "Département") -> Choice:
    return Choice(fair.theme_id(body), at)


def saying(call: Callable[[], object], word: str) -> Callable[[], str]:
    """Return the call, answering `word` or the name of the rule that it breaks."""

    def said() -> str:
        try:
            call()
        except RuleBroken as refusal:
            name = type(refusal).__name__
            return name if refusal.status == 409 else f"{name}: {refusal.status}"
        return word

    return said


def booking(
    fair: Fair, visitor: int, choice: Choice, hold: str = "", key: str = "", word: str = "booked"
) -> Callable[[], str]:
    """Somebody books; ids only, for each thread has its own session."""
    now, key = fair.before, key or new_key()

    def call() -> None:
        book_slot(
            act_in(get_public_edition(), PUBLIC, now),
            choice,
            visitor,
            WORDS,
            BookingAttempt(key, hold),
        )

    return saying(call, word)


def holding(fair: Fair, choice: Choice) -> Callable[[], str]:
    now = fair.before
    return saying(lambda: hold_slot(act_in(get_public_edition(), PUBLIC, now), choice), "held")


def booked() -> list[Appointment]:
    """Return the confirmed appointments, as the database has them."""
    current_session().rollback()
    current_session().expire_all()
    statement = select(Appointment).where(Appointment.status == AppointmentStatus.BOOKED)
    return list(
        current_session().scalars(statement.order_by(Appointment.starts_at, Appointment.id))
    )


def wipe() -> None:
    """The day is empty again, and everybody is there."""
    with transaction() as session, erasing(session):
        for table in (AgentClaim, VisitorClaim, Hold, WaitingEntry, Appointment, JournalEntry):
            session.execute(delete(table))
        for shift in session.scalars(select(Shift).where(Shift.absent_at.is_not(None))):
            shift.absent_at = None


def answers_too(fair: Fair, agent: Agent, body: str, minutes: int) -> None:
    """The agent answers the theme of another body too, which takes so many minutes."""
    with transaction() as session:
        agent.themes = [*agent.themes, fair.village.themes[body]]
        session.add(ThemeBooking(theme_id=fair.theme_id(body), minutes=minutes))


def claims_without_keys() -> None:
    """The constraints behind the rules are no more."""
    drop_guards("appointments_of_an_agent", "appointments_of_a_visitor")
    with transaction() as session:
        for table in CLAIMS:
            session.execute(text(f"CREATE TABLE bare AS SELECT * FROM {table}"))
            session.execute(text(f"DROP TABLE {table}"))
            session.execute(text(f"ALTER TABLE bare RENAME TO {table}"))


def twice_taken(chosen_text: str) -> int:
    """Return the number of five minutes of an `agent` or a `visitor` that are taken twice."""
    table = AgentClaim if chosen_text == "agent" else VisitorClaim
    claim_column = AgentClaim.agent_id if chosen_text == "agent" else VisitorClaim.attendee_id
    doubles = select(claim_column).group_by(claim_column, table.starts_at).having(func.count() > 1)
    current_session().rollback()
    return len(current_session().execute(doubles).all())


def replaced(attendee: Attendee, now: datetime) -> int:
    """Somebody of the same commune comes instead; answers who."""
    person = Person(
        civility="monsieur",
        first_name="Adjoint",
        last_name="Pioch",
        function="deputy_mayor",
        place=Affiliation("Espondeilhan", commune_code="34092"),
        email=f"adjoint{attendee.id}@commune.example",
        phone="04 00 00 00 00",
    )
    return replace_attendee(Act(SYSTEM, now), attendee.id, person, new_key())
