"""Claim the half hours that shifts take: the constraint behind "one place at a time"."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.platform.db import violates
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.models import Shift, ShiftClaim, ShiftStatus
from salon.staffing.rules import shifts as rules


def put_claims(session: Session, shifts: Sequence[Shift]) -> None:
    """Claim the half hours of these shifts anew; a withdrawn one claims none.

    Raises AgentElsewhere when one is claimed by another shift of the layer.
    """
    session.flush()
    session.execute(
        delete(ShiftClaim).where(ShiftClaim.shift_id.in_([shift.id for shift in shifts]))
    )
    rows = [
        {"agent_id": shift.agent_id, "layer": shift.status, "starts_at": at, "shift_id": shift.id}
        for shift in shifts
        if shift.status != ShiftStatus.WITHDRAWN
        for at in half_hours(shift.starts_at, shift.ends_at)
    ]
    if rows:
        with one_place_at_a_time():
            session.execute(insert(ShiftClaim), rows)


def drop_shifts(session: Session, shifts: Sequence[Shift]) -> None:
    """Delete shifts of the draft; their half hours are free."""
    for shift in shifts:
        session.delete(shift)
    session.flush()


@contextmanager
def one_place_at_a_time() -> Iterator[None]:
    """Raise a violated claim as AgentElsewhere."""
    try:
        yield
    except IntegrityError as error:
        if violates(error, "pk_shift_claims", "shift_claims.agent_id"):
            raise rules.AgentElsewhere from None
        raise
