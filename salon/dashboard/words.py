"""French words for what the journal and the file of a person hold."""

import re

from salon.badges.labels import ACTIONS as BADGE_ACTIONS

ACTIONS = {
    **BADGE_ACTIONS,
    "account.created": "Compte ouvert",
    "account.disabled": "Compte fermé",
    "account.password_changed": "Mot de passe changé",
    "attendee.erased": "Données d’une personne effacées",
    "attendee.file_read": "Consultation des données d’une personne",
    "attendee.file_exported": "Export des données d’une personne",
    "doctor.wrote": "Contrôle de l’installation",
    "edition.loaded": "Édition chargée",
    "edition.opened": "Édition mise en ligne",
    "journal.exported": "Export du journal",
    "message.read": "Consultation d’un message",
    "message.sent_again": "Message renvoyé",
    "organiser.invited": "Organisateur invité",
    "organiser.set_up": "Compte d’organisateur activé",
    "retention.purged": "Bordereau d’élimination",
    "sign_in.closed": "Déconnexion",
    "sign_in.opened": "Connexion",
    "sign_in.refused": "Connexion refusée",
    "sign_in.unknown": "Code demandé pour une adresse inconnue",
    "station.created": "Station créée",
    "station.enrolled": "Station enrôlée",
    "station.offered": "Enrôlement d’une station proposé",
    "station.revoked": "Station révoquée",
}

SUBJECTS = {
    "account": "Compte",
    "attendee": "Inscrit",
    "badge": "Badge",
    "edition": "Édition",
    "group": "Dossier",
    "message": "Message",
    "print_run": "Impression",
    "station": "Station",
}

COLUMNS = {
    "about": "Au sujet de",
    "action": "Action",
    "actor": "Auteur",
    "actor_name": "Nom de l’auteur",
    "address": "Adresse réseau",
    "asked_at": "Demandé le",
    "asked_by": "Demandé par",
    "at": "Le",
    "attempts": "Essais",
    "attendee": "Inscrit",
    "badges": "Badges",
    "category": "Catégorie",
    "civility": "Civilité",
    "code": "Code",
    "contact_email": "Adresse du contact",
    "context": "Valeurs du message",
    "created_at": "Créé le",
    "data": "Nature",
    "deadline": "Échéance",
    "details": "Détails",
    "direction": "Sens",
    "door": "Porte",
    "email": "Adresse électronique",
    "fields": "Champs",
    "filters": "Filtres",
    "first_door": "Première porte",
    "first_entry_at": "Première entrée",
    "first_name": "Prénom",
    "format": "Format",
    "former": "Avant",
    "from": "Du",
    "function": "Fonction",
    "function_other": "Fonction, en ses termes",
    "given_at": "Donné le",
    "half_day": "Venue",
    "happened_at": "Passage",
    "id": "Numéro",
    "is_inside": "À l’intérieur",
    "is_vip": "Accueil particulier",
    "issued_at": "Émis le",
    "kind": "Modèle",
    "last_at": "Dernier passage",
    "last_error": "Dernière difficulté",
    "last_name": "Nom",
    "layout": "Mise en page",
    "message": "Message",
    "name": "Nom",
    "needs": "Besoins",
    "needs_note": "Précision sur les besoins",
    "organisation": "Organisme",
    "phone": "Téléphone",
    "place": "Pour",
    "printed_at": "Imprimé le",
    "printed_by": "Imprimé par",
    "purpose": "Finalité",
    "reason": "Motif",
    "received_at": "Reçu le",
    "recipient": "Destinataire",
    "registered_at": "Inscrit le",
    "registered_by": "Inscrit par",
    "revoked_at": "Révoqué le",
    "revoked_reason": "Motif de révocation",
    "role": "Rôle",
    "rows": "Lignes",
    "scanned_at": "Heure de l’appareil",
    "sent_at": "Envoyé le",
    "status": "État",
    "step": "Étape",
    "subject": "Objet",
    "table": "Table",
    "text": "Texte",
    "text_version": "Version du texte",
    "to": "Au",
    "verdict": "Réponse",
    "what": "Devenues",
    "withdrawn_at": "Retiré le",
    "words": "Termes",
}

VALUES = {
    ("direction", "in"): "Entrée",
    ("direction", "out"): "Sortie",
    ("revoked_reason", "cancelled"): "Inscription annulée",
    ("revoked_reason", "erased"): "Données effacées",
    ("revoked_reason", "replaced"): "Personne remplacée",
    ("verdict", "accepted"): "Entrée acceptée",
    ("verdict", "already_inside"): "Déjà entré",
    ("verdict", "re_entry"): "Nouvelle entrée",
    ("verdict", "exit"): "Sortie",
    ("verdict", "revoked"): "Badge révoqué",
    ("verdict", "wrong_edition"): "Badge d’une autre édition",
    ("verdict", "not_allowed_here"): "Pas admis à cette porte",
    ("verdict", "invalid"): "Code inconnu",
}


def action_label(action: str) -> str:
    """What an entry of the journal says was done."""
    return ACTIONS.get(action, action)


def subject_label(subject: str) -> str:
    """« Inscrit n° 12 » for `attendee:12`."""
    kind, _, number = subject.partition(":")
    return f"{SUBJECTS[kind]} n°\u00a0{number}" if kind in SUBJECTS and number else subject


def subject_typed(text: str) -> str:
    """`attendee:12` for « Inscrit 12 », « inscrit n° 12 » or itself."""
    found = re.fullmatch(r"(\D+?)\s*(?:n°)?\s*(\d+)", text.strip())
    if found is None:
        return text
    kinds = {label.casefold(): kind for kind, label in SUBJECTS.items()}
    kind = kinds.get(found[1].strip().casefold())
    return f"{kind}:{found[2]}" if kind else text
