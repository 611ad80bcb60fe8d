"""Registrations that may be of one person, and those that were merged."""

from collections.abc import Collection

from sqlalchemy import select

from salon.badges.models import Attendee, AttendeeStatus, Badge, DistinctPeople, MergedPerson
from salon.badges.queries.identities import identity_of, people_like
from salon.platform.database.db import current_session


def distinct_pairs(edition_id: int) -> set[tuple[int, int]]:
    """Return the pairs that an organiser said are two people, the lower number first."""
    statement = select(DistinctPeople.first_id, DistinctPeople.second_id).join(
        Attendee, Attendee.id == DistinctPeople.first_id
    )
    rows = current_session().execute(statement.where(Attendee.edition_id == edition_id))
    return {(first_id, second_id) for first_id, second_id in rows}


def duplicates_of(attendee: Attendee) -> list[int]:
    """Return the registrations that may be of this visitor, the likeliest first."""
    if attendee.status != AttendeeStatus.REGISTERED or attendee.exhibitor_id or attendee.agent_id:
        return []
    matches = people_like(attendee.edition_id, identity_of(attendee))
    distinct = distinct_pairs(attendee.edition_id)
    return [
        number
        for number, _ in matches
        if number != attendee.id
        and (min(number, attendee.id), max(number, attendee.id)) not in distinct
    ]


def find_merge(attendee_id: int) -> MergedPerson | None:
    """Return how this registration was merged into another, or None."""
    return current_session().get(MergedPerson, attendee_id)


def badges_instead_of(attendee_ids: Collection[int]) -> dict[int, Badge]:
    """Return by merged registration the valid badge of the one that was kept."""
    statement = (
        select(MergedPerson.attendee_id, Badge)
        .join(Badge, Badge.attendee_id == MergedPerson.kept_id)
        .where(MergedPerson.attendee_id.in_(attendee_ids), Badge.revoked_at.is_(None))
    )
    rows = current_session().execute(statement)
    return {row[0]: row[1] for row in rows}
