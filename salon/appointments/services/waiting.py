"""Waiting lists: who comes first is offered a time for a while, then the next; nobody is lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon import outbox
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries import waiting as queries
from salon.appointments.queries.appointments import appointments_of_attendee
from salon.appointments.queries.offers import ask_of, is_in_part, offers_of
from salon.appointments.queries.situation import offering_of, situation_of
from salon.appointments.rules import booking
from salon.appointments.rules import waiting as rules
from salon.appointments.services.claims import drop_expired
from salon.appointments.services.placing import (
    Question,
    add_appointment,
    add_hold,
    new_token,
    put_at,
    take_hold,
)
from salon.appointments.services.settings import keep_settings
from salon.appointments.services.telling import tell_visitor, told
from salon.appointments.slots import Situation, Slot, slots, tick
from salon.badges.labels import salutation
from salon.badges.models import Attendee, AttendeeStatus, HalfDay
from salon.badges.services import Person
from salon.badges.services.registration import enrol
from salon.db import transaction, violates
from salon.fair.models import Edition
from salon.fair.queries import find_current_edition
from salon.identity import SYSTEM, Identity
from salon.journal import write_entry
from salon.submissions import claim_submission, settle_submission


def join_waiting(
    edition: Edition,
    theme_id: int,
    part: HalfDay,
    visitor: int | Person,
    subject: str,
    key: str,
    by: Identity,
    now: datetime,
    contact_email: str = "",
) -> WaitingEntry:
    """Puts somebody at the end of the list of a theme and part of day.

    The same `key` again gives the first entry. Raises StillFree, AlreadyWaiting, NotRegistered,
    SubmissionDiffers.
    """
    settings = keep_settings(edition)
    content = {"wait": theme_id, "part": part, "who": str(visitor), "subject": subject}
    with transaction(settings) as writing:
        earlier = claim_submission(writing, key, content)
        if earlier is not None:
            return writing.get_one(WaitingEntry, int(earlier))
        free = [one for one in offers_of(edition, theme_id, now) if is_in_part(one.starts_at, part)]
        rules.check_nothing_is_free(len(free))
        attendee = _attendee(writing, edition, visitor, by, now)
        entry = _add(
            writing,
            WaitingEntry(
                edition_id=edition.id,
                theme_id=theme_id,
                attendee_id=attendee.id,
                part=part,
                subject=subject,
                contact_email="" if contact_email == attendee.email else contact_email,
                joined_at=now,
                queued_at=now,
            ),
        )
        write_entry(writing, by, "waiting.joined", f"waiting:{entry.id}", theme=theme_id)
        _tell(writing, "waiting_joined", entry, rank=queries.rank_of(entry))
        settle_submission(writing, key, str(entry.id))
    return entry


def wait_again(writing: Session, appointment: Appointment, now: datetime) -> WaitingEntry:
    """Puts an appointment that lost its agent, and for which no time is left, on the list: its
    turn is from when it was booked. Inside the caller's transaction."""
    return _add(
        writing,
        WaitingEntry(
            edition_id=appointment.edition_id,
            theme_id=appointment.theme_id,
            attendee_id=appointment.attendee_id,
            appointment_id=appointment.id,
            part=HalfDay.WHOLE_DAY,
            subject=appointment.subject,
            contact_email=appointment.contact_email,
            joined_at=now,
            queued_at=appointment.booked_at,
        ),
    )


def leave_waiting(entry: WaitingEntry, by: Identity, now: datetime) -> None:
    """Leaves the list; a time that was offered goes to the next. Twice is as once."""
    settings = keep_settings(entry.edition)
    with transaction(settings) as writing:
        writing.refresh(entry)
        if not entry.is_live:
            return
        entry.status = WaitingStatus.LEFT
        writing.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        write_entry(writing, by, "waiting.left", f"waiting:{entry.id}")
        advance(writing, entry.edition, settings, now)


def decline_offer(entry: WaitingEntry, by: Identity, now: datetime) -> None:
    """Does not want this time, and goes on waiting, after those who wait already.

    Raises NoLongerWaiting.
    """
    settings = keep_settings(entry.edition)
    with transaction(settings) as writing:
        writing.refresh(entry)
        rules.check_is_waiting(entry.is_live)
        _back_in_line(writing, entry, now)
        write_entry(writing, by, "waiting.declined", f"waiting:{entry.id}")
        advance(writing, entry.edition, settings, now, but=entry.id)


def accept_offer(entry: WaitingEntry, by: Identity, now: datetime) -> Appointment:
    """Takes the time that is kept: it becomes an appointment, or the one that was lost has it.

    Raises NoLongerWaiting, OfferIsOver, SlotNotFree.
    """
    edition = entry.edition
    settings = keep_settings(edition)
    with transaction(settings) as writing:
        writing.refresh(entry)
        rules.check_is_waiting(entry.is_live)
        hold = entry.hold
        rules.check_is_offered(hold.expires_at if hold else None, now)
        assert hold is not None
        slot = take_hold(writing, edition, hold, now)
        appointment = _appointment(writing, entry, slot, settings, by, now)
        entry.status = WaitingStatus.SERVED
        write_entry(writing, by, "waiting.served", f"waiting:{entry.id}")
        tell_visitor(writing, "appointment_booked", appointment)
    return appointment


def run_waiting_lists(now: datetime) -> int:
    """Offers what became free, and passes to the next who did not answer in time; answers how many
    offers were made. After the fair, tells those who were never served."""
    edition = find_current_edition()
    if edition is None or not queries.is_something_to_do(edition, now):
        return 0
    settings = keep_settings(edition)
    with transaction(settings) as writing:
        if edition.ends_at <= now:
            _close(writing, edition)
            return 0
        return advance(writing, edition, settings, now)


def advance(
    writing: Session,
    edition: Edition,
    settings: BookingSettings,
    now: datetime,
    but: int | None = None,
) -> int:
    """Those who did not answer go to the end; the first of each list are offered what is free.

    Inside the caller's transaction, which has locked the settings; `but`: who just declined.
    """
    entries = queries.entries_of(edition)
    for entry in entries:
        if entry.status == WaitingStatus.OFFERED and _is_silent(entry, now):
            _back_in_line(writing, entry, now)
            _tell(writing, "waiting_expired", entry)
    drop_expired(writing, now)
    waiting = [one for one in entries if one.status == WaitingStatus.WAITING and one.id != but]
    if not waiting:
        return 0
    situation = situation_of(edition, now)
    offering = offering_of(edition)
    made = 0
    for entry in sorted(waiting, key=lambda one: (one.queued_at, one.id)):
        ask = ask_of(offering, entry.theme_id)
        found = _first_free(situation, slots(situation, ask), entry)
        if found is not None:
            _offer(writing, edition, entry, found, settings, now)
            situation.take(found)
            made += 1
    return made


def _first_free(situation: Situation, found: list[Slot], entry: WaitingEntry) -> Slot | None:
    """The first slot in the part of day asked, at which the visitor is not received elsewhere."""
    buffer = situation.buffer
    taken = [
        (tick(one.starts_at), tick(one.ends_at))
        for one in appointments_of_attendee(entry.attendee_id)
        if one.status == AppointmentStatus.BOOKED
    ]
    for slot in found:
        clear = all(
            slot.end + buffer <= start or end + buffer <= slot.start for start, end in taken
        )
        if clear and is_in_part(slot.starts_at, entry.part):
            return slot
    return None


def _offer(
    writing: Session,
    edition: Edition,
    entry: WaitingEntry,
    slot: Slot,
    settings: BookingSettings,
    now: datetime,
) -> None:
    until = rules.answer_by(now, slot.starts_at, settings.offer_minutes)
    hold = add_hold(
        writing, edition, entry.theme_id, slot, until, entry.attendee_id, waiting_id=entry.id
    )
    entry.status, entry.hold = WaitingStatus.OFFERED, hold
    entry.offers += 1
    write_entry(writing, SYSTEM, "waiting.offered", f"waiting:{entry.id}")
    _tell(writing, "waiting_offered", entry, appointment=told(hold), until=until.isoformat())


def _is_silent(entry: WaitingEntry, now: datetime) -> bool:
    return entry.hold is None or entry.hold.expires_at <= now


def _back_in_line(writing: Session, entry: WaitingEntry, now: datetime) -> None:
    writing.execute(delete(Hold).where(Hold.waiting_id == entry.id))
    entry.status, entry.queued_at = WaitingStatus.WAITING, now
    writing.flush()
    writing.expire(entry, ["hold"])


def _close(writing: Session, edition: Edition) -> None:
    for entry in queries.entries_of(edition):
        writing.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        entry.status = WaitingStatus.CLOSED
        _tell(writing, "waiting_closed", entry)


def _appointment(
    writing: Session,
    entry: WaitingEntry,
    slot: Slot,
    settings: BookingSettings,
    by: Identity,
    now: datetime,
) -> Appointment:
    if entry.appointment_id is not None:
        lost = writing.get_one(Appointment, entry.appointment_id)
        put_at(writing, lost, slot, settings.buffer_minutes)
        return lost
    question = Question(entry.subject)
    return add_appointment(
        writing,
        entry.attendee,
        entry.theme_id,
        slot,
        question,
        entry.contact_email,
        settings,
        by,
        now,
    )


def _attendee(
    writing: Session, edition: Edition, visitor: int | Person, by: Identity, now: datetime
) -> Attendee:
    if isinstance(visitor, Person):
        return enrol(writing, edition, visitor, now, by, online=True)
    found = writing.get_one(Attendee, visitor)
    if found.status != AttendeeStatus.REGISTERED or found.edition_id != edition.id:
        raise booking.NotRegistered
    return found


def _add(writing: Session, entry: WaitingEntry) -> WaitingEntry:
    entry.private_token = new_token()
    writing.add(entry)
    try:
        writing.flush()
    except IntegrityError as error:
        if violates(error, "uq_waiting_entries_live", "waiting_entries.attendee_id"):
            raise rules.AlreadyWaiting from None
        raise
    return entry


def _tell(writing: Session, kind: str, entry: WaitingEntry, **context: Any) -> None:
    attendee = entry.attendee
    for address in dict.fromkeys(filter(None, (attendee.email, entry.contact_email))):
        outbox.post(
            writing,
            kind,
            address,
            about=f"waiting:{entry.id}",
            token=entry.private_token,
            salutation=(
                salutation(attendee.civility, attendee.function)
                if address == attendee.email
                else "Bonjour"
            ),
            name=attendee.full_name,
            is_holder=address == attendee.email,
            theme=entry.theme.name,
            subject=entry.subject,
            **context,
        )
