"""Follow the standing of the fair: published shifts are withdrawn, come back or wait."""

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Follower,
    Standing,
    StandingChange,
)
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.models import Rota, Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.layers import FOLLOWER, follow_shifts, renew_events

NOTES = {
    Standing.AS_PLANNED: "Le salon a bien lieu.",
    Standing.POSTPONED: "Le salon est reporté, à une date à venir.",
    Standing.CANCELLED: "Le salon est annulé.",
}


class RotaStandingFollower(Follower[StandingChange]):
    """Follow the fair's standing with the published rota; the draft stays as it is."""

    name = FOLLOWER
    gate = Rota

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        note = f"{NOTES[change.after]} {change.words}".strip()
        if Standing.CANCELLED not in (change.before, change.after):
            shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
            context = {"standing": change.after.value}
            names = renew_events(
                session, edition, change, shifts, note, "agent_standing_changed", **context
            )
            return [Consequence(change.fate, "Vacations publiées", names)]
        return list(
            follow_shifts(
                session,
                change,
                note,
                lambda shift: _target(shift, change),
                lambda shift, target: change.fate,
                with_past=change.before != Standing.AS_PLANNED,
            )
        )


def _target(shift: Shift, change: StandingChange) -> PlannedShift | None:
    is_withdrawn = change.after == Standing.CANCELLED and shift.status == ShiftStatus.PUBLISHED
    return None if is_withdrawn else planned_shift_of(shift)
