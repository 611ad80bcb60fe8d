"""Messages to people about their registration."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.accounts.models import StationKind
from salon.badges import queries
from salon.badges.engine.matching import contact_words, email_key
from salon.badges.models import Attendee, Badge, Group
from salon.badges.models.labels import salutation
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail import outbox
from salon.platform.words import formats
from salon.platform.words.email_addresses import mailbox_of

MOST_OF_A_MAILBOX = 3
"""Most messages of one registration to a mailbox; the group's page has every badge."""


def author_of(act: Act, attendee: Attendee, contact_email: str) -> str:
    """Return who registers somebody else, in the words that this person is told (RGPD, article 14:
    where their data come from); "" for who registers by themselves."""
    actor = act.actor
    if actor.role == Role.ORGANISER:
        return "l’organisation du salon"
    if actor.role == Role.AGENT:
        return "un agent du village"
    if actor.kind == StationKind.DESK:
        return "l’accueil du salon"
    is_own_address = email_key(attendee.email) == email_key(contact_email)
    if actor.role is not None or actor == SYSTEM or is_own_address:
        return ""
    return contact_words(contact_email, attendee.on_behalf_of)


def notify_registration(
    act: Act,
    session: Session,
    group: Group,
    added: Sequence[Attendee],
    registered: Sequence[Attendee],
    people_count: int,
) -> None:
    """Post each person's badge to them, and the group's link to the contact of several people."""
    contact = mailbox_of(group.contact_email)
    lone_attendees = [
        attendee for attendee in added if people_count == 1 or mailbox_of(attendee.email) != contact
    ]
    notify_people(act, session, "registration", lone_attendees, group.contact_email)
    notify_people(act, session, "already_registered", registered, group.contact_email)
    if added and people_count > 1:
        notify_group(session, group, added)


def notify_people(
    act: Act, session: Session, kind: str, people: Sequence[Attendee], contact_email: str
) -> None:
    """Post a message to each person, which says who registers them; one message with all their
    badges to those who share an address.

    A mailbox gets at most MOST_OF_A_MAILBOX of them at once, however its address is spelt.
    """
    sharing: dict[str, dict[str, list[Attendee]]] = {}
    for person in people:
        if person.email:
            addresses = sharing.setdefault(mailbox_of(person.email), {})
            addresses.setdefault(person.email.casefold(), []).append(person)
    for addresses in sharing.values():
        for several in list(addresses.values())[:MOST_OF_A_MAILBOX]:
            author = author_of(act, several[0], contact_email)
            if len(several) == 1:
                notify_person(session, kind, several[0], author=author)
            else:
                notify_address(session, several, author)


def notify_address(session: Session, people: Sequence[Attendee], author: str = "") -> None:
    """Post the links of the badges of people who share an address, in one message; `author`: who
    registers them, if somebody else does."""
    badges = [(attendee.full_name, queries.find_valid_badge(attendee.id)) for attendee in people]
    outbox.post(
        session,
        "badges_of_address",
        people[0].email,
        people=[
            {"name": name, "token": badge.private_token}
            for name, badge in badges
            if badge is not None
        ],
        author=author,
    )


def notify_group(
    session: Session, group: Group, people: Sequence[Attendee], *, is_renewed: bool = False
) -> None:
    """Post the private link of a group to its contact; `is_renewed`: it replaces another link."""
    outbox.post(
        session,
        "group_registered",
        group.contact_email,
        about=f"group:{group.id}",
        token=group.private_token,
        people=[attendee.full_name for attendee in people],
        is_renewed=is_renewed,
    )


def notify_person(session: Session, kind: str, attendee: Attendee, **context: Any) -> None:
    """Post a message to a person, with the private link of their valid badge if they have one,
    or of `token`."""
    if not attendee.email:
        return
    badge = queries.find_valid_badge(attendee.id)
    outbox.post(
        session,
        kind,
        context.pop("recipient", attendee.email),
        about=f"attendee:{attendee.id}",
        attendee_id=attendee.id,
        salutation=salutation(attendee.civility, attendee.function),
        name=attendee.full_name,
        token=context.pop("token", badge.private_token if badge else ""),
        visit=visit_of(attendee),
        **context,
    )


def notify_cancelled(
    act: Act, session: Session, attendee: Attendee, badge: Badge | None, event_at: datetime
) -> None:
    """Tell a person who cancelled their registration, and when; with the link that restores it,
    unless the organisers did."""
    is_by_holder = act.actor.role is None and act.actor != SYSTEM
    notify_person(
        session,
        "cancelled",
        attendee,
        event_at=event_at,
        token=badge.private_token if badge is not None and is_by_holder else "",
        by_holder=is_by_holder,
        cancelled_at=formats.short_moment(act.now),
    )


def visit_of(attendee: Attendee) -> str:
    """Return when somebody comes, "" for every day of the fair."""
    edition = queries.edition_of(attendee)
    days = attendee.days_among(day.day_on for day in edition.days)
    if len(days) == len(edition.days):
        return ""
    return f"{formats.days(days)}, {edition.hours_of(days)}"
