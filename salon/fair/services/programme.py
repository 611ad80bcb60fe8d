"""Rooms and items of the programme: added, changed, removed.

Each row's values by field (`…_of`) give the stamp that a page read. Changes raise StaleVersion.
"""

from salon.fair import queries
from salon.fair.actions import FairAction
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.fair.rules import check_item_is_in_opening_hours
from salon.fair.rules import programme as rules
from salon.fair.services.acts import FairAct
from salon.fair.services.files import delete_files
from salon.platform.database.db import transaction, violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.storage.store import FileStore

ITEM_FIELDS = (
    "title",
    "starts_at",
    "ends_at",
    "room_id",
    "theme_id",
    "summary",
    "speakers",
    "is_draft",
)
ROOM_NAME = ("uq_rooms_edition_id_name", "rooms.edition_id", "rooms.name")


def item_values(item: ProgrammeItem) -> dict[str, object]:
    return {name: getattr(item, name) for name in ITEM_FIELDS}


def room_values(room: Room) -> dict[str, object]:
    return {"name": room.name, "seats": room.seats}


def add_item(act: FairAct, values: Values, key: str) -> ProgrammeItem:
    """Add an item. Idempotent by `key`.

    Raises ItemEndsBeforeStarting, ProgrammeOutsideOpeningHours, RoomTaken; NoResultFound for a
    room or a theme of another edition.
    """
    _check_references(act.edition, values)
    with act.transaction(act.edition) as session:
        if earlier := earlier_row(session, ProgrammeItem, key, {"item": act.edition.id, **values}):
            return earlier
        item = ProgrammeItem(
            edition_id=act.edition.id, **{name: values[name] for name in ITEM_FIELDS}
        )
        _check_item(act.edition, item)
        save_new_row(session, key, item)
        write_entry(
            session,
            act.actor,
            FairAction.PROGRAMME_ADDED,
            f"edition:{act.edition.id}",
            title=item.title,
        )
    return item


def change_item(act: FairAct, item: ProgrammeItem, changes: Values, stamp: str) -> None:
    """Change an item. Raises as `add_item`."""
    _check_references(act.edition, changes)
    with act.transaction(act.edition, item) as session, session.no_autoflush:
        check_version(stamp, stamp_of(item_values(item)))
        for name in ITEM_FIELDS:
            setattr(item, name, changes[name])
        _check_item(act.edition, item)
        write_entry(
            session,
            act.actor,
            FairAction.PROGRAMME_CHANGED,
            f"edition:{act.edition.id}",
            title=item.title,
        )


def remove_item(act: FairAct, item: ProgrammeItem, stamp: str, store: FileStore) -> None:
    """Remove an item with its documents."""
    files = [file.stored_name for file in item.files]
    with act.transaction(act.edition, item) as session:
        check_version(stamp, stamp_of(item_values(item)))
        for file in item.files:
            session.delete(file)
        session.flush()
        session.delete(item)
        write_entry(
            session,
            act.actor,
            FairAction.PROGRAMME_REMOVED,
            f"edition:{act.edition.id}",
            title=item.title,
        )
    delete_files(store, files)


def draft_programme(edition: Edition) -> None:
    """Hide the whole programme from the public until it is read again."""
    with transaction(edition):
        for item in queries.all_programme_of(edition):
            item.is_draft = True


def publish_programme(act: FairAct) -> int:
    """Show the whole programme to the public; return how many items were drafts. Idempotent."""
    with act.transaction(act.edition) as session:
        drafts = [item for item in queries.all_programme_of(act.edition) if item.is_draft]
        for item in drafts:
            item.is_draft = False
        if drafts:
            titles = ", ".join(item.title for item in drafts)
            subject = f"edition:{act.edition.id}"
            write_entry(session, act.actor, FairAction.PROGRAMME_PUBLISHED, subject, title=titles)
    return len(drafts)


def add_room(act: FairAct, values: Values, key: str) -> Room:
    """Add a room. Idempotent by `key`. Raises RoomKnown."""
    with act.transaction(act.edition) as session:
        if earlier := earlier_row(session, Room, key, {"room": act.edition.id, **values}):
            return earlier
        room = Room(edition_id=act.edition.id, **values)
        with violation_as(rules.RoomKnown, *ROOM_NAME):
            save_new_row(session, key, room)
        write_entry(
            session, act.actor, FairAction.ROOM_ADDED, f"edition:{act.edition.id}", name=room.name
        )
    return room


def change_room(act: FairAct, room: Room, changes: Values, stamp: str) -> None:
    """Change a room. Raises RoomKnown."""
    with act.transaction(act.edition, room) as session:
        check_version(stamp, stamp_of(room_values(room)))
        room.name, room.seats = changes["name"], changes["seats"]
        with violation_as(rules.RoomKnown, *ROOM_NAME):
            session.flush()
        write_entry(
            session, act.actor, FairAction.ROOM_CHANGED, f"edition:{act.edition.id}", name=room.name
        )


def remove_room(act: FairAct, room: Room, stamp: str) -> None:
    """Remove a room without items. Raises RoomStillUsed."""
    with act.transaction(act.edition, room) as session:
        check_version(stamp, stamp_of(room_values(room)))
        items = [item for item in queries.all_programme_of(act.edition) if item.room_id == room.id]
        rules.check_room_is_empty(room, len(items))
        session.delete(room)
        write_entry(
            session, act.actor, FairAction.ROOM_REMOVED, f"edition:{act.edition.id}", name=room.name
        )


def _check_references(edition: Edition, values: Values) -> None:
    queries.get_room(edition, values["room_id"])
    if values["theme_id"] is not None:
        queries.get_theme_by_id(edition, values["theme_id"])


def _check_item(edition: Edition, item: ProgrammeItem) -> None:
    rules.check_hours_in_order(item)
    check_item_is_in_opening_hours(item, edition)
    rules.check_room_is_free(item, queries.all_programme_of(edition))
