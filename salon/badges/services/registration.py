"""Registration online or at the welcome desk, of one person or many."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.engine.codes import new_code
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Consent,
    Group,
)
from salon.badges.models.labels import AcceptedText
from salon.badges.models.visit_days import written_days
from salon.badges.services.accepted_texts import versions_accepted
from salon.badges.services.person import Person, Registration
from salon.badges.services.registration_settings import check_online, is_online, limits_of
from salon.badges.services.telling import author_of, notify_person, notify_registration
from salon.exhibitors.models import Invitation
from salon.exhibitors.queries.invitations import find_invitation, places_left
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, violates
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.web.limits import count_mail
from salon.platform.words.email_addresses import mailbox_of
from salon.platform.words.tokens import new_token


def register_visitors(
    act: FairAct,
    contact: str | Group,
    people: Sequence[Person],
    key: str,
    *,
    notify: bool = True,
    invitation: str = "",
) -> Registration:
    """Register people for an edition, in a group, or in a new one with that contact address.

    People already registered keep their badge and get a mail about it; the caller does not learn
    it. Idempotent for the same `key`. `notify=False` posts no message. `invitation`: an exhibitor's
    code, which counts the new people while it has room; an invalid code is ignored. Organisers
    register beyond the categories and places that are open online. Raises RegistrationSuspended,
    RegistrationNotYetOpen, RegistrationClosed, NobodyToRegister, TooManyPeople, CategoryClosed,
    NotEnoughPlaces, SubmissionDiffers, TooMuchMail.
    """
    rules.check_registration_is_open(act.edition, act.now)
    rules.check_group_size(people)
    contact_email = contact.contact_email if isinstance(contact, Group) else contact
    content = {"contact": contact_email, "people": [asdict(person) for person in people]}
    invited_by = find_invitation(act.edition, invitation) if invitation else None
    with act.transaction(*filter(None, [invited_by]), *limits_of(act.edition)) as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return Registration(**json.loads(earlier))
        if is_online(act):
            check_online(act.edition, people)
        if isinstance(contact, Group):
            group, is_new = contact, False
        else:
            group, is_new = new_group(session, act.edition.id, contact, act.now), True
        added, registered = _add_all(act, session, group, people)
        if is_new and not added:
            session.delete(group)
        if notify and act.actor.role is None:
            addresses = [contact_email, *(person.email for person in people)]
            for mailbox in dict.fromkeys(mailbox_of(address) for address in addresses if address):
                count_mail(session, mailbox)
        if notify:
            notify_registration(act, session, group, added, registered, len(people))
        result = Registration(
            group.id if added or not is_new else None,
            [attendee.id for attendee in added],
            [attendee.id for attendee in registered],
            _count_by_invitation(session, invited_by, added),
        )
        settle_submission(session, key, json.dumps(asdict(result)))
    return result


def _count_by_invitation(
    session: Session, invitation: Invitation | None, added: Sequence[Attendee]
) -> int:
    """Count the new people on the invitation, whose row is locked; return how many had no room."""
    if invitation is None:
        return 0
    ids = [attendee.id for attendee in added][: places_left(invitation)]
    statement = update(Attendee).where(Attendee.id.in_(ids)).values(invitation_id=invitation.id)
    session.execute(statement)
    return len(added) - len(ids)


def register_on_the_spot(act: FairAct, person: Person, key: str) -> Registration:
    """Register a person at the welcome desk, whatever the dates of online registration.

    Raises SubmissionDiffers.
    """
    with act.transaction() as session:
        earlier = claim_submission(session, key, asdict(person))
        if earlier is not None:
            return Registration(**json.loads(earlier))
        group = new_group(session, act.edition.id, person.email, act.now)
        added, registered = _add_all(act, session, group, [person])
        if not added:
            session.delete(group)
        if person.email:
            for attendee in added:
                author = author_of(act, attendee, person.email)
                notify_person(session, "registration", attendee, author=author)
        result = Registration(
            group.id if added else None,
            [attendee.id for attendee in added],
            [attendee.id for attendee in registered],
        )
        settle_submission(session, key, json.dumps(asdict(result)))
    return result


def enrol(act: FairAct, session: Session, person: Person, *, online: bool) -> Attendee:
    """Return a person's live registration, created and notified if new, inside the caller's
    transaction.

    Raises RegistrationNotYetOpen, RegistrationClosed, CategoryClosed, NotEnoughPlaces for a new
    person when `online`.
    """
    registered = queries.find_same_person(
        act.edition.id, person.email_key, person.name_key, identity=person.identity
    )
    if registered is not None:
        return registered
    if online:
        rules.check_registration_is_open(act.edition, act.now)
        for limits in limits_of(act.edition):
            session.refresh(limits, with_for_update=True)
        check_online(act.edition, [person])
    group = new_group(session, act.edition.id, person.email, act.now)
    attendee, is_new = _add_unless_registered(act, session, group, person)
    if not is_new:
        session.delete(group)
    elif person.email:
        author = author_of(act, attendee, person.email)
        notify_person(session, "registration", attendee, author=author)
    return attendee


def new_group(session: Session, edition_id: int, contact_email: str, now: datetime) -> Group:
    group = Group(
        edition_id=edition_id,
        contact_email=contact_email,
        private_token=new_token(),
        created_at=now,
    )
    session.add(group)
    session.flush()
    return group


def _add_all(
    act: Act, session: Session, group: Group, people: Sequence[Person]
) -> tuple[list[Attendee], list[Attendee]]:
    """Return (added, already registered). Keys are sorted so that two groups never deadlock."""
    added: list[Attendee] = []
    registered: dict[int, Attendee] = {}
    for person in sorted(people, key=lambda person: (person.email_key, person.name_key)):
        attendee, is_new = add_attendee(act, session, group, person)
        if is_new:
            added.append(attendee)
        elif attendee not in added and attendee.id not in registered:
            registered[attendee.id] = attendee
            write_entry(
                session, act.actor, BadgeAction.ATTENDEE_REGISTERED_AGAIN, f"attendee:{attendee.id}"
            )
    return added, list(registered.values())


def add_attendee(act: Act, session: Session, group: Group, person: Person) -> tuple[Attendee, bool]:
    """Return (attendee, is_new): the person added with a new badge, or their live registration."""
    registered = find_registered(group, person)
    if registered is not None:
        return registered, False
    return _add_unless_registered(act, session, group, person)


def _add_unless_registered(
    act: Act, session: Session, group: Group, person: Person, name_key: str = ""
) -> tuple[Attendee, bool]:
    """Add a person who was not registered when this transaction looked.

    Two transactions may race: the unique index decides, and the loser returns the winner's row, or
    takes another `name_key` beside that of a namesake: only then, or it would be taken beside the
    same person, registered since this transaction looked.
    """
    texts = versions_accepted(group.edition_id, person.texts_read)
    attendee = _attendee_of(act, group, person)
    attendee.name_key = name_key or person.name_key
    if AcceptedText.PRIVACY in person.texts_read:
        attendee.notice_version = texts[AcceptedText.PRIVACY]
    try:
        with session.begin_nested():
            session.add(attendee)
            session.flush()
    except IntegrityError as error:
        if not is_same_person(error):
            raise
        registered = find_registered(group, person)
        if registered is None:
            free_key = queries.free_name_key(
                group.edition_id, person.email_key, person.name_key, person.exhibitor_id
            )
            return _add_unless_registered(act, session, group, person, free_key)
        return registered, False
    for purpose in person.consents:
        consent = Consent(
            attendee_id=attendee.id,
            purpose=purpose,
            text_version=texts[purpose],
            given_at=act.now,
        )
        session.add(consent)
    subject = f"attendee:{attendee.id}"
    write_entry(
        session, act.actor, BadgeAction.ATTENDEE_REGISTERED, subject, category=attendee.category
    )
    issue_badge(act, session, attendee)
    return attendee, True


def find_registered(group: Group, person: Person) -> Attendee | None:
    """Return the live registration of this person, on the same stand when they are staff."""
    if person.agent_id is not None:
        return queries.find_attendee_of_agent(person.agent_id)
    return queries.find_same_person(
        group.edition_id,
        person.email_key,
        person.name_key,
        person.exhibitor_id,
        person.identity,
    )


def is_same_person(error: IntegrityError) -> bool:
    """Return whether a unique index refused to register the same person twice."""
    columns = ("attendees.email_key", "attendees.name_key")
    return (
        violates(error, "uq_attendees_person", *columns)
        or violates(error, "uq_attendees_staff")
        or violates(error, "uq_attendees_agent", "attendees.agent_id")
    )


def _attendee_of(act: Act, group: Group, person: Person) -> Attendee:
    rules.check_place_is_given(
        person.place.commune_code, person.place.epci_siren, person.place.organisation
    )
    return Attendee(
        edition_id=group.edition_id,
        group_id=group.id,
        status=AttendeeStatus.REGISTERED,
        category=Category(
            person.category or rules.category_for(person.function, person.function_other)
        ),
        civility=person.civility,
        first_name=person.first_name,
        last_name=person.last_name,
        name_key=person.name_key,
        function=person.function,
        function_other=person.function_other,
        commune_code=person.place.commune_code,
        epci_siren=person.place.epci_siren,
        organisation=person.place.organisation,
        email=person.email,
        email_key=person.email_key,
        phone=person.phone,
        half_day=person.half_day,
        visit_days=person.visit_days or _days_left(group.edition_id, act.now),
        needs=list(person.needs),
        needs_note=person.needs_note,
        is_vip=person.is_vip,
        registered_by=act.actor.display_name,
        registered_at=act.now,
        exhibitor_id=person.exhibitor_id,
        agent_id=person.agent_id,
    )


def _days_left(edition_id: int, now: datetime) -> str:
    """Return the days that are still to come, "" while none is over."""
    days = current_session().get_one(Edition, edition_id).days
    ahead = [day.day_on for day in days if day.closes_at > now]
    return written_days(ahead, [day.day_on for day in days])


def issue_badge(act: Act, session: Session, attendee: Attendee) -> Badge:
    """Return a new valid badge; the former one must be revoked before."""
    edition = session.get_one(Edition, attendee.edition_id)
    badge = Badge(
        edition_id=attendee.edition_id,
        attendee_id=attendee.id,
        code=new_code(edition.code_key),
        private_token=new_token(),
        issued_at=act.now,
    )
    session.add(badge)
    session.flush()
    write_entry(session, act.actor, BadgeAction.ISSUED, f"badge:{badge.id}", attendee=attendee.id)
    return badge
