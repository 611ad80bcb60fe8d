"""Likely duplicates of an edition, what the registrations of one person hold, merges made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from salon.appointments.models import Appointment, Ticket, VisitorClaim, WaitingEntry
from salon.appointments.queries.appointments import WITH_ALL
from salon.badges.models import (
    Attendee,
    Badge,
    DistinctPeople,
    Group,
    MergedPerson,
    Printing,
    PrintRun,
)
from salon.badges.queries import distinct_pairs, identities_of_edition
from salon.badges.queries.people import WITH_PLACE
from salon.duplicates.rules import Application, BadgeUse, OrganisationReason, reasons_of
from salon.entrance.models import Presence
from salon.exhibitors.models import ApplicationStatus, DistinctExhibitors, Exhibitor
from salon.exhibitors.queries.former_exhibitors import contacts_of_applications
from salon.fair.models import Edition
from salon.leads.models import Lead
from salon.platform.database.db import current_session
from salon.platform.words.likeness import Identity, Likeness, likely_pairs
from salon.staffing.models import DistinctAgents, MergedAgent
from salon.staffing.queries.agents import agents_of

Pair = tuple[int, int, Likeness]
Distinct = TypeVar("Distinct", DistinctPeople, DistinctAgents, DistinctExhibitors)
Merged = TypeVar("Merged", MergedPerson, MergedAgent)
VISITOR_COLUMNS: Sequence[InstrumentedAttribute[Any]] = (
    Appointment.attendee_id,
    WaitingEntry.attendee_id,
    Ticket.attendee_id,
    Lead.attendee_id,
)
"""Where a registration is named as the visitor."""


@dataclass(frozen=True)
class Candidates:
    """Registrations that may be of one person, with the pairs that say so; the likeliest first."""

    ids: tuple[int, ...]
    pairs: tuple[Pair, ...]

    @property
    def score(self) -> int:
        return max(likeness.score for _, _, likeness in self.pairs)


def groups_of(edition_id: int) -> list[Candidates]:
    """Return the likely duplicates of an edition, the likeliest first; who was told apart is not.

    Five registrations of one person are one group.
    """
    return _grouped(identities_of_edition(edition_id), distinct_pairs(edition_id))


def agents_alike(edition: Edition) -> list[Candidates]:
    """Return the agents of an edition who may be one person, as `groups_of` does."""
    identities = {
        agent.id: Identity(
            agent.first_name,
            agent.last_name,
            agent.civility,
            agent.function,
            agent.email,
            agent.phone,
            None,
            agent.body.name,
        )
        for agent in agents_of(edition)
    }
    told_apart = select(DistinctAgents.first_id, DistinctAgents.second_id)
    rows = current_session().execute(told_apart.where(DistinctAgents.first_id.in_(identities)))
    return _grouped(identities, {(first_id, second_id) for first_id, second_id in rows})


def exhibitors_alike(
    edition_id: int,
) -> list[tuple[Exhibitor, Exhibitor, list[OrganisationReason]]]:
    """Return the live applications that may be of one organisation, two by two, with the reasons;
    those told apart are not, nor a pavilion and its member."""
    live = ~Exhibitor.status.in_((ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN))
    statement = select(Exhibitor).where(Exhibitor.edition_id == edition_id, live)
    statement = statement.options(selectinload(Exhibitor.contacts)).order_by(Exhibitor.id)
    exhibitors = {row.id: row for row in current_session().scalars(statement)}
    told_apart = select(DistinctExhibitors.first_id, DistinctExhibitors.second_id)
    rows = current_session().execute(told_apart.where(DistinctExhibitors.first_id.in_(exhibitors)))
    distinct = {(first_id, second_id) for first_id, second_id in rows}
    owners = {
        contact.id: contact.exhibitor_id for row in exhibitors.values() for contact in row.contacts
    }
    contacts = contacts_of_applications(edition_id)
    same_contact = {
        tuple(sorted((owners[first_id], owners[second_id])))
        for first_id, second_id, _ in likely_pairs(
            {number: contacts[number] for number in owners if number in contacts}
        )
    }
    pairs = []
    for (first_id, first), (second_id, second) in combinations(exhibitors.items(), 2):
        is_family = second_id == first.parent_id or first_id == second.parent_id
        if is_family or (first_id, second_id) in distinct:
            continue
        has_same_contact = (first_id, second_id) in same_contact
        reasons = reasons_of(_application(first), _application(second), has_same_contact)
        if reasons:
            pairs.append((first, second, reasons))
    return pairs


def _application(exhibitor: Exhibitor) -> Application:
    return Application(exhibitor.name, exhibitor.legal_name, exhibitor.siret, exhibitor.city)


def _grouped(
    identities: Mapping[int, Identity], distinct: Collection[tuple[int, int]]
) -> list[Candidates]:
    pairs = [pair for pair in likely_pairs(identities) if pair[:2] not in distinct]
    groups: dict[int, set[int]] = {}
    for first_id, second_id, _ in pairs:
        members = groups.get(first_id, {first_id}) | groups.get(second_id, {second_id})
        groups.update(dict.fromkeys(members, members))
    members_of = {tuple(sorted(members)) for members in groups.values()}
    candidates = [
        Candidates(ids, tuple(pair for pair in pairs if pair[0] in ids)) for ids in members_of
    ]
    return sorted(candidates, key=lambda group: (-group.score, group.ids))


def find_merge_of_agent(agent_id: int) -> MergedAgent | None:
    """Return how this agent was merged into another, or None."""
    return current_session().get(MergedAgent, agent_id)


def told_apart(edition_id: int, table: type[Distinct]) -> Sequence[Distinct]:
    """Return the pairs told apart, the last first."""
    person = aliased(table.first.property.mapper.class_)
    statement = (
        select(table)
        .join(person, person.id == table.first_id)
        .where(person.edition_id == edition_id)
        .options(joinedload(table.first), joinedload(table.second))
        .order_by(table.decided_at.desc(), table.first_id)
    )
    return current_session().scalars(statement).all()


def merges_of(edition_id: int, table: type[Merged]) -> Sequence[Merged]:
    """Return what was merged, the last merge first."""
    person = aliased(table.kept.property.mapper.class_)
    statement = (
        select(table)
        .join(person, person.id == table.kept_id)
        .where(person.edition_id == edition_id)
        .options(*(joinedload(getattr(table, row.key)) for row in inspect(table).relationships))
        .order_by(table.merged_at.desc(), *inspect(table).primary_key)
    )
    return current_session().scalars(statement).all()


def merged_with(attendee_id: int) -> Sequence[MergedPerson]:
    """Return the registrations merged in the same act as this one, this one included."""
    merge = current_session().get(MergedPerson, attendee_id)
    if merge is None:
        return []
    of_act = (MergedPerson.kept_id == merge.kept_id, MergedPerson.merged_at == merge.merged_at)
    statement = select(MergedPerson).where(*of_act).order_by(MergedPerson.attendee_id)
    return current_session().scalars(statement).all()


def merges_into(kept_id: int) -> Sequence[MergedPerson]:
    """Return the registrations merged into this one."""
    statement = select(MergedPerson).where(MergedPerson.kept_id == kept_id)
    return current_session().scalars(statement.order_by(MergedPerson.attendee_id)).all()


def is_last_merge(merge: MergedPerson) -> bool:
    """Return whether nothing was merged into the same registration after this."""
    later = select(MergedPerson.attendee_id).where(
        MergedPerson.kept_id == merge.kept_id, MergedPerson.merged_at > merge.merged_at
    )
    return current_session().scalar(later.limit(1)) is None


def people_of(edition_id: int, ids: Iterable[int]) -> Sequence[Attendee]:
    """Return these registrations of an edition, the first registered first."""
    statement = select(Attendee).where(Attendee.edition_id == edition_id, Attendee.id.in_(set(ids)))
    group = joinedload(Attendee.group).selectinload(Group.attendees)
    statement = statement.options(*WITH_PLACE, group, selectinload(Attendee.badges))
    return current_session().scalars(statement.order_by(Attendee.registered_at, Attendee.id)).all()


def badge_uses(attendee_ids: Collection[int]) -> list[BadgeUse]:
    """Return the valid badges of these people, with their last printing and counted scan."""
    printed = (
        select(func.max(Printing.printed_at))
        .where(Printing.badge_id == Badge.id)
        .correlate(Badge)
        .scalar_subquery()
    )
    statement = (
        select(Badge.id, Badge.attendee_id, Badge.issued_at, printed, Presence.last_at)
        .add_columns(Presence.is_inside)
        .outerjoin(Presence, Presence.badge_id == Badge.id)
        .where(Badge.attendee_id.in_(attendee_ids), Badge.revoked_at.is_(None))
        .order_by(Badge.id)
    )
    return [
        BadgeUse(number, attendee_id, issued_at, printed_at, last_at, bool(is_inside))
        for number, attendee_id, issued_at, printed_at, last_at, is_inside in (
            current_session().execute(statement)
        )
    ]


def count_rows(attendee_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Return by person how many rows each table has that a merge gives to the kept registration."""
    counts: dict[int, dict[str, int]] = {}
    for column in VISITOR_COLUMNS:
        statement = select(column, func.count()).where(column.in_(attendee_ids)).group_by(column)
        for attendee_id, count in current_session().execute(statement):
            counts.setdefault(attendee_id, {})[column.class_.__tablename__] = count
    return counts


def count_people(edition_id: int) -> int:
    """Return how many live registrations of visitors are compared."""
    return len(identities_of_edition(edition_id))


def clashes_of(attendee_ids: Collection[int]) -> list[list[Appointment]]:
    """Return the appointments of these people that overlap, by groups of overlapping ones."""
    claims = select(VisitorClaim.starts_at, VisitorClaim.appointment_id).where(
        VisitorClaim.attendee_id.in_(attendee_ids), VisitorClaim.appointment_id.is_not(None)
    )
    by_time: dict[datetime, set[int]] = {}
    for starts_at, number in current_session().execute(claims):
        by_time.setdefault(starts_at, set()).add(number or 0)
    groups: dict[int, frozenset[int]] = {}
    for numbers in by_time.values():
        if len(numbers) > 1:
            joined = frozenset().union(*(groups.get(number, {number}) for number in numbers))
            groups.update(dict.fromkeys(joined, joined))
    ids = {number for group in groups.values() for number in group}
    statement = select(Appointment).where(Appointment.id.in_(ids)).options(*WITH_ALL)
    rows = current_session().scalars(statement.order_by(Appointment.starts_at, Appointment.id))
    by_id = {row.id: row for row in rows}
    return [
        [row for number, row in by_id.items() if number in group]
        for group in dict.fromkeys(groups[number] for number in by_id)
    ]


def unfinished_runs(edition_id: int) -> Sequence[PrintRun]:
    """Return the print runs that are not finished."""
    statement = select(PrintRun).where(
        PrintRun.edition_id == edition_id, PrintRun.finished_at.is_(None)
    )
    return current_session().scalars(statement).all()
