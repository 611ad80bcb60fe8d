"""Rules of the programme: one event at a time in a room, inside the opening hours."""

from collections.abc import Iterable

from salon.fair.models import ProgrammeItem, Room
from salon.platform.errors import RuleBroken
from salon.platform.formats import hour, plural


class RoomTaken(RuleBroken):
    pass


class RoomKnown(RuleBroken):
    message = "Une salle porte déjà ce nom."


class RoomStillUsed(RuleBroken):
    pass


class ItemEndsBeforeStarting(RuleBroken):
    status = 400
    message = "Ce moment finit avant de commencer : relisez ses heures."


def check_hours_in_order(item: ProgrammeItem) -> None:
    if item.starts_at >= item.ends_at:
        raise ItemEndsBeforeStarting


def check_room_is_free(item: ProgrammeItem, others: Iterable[ProgrammeItem]) -> None:
    """No other event in the same room overlaps; one may begin when another ends."""
    for other in others:
        if (
            other.id != item.id
            and other.room_id == item.room_id
            and other.starts_at < item.ends_at
            and item.starts_at < other.ends_at
        ):
            raise RoomTaken(
                f"{other.room.name} : « {other.title} » s’y tient de {hour(other.starts_at)} à "
                f"{hour(other.ends_at)}. Choisissez une autre salle ou une autre heure."
            )


def check_room_is_empty(room: Room, items: int) -> None:
    if items:
        raise RoomStillUsed(
            f"« {room.name} » accueille encore {plural(items, 'moment')} du programme."
        )
