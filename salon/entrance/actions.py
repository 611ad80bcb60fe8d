"""What the journal notes of stations, doors and scans."""

from salon.platform.database.journal import JournalAction


class EntranceAction(JournalAction):
    CONFLICT_SETTLED = "conflict.settled", "Point à vérifier réglé"
    DOOR_ADDED = "door.added", "Porte ajoutée"
    DOOR_CHANGED = "door.changed", "Porte modifiée"
    DOOR_REMOVED = "door.removed", "Porte retirée"
    ENTRANCE_SETTINGS_CHANGED = "entrance.settings_changed", "Réglages des entrées changés"
    SCANS_IMPORTED = "scans.imported", "Passages d’une station importés"
    ZONE_CHANGED = "zone.changed", "Zone modifiée"
    ZONE_CREATED = "zone.created", "Zone créée"
    ZONE_DELETED = "zone.deleted", "Zone supprimée"
    ZONES_LOADED = "zones.loaded", "Zones chargées"
