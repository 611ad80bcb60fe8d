"""Correct the badge of a visitor at a kiosk, or register a visitor on the spot."""

from datetime import datetime

from salon.badges import services as badges
from salon.badges.models import Badge
from salon.badges.queries import get_valid_badge
from salon.badges.services import Person
from salon.kiosk import queries, rules
from salon.platform.identity import Identity


def correct_holder(
    badge_id: int,
    version: int,
    first_name: str,
    last_name: str,
    now: datetime,
    actor: Identity,
) -> Badge:
    """Respell the holder of a badge; `version` of the holder is the one that was read.

    Raises BadgeNoLongerValid, NotARespelling, AlreadyRespelt, StaleVersion, NoLongerRegistered,
    AlreadyRegistered, FollowsAgent.
    """
    badge = queries.get_badge(badge_id)
    rules.check_badge_is_valid(queries.is_valid(badge))
    holder = badge.attendee
    former = (holder.first_name, holder.last_name)
    rules.check_is_a_respelling(former, (first_name, last_name))
    rules.check_is_the_first_respelling(queries.count_corrections(holder.id))
    values = {"first_name": first_name, "last_name": last_name}
    badges.change_attendee(holder.id, version, values, now, actor)
    return queries.get_badge(badge_id)


def register_walk_in(person: Person, key: str, now: datetime, actor: Identity) -> Badge:
    """Register a person at a kiosk and return their new badge. Idempotent per `key`.

    Raises RegisterAtTheDesk when they are registered already, SubmissionDiffers.
    """
    done = badges.register_on_the_spot(person, key, now, actor)
    rules.check_is_new(len(done.added))
    return get_valid_badge(done.added[0])
