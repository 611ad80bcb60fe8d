"""French words of the paper pack."""

ACTIONS = {
    "paper_pack.asked": "Dossier papier demandé",
    "paper_pack.done": "Dossier papier préparé",
    "paper_pack.failed": "Dossier papier interrompu",
    "paper_pack.downloaded": "Dossier papier téléchargé",
    "paper.typed": "Feuille d’émargement saisie",
}
"""What the journal's entries of this feature mean."""

NEED_MARKS = {
    "parking": "PMR",
    "hearing_loop": "boucle",
    "sign_language": "LSF",
    "seat": "assise",
    "other": "besoin",
}
"""What is printed of the needs of a person, by the values of `badges.labels.Need`."""
