"""Appointments booked one after the other while the database fails, and what must be left of them.

They are booked through the service, in this process: the mailed link that the public follows would
measure the mailbox. What got no answer is asked again with its key, as a browser does.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bench.bookings import PER_AGENT, make_slots, opened
from bench.fairs import Fair
from bench.people import BETWEEN_TRIES_S
from salon.appointments.engine.slots import TICK, Slot, slots
from salon.appointments.models import AgentClaim, Appointment, VisitorClaim
from salon.appointments.queries.situation import offering_of, situation_of
from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import Choice, Question
from salon.badges.models import Attendee
from salon.fair.models import Theme
from salon.fair.queries import get_public_edition
from salon.platform.clock import now
from salon.platform.db import current_session
from salon.platform.errors import RuleBroken
from salon.platform.identity import SYSTEM
from salon.platform.journal import JournalEntry

SLOTS = 400


class Booker(threading.Thread):
    """Books slots in turn for registered people. `uids`: the appointments acknowledged."""

    def __init__(
        self, app: Flask, theme_id: int, free: list[Slot], people: list[int], stop: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.app, self.theme_id, self.free, self.people, self.stop = (
            app,
            theme_id,
            free,
            people,
            stop,
        )
        self.uids: set[str] = set()
        self.unanswered = 0
        self.refused: Counter[str] = Counter()

    def run(self) -> None:
        for slot, person in zip(self.free, cycle(self.people), strict=False):
            key = uuid.uuid4().hex
            while not self._book(slot, person, key):
                self.unanswered += 1
                time.sleep(BETWEEN_TRIES_S)
            if self.stop.is_set():
                return

    def _book(self, slot: Slot, person: int, key: str) -> bool:
        """Ask once; False when it got no answer."""
        choice = Choice(self.theme_id, slot.starts_at, slot.agent_id)
        words = Question("La réfection de la route du Pioch")
        with self.app.app_context():
            try:
                edition = get_public_edition()
                made = book_slot(edition, choice, person, words, key, SYSTEM, now())
            except RuleBroken as refusal:
                self.refused[type(refusal).__name__] += 1
            except DBAPIError:
                return False
            else:
                self.uids.add(made.uid)
            return True


@contextmanager
def booking(fair: Fair) -> Iterator[Booker]:
    """A booker at work; it ends with the context."""
    with opened(fair) as app:
        slug = make_slots(SLOTS // PER_AGENT)
        edition = get_public_edition()
        theme_id = current_session().scalars(select(Theme.id).where(Theme.slug == slug)).one()
        free = slots(situation_of(edition, now()), offering_of(edition).demands[theme_id])
        people = list(
            current_session().scalars(select(Attendee.id).where(Attendee.status == "registered"))
        )
        stop = threading.Event()
        booker = Booker(app, theme_id, free, people, stop)
        current_session().rollback()
        booker.start()
        try:
            yield booker
        finally:
            stop.set()
            booker.join(60)


def booking_faults(fair: Fair, uids: set[str]) -> dict[str, int]:
    """What was acknowledged and is absent, and appointments written by halves."""
    with fair.engine().connect() as connection:
        made = connection.execute(
            select(Appointment.id, Appointment.uid, Appointment.starts_at, Appointment.ends_at)
        ).all()
        taken = [
            Counter(connection.scalars(select(table.appointment_id)))
            for table in (AgentClaim, VisitorClaim)
        ]
        noted = set(
            connection.scalars(
                select(JournalEntry.subject).where(JournalEntry.action == "appointment.booked")
            )
        )
    halves = [
        number
        for number, _, starts_at, ends_at in made
        if f"appointment:{number}" not in noted
        or any(counts[number] < (ends_at - starts_at) // TICK for counts in taken)
    ]
    return {
        "acknowledged bookings lost": len(uids - {uid for _, uid, _, _ in made}),
        "appointments without all their minutes or their journal entry": len(halves),
    }
