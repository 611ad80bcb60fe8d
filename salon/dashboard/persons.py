"""Who a person is: every registration and every contact of an exhibitor, in any edition, with the
same address and the same name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.badges.matching import name_key
from salon.badges.models import Attendee, Badge, Group
from salon.dashboard.rules import check_is_known
from salon.db import session
from salon.exhibitors.models import Contact
from salon.identity import Role


@dataclass(frozen=True)
class Person:
    """The registrations of a person, their badges, the groups that hold nobody else, and where
    they are the contact of an exhibitor.
    """

    attendees: Sequence[Attendee]
    badge_ids: Sequence[int]
    own_groups: Sequence[Group]
    contacts: Sequence[Contact]

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.attendees]

    @property
    def people(self) -> list[Attendee | Contact]:
        return [*self.attendees, *self.contacts]

    @property
    def full_name(self) -> str:
        return self.people[0].full_name or self.people[0].email

    @property
    def emails(self) -> set[str]:
        return {one.email.lower() for one in self.people if one.email}

    @property
    def subjects(self) -> list[str]:
        """How the journal and the messages name this person alone."""
        return [
            *(f"attendee:{number}" for number in self.ids),
            *(f"badge:{number}" for number in self.badge_ids),
            *(f"group:{group.id}" for group in self.own_groups),
            *(f"contact:{one.id}" for one in self.contacts),
        ]

    @property
    def exhibitor_subjects(self) -> list[str]:
        """How the journal names the exhibitors that this person speaks for."""
        return sorted({f"exhibitor:{one.exhibitor_id}" for one in self.contacts})


def person_of(attendee_id: int) -> Person:
    """The person of a registration. Raises NoResultFound, AlreadyErased."""
    first = session().get_one(Attendee, attendee_id)
    return _whole(first.email_key, first.name_key)


def person_of_contact(contact_id: int) -> Person:
    """The person who is the contact of an exhibitor. Raises NoResultFound, AlreadyErased."""
    contact = session().get_one(Contact, contact_id)
    return _whole(contact.email_key, key_of(contact))


def key_of(contact: Contact) -> str:
    """The name of a contact as names of registrations are compared."""
    return name_key(contact.first_name, contact.last_name).strip()


def _whole(email_key: str, name: str) -> Person:
    check_is_known(email_key, name)
    found = (
        session()
        .scalars(
            select(Attendee)
            .where(Attendee.email_key == email_key, Attendee.name_key == name)
            .order_by(Attendee.id)
        )
        .all()
    )
    ids = {one.id for one in found}
    badges = session().scalars(select(Badge.id).where(Badge.attendee_id.in_(ids)))
    groups = {one.group_id: one.group for one in found}.values()
    own = [group for group in groups if {one.id for one in group.attendees} <= ids]
    of_address = session().scalars(
        select(Contact)
        .where(Contact.email_key == email_key)
        .options(joinedload(Contact.exhibitor))
        .order_by(Contact.id)
    )
    contacts = [one for one in of_address if key_of(one) == name]
    return Person(found, badges.all(), own, contacts)


def addresses_alone(person: Person) -> set[str]:
    """The addresses of the person (lower case), none when somebody else has one.

    The account of an exhibitor is their contact's own.
    """
    keys = {one.email_key for one in person.people}
    contact_ids = [one.id for one in person.contacts]
    accounts = select(Account.id).where(
        Account.email_key.in_({email_key_of(email) for email in person.emails})
    )
    if person.contacts:
        accounts = accounts.where(Account.role != Role.EXHIBITOR)
    others = (
        select(Attendee.id).where(Attendee.email_key.in_(keys), Attendee.id.not_in(person.ids)),
        select(Contact.id).where(Contact.email_key.in_(keys), Contact.id.not_in(contact_ids)),
        accounts,
    )
    shared = any(session().scalar(one.limit(1)) is not None for one in others)
    return set() if shared else person.emails


def accounts_of(person: Person) -> Sequence[Account]:
    """The exhibitors' accounts that the person signs in with as a contact."""
    keys = {email_key_of(one.email) for one in person.contacts if one.email}
    wanted = select(Account).where(Account.role == Role.EXHIBITOR, Account.email_key.in_(keys))
    return session().scalars(wanted.order_by(Account.id)).all()
