"""What the journal notes of messages, rights of persons and the journal."""

from salon.platform.database.journal import JournalAction


class DashboardAction(JournalAction):
    ALARM_RAISED = "alarm.raised", "Alerte envoyée aux organisateurs"
    ATTENDEE_ERASED = "attendee.erased", "Données d’une personne effacées"
    ATTENDEE_FILE_EXPORTED = "attendee.file_exported", "Export des données d’une personne"
    ATTENDEE_FILE_READ = "attendee.file_read", "Consultation des données d’une personne"
    DOCTOR_WROTE = "doctor.wrote", "Contrôle de l’installation"
    JOURNAL_EXPORTED = "journal.exported", "Export du journal"
    MAIL_RELEASED = "mail.released", "Courriels d’une base restaurée\u00a0: laissés partir"
    MESSAGE_CALLED_OFF = "message.called_off", "Envoi d’un courriel annulé"
    MESSAGE_READ = "message.read", "Consultation d’un message"
    MESSAGE_SENT_AGAIN = "message.sent_again", "Message renvoyé"
    MESSAGE_SENT_NOW = "message.sent_now", "Courriel envoyé avant son heure"
    RETENTION_APPROVED = "retention.approved", "Destructions d’une édition autorisées"
    RETENTION_PURGED = "retention.purged", "Bordereau d’élimination"
