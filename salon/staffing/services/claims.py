"""The half hours that shifts take: the constraint behind "one place at a time"."""

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
    """Takes the half hours of these shifts, anew; a withdrawn one takes none.

    Raises AgentElsewhere when one is taken by another shift of the layer.
    """
    session.flush()
    session.execute(delete(ShiftClaim).where(ShiftClaim.shift_id.in_([one.id for one in shifts])))
    rows = [
        {"agent_id": one.agent_id, "layer": one.status, "starts_at": at, "shift_id": one.id}
        for one in shifts
        if one.status != ShiftStatus.WITHDRAWN
        for at in half_hours(one.starts_at, one.ends_at)
    ]
    if rows:
        with one_place_at_a_time():
            session.execute(insert(ShiftClaim), rows)


def drop_shifts(session: Session, shifts: Sequence[Shift]) -> None:
    """Deletes shifts of the draft; their half hours are free."""
    for one in shifts:
        session.delete(one)
    session.flush()


@contextmanager
def one_place_at_a_time() -> Iterator[None]:
    """Says a broken claim as the rule that it breaks."""
    try:
        yield
    except IntegrityError as error:
        if violates(error, "pk_shift_claims", "shift_claims.agent_id"):
            raise rules.AgentElsewhere from None
        raise
