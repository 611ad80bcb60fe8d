"""Tell two apart, registrations, agents or applications of exhibitors, and take it back."""

from collections.abc import Collection
from itertools import combinations

from sqlalchemy import select

from salon.badges.models import Attendee, DistinctPeople
from salon.duplicates import rules
from salon.duplicates.actions import DuplicateAction
from salon.exhibitors.models import DistinctExhibitors, Exhibitor
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session, upsert
from salon.platform.database.journal import write_entry
from salon.staffing.models import Agent, DistinctAgents

Pairs = type[DistinctPeople] | type[DistinctAgents] | type[DistinctExhibitors]
NAMES: dict[Pairs, tuple[type[Attendee] | type[Agent] | type[Exhibitor], str]] = {
    DistinctPeople: (Attendee, "attendee"),
    DistinctAgents: (Agent, "agent"),
    DistinctExhibitors: (Exhibitor, "exhibitor"),
}


def tell_apart(act: FairAct, ids: Collection[int], table: Pairs = DistinctPeople) -> None:
    """Remember that these are different people or organisations. Idempotent. Raises FewerThanTwo,
    TooManyRegistrations."""
    people, name = _of_edition(act.edition, ids, table)
    rules.check_count(len(people))
    with act.transaction() as session:
        for first_id, second_id in combinations(people, 2):
            pair = {"first_id": first_id, "second_id": second_id}
            row = upsert(table).values(
                **pair, decided_at=act.now, decided_by=act.actor.display_name
            )
            if session.scalar(row.on_conflict_do_nothing().returning(table.first_id)) is not None:
                subject, other = f"{name}:{first_id}", {name: second_id}
                write_entry(
                    session, act.actor, DuplicateAction(f"{name}.told_apart"), subject, **other
                )


def compare_again(act: FairAct, ids: Collection[int], table: Pairs = DistinctPeople) -> None:
    """Take back that these are different people or organisations. Idempotent."""
    people, name = _of_edition(act.edition, ids, table)
    with act.transaction() as session:
        for first_id, second_id in combinations(people, 2):
            pair = session.get(table, (first_id, second_id))
            if pair is not None:
                session.delete(pair)
                subject, other = f"{name}:{first_id}", {name: second_id}
                write_entry(
                    session, act.actor, DuplicateAction(f"{name}.compared_again"), subject, **other
                )


def _of_edition(edition: Edition, ids: Collection[int], table: Pairs) -> tuple[list[int], str]:
    """Return those of these rows that are of the edition, by number, and their subject."""
    model, name = NAMES[table]
    statement = select(model.id).where(model.edition_id == edition.id, model.id.in_(ids))
    return list(current_session().scalars(statement.order_by(model.id))), name
