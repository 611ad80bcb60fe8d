"""Tell two people apart, and take it back."""

from collections.abc import Collection
from datetime import datetime
from itertools import combinations

from salon.badges.models import DistinctPeople
from salon.duplicates import queries, rules
from salon.fair.models import Edition
from salon.platform.database.db import transaction, upsert
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry


def tell_apart(edition: Edition, ids: Collection[int], now: datetime, actor: Identity) -> int:
    """Remember that these registrations are of different people; return how many there are.

    Idempotent. Raises FewerThanTwo, TooManyRegistrations.
    """
    people = queries.people_of(edition.id, ids)
    rules.check_count(len(people))
    with transaction() as session:
        for first_id, second_id in combinations(sorted(person.id for person in people), 2):
            pair = {"first_id": first_id, "second_id": second_id}
            statement = upsert(DistinctPeople).values(
                **pair, decided_at=now, decided_by=actor.display_name
            )
            added = statement.on_conflict_do_nothing().returning(DistinctPeople.first_id)
            if session.scalar(added) is not None:
                subject = f"attendee:{first_id}"
                write_entry(session, actor, "attendees.told_apart", subject, attendee=second_id)
    return len(people)


def compare_again(edition: Edition, ids: Collection[int], actor: Identity) -> None:
    """Take back that these registrations are of different people. Idempotent."""
    people = {person.id for person in queries.people_of(edition.id, ids)}
    with transaction() as session:
        for first_id, second_id in combinations(sorted(people), 2):
            pair = session.get(DistinctPeople, (first_id, second_id))
            if pair is not None:
                session.delete(pair)
                subject = f"attendee:{first_id}"
                write_entry(session, actor, "attendees.compared_again", subject, attendee=second_id)
