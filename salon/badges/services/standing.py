"""Follow the standing of the fair: people are told, their calendars follow."""

from sqlalchemy.orm import Session

from salon.badges.services.days import tell_registered
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Follower,
    Standing,
    StandingChange,
)


class BadgesStandingFollower(Follower[StandingChange]):
    """Each registered person keeps the badge; the door reads the standing itself."""

    name = "badges"

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        names = tell_registered(session, change, "standing_changed", standing=change.after.value)
        is_refused = change.after == Standing.CANCELLED
        label = "Badges, refusés à l’entrée" if is_refused else "Badges, toujours valables"
        return [Consequence(change.fate, label, names)]
