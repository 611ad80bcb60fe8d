"""Reads of the kiosk: the badge presented, its holder's day, the print queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, cast, func, literal, select
from sqlalchemy.orm import joinedload

from salon.accounts.models import Station, StationKind
from salon.badges.actions import BadgeAction
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.fair.models import Edition, Hall, ProgrammeItem, Stand
from salon.fair.queries import programme_of
from salon.kiosk.models import PrintJob
from salon.platform.database.db import current_session
from salon.platform.database.engagements import Engagement, engagements_of_attendees
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class Day:
    """The rest of a person's day: their appointments, and the programme for all."""

    appointments: Sequence[Engagement]
    talks: Sequence[ProgrammeItem]

    @property
    def next(self) -> Engagement | None:
        """Return the next appointment: the first with a stand and an hour."""
        return next((appointment for appointment in self.appointments if appointment.is_firm), None)


def get_badge(badge_id: int) -> Badge:
    """Return a badge with its holder and their organisation."""
    holder = joinedload(Badge.attendee)
    statement = (
        select(Badge)
        .where(Badge.id == badge_id)
        .options(holder.joinedload(Attendee.commune), holder.joinedload(Attendee.epci))
        .execution_options(populate_existing=True)
    )
    return current_session().scalars(statement).one()


def is_valid(badge: Badge) -> bool:
    """Return whether a badge is neither revoked, nor of a person whose registration was
    cancelled.
    """
    return badge.is_valid and badge.attendee.status == AttendeeStatus.REGISTERED


def count_corrections(attendee_id: int) -> int:
    """Return how many times a kiosk has changed a person's record."""
    kiosks = select(literal("station:").concat(cast(Station.id, String))).where(
        Station.kind == StationKind.KIOSK
    )
    corrections = select(func.count()).where(
        JournalEntry.subject == f"attendee:{attendee_id}",
        JournalEntry.action == BadgeAction.ATTENDEE_CHANGED,
        JournalEntry.actor.in_(kiosks),
    )
    return current_session().scalar(corrections) or 0


def find_badge_by_hash(edition_id: int, code_hash: str) -> Badge | None:
    """Return the badge of an edition whose code has this SHA-256."""
    statement = select(Badge).where(Badge.edition_id == edition_id, Badge.code_hash == code_hash)
    return current_session().scalar(statement)


def day_of(edition: Edition, attendee_id: int, now: datetime) -> Day:
    """Return the rest of a person's day, in time."""
    today = local(now).date()
    promised = engagements_of_attendees([attendee_id]).get(attendee_id, ())
    return Day(
        [
            appointment
            for appointment in promised
            if appointment.is_live
            and not appointment.is_over
            and local(appointment.starts_at).date() == today
            and appointment.ends_at > now
        ],
        [
            talk
            for talk in programme_of(edition)
            if local(talk.starts_at).date() == today and talk.ends_at > now
        ],
    )


def get_stand(stand_id: int) -> Stand:
    return current_session().scalars(_stands().where(Stand.id == stand_id)).one()


def find_stand_by_number(edition_id: int, number: str) -> Stand | None:
    statement = _stands().where(Stand.edition_id == edition_id, Stand.number == number)
    return current_session().scalar(statement)


def _stands() -> Select[Stand]:
    return select(Stand).options(joinedload(Stand.hall), joinedload(Stand.body))


def stands_of(hall: Hall) -> Sequence[Stand]:
    return current_session().scalars(select(Stand).where(Stand.hall_id == hall.id)).all()


def get_job(edition_id: int, number: int) -> PrintJob:
    statement = select(PrintJob).where(PrintJob.edition_id == edition_id, PrintJob.id == number)
    return current_session().scalars(statement).one()


def count_waiting(edition_id: int) -> int:
    """Return how many badges are requested and not printed, those being printed included."""
    waiting = (
        select(func.count())
        .select_from(PrintJob)
        .where(PrintJob.edition_id == edition_id, PrintJob.done_at.is_(None))
    )
    return current_session().scalar(waiting) or 0
