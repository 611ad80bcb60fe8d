"""Who a person is: every registration, every contact of an exhibitor and every agent, in any
edition, with the same address and the same name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.appointments.models import Appointment, Ticket, WaitingEntry
from salon.badges.engine.matching import name_key
from salon.badges.models import Attendee, Badge, Group
from salon.dashboard.rules import check_is_known
from salon.exhibitors.models import Contact
from salon.platform.db import current_session
from salon.platform.identity import Role
from salon.staffing.models import Agent


@dataclass(frozen=True)
class Person:
    """The registrations of a person, their badges, the groups that hold nobody else, where they
    are the contact of an exhibitor, and where they are an agent; as a visitor, their appointments,
    their places on waiting lists and in queues.
    """

    attendees: Sequence[Attendee]
    badge_ids: Sequence[int]
    own_groups: Sequence[Group]
    contacts: Sequence[Contact]
    agents: Sequence[Agent] = ()
    appointment_ids: Sequence[int] = ()
    waiting_ids: Sequence[int] = ()
    ticket_ids: Sequence[int] = ()

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.attendees]

    @property
    def people(self) -> list[Attendee | Contact | Agent]:
        return [*self.attendees, *self.contacts, *self.agents]

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
            *(f"agent:{one.id}" for one in self.agents),
            *(f"appointment:{number}" for number in self.appointment_ids),
            *(f"waiting:{number}" for number in self.waiting_ids),
            *(f"ticket:{number}" for number in self.ticket_ids),
        ]

    @property
    def exhibitor_subjects(self) -> list[str]:
        """How the journal names the exhibitors that this person speaks for."""
        return sorted({f"exhibitor:{one.exhibitor_id}" for one in self.contacts})


def person_of(attendee_id: int) -> Person:
    """The person of a registration. Raises NoResultFound, AlreadyErased."""
    first = current_session().get_one(Attendee, attendee_id)
    return _whole(first.email_key, first.name_key)


def person_of_contact(contact_id: int) -> Person:
    """The person who is the contact of an exhibitor. Raises NoResultFound, AlreadyErased."""
    contact = current_session().get_one(Contact, contact_id)
    return _whole(contact.email_key, key_of(contact))


def person_of_agent(agent_id: int) -> Person:
    """The person who is an agent. Raises NoResultFound, AlreadyErased."""
    agent = current_session().get_one(Agent, agent_id)
    return _whole(agent.email_key if agent.email else "", agent.name_key and key_of(agent))


def key_of(one: Contact | Agent) -> str:
    """The name of a contact or an agent as names of registrations are compared."""
    return name_key(one.first_name, one.last_name).strip()


def _whole(email_key: str, name: str) -> Person:
    check_is_known(email_key, name)
    found = (
        current_session()
        .scalars(
            select(Attendee)
            .where(Attendee.email_key == email_key, Attendee.name_key == name)
            .order_by(Attendee.id)
        )
        .all()
    )
    ids = {one.id for one in found}
    badges = current_session().scalars(select(Badge.id).where(Badge.attendee_id.in_(ids)))
    groups = {one.group_id: one.group for one in found}.values()
    own = [group for group in groups if {one.id for one in group.attendees} <= ids]
    of_address = current_session().scalars(
        select(Contact)
        .where(Contact.email_key == email_key)
        .options(joinedload(Contact.exhibitor))
        .order_by(Contact.id)
    )
    contacts = [one for one in of_address if key_of(one) == name]
    agents = current_session().scalars(
        select(Agent)
        .where(Agent.email_key == email_key, Agent.email != "")
        .options(joinedload(Agent.body))
        .order_by(Agent.id)
    )
    theirs = [one for one in agents if key_of(one) == name]
    visits = [
        current_session().scalars(
            select(table.id).where(table.attendee_id.in_(ids)).order_by(table.id)
        )
        for table in (Appointment, WaitingEntry, Ticket)
    ]
    return Person(
        found, badges.all(), own, contacts, theirs, *(numbers.all() for numbers in visits)
    )


def addresses_alone(person: Person) -> set[str]:
    """The addresses of the person (lower case), none when somebody else has one.

    The account of an exhibitor is their contact's own, that of an agent is theirs.
    """
    keys = {one.email_key for one in person.people}
    contact_ids = [one.id for one in person.contacts]
    accounts = select(Account.id).where(
        Account.email_key.in_({email_key_of(email) for email in person.emails})
    )
    if person.contacts:
        accounts = accounts.where(Account.role != Role.EXHIBITOR)
    own = [one.account_id for one in person.agents if one.account_id is not None]
    accounts = accounts.where(Account.id.not_in(own))
    others = (
        select(Attendee.id).where(Attendee.email_key.in_(keys), Attendee.id.not_in(person.ids)),
        select(Contact.id).where(Contact.email_key.in_(keys), Contact.id.not_in(contact_ids)),
        select(Agent.id).where(
            Agent.email_key.in_(keys), Agent.id.not_in([one.id for one in person.agents])
        ),
        accounts,
    )
    shared = any(current_session().scalar(one.limit(1)) is not None for one in others)
    return set() if shared else person.emails


def accounts_of(person: Person) -> Sequence[Account]:
    """The accounts that the person signs in with, as a contact of an exhibitor or as an agent."""
    keys = {email_key_of(one.email) for one in person.contacts if one.email}
    own = [one.account_id for one in person.agents if one.account_id is not None]
    of_contact = and_(Account.role == Role.EXHIBITOR, Account.email_key.in_(keys))
    wanted = select(Account).where(or_(of_contact, Account.id.in_(own)))
    return current_session().scalars(wanted.order_by(Account.id)).all()
