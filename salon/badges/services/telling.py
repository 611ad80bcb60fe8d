"""The messages that people get of their registration."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from salon.badges import queries
from salon.badges.models import Attendee, Group
from salon.badges.models.labels import salutation
from salon.platform.addresses import mailbox_of
from salon.platform.mail import outbox

MOST_OF_A_MAILBOX = 3
"""Messages that one registration sends to a mailbox; the page of the group has every badge."""


def tell_registration(
    session: Session,
    group: Group,
    added: Sequence[Attendee],
    known: Sequence[Attendee],
    asked: int,
) -> None:
    """To each person their badge; to the contact of several people the group's link."""
    contact = mailbox_of(group.contact_email)
    alone = [one for one in added if asked == 1 or mailbox_of(one.email) != contact]
    tell_people(session, "registration", alone)
    tell_people(session, "already_registered", known)
    if added and asked > 1:
        tell_group(session, group, added)


def tell_people(session: Session, kind: str, people: Sequence[Attendee]) -> None:
    """Post a message to each person; one with all their badges to those who share an address.

    A mailbox gets MOST_OF_A_MAILBOX of them at once, in however many ways its address is written.
    """
    sharing: dict[str, dict[str, list[Attendee]]] = {}
    for person in people:
        if person.email:
            addresses = sharing.setdefault(mailbox_of(person.email), {})
            addresses.setdefault(person.email.casefold(), []).append(person)
    for addresses in sharing.values():
        for several in list(addresses.values())[:MOST_OF_A_MAILBOX]:
            if len(several) == 1:
                tell_person(session, kind, several[0])
            else:
                tell_address(session, several)


def tell_address(session: Session, people: Sequence[Attendee]) -> None:
    """Post the links of the badges of people who share an address, in one message."""
    badges = [(one.full_name, queries.find_valid_badge(one.id)) for one in people]
    outbox.post(
        session,
        "badges_of_address",
        people[0].email,
        people=[[name, badge.private_token] for name, badge in badges if badge is not None],
    )


def tell_group(
    session: Session, group: Group, people: Sequence[Attendee], *, is_renewed: bool = False
) -> None:
    """Post the private link of a group to who registered it; `is_renewed`: instead of another."""
    outbox.post(
        session,
        "group_registered",
        group.contact_email,
        about=f"group:{group.id}",
        token=group.private_token,
        people=[one.full_name for one in people],
        is_renewed=is_renewed,
    )


def tell_person(session: Session, kind: str, attendee: Attendee, **context: Any) -> None:
    """Posts a message to a person, with the private link of their valid badge if they have one."""
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
        token=badge.private_token if badge else "",
        **context,
    )
