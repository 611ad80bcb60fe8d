"""Follow a change of place: shifts keep their time, and their events name the new place."""

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    PlaceChange,
)
from salon.staffing.models import Rota, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.layers import renew_events


class RotaPlaceFollower(Follower[PlaceChange]):
    """The published shifts to come, and their agents told."""

    name = "staffing"
    gate = Rota

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        published = shifts_of(edition, ShiftStatus.PUBLISHED)
        shifts = [shift for shift in published if shift.ends_at > change.at]
        note = f"Le salon a lieu ailleurs : {edition.place}. {change.words}".strip()
        before = change.former_label
        names = renew_events(
            session, edition, change, shifts, note, "agent_place_changed", before=before
        )
        return [Consequence(Fate.UPDATED, "Vacations dans les agendas", names)]
