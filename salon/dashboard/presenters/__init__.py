"""French labels of the subjects of the journal, and of the file of a person."""

import re

SUBJECTS = {
    "address": "Adresse",
    "account": "Compte",
    "agent": "Agent",
    "appointment": "Rendez-vous",
    "attendee": "Inscrit",
    "badge": "Badge",
    "conflict": "Point à vérifier",
    "contact": "Contact d’exposant",
    "door": "Porte",
    "edition": "Édition",
    "exhibitor": "Exposant",
    "group": "Dossier",
    "hall": "Hall",
    "invitation": "Invitation au salon",
    "invoice": "Facture",
    "mailing": "Message à plusieurs",
    "message": "Message",
    "paper_pack": "Dossier papier",
    "plan_proposal": "Proposition de plan",
    "price": "Prix",
    "print_run": "Impression",
    "publication": "Planning publié",
    "rota_run": "Calcul du planning",
    "shift": "Vacation",
    "stand": "Stand",
    "stand_in": "Remplacement",
    "station": "Station",
    "ticket": "Numéro de file",
    "waiting": "Attente",
    "zone": "Zone",
    "application": "Candidature",
    "body": "Organisme",
    "commune": "Commune",
    "document": "Document",
    "epci": "EPCI",
    "exchange": "Échange",
    "queue": "File du stand",
    "theme": "Thème",
    "enrolment": "Enrôlement",
    "help": "Demande d’aide",
    "programme": "Moment du programme",
    "room": "Salle",
    "file": "Fichier",
    "task": "Tâche",
    "lead": "Contact au stand",
}


def subject_label(subject: str) -> str:
    """Return « Inscrit n° 12 » for `attendee:12`."""
    kind, _, number = subject.partition(":")
    return f"{SUBJECTS[kind]} n°\u00a0{number}" if kind in SUBJECTS and number else subject


def read_subject(text: str) -> str:
    """Return `attendee:12` for « Inscrit 12 », « inscrit n° 12 » or itself."""
    match = re.fullmatch(r"(\D+?)\s*(?:n°)?\s*(\d+)", text.strip())
    if match is None:
        return text
    kinds = {label.casefold(): kind for kind, label in SUBJECTS.items()}
    kind = kinds.get(match[1].strip().casefold())
    return f"{kind}:{match[2]}" if kind else text
