"""Why appointments lost their agent, and since when their visitors have to choose again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import Appointment
from salon.fair.models import Edition, Stand
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.rota import by_agent, shifts_of


class LossReason(StrEnum):
    """Why an appointment lost its agent, in the order of the checks."""

    REMOVED = "removed"
    ABSENT = "absent"
    REPLACED = "replaced"
    ELSEWHERE = "elsewhere"
    OFF = "off"


@dataclass(frozen=True)
class Loss:
    """Why an appointment lost its agent.

    `shift`: the shift that explains it; `taken_by`: the agent who took it over.
    """

    kind: LossReason
    shift: Shift | None = None
    taken_by: Agent | None = None


def losses_of(edition: Edition, lost: Sequence[Appointment]) -> dict[int, Loss]:
    """Return the loss of each appointment, by id, in a constant number of statements."""
    if not lost:
        return {}
    ids = {appointment.agent_id for appointment in lost}
    published = by_agent(shifts_of(edition, ShiftStatus.PUBLISHED, ids))
    stand_ins_by_agent: dict[int, list[StandIn]] = {}
    statement = select(StandIn).where(
        StandIn.agent_id.in_(ids), StandIn.status == StandInStatus.TAKEN
    )
    stand_ins = statement.options(joinedload(StandIn.shift), joinedload(StandIn.taken_by))
    for stand_in in current_session().scalars(stand_ins):
        stand_ins_by_agent.setdefault(stand_in.agent_id, []).append(stand_in)
    return {
        appointment.id: _loss(
            appointment,
            published.get(appointment.agent_id, ()),
            stand_ins_by_agent.get(appointment.agent_id, ()),
        )
        for appointment in lost
    }


def _loss(appointment: Appointment, shifts: Sequence[Shift], stand_ins: Sequence[StandIn]) -> Loss:
    if appointment.agent.removed_at is not None:
        return Loss(LossReason.REMOVED)
    overlapping = [shift for shift in shifts if _meets(shift, appointment)]
    absent = next((shift for shift in overlapping if shift.absent_at is not None), None)
    if absent is not None:
        return Loss(LossReason.ABSENT, absent)
    replaced = next((stand_in for stand_in in stand_ins if _meets(stand_in, appointment)), None)
    if replaced is not None:
        return Loss(LossReason.REPLACED, replaced.shift, replaced.taken_by)
    elsewhere = next(
        (shift for shift in overlapping if shift.stand_id != appointment.stand_id), None
    )
    if elsewhere is not None:
        return Loss(LossReason.ELSEWHERE, elsewhere)
    return Loss(LossReason.OFF, overlapping[0] if overlapping else None)


def _meets(shift: Shift | StandIn, appointment: Appointment) -> bool:
    return shift.starts_at < appointment.ends_at and appointment.starts_at < shift.ends_at


def latest_rescue_times(ids: Sequence[int]) -> Mapping[int, datetime]:
    """Return when each visitor was last asked to choose, in real time, by appointment id."""
    subjects = [f"appointment:{appointment_id}" for appointment_id in ids]
    statement = (
        select(JournalEntry.subject, func.max(JournalEntry.at))
        .where(JournalEntry.action == AppointmentAction.RESCUED, JournalEntry.subject.in_(subjects))
        .group_by(JournalEntry.subject)
    )
    return {
        int(subject.partition(":")[2]): at for subject, at in current_session().execute(statement)
    }


def stands_by_id(edition: Edition) -> dict[int, Stand]:
    """Return the stands of an edition with their hall and body, by id."""
    statement = select(Stand).where(Stand.edition_id == edition.id)
    stands = current_session().scalars(
        statement.options(joinedload(Stand.hall), joinedload(Stand.body))
    )
    return {stand.id: stand for stand in stands}
