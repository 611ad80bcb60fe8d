"""What the journal notes of messages to many."""

from salon.platform.database.journal import JournalAction


class MailingAction(JournalAction):
    CAMPAIGN_PREPARED = "campaign.prepared", "Campagne préparée"
    BEGUN = "mailing.begun", "Envoi d’un message commencé"
    CHANGED = "mailing.changed", "Message à plusieurs modifié"
    DELETED = "mailing.deleted", "Brouillon d’un message effacé"
    ENDED = "mailing.ended", "Envoi d’un message terminé"
    PLANNED = "mailing.planned", "Message à plusieurs prévu"
    RESUMED = "mailing.resumed", "Envoi d’un message repris"
    STOPPED = "mailing.stopped", "Envoi d’un message arrêté"
    TAKEN_BACK = "mailing.taken_back", "Message redevenu brouillon"
    TRIED = "mailing.tried", "Essai d’un message"
    WRITTEN = "mailing.written", "Message à plusieurs écrit"
