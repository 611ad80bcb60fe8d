"""French labels of the journal and of the file of a person."""

import re

from salon.appointments.presenters.labels import ACTIONS as APPOINTMENT_ACTIONS
from salon.badges.models.labels import ACTIONS as BADGE_ACTIONS
from salon.entrance.presenters.labels import ACTIONS as ENTRANCE_ACTIONS
from salon.exhibitors.presenters.labels import ACTIONS as EXHIBITOR_ACTIONS
from salon.invitations.presenters import ACTIONS as INVITATION_ACTIONS
from salon.leads.models.labels import ACTIONS as LEAD_ACTIONS
from salon.mailings.presenters import ACTIONS as MAILING_ACTIONS
from salon.open_data.presenters import ACTIONS as OPEN_DATA_ACTIONS
from salon.paper.presenters.labels import ACTIONS as PAPER_ACTIONS
from salon.staffing.presenters.labels import ACTIONS as STAFFING_ACTIONS

ACTIONS = {
    **APPOINTMENT_ACTIONS,
    **BADGE_ACTIONS,
    **ENTRANCE_ACTIONS,
    **EXHIBITOR_ACTIONS,
    **INVITATION_ACTIONS,
    **LEAD_ACTIONS,
    **MAILING_ACTIONS,
    **OPEN_DATA_ACTIONS,
    **PAPER_ACTIONS,
    **STAFFING_ACTIONS,
    "account.created": "Compte ouvert",
    "account.linked": "Compte lié à une identité",
    "account.unlinked": "Identité d’un compte oubliée",
    "account.digest_chosen": "Récapitulatif du matin choisi",
    "account.disabled": "Compte fermé",
    "account.reopened": "Compte rouvert",
    "account.help_asked": "Aide demandée pour un mot de passe perdu",
    "account.password_lost": "Lien envoyé pour un mot de passe perdu",
    "account.recovered": "Accès retrouvé par un code de secours",
    "account.recovery_codes": "Codes de secours imprimés",
    "account.password_changed": "Mot de passe changé",
    "alarm.raised": "Alerte envoyée aux organisateurs",
    "attendee.erased": "Données d’une personne effacées",
    "attendee.file_read": "Consultation des données d’une personne",
    "attendee.file_exported": "Export des données d’une personne",
    "body.added": "Organisme ajouté au village",
    "body.changed": "Organisme du village modifié",
    "body.moved": "Organisme du village déplacé",
    "body.moved_back": "Déplacement d’un organisme annulé",
    "body.restored": "Organisme rétabli au village",
    "body.withdrawn": "Organisme retiré du village",
    "doctor.wrote": "Contrôle de l’installation",
    "edition.begun": "Salon commencé",
    "edition.loaded": "Édition chargée",
    "edition.registration_dated": "Dates d’inscription indiquées",
    "first_day.address_issued": "Adresse du premier jour affichée",
    "edition.opened": "Édition ouverte au public",
    "edition.withdrawn": "Édition retirée de la vue du public",
    "edition.held": "Édition notée comme tenue",
    "edition.closed": "Édition clôturée",
    "edition.reopened": "Édition rouverte pour correction",
    "edition.days_changed": "Jours et heures du salon modifiés",
    "edition.days_restored": "Jours et heures du salon rétablis",
    "edition.postponed": "Salon reporté, date à venir",
    "edition.cancelled": "Salon annulé",
    "edition.reinstated": "Salon maintenu après un report ou une annulation",
    "edition.identity_changed": "Nom et contacts du salon modifiés",
    "edition.legal_changed": "Mentions légales modifiées",
    "mail.sender_changed": "Expéditeur et signature des courriels modifiés",
    "mail.texts_changed": "Textes d’un courriel modifiés",
    "edition.look_changed": "Apparence des pages modifiée",
    "edition.place_changed": "Lieu du salon modifié",
    "edition.place_restored": "Lieu du salon rétabli",
    "edition.practical_changed": "Informations pratiques modifiées",
    "edition.registration_changed": "Réglages des inscriptions modifiés",
    "edition.texts_changed": "Textes des pages publiques modifiés",
    "fair_file.added": "Document donné au public",
    "fair_file.removed": "Document retiré du public",
    "hall.added": "Hall ajouté",
    "hall.changed": "Réglages d’un hall changés",
    "hall.closed": "Hall fermé",
    "hall.drawn": "Plan d’un hall changé",
    "hall.plan_restored": "Numéros et places de stands rétablis",
    "hall.removed": "Hall retiré",
    "hall.renumbered": "Stands renumérotés ou déplacés",
    "hall.reopened": "Hall rouvert",
    "journal.exported": "Export du journal",
    "mail.released": "Courriels d’une base restaurée\u00a0: laissés partir",
    "message.called_off": "Envoi d’un courriel annulé",
    "message.read": "Consultation d’un message",
    "message.sent_again": "Message renvoyé",
    "message.sent_now": "Courriel envoyé avant son heure",
    "organiser.invited": "Organisateur invité",
    "organiser.set_up": "Compte d’organisateur activé",
    "plan.exported": "Export des stands",
    "plan.imported": "Plan importé d’un fichier",
    "programme.added": "Moment ajouté au programme",
    "programme.changed": "Moment du programme modifié",
    "programme.published": "Programme publié",
    "programme.removed": "Moment retiré du programme",
    "read_token.created": "Jeton de lecture créé",
    "read_token.revoked": "Jeton de lecture révoqué",
    "retention.approved": "Destructions d’une édition autorisées",
    "retention.purged": "Bordereau d’élimination",
    "rights.given": "Droits donnés",
    "rights.withdrawn": "Droits retirés",
    "landmark.added": "Repère du plan ajouté",
    "landmark.changed": "Repère du plan changé",
    "landmark.removed": "Repère du plan retiré",
    "room.added": "Salle ajoutée",
    "room.changed": "Salle modifiée",
    "room.removed": "Salle retirée",
    "sign_in.closed": "Déconnexion",
    "sign_in.opened": "Connexion",
    "sign_in.refused": "Connexion refusée",
    "sign_in.unknown": "Code demandé pour une adresse inconnue",
    "station.created": "Station créée",
    "station.enrolled": "Station enrôlée",
    "station.offered": "Enrôlement d’une station proposé",
    "station.restored": "Station rétablie",
    "station.revoked": "Station révoquée",
    "theme.added": "Thème ajouté",
    "theme.listed": "Thèmes ajoutés",
    "theme.changed": "Thème modifié",
    "theme.restored": "Thème rétabli",
    "theme.withdrawn": "Thème retiré",
}

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


def action_label(action: str) -> str:
    """Return the French label of a journal action."""
    return ACTIONS.get(action, action)


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
