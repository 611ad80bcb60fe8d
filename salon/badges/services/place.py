"""Follow a change of place: badges stay valid, calendars follow, people are told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from salon.badges.services.days import tell_registered
from salon.platform.consequences import Consequence, Consequences, Fate, PlaceChange


class BadgesPlaceFollower:
    """Each registered person; the badges printed from now on name the new place."""

    name = "badges"

    def gates(self, edition_id: int) -> Sequence[Any]:
        return ()

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        if change.is_past:
            return []
        names = tell_registered(session, change, "place_changed", before=change.former_label)
        return [Consequence(Fate.UPDATED, "Badges", names)]
