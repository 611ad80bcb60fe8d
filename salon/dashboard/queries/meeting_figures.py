"""The appointments of the overview: how many there are, and what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.board import board_counts
from salon.fair.models import Edition
from salon.platform.db import current_session


@dataclass(frozen=True)
class MeetingFigures:
    """`taken`: ever booked, cancelled ones left out; `communes`: for how many; `booked`: to come;
    `untended`: that no agent holds; `to_choose`: whose visitor chooses another time."""

    taken: int
    met: int
    communes: int
    booked: int
    untended: int
    to_choose: int
    waiting: int


def meetings_of(edition: Edition, now: datetime) -> MeetingFigures:
    """What the overview says of the appointments of an edition, whatever their number."""
    counts = board_counts(edition, now)
    wanted = select(
        func.count(Appointment.id),
        func.count(case((Appointment.status == AppointmentStatus.MET, Appointment.id))),
        func.count(Appointment.commune_code.distinct()),
    ).where(Appointment.edition_id == edition.id, Appointment.status != AppointmentStatus.CANCELLED)
    taken, met, communes = current_session().execute(wanted).one()
    return MeetingFigures(
        taken,
        met,
        communes,
        counts.booked,
        len(counts.untended),
        counts.to_choose,
        counts.waiting,
    )
