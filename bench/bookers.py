"""Appointments booked one after the other while servers fail, and what must be left of them.

A `Booker` books through the service, in this process; `BookingVisitors` do by the pages and the
mailed link. What got no answer is asked again with its key, as a browser does.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from http.client import HTTPException
from itertools import count, cycle
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from bench.bookings import PER_AGENT, make_slots, opened
from bench.fairs import Fair
from bench.people import BETWEEN_TRIES_S, FORM, Act, Caller, Door
from bench.rush import HIDDEN, NAME, START, TOKEN, VALUE, Mailbox
from salon.appointments.engine.slots import TICK, Slot, slots
from salon.appointments.models import AgentClaim, Appointment, BookingRequest, VisitorClaim
from salon.appointments.queries.situation import offering_of, situation_of
from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.models import Attendee
from salon.fair.models import Theme
from salon.fair.queries import get_public_edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import now
from salon.platform.words.errors import RuleBroken

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
        words = VisitorQuestion("La réfection de la route du Pioch")
        with self.app.app_context():
            try:
                edition = get_public_edition()
                appointment = book_slot(
                    FairAct(SYSTEM, edition=edition), choice, person, words, BookingAttempt(key)
                )
            except RuleBroken as refusal:
                self.refused[type(refusal).__name__] += 1
            except DBAPIError:
                return False
            else:
                self.uids.add(appointment.uid)
            return True


class BookingVisitors(Caller):
    """People who choose a time on a theme's page, fill the form in and open the mailed link."""

    def __init__(self, door: Door | int, slug: str, communes: Sequence[str], box: Mailbox) -> None:
        super().__init__(door)
        self.theme, self.communes, self.box = f"/rendez-vous/themes/{slug}", communes, box

    def acts(self) -> Iterator[Act]:
        for number in count():
            self.cookies.clear()
            email = f"rendez.vous{number}@charge.example"
            try:
                form = self._hold(number, email)
                if form is None:
                    return  # no time is left
                status, _, _ = self.ask("POST", *form, FORM)
                link = f"/rendez-vous/confirmer/{self.box(email)}" if status == 302 else ""
                page = self.ask("GET", link)[1] if link else ""
            except (OSError, HTTPException):
                page = ""
            if token := TOKEN.findall(page[page.find("<main") :]):
                yield Act(self, link, urlencode({"csrf_token": token[0]}), FORM, is_booking=True)
            else:
                time.sleep(BETWEEN_TRIES_S)

    def _hold(self, number: int, email: str) -> tuple[str, str] | None:
        """Hold the first time that is free; return the address and the content of the form."""
        page = unescape(self.ask("GET", self.theme)[1])
        starts = START.findall(page)
        if "<main" in page and not starts:
            return None
        content = {"csrf_token": TOKEN.findall(page)[0], "agent": "", "starts_at": starts[0]}
        _, _, location = self.ask("POST", f"{self.theme}/retenir", urlencode(content), FORM)
        page = unescape(self.ask("GET", location)[1])
        hidden = (
            (NAME.findall(field)[0], (VALUE.findall(field) or [""])[0])
            for field in HIDDEN.findall(page[page.find("<main") :])
        )
        person = {
            "civility": "madame",
            "first_name": "Mireille",
            "last_name": f"Bastide-{number}",
            "function": "mayor",
            "commune": self.communes[number % len(self.communes)],
            "email": email,
            "phone": "04 67 00 00 00",
            "subject": "La réfection de la route du Pioch",
        }
        return location.partition("?")[0], urlencode({**dict(hidden), **person})


def mailbox(fair: Fair) -> Mailbox:
    """Return the tokens of the links mailed to addresses, read from the database of the fair."""
    engine = fair.engine().execution_options(isolation_level="AUTOCOMMIT")
    connections: list[Connection] = []

    def token(address: str) -> str:
        if not connections:
            connections.append(engine.connect())  # in the thread that reads its mail
        requests = select(BookingRequest.private_token).where(BookingRequest.recipient == address)
        private_token = connections[0].scalar(requests.order_by(BookingRequest.id.desc()).limit(1))
        connections[0].rollback()  # the next look sees what came meanwhile
        return private_token or ""

    return token


def lost_appointments(fair: Fair, tokens: set[str]) -> int:
    """Return how many acknowledged appointments are absent."""
    with fair.engine().connect() as connection:
        return len(tokens - set(connection.scalars(select(Appointment.private_token))))


@contextmanager
def booking(fair: Fair) -> Iterator[Booker]:
    """Yield a booker at work; it ends with the context."""
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
    """Return the counts of lost acknowledged bookings and of half-written appointments."""
    with fair.engine().connect() as connection:
        rows = connection.execute(
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
        for number, _, starts_at, ends_at in rows
        if f"appointment:{number}" not in noted
        or any(counts[number] < (ends_at - starts_at) // TICK for counts in taken)
    ]
    return {
        "acknowledged bookings lost": len(uids - {uid for _, uid, _, _ in rows}),
        "appointments without all their minutes or their journal entry": len(halves),
    }
