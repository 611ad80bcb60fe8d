"""Content of sample messages: invented people, for the preview of the organiser's texts."""

from copy import deepcopy

SHIFT = {"day": "vendredi 1er octobre", "from": "9 h 00", "to": "10 h 30", "where": "Stand 4"}
MEETING = {
    **SHIFT,
    "from": "10 h 00",
    "to": "10 h 20",
    "where": "Stand 12",
    "agent": "Karim Benali",
    "theme": "Voirie",
    "subject": "La place du marché",
    "token": "exemple",
    "name": "Claire Martin",
    "whose": "Saint-Martin-du-Val",
    "starts_at": "10:00",
}
FORMER = {**MEETING, "from": "9 h 40", "to": "10 h 00", "agent": "Anne Petit", "starts_at": "9:40"}
BADGE = {"name": "Claire Martin", "token": "exemple"}

SAMPLE: dict[str, object] = {
    "salutation": "Madame la Maire",
    "civility": "madame",
    "first_name": "Claire",
    "name": "Claire Martin",
    "email": "claire.martin@commune.example",
    "token": "exemple",
    "visit": "",
    "code": "exemple",
    "author": "",
    "body": "Service des routes",
    "named_by": "Anne Petit",
    "actor_name": "Anne Petit",
    "is_coordinator": False,
    "agent": "Karim Benali",
    "agent_id": 1,
    "account": 1,
    "agents": [],
    "appointment": MEETING,
    "appointments": [MEETING],
    "appointment_id": 1,
    "steps": [{"what": "Visite sur place", "owner": "Karim Benali", "due": "15/11/2021"}],
    "promise": {"what": "Visite sur place", "owner": "Karim Benali", "due": "15/11/2021"},
    "before": FORMER,
    "proposal": MEETING,
    "is_holder": True,
    "is_renewed": False,
    "by_holder": True,
    "cancelled_at": "27/09/2021 à 9 h 00",
    "by_visitor": False,
    "same_agent": False,
    "days_moved": False,
    "is_postponed": False,
    "subject": "La place du marché",
    "theme": "Voirie",
    "whose": "Saint-Martin-du-Val",
    "kept_until": "11 h 00",
    "until": "30 septembre",
    "until_hour": "11 h 00",
    "until_day": "vendredi 1er octobre",
    "rank": 2,
    "exhibitor": "Éclairage et voirie",
    "exhibitor_id": 1,
    "stand": "12",
    "former": "",
    "hall": "1",
    "reason": "Le plan du stand est à préciser.",
    "why": "La date de fin n’est pas lisible.",
    "document": "Attestation d’assurance",
    "file_name": "attestation.pdf",
    "tasks": [{"label": "Fiche de sécurité", "day": "6 septembre", "late": False, "note": ""}],
    "late": False,
    "reference": "F-12",
    "invoice": "F-12",
    "gross": "1 200,00 €",
    "left": "1 200,00 €",
    "due": "31 octobre",
    "done": "1er octobre",
    "is_public": False,
    "is_free": False,
    "people": ["Claire Martin", "Hugo Lefèvre"],
    "words": "",
    "shift": SHIFT,
    "shifts": [SHIFT],
    "came": [SHIFT],
    "went": [],
    "moved": [],
    "is_first": True,
    "note": "",
    "number": 2,
    "offered_shift": SHIFT,
    "requested_shift": {**SHIFT, "from": "14 h 00", "to": "15 h 30"},
    "proposer": "Claire Martin",
    "partner": "Karim Benali",
    "holder": "Karim Benali",
    "taker": "Claire Martin",
    "load": 3,
    "minutes": 45,
    "silent": [],
    "remedies": [],
    "stand_in_id": 1,
    "asked": 2,
    "lost": ["Recontacter"],
    "met": "vendredi 1er octobre",
    "downloaded": "",
    "pages": 40,
    "year": 2021,
    "standing": "postponed",
    "exhibits": True,
    "past_year": 2019,
    "opens": "",
    "closes": "31 mai",
    "badges": [BADGE],
    "news": [{**SHIFT, "title": "Financer une école"}],
    "set_up": "Jeudi 30 septembre, de 14 h à 20 h",
    "dismantling": "Vendredi 1er octobre, de 18 h à 22 h",
    "to_bring": ["Votre badge"],
}
FORMER_PLACE = "Salle des fêtes, 1 place du Marché"
EXHIBITOR = {"name": "Éclairage et voirie"}
SECTION = {
    "edition": "Salon des maires",
    "new": [
        {
            "words": "4 candidatures à étudier",
            "advice": "Acceptez, demandez un complément ou refusez.",
            "path": "/organisation/exposants?waits=study",
        }
    ],
    "waiting": [
        {
            "words": "2 factures échues",
            "advice": "1 200,00 € à réclamer.",
            "path": "/organisation/facturation/echeances",
        }
    ],
}
OF_A_KIND: dict[str, dict[str, object]] = {
    "agent_place_changed": {"before": FORMER_PLACE},
    "mailing": {
        "subject": "Le parking change",
        "words": "Madame la Maire,\n\nLe parking *change* : entrez par le nord.\n\n{lien}",
        "page": "badge/",
        "origin": "a été donnée à l’inscription au salon",
    },
    "merged": {"number": "K7QF 2MZA"},
    "agent_stand_renumbered": {"stands": "12 devient 14"},
    "agent_wishes": {"shifts": ["vendredi 1er octobre, de 9 h 00 à 10 h 30, stand 4"]},
    "appointment_renumbered": {"former": "14"},
    "badges_of_address": {"people": [BADGE]},
    "days_changed": {"before": "jeudi 30 septembre, 9 h – 17 h"},
    "digest": {"sections": [SECTION]},
    "exhibitor_days_changed": {"before": "jeudi 30 septembre, 9 h – 17 h"},
    "exhibitor_place_changed": {"before": FORMER_PLACE},
    "paper_pack_ready": {"why": "Demandé"},
    "place_changed": {"before": FORMER_PLACE},
    "staff_named": {"stand": "Éclairage et voirie"},
    "staff_removed": {"stand": "Éclairage et voirie"},
}
ABOUT_A_COMPANY = (
    *("exhibitor_", "eve_exhibitor", "application_", "document_", "stand_"),
    "organisation_",
)
"""Kinds whose `name` is that of an exhibitor."""


def sample_context(kind: str) -> dict[str, object]:
    """Return the context of a sample message of this kind."""
    company = EXHIBITOR if kind.startswith(ABOUT_A_COMPANY) else {}
    return deepcopy({**SAMPLE, **company, **OF_A_KIND.get(kind, {})})
