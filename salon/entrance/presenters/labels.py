"""French words of the doors."""

from salon.entrance.models import Verdict
from salon.entrance.rules.scans import MESSAGES, REPLACED

VERDICT_WORDS = {
    **{verdict.value: (verdict.label, MESSAGES[verdict]) for verdict in Verdict},
    "replaced": REPLACED,
}
"""Word and message of each verdict, for a station that judges without network; `replaced`: of a
revoked badge whose holder has another one, {} its number."""

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
