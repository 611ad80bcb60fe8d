"""What the journal notes of safety forms."""

from salon.platform.database.journal import JournalAction


class SafetyAction(JournalAction):
    COMPLETED = "safety.completed", "Fiche de sécurité complète"
    REGISTER_EXPORTED = "safety.register_exported", "Registre de sécurité remis"
    RESTORED = "safety.restored", "Règle de sécurité rétablie"
    SAVED = "safety.saved", "Fiche de sécurité enregistrée"
    SET_ASIDE = "safety.set_aside", "Règle de sécurité levée"
