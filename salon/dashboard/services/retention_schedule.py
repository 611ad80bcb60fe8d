"""Retention of each table, with its reason."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from salon.accounts.services import FORM_LIFETIME
from salon.platform.submissions import KEPT_HOURS


class DataClass(StrEnum):
    PERSONAL = "données personnelles"
    TRACE = "traces"
    TECHNICAL = "données techniques"
    PUBLIC = "données publiques ou statistiques"


@dataclass(frozen=True)
class Rule:
    """`lifetime` after `since`, then `outcome`; None: without limit."""

    data: DataClass
    lifetime: timedelta | None
    since: str
    outcome: str
    reason: str

    @property
    def follows_fair(self) -> bool:
        """Return whether the time runs from the end of an edition, whose destruction needs a
        visa."""
        return self.since == FAIR_END


FAIR_END = "la fin du salon"


def _for_good(data: DataClass, reason: str) -> Rule:
    return Rule(data, None, "", "conservées", reason)


def _after_fair(days: int, action: str, reason: str) -> Rule:
    return Rule(DataClass.PERSONAL, timedelta(days=days), FAIR_END, action, reason)


def _technical(lifetime: timedelta, since: str, reason: str) -> Rule:
    return Rule(DataClass.TECHNICAL, lifetime, since, "supprimées", reason)


DAY = timedelta(days=1)
FAIR = "Le programme et le plan d’une édition ne disent rien d’une personne."
REGISTER = "Préparer l’édition suivante et répondre aux demandes, puis ne garder que des nombres."
EXHIBITORS = "Répondre d’un salon passé et inviter au suivant."
ANONYMOUS = "Ne dit rien de personne une fois l’agent anonyme."
CLOSING = "le 31 décembre de l’année de la pièce"
ROTA = "Répondre d’un planning passé et préparer le suivant, puis ne garder que des nombres."
LEADS = "Tenir ce qui a été promis au stand et prouver l’accord donné."
MEETINGS = "Tenir les suites promises, puis ne garder que des nombres."
BOOKS = "Pièces comptables : dix ans (code de commerce, art. L. 123-22)."
PLACES = "Référentiel public (Insee, État)."

RETENTION = {
    "scans": _after_fair(90, "supprimées", "Régler les incidents d’entrée du salon."),
    "presences": _after_fair(90, "comptées, puis supprimées", "Connaître la fréquentation."),
    "attendees": _after_fair(365, "anonymisées", REGISTER),
    "attendees.needs": _after_fair(
        30, "effacés", "Les besoins particuliers ne servent que le jour du salon."
    ),
    "groups": _after_fair(365, "anonymisées", REGISTER),
    "badges": _after_fair(365, "révoquées ; anonymes avec l’inscription", REGISTER),
    "consents": _after_fair(365, "anonymes avec l’inscription", "Prouver le consentement."),
    "printings": _after_fair(365, "anonymisées", REGISTER),
    "print_runs": _after_fair(365, "anonymisées", REGISTER),
    "print_runs.file": Rule(
        DataClass.PERSONAL, 7 * DAY, "l’impression", "supprimés", "Un fichier est plein de noms."
    ),
    "messages": Rule(
        DataClass.PERSONAL, 90 * DAY, "le message", "supprimées", "Prouver et refaire un envoi."
    ),
    "accounts": Rule(
        DataClass.PERSONAL, 365 * DAY, "la fermeture", "anonymisées", "Répondre d’un accès passé."
    ),
    "journal_entries": Rule(
        DataClass.TRACE, 180 * DAY, "l’acte", "supprimées", "Traces : six mois (CNIL, 2021)."
    ),
    "sign_ins": _technical(DAY, "la fin de la session", "Une session finie ne sert plus."),
    "kept_forms": _technical(
        FORM_LIFETIME, "la fin de la session", "Retrouver ce qu’on écrivait ; chiffré."
    ),
    "single_use_codes": _technical(DAY, "l’expiration", "Un code expiré ne sert plus."),
    "rate_counters": _technical(DAY, "l’essai", "Limiter les essais ; contient une adresse IP."),
    "submissions": _technical(
        timedelta(hours=KEPT_HOURS), "l’envoi", "Reconnaître un formulaire envoyé deux fois."
    ),
    "exhibitors": _after_fair(730, "réduites à ce que montrait le catalogue", EXHIBITORS),
    "exhibitors.draft": Rule(
        DataClass.PERSONAL,
        180 * DAY,
        "le début du brouillon",
        "supprimés",
        "Un brouillon jamais envoyé.",
    ),
    "exhibitor_contacts": _after_fair(730, "anonymisées, comptes fermés", EXHIBITORS),
    "exhibitor_documents": _after_fair(730, "supprimées, fichiers compris", EXHIBITORS),
    "co_exhibitors": _after_fair(730, "supprimées", EXHIBITORS),
    "safety_forms": _after_fair(730, "supprimées", "Répondre d’un incident sur un stand."),
    "billing_details": _after_fair(
        730, "supprimées", "La facture garde sa propre copie de l’acheteur."
    ),
    "reminders": _after_fair(730, "supprimées", EXHIBITORS),
    "invitations": _after_fair(730, "vidées de leur intitulé", EXHIBITORS),
    "plan_proposals": _after_fair(730, "supprimées", EXHIBITORS),
    "sales_documents": Rule(
        DataClass.PERSONAL, 3_653 * DAY, CLOSING, "vidées de leur acheteur", BOOKS
    ),
    "payments": Rule(DataClass.PERSONAL, 3_653 * DAY, CLOSING, "vidées de leur référence", BOOKS),
    "agents": _after_fair(365, "anonymisées, comptes fermés", ROTA),
    "agent_periods": _after_fair(365, "supprimées", ROTA),
    "shifts": _after_fair(365, "anonymes avec l’agent", ROTA),
    "publications": _after_fair(365, "anonymisées", ROTA),
    "rota_runs": _after_fair(365, "supprimées", ROTA),
    "stand_ins": _after_fair(365, "vidées de leur motif", ROTA),
    "exchanges": _after_fair(365, "vidées de leurs mots", ROTA),
    "appointments": _after_fair(90, "vidées de leurs mots", MEETINGS),
    "appointment_steps": _after_fair(90, "supprimées", MEETINGS),
    "appointment_documents": _after_fair(90, "supprimées, fichiers compris", MEETINGS),
    "waiting_entries": _after_fair(90, "supprimées", MEETINGS),
    "queue_tickets": _after_fair(90, "anonymisées", MEETINGS),
    "appointment_holds": _technical(DAY, "l’expiration", "Une heure gardée un instant."),
    "booking_requests": Rule(
        DataClass.PERSONAL, 2 * DAY, "la demande", "supprimées", "Confirmer une adresse."
    ),
    "zone_presences": _after_fair(90, "supprimées", "Régler les incidents d’entrée du salon."),
    "conflicts": _after_fair(90, "supprimées", "Régler les incidents d’entrée du salon."),
    "list_entries": _after_fair(1, "supprimées", "Connaître les badges sans réseau, ce jour-là."),
    "print_jobs": _after_fair(1, "supprimées", "Imprimer un badge à la borne."),
    "entrance_settings": _after_fair(
        90, "vidés des numéros d’urgence", "Les réglages servent à l’édition suivante."
    ),
    "leads": _after_fair(365, "supprimées, accords compris", LEADS),
    "lead_readings": _for_good(DataClass.TECHNICAL, "Supprimées avec le contact laissé."),
    "lead_consents": _for_good(DataClass.TECHNICAL, "Supprimés avec le contact laissé."),
    "paper_packs": _after_fair(7, "supprimées, fichiers compris", "Un fichier est plein de noms."),
    "paper_pages": _for_good(DataClass.TECHNICAL, "Supprimées avec le dossier papier."),
    "station_reports": _for_good(DataClass.TECHNICAL, "L’état d’un appareil, pas d’une personne."),
    "zones": _for_good(DataClass.PUBLIC, FAIR),
    "company_records": _technical(
        30 * DAY, "la recherche", "Réponse publique de l’État ; ne sert qu’à remplir un formulaire."
    ),
    "sales_lines": _for_good(DataClass.PUBLIC, "Des articles et des montants, sans personne."),
    "price_items": _for_good(DataClass.PUBLIC, "Le tarif d’une édition."),
    "wanted_options": _for_good(DataClass.PUBLIC, "Ce qui a été demandé, en nombre."),
    "exhibitor_themes": _for_good(DataClass.PUBLIC, FAIR),
    "exhibitor_terms": _for_good(DataClass.PUBLIC, "Les conditions faites à tous."),
    "unsettled": _for_good(DataClass.TECHNICAL, "Vide en dehors d’une écriture en cours."),
    "number_series": _for_good(DataClass.TECHNICAL, "Une suite de numéros reste sans trou."),
    "stations": _for_good(DataClass.TECHNICAL, "Une station est un appareil, pas une personne."),
    "marks": _for_good(DataClass.TECHNICAL, "Un fait sur l’installation, sans personne."),
    "kept_figures": _for_good(DataClass.PUBLIC, "Des nombres de personnes, sans personne."),
    "communes": _for_good(DataClass.PUBLIC, PLACES),
    "epcis": _for_good(DataClass.PUBLIC, PLACES),
    "editions": _for_good(DataClass.PUBLIC, FAIR),
    "edition_days": _for_good(DataClass.PUBLIC, FAIR),
    "halls": _for_good(DataClass.PUBLIC, FAIR),
    "stands": _for_good(DataClass.PUBLIC, FAIR),
    "partner_bodies": _for_good(DataClass.PUBLIC, FAIR),
    "agent_stands": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "agent_themes": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "shift_claims": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "stand_in_asks": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "needs": _for_good(DataClass.PUBLIC, "Ce que demande un stand, en nombre."),
    "appointment_agent_claims": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "appointment_visitor_claims": _for_good(DataClass.PUBLIC, ANONYMOUS),
    "booking_settings": _for_good(DataClass.PUBLIC, "Les règles faites à tous."),
    "theme_bookings": _for_good(DataClass.PUBLIC, "Les règles faites à tous."),
    "stand_bookings": _for_good(DataClass.PUBLIC, "Les règles faites à tous."),
    "topics": _for_good(DataClass.PUBLIC, FAIR),
    "topic_themes": _for_good(DataClass.PUBLIC, FAIR),
    "need_themes": _for_good(DataClass.PUBLIC, "Ce que demande un stand, en nombre."),
    "rotas": _for_good(DataClass.PUBLIC, "Les réglages d’un planning."),
    "themes": _for_good(DataClass.PUBLIC, FAIR),
    "programme_items": _for_good(DataClass.PUBLIC, FAIR),
    "doors": _for_good(DataClass.PUBLIC, FAIR),
}
