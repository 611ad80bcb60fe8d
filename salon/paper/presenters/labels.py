"""French labels of the paper pack."""

ACTIONS = {
    "paper_pack.asked": "Dossier papier demandé",
    "paper_pack.done": "Dossier papier préparé",
    "paper_pack.failed": "Dossier papier interrompu",
    "paper_pack.downloaded": "Dossier papier téléchargé",
    "paper.typed": "Feuille d’émargement saisie",
}
"""French label of each journal action of this feature."""

NEED_MARKS = {
    "parking": "PMR",
    "hearing_loop": "boucle",
    "sign_language": "LSF",
    "seat": "assise",
    "other": "besoin",
}
"""Printed mark of each need, by the values of `badges.models.Need`."""
