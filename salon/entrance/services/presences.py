"""Presence of each badge, derived from its scans. It can be rebuilt at any time."""

from collections.abc import Mapping
from operator import itemgetter

from sqlalchemy import and_, case, delete, insert, select

from salon.badges.models import Badge
from salon.entrance.models import Direction, Presence, Scan, ZonePresence
from salon.entrance.queries import scan_statements
from salon.entrance.rules.scans import PresenceFacts, after_scan
from salon.entrance.services.situation import Key
from salon.fair.models import Door, Zone, ZoneKind
from salon.platform.database.db import current_session, db
from salon.platform.database.prepared_statements import Driver


def write_presences(
    connection: Driver, changed_keys: set[Key], presences: Mapping[Key, PresenceFacts]
) -> None:
    """Write the changed presences, in the order of their key."""
    in_fair = [_row(badge, presences[badge, zone]) for badge, zone in changed_keys if zone is None]
    in_zones = [
        {**_row(badge, presences[badge, zone]), "zone_id": zone}
        for badge, zone in changed_keys
        if zone is not None
    ]
    if in_fair:
        scan_statements.set_presences.write(connection, sorted(in_fair, key=itemgetter("badge_id")))
    if in_zones:
        order = itemgetter("badge_id", "zone_id")
        scan_statements.set_zone_presences.write(connection, sorted(in_zones, key=order))


def rebuild_presences(edition_id: int) -> int:
    """Rebuild the presences of an edition from its scans; return how many rows there are."""
    locked = select(Badge.id).where(Badge.edition_id == edition_id).order_by(Badge.id)
    zone_id = case((Zone.kind == ZoneKind.FAIR, None), else_=Zone.id)
    counted = (
        select(Badge.id, zone_id, Scan.direction, Scan.happened_at, Scan.door)
        .join(Badge, Badge.id == Scan.badge_id)
        .outerjoin(Door, and_(Door.edition_id == Scan.edition_id, Door.code == Scan.door))
        .outerjoin(Zone, Zone.id == Door.zone_id)
        .where(Badge.edition_id == edition_id, Scan.is_counted)
        .order_by(Scan.happened_at, Scan.id)
    )
    current_session().rollback()  # what was read before is not to be waited for
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(locked.with_for_update(key_share=True)).all()
        derived: dict[Key, PresenceFacts] = {}
        for badge_id, zone, direction, happened_at, door in connection.execute(counted):
            key = (badge_id, zone)
            derived[key] = after_scan(derived.get(key), Direction(direction), happened_at, door)
        of_edition = select(Badge.id).where(Badge.edition_id == edition_id)
        for table in (Presence, ZonePresence):
            connection.execute(delete(table).where(table.badge_id.in_(of_edition)))
        in_fair = [
            _row(badge, presence) for (badge, zone), presence in derived.items() if zone is None
        ]
        in_zones = [
            {**_row(badge, presence), "zone_id": zone}
            for (badge, zone), presence in derived.items()
            if zone is not None
        ]
        if in_fair:
            connection.execute(insert(scan_statements.PRESENCES), in_fair)
        if in_zones:
            connection.execute(insert(scan_statements.ZONE_PRESENCES), in_zones)
    return len(derived)


def _row(badge_id: int, presence: PresenceFacts) -> dict[str, object]:
    return {
        "badge_id": badge_id,
        "is_inside": presence.is_inside,
        "first_entry_at": presence.first_entry_at,
        "first_door": presence.first_door,
        "last_at": presence.last_at,
    }
