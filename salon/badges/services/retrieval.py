"""Recovery of badges: correction right after a mistyped form, or mailing them again."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.engine.matching import email_key
from salon.badges.models import ONLINE, Attendee, AttendeeStatus
from salon.badges.services.changes import apply_changes, cancel_silently, renew_badge, set_consents
from salon.badges.services.person import Person, Registration
from salon.badges.services.registration import add_attendee, new_group
from salon.badges.services.registration_settings import check_online, limits_of, online_category
from salon.badges.services.telling import notify_address, notify_person
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import Submission, claim_submission, settle_submission
from salon.platform.web.limits import count_mail
from salon.platform.words.errors import TooMuchMail
from salon.platform.words.likeness import Identity

CORRECTED_WITHIN = timedelta(hours=2)
MOST_ALIKE = 3
"""Earlier registrations of a person whose badge one request mails again."""


def send_badges(act: FairAct, email: str) -> None:
    """Mail the badges registered with this address to it, in one message; silent if there are none.

    Raises TooMuchMail.
    """
    with act.transaction() as session:
        count_mail(session, email)
        write_entry(session, act.actor, BadgeAction.ASKED_AGAIN)
        for people in _by_address(queries.attendees_at_address(act.edition.id, email_key(email))):
            notify_address(session, people)


def send_earlier_badges(act: FairAct, key: str) -> None:
    """Mail the badges of the registered people who may be those added by the form `key`, each to
    the address of its registration; silent if there are none, or too many for a mailbox."""
    with act.transaction() as session:
        write_entry(session, act.actor, BadgeAction.ASKED_AGAIN)
        added = _just_added(session, key, act.now)
        identities = [queries.identity_of(attendee) for attendee in added]
        _mail_alike(act, session, identities, {attendee.id for attendee in added})


def send_badges_like(act: FairAct, person: Person) -> None:
    """Mail the badges of the registered people who may be this one but for their own, as
    `send_earlier_badges` does."""
    own = queries.find_same_person(
        act.edition.id, person.email_key, person.name_key, identity=person.identity
    )
    with act.transaction() as session:
        write_entry(session, act.actor, BadgeAction.ASKED_AGAIN)
        _mail_alike(act, session, [person.identity], {own.id} if own is not None else ())


def _mail_alike(
    act: FairAct, session: Session, identities: Sequence[Identity], own_ids: Collection[int]
) -> None:
    likely_ids: dict[int, None] = {}
    for identity in identities:
        likely = queries.people_like(act.edition.id, identity)
        earlier = [number for number, _ in likely if number not in own_ids]
        likely_ids.update(dict.fromkeys(earlier[:MOST_ALIKE]))
    for person in map(queries.get_attendee, likely_ids):
        if not person.email:
            continue
        with suppress(TooMuchMail):
            count_mail(session, person.email)
            notify_address(session, [person])


def correct_registration(act: FairAct, former_key: str, person: Person, key: str) -> None:
    """Correct the registration made by the form `former_key`; its former badge stops working.

    Where that form added nobody, the person was registered before, and this form registers as
    usual; the caller cannot tell the difference. Idempotent for the same `key`. Raises
    RegistrationSuspended, RegistrationNotYetOpen, RegistrationClosed, CategoryClosed,
    NotEnoughPlaces, SubmissionDiffers, TooMuchMail.
    """
    rules.check_registration_is_open(act.edition, act.now)
    with act.transaction(*limits_of(act.edition)) as session:
        if claim_submission(session, key, {"former": former_key, **asdict(person)}) is not None:
            return
        count_mail(session, person.email)
        added = _just_added(session, former_key, act.now)
        former = added[0] if len(added) == 1 else None
        same_person = queries.find_same_person(
            act.edition.id, person.email_key, person.name_key, identity=person.identity
        )
        check_online(act.edition, [person], freed=former)
        if former is not None and same_person in (None, former):
            _put_right(act, session, former, person)
            result = Registration(former.group_id, [former.id])
        else:
            if former is not None:
                cancel_silently(act, session, former)
            result = _register(act, session, person)
        settle_submission(session, key, json.dumps(asdict(result)))
    for attendee_id in result.added:
        set_consents(act, attendee_id, list(person.consents), person.texts_read)


def _just_added(session: Session, key: str, now: datetime) -> list[Attendee]:
    """Return the live registrations added by a recent form, not those that were there before."""
    submission = session.get(Submission, key)
    added = (
        json.loads(submission.result).get("added", [])
        if submission is not None and submission.result
        else []
    )
    attendees = [session.get_one(Attendee, number, with_for_update=True) for number in added]
    return [
        attendee
        for attendee in attendees
        if attendee.status == AttendeeStatus.REGISTERED
        and now - attendee.registered_at < CORRECTED_WITHIN
    ]


def _put_right(act: Act, session: Session, attendee: Attendee, person: Person) -> None:
    values = {
        **{name: value for name, value in asdict(person).items() if value or name != "needs_note"},
        "commune_code": person.place.commune_code,
        "epci_siren": person.place.epci_siren,
        "organisation": person.place.organisation,
    }
    if not person.needs:
        del values["needs"]
    former_email = attendee.email
    with session.no_autoflush:
        changed_names = apply_changes(attendee, values)
        attendee.name_key = queries.free_name_key(
            attendee.edition_id, attendee.email_key, person.name_key, own_id=attendee.id
        )
    if attendee.category in ONLINE:
        attendee.category = online_category(person)
    if "email" in changed_names:
        # The link of the former badge is in the mailbox of somebody else.
        renew_badge(act, session, attendee, "mistyped address")
        if attendee.group.contact_email == former_email:
            attendee.group.contact_email = attendee.email
    session.flush()
    subject = f"attendee:{attendee.id}"
    write_entry(session, act.actor, BadgeAction.ATTENDEE_CHANGED, subject, fields=changed_names)
    notify_person(session, "registration", attendee)


def _register(act: FairAct, session: Session, person: Person) -> Registration:
    group = new_group(session, act.edition.id, person.email, act.now)
    attendee, is_new = add_attendee(act, session, group, person)
    notify_person(session, "registration" if is_new else "already_registered", attendee)
    if is_new:
        return Registration(group.id, [attendee.id])
    session.delete(group)
    return Registration(None, [], [attendee.id])


def _by_address(people: Sequence[Attendee]) -> list[list[Attendee]]:
    """Return people grouped by address as typed: two spellings of one key may be two mailboxes."""
    addresses: dict[str, list[Attendee]] = {}
    for person in people:
        addresses.setdefault(person.email.casefold(), []).append(person)
    return list(addresses.values())
