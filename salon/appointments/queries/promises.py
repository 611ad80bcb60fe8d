"""Reads of the evening: accounts that lack, and what was promised to whom, by when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from salon.appointments.models import Appointment, AppointmentStatus, NextStep
from salon.appointments.queries.appointments import WITH_ALL
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.staffing.models import Agent


@dataclass(frozen=True)
class Evening:
    """`to_complete`: appointments over, without an account; `to_send`: with promises that their
    visitor was not sent; `steps`: the promises not done, by date, those without one last.
    """

    to_complete: Sequence[Appointment]
    to_send: Sequence[Appointment]
    steps: Sequence[NextStep]


def evening_of(edition: Edition, now: datetime, body_ids: Collection[int] | None) -> Evening:
    """Return what lacks after the meetings; `body_ids`: of agents of these bodies, None for all."""
    to_complete = or_(
        (Appointment.status == AppointmentStatus.BOOKED) & (Appointment.ends_at <= now),
        (Appointment.status == AppointmentStatus.MET) & Appointment.outcome.is_(None),
    )
    steps = (
        select(NextStep)
        .join(NextStep.appointment)
        .join(Appointment.agent)
        .where(NextStep.done_at.is_(None), *_of(edition, body_ids))
        .options(contains_eager(NextStep.appointment).options(*WITH_ALL))
        .order_by(NextStep.due_on.is_(None), NextStep.due_on, NextStep.id)
    )
    return Evening(
        current_session().scalars(_appointments(edition, body_ids).where(to_complete)).all(),
        appointments_to_send(edition, body_ids),
        current_session().scalars(steps).all(),
    )


def appointments_to_send(
    edition: Edition, body_ids: Collection[int] | None
) -> Sequence[Appointment]:
    """Return the appointments held whose visitor was not sent what was promised."""
    statement = _appointments(edition, body_ids).where(
        Appointment.status == AppointmentStatus.MET,
        Appointment.agreed_told_at.is_(None),
        Appointment.steps.any(),
    )
    return current_session().scalars(statement).all()


def get_step(edition: Edition, step_id: int, body_ids: Collection[int] | None) -> NextStep:
    """Return a promise of an agent of these bodies. Raises NoResultFound."""
    statement = (
        select(NextStep)
        .join(NextStep.appointment)
        .join(Appointment.agent)
        .where(NextStep.id == step_id, *_of(edition, body_ids))
    )
    return current_session().scalars(statement).one()


def steps_to_recall(edition: Edition, now: datetime) -> Sequence[NextStep]:
    """Return the promises due by this day, neither done nor recalled."""
    statement = (
        select(NextStep)
        .join(NextStep.appointment)
        .where(
            Appointment.edition_id == edition.id,
            NextStep.due_on <= now.date(),
            NextStep.done_at.is_(None),
            NextStep.recalled_at.is_(None),
        )
        .order_by(NextStep.id)
    )
    return current_session().scalars(statement).all()


def _appointments(edition: Edition, body_ids: Collection[int] | None) -> Select[Appointment]:
    statement = select(Appointment).join(Appointment.agent).where(*_of(edition, body_ids))
    statement = statement.options(*WITH_ALL, selectinload(Appointment.steps))
    return statement.order_by(Appointment.starts_at, Appointment.id)


def _of(edition: Edition, body_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Appointment.edition_id == edition.id]
    return conditions if body_ids is None else [*conditions, Agent.body_id.in_(body_ids)]
