"""Rules of the programme: one event at a time in a room, inside the opening hours."""

from collections.abc import Iterable

from salon.fair.models import ProgrammeItem, Room
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import hour, plural


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


def is_room_free(item: ProgrammeItem, programme: Iterable[ProgrammeItem]) -> bool:
    return _find_overlap(item, programme) is None


def _find_overlap(item: ProgrammeItem, programme: Iterable[ProgrammeItem]) -> ProgrammeItem | None:
    for planned in programme:
        if (
            planned.id != item.id
            and planned.room_id == item.room_id
            and planned.starts_at < item.ends_at
            and item.starts_at < planned.ends_at
        ):
            return planned
    return None


def check_room_is_free(item: ProgrammeItem, programme: Iterable[ProgrammeItem]) -> None:
    """No other event in the same room overlaps; one may begin when another ends."""
    if (planned := _find_overlap(item, programme)) is not None:
        raise RoomTaken(
            f"{planned.room.name} : « {planned.title} » s’y tient de {hour(planned.starts_at)} "
            f"à {hour(planned.ends_at)}. Choisissez une autre salle ou une autre heure."
        )


def check_room_is_empty(room: Room, items: int) -> None:
    if items:
        raise RoomStillUsed(
            f"« {room.name} » accueille encore {plural(items, 'moment')} du programme."
        )
