"""The appointments of Mon parcours, booked in one gesture."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.engine.visit import Stop
from salon.appointments.models import Appointment
from salon.appointments.queries.visit import Visit
from salon.appointments.rules.booking import LimitReached, SlotNotFree
from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import Choice, Question
from salon.fair.models import Edition
from salon.platform.identity import Identity


@dataclass(frozen=True)
class VisitBooked:
    """What was booked of a visit, and what somebody else took meanwhile."""

    booked: Sequence[Appointment]
    missed: Sequence[Stop]


def book_visit(
    edition: Edition, visit: Visit, attendee_id: int, key: str, actor: Identity, now: datetime
) -> VisitBooked:
    """Books each appointment that the visit proposes, one by one: one that is lost loses no other.

    The same `key` again books nothing more. Raises NotRegistered.
    """
    booked, missed = [], []
    for stop in visit.to_book:
        theme = visit.themes[stop.key]
        choice = Choice(theme.id, stop.starts_at)
        own_key = str(uuid.uuid5(uuid.UUID(key), f"{stop.key} {stop.starts_at.isoformat()}"))
        question = Question(f"Mon parcours\u00a0: {theme.name}")
        try:
            booked.append(book_slot(edition, choice, attendee_id, question, own_key, actor, now))
        except (SlotNotFree, LimitReached):
            missed.append(stop)
    return VisitBooked(booked, missed)
