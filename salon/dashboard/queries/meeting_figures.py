"""Figures of the appointments on the overview: counts, and tasks of an organiser."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.board import board_counts
from salon.fair.models import Edition
from salon.platform.database.db import current_session


@dataclass(frozen=True)
class MeetingFigures:
    """`taken`: ever booked, without the cancelled ones; `communes`: communes with any; `booked`: to
    come; `untended`: without agent; `to_choose`: the visitor has to choose another time."""

    taken: int
    met: int
    communes: int
    booked: int
    untended: int
    to_choose: int
    waiting: int


def meetings_of(edition: Edition, now: datetime) -> MeetingFigures:
    """Return the figures of the appointments of an edition, in a fixed number of queries."""
    counts = board_counts(edition, now)
    statement = select(
        func.count(Appointment.id),
        func.count(case((Appointment.status == AppointmentStatus.MET, Appointment.id))),
        func.count(Appointment.commune_code.distinct()),
    ).where(Appointment.edition_id == edition.id, Appointment.status != AppointmentStatus.CANCELLED)
    taken, met, communes = current_session().execute(statement).one()
    return MeetingFigures(
        taken,
        met,
        communes,
        counts.booked,
        len(counts.untended),
        counts.to_choose,
        counts.waiting,
    )
