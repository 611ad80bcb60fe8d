"""French words of the doors."""

from salon.entrance.models import Verdict
from salon.entrance.rules.health import NEEDED, CheckedPart
from salon.entrance.rules.scans import MESSAGES, REPLACED

VERDICT_WORDS = {
    **{verdict.value: (verdict.label, MESSAGES[verdict]) for verdict in Verdict},
    "replaced": REPLACED,
}
"""Word and message of each verdict, for a station that judges without network; `replaced`: of a
revoked badge whose holder has another one, {} its number."""

CHECK_WORDS = {
    CheckedPart.READING: {
        "name": "Lecture",
        "ok": "Lit les codes",
        "failed": NEEDED[CheckedPart.READING],
        "untried": "Lecture à essayer",
    },
    CheckedPart.MEMORY: {
        "name": "Mémoire",
        "ok": "Garde les passages",
        "failed": NEEDED[CheckedPart.MEMORY],
        "untried": "Mémoire à essayer",
    },
    CheckedPart.SOUND: {
        "name": "Son",
        "ok": "Sonne",
        "failed": "Ne sonne pas",
        "untried": "Son à essayer",
    },
    CheckedPart.SCREEN: {
        "name": "Écran",
        "ok": "Reste allumé",
        "failed": "S’éteint seul",
        "untried": "Écran à essayer",
    },
    CheckedPart.NETWORK: {
        "name": "Réseau",
        "ok": "A du réseau",
        "failed": "Sans réseau",
        "untried": "Réseau à essayer",
    },
    CheckedPart.PAGE: {
        "name": "Page",
        "ok": "Page à jour",
        "failed": "Page à mettre à jour",
        "untried": "Page à vérifier",
    },
}
"""Name of each part that a device tries of itself, and words of each result."""
