"""Book all the appointments of Mon parcours at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from salon.appointments.engine.visit import Stop
from salon.appointments.models import Appointment
from salon.appointments.queries.visit import Visit
from salon.appointments.rules.booking import LimitReached, SlotNotFree
from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.fair.services.acts import FairAct


@dataclass(frozen=True)
class VisitBooked:
    """The appointments booked from a visit, and the stops whose time was taken meanwhile."""

    booked: Sequence[Appointment]
    missed: Sequence[Stop]


def book_visit(act: FairAct, visit: Visit, attendee_id: int, key: str) -> VisitBooked:
    """Book each appointment of the visit; a slot that was taken does not stop the others.

    Idempotent by `key`. Raises NotRegistered.
    """
    booked, missed = [], []
    for stop in visit.to_book:
        theme = visit.themes[stop.key]
        choice = Choice(theme.id, stop.starts_at)
        own_key = str(uuid.uuid5(uuid.UUID(key), f"{stop.key} {stop.starts_at.isoformat()}"))
        question = VisitorQuestion(f"Mon parcours\u00a0: {theme.name}")
        try:
            booked.append(book_slot(act, choice, attendee_id, question, BookingAttempt(own_key)))
        except (SlotNotFree, LimitReached):
            missed.append(stop)
    return VisitBooked(booked, missed)
