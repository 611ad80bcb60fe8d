"""What the journal notes of the paper pack."""

from salon.platform.database.journal import JournalAction


class PaperAction(JournalAction):
    PAPER_TYPED = "paper.typed", "Feuille d’émargement saisie"
    ASKED = "paper_pack.asked", "Dossier papier demandé"
    DISCARDED = "paper_pack.discarded", "Dossier papier abandonné"
    DONE = "paper_pack.done", "Dossier papier préparé"
    DOWNLOADED = "paper_pack.downloaded", "Dossier papier téléchargé"
    FAILED = "paper_pack.failed", "Dossier papier interrompu"
