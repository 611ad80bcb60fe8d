"""Lifetimes of personal data as the public page tells them, from the declared table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from salon.dashboard.engine.exhibitor_data import CLOSING
from salon.dashboard.engine.personal_data import HEAD_WRITTEN, PERSONAL_DATA
from salon.dashboard.engine.table_data import FAIR_END, LAST_SAVE

MONTH, YEAR = "mois", "an"
DAYS_OF_MONTH, DAYS_OF_YEAR = 30.4, 365.2

AFTER = {
    FAIR_END: "après le salon",
    CLOSING: "après la fin de l’année",
    "la demande": "après la demande",
    LAST_SAVE: "après son dernier enregistrement, candidatures closes",
    HEAD_WRITTEN: "après leur dernière modification",
    "la fermeture": "après leur fermeture",
    "le message": "après l’envoi",
    "l’impression": "",
    "l’acte": "",
}
"""Words of the page for the instant that a lifetime runs from."""


@dataclass(frozen=True)
class PublicLine:
    """A line of the page: the `tables` it stands for, which share one lifetime."""

    title: str
    tables: str
    unit: str = MONTH
    also: str = ""

    @property
    def lifetime(self) -> str:
        """Return the lifetime in words. Raises ValueError when the tables differ."""
        tables = [PERSONAL_DATA[name] for name in self.tables.split()]
        (lifetime, since), *other_rules = {(data.lifetime, data.since) for data in tables}
        if other_rules or lifetime is None:
            raise ValueError(self.tables)
        return f"{duration(lifetime, self.unit)} {AFTER[since]}".strip() + self.also


PUBLIC_LINES = (
    PublicLine("Passages à l’entrée", "scans presences zone_presences conflicts"),
    PublicLine(
        "Rendez-vous\u00a0: objet, projet, documents joints, suites promises\u00a0; listes "
        "d’attente et numéros des stands",
        "appointments appointment_documents appointment_steps waiting_entries queue_tickets",
    ),
    PublicLine(
        "Besoins particuliers que vous avez signalés",
        "attendees.needs",
        also=", ou dès que vous les retirez",
    ),
    PublicLine("Rendez-vous demandé et jamais confirmé", "booking_requests"),
    PublicLine(
        "Inscription et badge des visiteurs",
        "attendees groups badges consents merged_people distinct_people",
    ),
    PublicLine(
        "Contacts laissés aux stands\u00a0: lectures du badge, accords, notes de l’exposant",
        "leads",
    ),
    PublicLine(
        "Dossier des exposants, leurs contacts et leurs documents",
        "exhibitors exhibitor_contacts exhibitor_documents co_exhibitors safety_forms",
    ),
    PublicLine(
        "Invitation de votre commune ou de votre organisme à l’édition suivante",
        "organisation_invitations",
        also="\u00a0; si vous n’en voulez plus, seule reste une empreinte de l’adresse",
    ),
    PublicLine(
        "Maires et présidents d’EPCI : nom et adresses de leur mairie, tirés de listes publiques",
        "local_authorities",
        YEAR,
        also=", ou dès que la personne le demande",
    ),
    PublicLine(
        "Autres organismes invités : leur contact et leurs adresses",
        "guests",
        YEAR,
        also=", ou dès que la personne le demande",
    ),
    PublicLine("Candidature commencée et jamais envoyée", "exhibitors.draft"),
    PublicLine(
        "Devis, prix négociés, commandes, factures et règlements",
        "sales_documents sales_lines sales_papers negotiated_lines payments refunds",
        also=" (code de commerce, article L.\u00a0123-22)",
    ),
    PublicLine("Opérations du relevé bancaire de l’organisation", "statement_lines"),
    PublicLine("Plannings des agents", "agents agent_periods shifts publications", YEAR),
    PublicLine("Comptes des organisateurs, des agents et des exposants", "accounts", YEAR),
    PublicLine("Courriels envoyés par le site", "messages mailing_recipients"),
    PublicLine("Fichiers d’impression des badges", "print_runs.file"),
    PublicLine("Journaux techniques", "journal_entries"),
)


def public_lifetimes() -> Iterator[tuple[str, str]]:
    """Yield title and lifetime of each line of the page."""
    return ((line.title, line.lifetime) for line in PUBLIC_LINES)


def duration(lifetime: timedelta, unit: str = MONTH) -> str:
    """Return a lifetime in days up to 30, then in `unit`, in years from two years on."""
    days = lifetime.days
    if days <= 30:
        return f"{days}\u00a0jours"
    if unit == YEAR or days >= 2 * DAYS_OF_YEAR - 1:
        years = round(days / DAYS_OF_YEAR)
        return f"{years}\u00a0an{'s' if years > 1 else ''}"
    return f"{round(days / DAYS_OF_MONTH)}\u00a0mois"
