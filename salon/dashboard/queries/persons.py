"""All rows about one person: registrations, contacts of exhibitors and agents with the same address
and the same name, in any edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.appointments.models import Appointment, Ticket, WaitingEntry
from salon.badges.engine.matching import name_key
from salon.badges.models import Attendee, Badge, Group, MergedPerson
from salon.dashboard.rules import check_is_not_erased
from salon.exhibitors.models import Contact
from salon.invitations.models import organisation_key
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.identity import Role
from salon.staffing.models import Agent, MergedAgent


@dataclass(frozen=True)
class Person:
    """A person: registrations, badges, groups without anybody else, contacts of exhibitors, agents;
    as a visitor, appointments, places on waiting lists and in queues."""

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
        return [attendee.id for attendee in self.attendees]

    @property
    def people(self) -> list[Attendee | Contact | Agent]:
        return [*self.attendees, *self.contacts, *self.agents]

    @property
    def full_name(self) -> str:
        return self.people[0].full_name or self.people[0].email

    @property
    def emails(self) -> set[str]:
        return {person.email.lower() for person in self.people if person.email}

    @property
    def subjects(self) -> list[str]:
        """Return the subjects that name this person alone in the journal and the messages."""
        return [
            *(f"attendee:{number}" for number in self.ids),
            *(f"badge:{number}" for number in self.badge_ids),
            *(f"group:{group.id}" for group in self.own_groups),
            *(f"contact:{contact.id}" for contact in self.contacts),
            *(f"agent:{agent.id}" for agent in self.agents),
            *(f"appointment:{number}" for number in self.appointment_ids),
            *(f"waiting:{number}" for number in self.waiting_ids),
            *(f"ticket:{number}" for number in self.ticket_ids),
        ]

    @property
    def exhibitor_subjects(self) -> list[str]:
        """Return the journal subjects of the exhibitors whose contact this person is."""
        return sorted({f"exhibitor:{contact.exhibitor_id}" for contact in self.contacts})


def person_of(attendee_id: int) -> Person:
    """Return the person of a registration. Raises NoResultFound, AlreadyErased."""
    first = current_session().get_one(Attendee, attendee_id)
    return _collect_person(first.email_key, first.name_key)


def person_of_contact(contact_id: int) -> Person:
    """Return the person of an exhibitor's contact. Raises NoResultFound, AlreadyErased."""
    contact = current_session().get_one(Contact, contact_id)
    return _collect_person(contact.email_key, key_of(contact))


def person_of_agent(agent_id: int) -> Person:
    """Return the person of an agent. Raises NoResultFound, AlreadyErased."""
    agent = current_session().get_one(Agent, agent_id)
    return _collect_person(agent.email_key if agent.email else "", agent.name_key and key_of(agent))


def named_places(person: Person) -> set[tuple[str, str]]:
    """Return each name of a person with the key of the place that it was registered for."""
    registered = {
        (attendee.name_key, organisation_key(None, attendee.commune_code, attendee.epci_siren))
        for attendee in person.attendees
    }
    others: list[Contact | Agent] = [*person.contacts, *person.agents]
    return registered | {(key_of(other), "") for other in others}


def key_of(person: Contact | Agent) -> str:
    """Return the name of a contact or an agent as a `name_key` of registrations."""
    return name_key(person.first_name, person.last_name).strip()


@across_editions()
def _collect_person(email_key: str, name: str) -> Person:
    check_is_not_erased(email_key, name)
    same_keys = (Attendee.email_key == email_key, Attendee.name_key == name)
    attendee_ids = _with_merged(
        current_session().scalars(select(Attendee.id).where(*same_keys)),
        MergedPerson.attendee_id,
        MergedPerson.kept_id,
    )
    statement = select(Attendee).where(Attendee.id.in_(attendee_ids)).order_by(Attendee.id)
    attendees = current_session().scalars(statement).all()
    ids = {attendee.id for attendee in attendees}
    badges = current_session().scalars(select(Badge.id).where(Badge.attendee_id.in_(ids)))
    groups = {attendee.group_id: attendee.group for attendee in attendees}.values()
    own_groups = [group for group in groups if {attendee.id for attendee in group.attendees} <= ids]
    of_address = current_session().scalars(
        select(Contact)
        .where(Contact.email_key == email_key)
        .options(joinedload(Contact.exhibitor))
        .order_by(Contact.id)
    )
    contacts = [contact for contact in of_address if key_of(contact) == name]
    at_address = select(Agent).where(Agent.email_key == email_key, Agent.email != "")
    same_agents = [row.id for row in current_session().scalars(at_address) if key_of(row) == name]
    agent_ids = _with_merged(same_agents, MergedAgent.agent_id, MergedAgent.kept_id)
    statement_of_agents = (
        select(Agent).where(Agent.id.in_(agent_ids)).options(joinedload(Agent.body))
    )
    own_agents = current_session().scalars(statement_of_agents.order_by(Agent.id)).all()
    visits = [
        current_session().scalars(
            select(table.id).where(table.attendee_id.in_(ids)).order_by(table.id)
        )
        for table in (Appointment, WaitingEntry, Ticket)
    ]
    return Person(
        attendees,
        badges.all(),
        own_groups,
        contacts,
        own_agents,
        *(numbers.all() for numbers in visits),
    )


def _with_merged(
    ids: Iterable[int], former: InstrumentedAttribute[int], kept: InstrumentedAttribute[int]
) -> set[int]:
    """Return these people, those merged into them, and those that they were merged into."""
    people = set(ids)
    while True:
        merged = or_(former.in_(people), kept.in_(people))
        rows = current_session().execute(select(former, kept).where(merged))
        people_and_merged = people.union(*map(tuple, rows))
        if people_and_merged == people:
            return people
        people = people_and_merged


@across_editions()
def addresses_alone(person: Person) -> set[str]:
    """Return the addresses of the person (lower case); none when another person shares one.

    The account of an exhibitor is their contact's own, that of an agent is theirs.
    """
    keys = {row.email_key for row in person.people}
    contact_ids = [contact.id for contact in person.contacts]
    accounts = select(Account.id).where(
        Account.email_key.in_({email_key_of(email) for email in person.emails})
    )
    if person.contacts:
        accounts = accounts.where(Account.role != Role.EXHIBITOR)
    account_ids = [agent.account_id for agent in person.agents if agent.account_id is not None]
    accounts = accounts.where(Account.id.not_in(account_ids))
    other_people = (
        select(Attendee.id).where(Attendee.email_key.in_(keys), Attendee.id.not_in(person.ids)),
        select(Contact.id).where(Contact.email_key.in_(keys), Contact.id.not_in(contact_ids)),
        select(Agent.id).where(
            Agent.email_key.in_(keys), Agent.id.not_in([agent.id for agent in person.agents])
        ),
        accounts,
    )
    shared = any(
        current_session().scalar(statement.limit(1)) is not None for statement in other_people
    )
    return set() if shared else person.emails


@across_editions()
def accounts_of(person: Person) -> Sequence[Account]:
    """Return the accounts of the person, as a contact of an exhibitor or as an agent."""
    keys = {email_key_of(contact.email) for contact in person.contacts if contact.email}
    account_ids = [agent.account_id for agent in person.agents if agent.account_id is not None]
    of_contact = and_(Account.role == Role.EXHIBITOR, Account.email_key.in_(keys))
    statement = select(Account).where(or_(of_contact, Account.id.in_(account_ids)))
    return current_session().scalars(statement.order_by(Account.id)).all()
