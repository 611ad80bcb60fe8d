"""What the journal notes of open data."""

from salon.platform.database.journal import JournalAction


class OpenDataAction(JournalAction):
    OPEN_DATA_PUBLISHED = "open_data.published", "Données ouvertes publiées"
    OPEN_DATA_RESTORED = "open_data.restored", "Version des données ouvertes remise en ligne"
    OPEN_DATA_WITHDRAWN = "open_data.withdrawn", "Version des données ouvertes retirée"
