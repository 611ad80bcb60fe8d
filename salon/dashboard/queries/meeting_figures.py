"""Figures of the appointments on the overview: counts, and tasks of an organiser."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.board import board_counts
from salon.appointments.queries.promises import evening_of
from salon.fair.models import Edition
from salon.platform.database.db import current_session


@dataclass(frozen=True)
class MeetingFigures:
    """`taken`: ever booked, without the cancelled ones; `communes`: communes with any; `booked`: to
    come; `untended`: without agent; `to_choose`: the visitor has to choose another time;
    `to_complete`: over, without an account; `to_send`: promises that nobody was sent."""

    taken: int
    met: int
    communes: int
    booked: int
    untended: int
    to_choose: int
    waiting: int
    to_complete: int
    to_send: int


def meetings_of(edition: Edition, now: datetime) -> MeetingFigures:
    """Return the figures of the appointments of an edition, in a fixed number of queries."""
    counts = board_counts(edition, now)
    statement = select(
        func.count(Appointment.id),
        func.count(case((Appointment.status == AppointmentStatus.MET, Appointment.id))),
        func.count(Appointment.commune_code.distinct()),
    ).where(Appointment.edition_id == edition.id, Appointment.status != AppointmentStatus.CANCELLED)
    taken, met, communes = current_session().execute(statement).one()
    evening = evening_of(edition, now, None)
    return MeetingFigures(
        taken,
        met,
        communes,
        counts.booked,
        len(counts.untended),
        counts.to_choose,
        counts.waiting,
        len(evening.to_complete),
        len(evening.to_send),
    )
