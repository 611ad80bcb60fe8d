"""Hold, book, move and cancel, under a pessimistic lock on BookingSettings."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    WaitingStatus,
)
from salon.appointments.queries import appointments as queries
from salon.appointments.rules import booking as rules
from salon.appointments.rules.booking import Limit
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.messages import message_context, notify_visitor
from salon.appointments.services.offering import process_waiting_lists
from salon.appointments.services.placing import (
    WAIVED_FOR_HOLDS,
    BookingAttempt,
    Choice,
    VisitorQuestion,
    add_appointment,
    add_hold,
    check_is_not_known_taken,
    check_theme,
    end_appointment,
    find_slot,
    move_to_slot,
    settle_waiting_entries,
    take_hold,
)
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.services import Person
from salon.badges.services.registration import enrol
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.platform.database.versions import check_version
from salon.platform.web.limits import TryLimit, count_try_within


def hold_slot(
    act: FairAct,
    choice: Choice,
    *,
    network: str = "",
    most_of_network: int = 0,
    limit: TryLimit | None = None,
    former: str = "",
) -> Hold:
    """Hold a slot while the visitor fills the form, and release their `former` hold.

    `network`: the visitor's, limited to `most_of_network` holds at once. `limit`: counts the try;
    one that is refused is not counted, and releases nothing. Raises ThemeClosed, NotThisAgent,
    SlotTooSoon, SlotNotFree, BadInput, TooManyHolds, TooManyTries; NoResultFound for a theme of
    another edition.
    """
    check_theme(act.edition, choice.theme_id)
    if not former:
        check_is_not_known_taken(act.edition, choice, act.now)
    settings = get_or_create_settings(act.edition)
    with act.transaction(settings) as session:
        if limit is not None:
            count_try_within(session, limit)
        _delete_hold_of_visitor(session, former)
        delete_expired_holds(session, act.now)
        if network:
            rules.check_network_has_room(queries.count_holds_of(network, act.now), most_of_network)
        slot = find_slot(act.edition, choice, act.now)
        expires_at = act.now + timedelta(minutes=settings.hold_minutes)
        return add_hold(session, act.edition, choice.theme_id, slot, expires_at, network=network)


def release_hold(token: str) -> None:
    """Release a hold before it expires. Idempotent."""
    if not token:
        return
    with transaction() as session:
        _delete_hold_of_visitor(session, token)


def _delete_hold_of_visitor(session: Session, token: str) -> None:
    """Delete a hold that is no proposed time; nothing without a token."""
    if token:
        session.execute(
            delete(Hold).where(
                Hold.token == token, Hold.appointment_id.is_(None), Hold.waiting_id.is_(None)
            )
        )


def book_slot(
    act: FairAct,
    choice: Choice,
    visitor: int | Person,
    question: VisitorQuestion,
    attempt: BookingAttempt,
) -> Appointment:
    """Book a slot for a registered person, or register a new one and book.

    The hold of the attempt is consumed. Idempotent by its key. Raises ThemeClosed, NotThisAgent,
    SlotTooSoon, SlotNotFree, VisitorElsewhere, LimitReached, NotRegistered, SubmissionDiffers,
    TooManyTries; RegistrationClosed for a new person.
    """
    accepted = attempt.accepted
    check_theme(act.edition, choice.theme_id)
    settings = get_or_create_settings(act.edition)
    content = _submission_content(choice, visitor, question)
    with act.transaction(settings) as session:
        if attempt.limit is not None:
            count_try_within(session, attempt.limit)
        if earlier := earlier_row(session, Appointment, attempt.key, content):
            return earlier
        # While it is there, so are its stand and its agent, which the message names.
        held = queries.find_hold(attempt.hold) if attempt.hold else None
        was_kept = held is not None and _consume_hold(session, held, choice, act.now)
        delete_expired_holds(session, act.now)
        is_online = accepted is None
        attendee = attendee_of(act, session, visitor, online=is_online)
        check_limits(attendee, choice.theme_id, settings, accepted)
        passed = (*(accepted or ()), *WAIVED_FOR_HOLDS) if was_kept else accepted
        slot = find_slot(act.edition, choice, act.now, accepted=passed)
        appointment = add_appointment(act, session, attendee, choice.theme_id, slot, question)
        notify_visitor(session, "appointment_booked", appointment)
        settle_submission(session, attempt.key, str(appointment.id))
    return appointment


def move_appointment(
    act: Act,
    appointment: Appointment,
    choice: Choice,
    *,
    accepted: Collection[str] | None = None,
    version: int | None = None,
) -> Appointment:
    """Move an appointment to another time; its own time counts as free.

    The same time changes nothing. `version`: the optimistic lock, as the author read it. Raises
    StaleVersion, NoLongerLive, AlreadyBegun for the public, and the slot errors of `book_slot`.
    """
    edition = appointment.edition
    settings = get_or_create_settings(edition)
    with act.transaction(settings, appointment) as session:
        if version is not None:
            check_version(version, appointment.version)
        rules.check_is_live(appointment)
        rules.check_same_theme(appointment.theme_id, choice.theme_id)
        is_lost = appointment.status == AppointmentStatus.TO_CHOOSE
        if accepted is None and not is_lost:
            rules.check_has_not_begun(appointment.starts_at, act.now)
        if not is_lost and _is_same_slot(appointment, choice):
            return appointment
        delete_expired_holds(session, act.now)
        session.execute(delete(Hold).where(Hold.appointment_id == appointment.id))
        settle_waiting_entries(session, appointment, WaitingStatus.SERVED)
        slot = find_slot(edition, choice, act.now, without=[appointment.id], accepted=accepted)
        before = message_context(appointment)
        move_to_slot(session, appointment, slot, settings.buffer_minutes)
        subject = f"appointment:{appointment.id}"
        write_entry(
            session,
            act.actor,
            AppointmentAction.MOVED,
            subject,
            starts_at=slot.starts_at.isoformat(),
        )
        notify_visitor(session, "appointment_moved", appointment, before=before)
        process_waiting_lists(session, edition, settings, act.now)
    return appointment


def cancel_appointment(
    act: Act, appointment: Appointment, version: int | None = None
) -> Appointment:
    """Cancel an appointment and offer its time to the waiting list. Idempotent.

    `version`: the optimistic lock, as the author read it. Raises StaleVersion, NoLongerLive
    when it is over; for a visitor, AlreadyBegun from its start on.
    """
    edition = appointment.edition
    settings = get_or_create_settings(edition)
    with act.transaction(settings, appointment) as session:
        if appointment.status == AppointmentStatus.CANCELLED:
            return appointment
        if version is not None:
            check_version(version, appointment.version)
        rules.check_is_live(appointment)
        if act.actor.role is None and appointment.status == AppointmentStatus.BOOKED:
            rules.check_has_not_begun(appointment.starts_at, act.now)
        end_appointment(session, appointment, act.now)
        write_entry(
            session, act.actor, AppointmentAction.CANCELLED, f"appointment:{appointment.id}"
        )
        notify_visitor(
            session, "appointment_cancelled", appointment, by_visitor=act.actor.role is None
        )
        process_waiting_lists(session, edition, settings, act.now)
    return appointment


def accept_proposal(act: Act, appointment: Appointment) -> Appointment:
    """Move a lost appointment to its proposed time. Idempotent.

    Raises NoLongerLive, NoProposal, SlotNotFree.
    """
    settings = get_or_create_settings(appointment.edition)
    with act.transaction(settings, appointment) as session:
        if appointment.status == AppointmentStatus.BOOKED:
            return appointment
        rules.check_is_live(appointment)
        hold = queries.find_proposal(appointment)
        rules.check_proposal(hold.expires_at if hold else None, act.now)
        assert hold is not None
        slot = take_hold(session, appointment.edition, hold, act.now)
        move_to_slot(session, appointment, slot, settings.buffer_minutes)
        write_entry(session, act.actor, AppointmentAction.ACCEPTED, f"appointment:{appointment.id}")
        notify_visitor(session, "appointment_booked", appointment)
    return appointment


def _consume_hold(session: Session, hold: Hold, choice: Choice, now: datetime) -> bool:
    """Delete the hold; return whether it was live and for this choice."""
    was_kept = hold.expires_at > now and hold.starts_at == choice.starts_at
    if was_kept and hold.waiting_id is None and hold.appointment_id is None:
        # A statement: release_hold, which takes no lock on the settings, may run meanwhile.
        session.execute(delete(Hold).where(Hold.id == hold.id))
    return was_kept and hold.theme_id == choice.theme_id


def _submission_content(
    choice: Choice, visitor: int | Person, question: VisitorQuestion
) -> Mapping[str, object]:
    content = visitor if isinstance(visitor, int) else asdict(visitor)
    contact = question.contact_email
    return {"book": asdict(choice), "who": content, "contact": contact, **question.words}


def attendee_of(
    act: FairAct, session: Session, visitor: int | Person, *, online: bool = True
) -> Attendee:
    """Return a registered person, locked, or register a new one. Raises NotRegistered."""
    if isinstance(visitor, Person):
        return enrol(act, session, visitor, online=online)
    statement = select(Attendee).where(
        Attendee.id == visitor, Attendee.edition_id == act.edition.id
    )
    attendee = session.scalars(statement.with_for_update()).one()
    if attendee.status != AttendeeStatus.REGISTERED:
        raise rules.NotRegistered
    return attendee


def check_limits(
    attendee: Attendee,
    theme_id: int,
    settings: BookingSettings,
    accepted: Collection[str] | None,
) -> None:
    """Check that the visitor and their commune may have one more appointment.

    `accepted`: limits that are not checked. Raises LimitReached.
    """
    passed = accepted or ()
    if Limit.PER_VISITOR not in passed:
        live_count = queries.count_live_of_attendee(attendee.id)
        rules.check_visitor_has_room(live_count, settings.per_visitor)
    if Limit.PER_COMMUNE not in passed:
        live_count = queries.count_live_for(attendee, theme_id)
        rules.check_commune_has_room(live_count, settings.per_commune, attendee.on_behalf_of)


def _is_same_slot(appointment: Appointment, choice: Choice) -> bool:
    same_agent = choice.agent_id in (None, appointment.agent_id)
    return appointment.starts_at == choice.starts_at and same_agent
