"""Bookings requested without a badge, confirmed by mail.

Nothing visible depends on whether the person is registered, and limits are told only to the owner
of the mailbox.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from salon.appointments.models import BookingRequest, Hold
from salon.appointments.queries.appointments import find_hold
from salon.appointments.queries.offers import offers_in_part
from salon.appointments.queries.settings import booking_of
from salon.appointments.rules import booking as rules
from salon.appointments.rules import waiting as waiting_rules
from salon.appointments.services.booking import book_slot
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.messages import message_context
from salon.appointments.services.placing import (
    BookingAttempt,
    Choice,
    VisitorQuestion,
    WaitingChoice,
    add_hold,
    check_theme,
    find_slot,
)
from salon.appointments.services.settings import get_or_create_settings
from salon.appointments.services.waiting import join_waiting
from salon.badges.engine.matching import Affiliation
from salon.badges.queries import find_same_person
from salon.badges.services import Person
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import unit_of_work
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.platform.mail import outbox
from salon.platform.web.limits import count_mail, count_try_within
from salon.platform.words.formats import hour
from salon.platform.words.tokens import new_token


def request_slot(
    act: FairAct,
    choice: Choice,
    person: Person,
    question: VisitorQuestion,
    attempt: BookingAttempt,
) -> BookingRequest:
    """Hold a slot for CONFIRM_WITHIN and mail the link that books it.

    The hold of the attempt is prolonged. Idempotent by its key. Raises the errors of `hold_slot`,
    SubmissionDiffers, TooMuchMail.
    """
    check_theme(act.edition, choice.theme_id)
    settings = get_or_create_settings(act.edition)
    content = {"request": asdict(choice), "who": asdict(person), **question.words}
    with act.transaction(settings) as session:
        if attempt.limit is not None:
            count_try_within(session, attempt.limit)
        if earlier := earlier_row(session, BookingRequest, attempt.key, content):
            return earlier
        count_mail(session, person.email)
        held_slot = _extend_hold(session, act.edition, choice, attempt, act.now)
        request = _add_request(
            session,
            act.edition,
            choice.theme_id,
            person,
            act.now,
            question=question.words,
            starts_at=choice.starts_at,
            agent_id=choice.agent_id,
            hold_token=held_slot.token,
        )
        _mail_link(
            session,
            request,
            appointment=message_context(held_slot),
            kept_until=hour(held_slot.expires_at),
        )
        settle_submission(session, attempt.key, str(request.id))
    return request


def request_waiting(
    act: FairAct, choice: WaitingChoice, person: Person, key: str
) -> BookingRequest:
    """Mail the link that puts the visitor on a waiting list.

    Idempotent by `key`. Raises StillFree, ThemeClosed, SubmissionDiffers, TooMuchMail.
    """
    theme_id = choice.theme_id
    check_theme(act.edition, theme_id)
    content = {**choice.content, "who": asdict(person)}
    with act.transaction() as session:
        if earlier := earlier_row(session, BookingRequest, key, content):
            return earlier
        count_mail(session, person.email)
        rules.check_fair_has_a_date(act.edition)
        rules.check_theme_is_open(booking_of(theme_id).is_open)
        offers = offers_in_part(act.edition, theme_id, choice.part, act.now, choice.day_on)
        waiting_rules.check_nothing_is_free(len(offers))
        request = _add_request(
            session,
            act.edition,
            theme_id,
            person,
            act.now,
            question=VisitorQuestion(choice.subject).words,
            part=choice.part,
            day_on=choice.day_on,
        )
        _mail_link(session, request, appointment=None, kept_until="")
        settle_submission(session, key, str(request.id))
    return request


def confirm_request(act: Act, request: BookingRequest, starts_at: datetime | None = None) -> str:
    """Book the requested slot or place, and return the path of its page. Idempotent.

    `starts_at`: another time, when the requested one is gone. Raises LinkExpired, and what
    `book_slot` and `join_waiting` raise.
    """
    if request.led_to:
        return request.led_to
    rules.check_request_is_live(request.asked_at, act.now)
    with unit_of_work():
        path = _book(act, request, starts_at) if request.starts_at else _wait(act, request)
        with act.transaction(request):
            request.led_to = path
    return path


def person_of_request(request: BookingRequest) -> Person:
    """Return the person as typed in the request."""
    person = Person(**request.person)
    return replace(person, place=Affiliation(**request.person["place"]))


def _book(act: Act, request: BookingRequest, starts_at: datetime | None) -> str:
    assert request.starts_at is not None
    choice = Choice(request.theme_id, starts_at or request.starts_at, request.agent_id)
    appointment = book_slot(
        FairAct.of(act, request.edition),
        choice,
        person_of_request(request),
        VisitorQuestion(**request.question),
        BookingAttempt(
            f"request:{request.private_token}:{choice.starts_at.isoformat()}",
            hold=request.hold_token,
        ),
    )
    return f"/rendez-vous/{appointment.private_token}"


def _wait(act: Act, request: BookingRequest) -> str:
    assert request.part is not None
    entry = join_waiting(
        FairAct.of(act, request.edition),
        WaitingChoice(
            request.theme_id, request.part, request.question["subject"], day_on=request.day_on
        ),
        person_of_request(request),
        f"request:{request.private_token}",
    )
    return f"/rendez-vous/liste/{entry.private_token}"


def _extend_hold(
    session: Session, edition: Edition, choice: Choice, attempt: BookingAttempt, now: datetime
) -> Hold:
    """Return the visitor's hold extended for the confirmation, or a new one."""
    until = min(now + rules.CONFIRM_WITHIN, choice.starts_at)
    hold = find_hold(attempt.hold) if attempt.hold else None
    if (
        hold is not None
        and (hold.waiting_id, hold.appointment_id) == (None, None)
        and (hold.theme_id, hold.starts_at) == (choice.theme_id, choice.starts_at)
        and hold.expires_at > now
    ):
        hold.expires_at = until
        return hold
    delete_expired_holds(session, now)
    slot = find_slot(edition, choice, now)
    return add_hold(session, edition, choice.theme_id, slot, until, network=attempt.network)


def _add_request(
    session: Session,
    edition: Edition,
    theme_id: int,
    person: Person,
    now: datetime,
    **content: object,
) -> BookingRequest:
    # Two addresses may share one key: mail goes to the address of the registration.
    registered_person = find_same_person(
        edition.id, person.email_key, person.name_key, identity=person.identity
    )
    request = BookingRequest(
        edition_id=edition.id,
        theme_id=theme_id,
        private_token=new_token(),
        recipient=(registered_person.email if registered_person is not None else "")
        or person.email,
        email_key=person.email_key,
        name_key=person.name_key,
        person=asdict(person),
        asked_at=now,
        **content,
    )
    session.add(request)
    session.flush()
    return request


def _mail_link(
    session: Session,
    request: BookingRequest,
    *,
    appointment: Mapping[str, str] | None,
    kept_until: str,
) -> None:
    """Mail the link. The message repeats nothing that was typed: the address may be another's."""
    outbox.post(
        session,
        "booking_to_confirm",
        request.recipient,
        token=request.private_token,
        theme=request.theme.name,
        appointment=appointment,
        kept_until=kept_until,
    )
