"""French words of the doors."""

ACTIONS = {
    "conflict.settled": "Point à vérifier réglé",
    "door.added": "Porte ajoutée",
    "door.changed": "Porte modifiée",
    "door.removed": "Porte retirée",
    "entrance.settings_changed": "Réglages des entrées changés",
    "scans.imported": "Passages d’une station importés",
    "zone.changed": "Zone modifiée",
    "zones.loaded": "Zones chargées",
    "zone.created": "Zone créée",
    "zone.deleted": "Zone supprimée",
}
