"""Claim the half hours that shifts take: the constraint behind "one place at a time"."""

from collections.abc import Sequence

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from salon.platform.database.db import violation_as
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
        with violation_as(rules.AgentElsewhere, "pk_shift_claims", "shift_claims.agent_id"):
            session.execute(insert(ShiftClaim), rows)


def drop_shifts(session: Session, shifts: Sequence[Shift]) -> None:
    """Delete shifts of the draft; their half hours are free."""
    for shift in shifts:
        session.delete(shift)
    session.flush()
