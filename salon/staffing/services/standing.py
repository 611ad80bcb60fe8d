"""Follow the standing of the fair: published shifts are withdrawn, come back or wait."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.consequences import Consequence, Consequences, Standing, StandingChange
from salon.platform.db import current_session
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Rota, Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.layers import follow_shifts, shift_name
from salon.staffing.services.messages import post_to_agent
from salon.staffing.services.publication import new_publication

NOTES = {
    Standing.AS_PLANNED: "Le salon a bien lieu.",
    Standing.POSTPONED: "Le salon est reporté, à une date à venir.",
    Standing.CANCELLED: "Le salon est annulé.",
}


class RotaStandingFollower:
    """The published rota; the draft stays as it is."""

    name = "staffing"

    def gates(self, edition_id: int) -> Sequence[Any]:
        rota = current_session().get(Rota, edition_id)
        return [rota] if rota is not None else []

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        note = f"{NOTES[change.after]} {change.words}".strip()
        if Standing.CANCELLED not in (change.before, change.after):
            return [_renew_events(session, edition, change, note)]
        return list(
            follow_shifts(
                session,
                edition,
                change,
                note,
                lambda shift: _target(shift, change),
                lambda shift, target: change.fate,
                change.former.get(self.name, ()),
                with_past=change.before != Standing.AS_PLANNED,
            )
        )


def _target(shift: Shift, change: StandingChange) -> PlannedShift | None:
    is_withdrawn = change.after == Standing.CANCELLED and shift.status == ShiftStatus.PUBLISHED
    return None if is_withdrawn else planned_shift_of(shift)


def _renew_events(
    session: Session, edition: Edition, change: StandingChange, note: str
) -> Consequence:
    """Publish the shifts at their time with a new SEQUENCE, and tell each agent once."""
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    uids_by_agent: dict[Agent, list[str | None]] = defaultdict(list)
    if shifts:
        publication = new_publication(session, edition, note, change.actor, change.at)
        for shift in shifts:
            shift.sequence += 1
            shift.publication_id = publication.id
            uids_by_agent[shift.agent].append(shift.uid)
    for agent, uids in uids_by_agent.items():
        post_to_agent(
            session,
            "agent_standing_changed",
            agent,
            agent_id=agent.id,
            uids=uids,
            standing=change.after.value,
            words=change.words,
        )
    return Consequence(change.fate, "Vacations publiées", [shift_name(shift) for shift in shifts])
