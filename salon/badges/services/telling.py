"""The messages that people get of their registration."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from salon import outbox
from salon.badges import queries
from salon.badges.labels import salutation
from salon.badges.matching import email_key
from salon.badges.models import Attendee, Group


def tell_registration(
    writing: Session,
    group: Group,
    added: Sequence[Attendee],
    known: Sequence[Attendee],
    asked: int,
) -> None:
    """To each person their badge; to the contact of several people the group's link."""
    contact = email_key(group.contact_email)
    for one in added:
        if asked == 1 or one.email_key != contact:
            tell_person(writing, "registration", one)
    for one in known:
        tell_person(writing, "already_registered", one)
    if added and asked > 1:
        tell_group(writing, group, added)


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


def tell_person(writing: Session, kind: str, attendee: Attendee, **context: Any) -> None:
    """Posts a message to a person, with the private link of their valid badge if they have one."""
    if not attendee.email:
        return
    badge = queries.find_valid_badge(attendee.id)
    outbox.post(
        writing,
        kind,
        context.pop("recipient", attendee.email),
        about=f"attendee:{attendee.id}",
        attendee_id=attendee.id,
        salutation=salutation(attendee.civility, attendee.function),
        name=attendee.full_name,
        token=badge.private_token if badge else "",
        **context,
    )
