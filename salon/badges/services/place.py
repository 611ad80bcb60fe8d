"""Follow a change of place: badges stay valid, calendars follow, people are told."""

from sqlalchemy.orm import Session

from salon.badges.services.days import tell_registered
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    PlaceChange,
)


class BadgesPlaceFollower(Follower[PlaceChange]):
    """Each registered person; the badges printed from now on name the new place."""

    name = "badges"

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        if change.is_past:
            return []
        names = tell_registered(session, change, "place_changed", before=change.former_label)
        return [Consequence(Fate.UPDATED, "Badges", names)]
