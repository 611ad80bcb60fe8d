"""The public page says how long data are kept, and the declaration says the same."""

import re
from html import unescape

import pytest
from flask import Flask

from salon.dashboard.engine.personal_data import FAIR_END, PERSONAL_DATA
from salon.fair.models import Edition

AFTER_FAIR = "après le salon"
PUBLIC_LINES = {
    "Passages à l’entrée": ("3 mois après le salon", "scans presences zone_presences conflicts"),
    "Rendez-vous : objet, projet, documents joints, suites promises ; listes d’attente et "
    "numéros des stands": (
        "3 mois après le salon",
        "appointments appointment_documents appointment_steps waiting_entries queue_tickets",
    ),
    "Besoins particuliers que vous avez signalés": ("30 jours après le salon", "attendees.needs"),
    "Rendez-vous demandé et jamais confirmé": ("2 jours après la demande", "booking_requests"),
    "Inscription et badge des visiteurs": (
        "12 mois après le salon",
        "attendees groups badges consents",
    ),
    "Contacts laissés aux stands : lectures du badge, accords, notes de l’exposant": (
        "12 mois après le salon",
        "leads",
    ),
    "Dossier des exposants, leurs contacts et leurs documents": (
        "2 ans après le salon",
        "exhibitors exhibitor_contacts exhibitor_documents co_exhibitors safety_forms",
    ),
    "Candidature commencée et jamais envoyée": ("6 mois après son début", "exhibitors.draft"),
    "Devis, commandes, factures et règlements": (
        "10 ans après la fin de l’année",
        "sales_documents payments",
    ),
    "Plannings des agents": ("1 an après le salon", "agents agent_periods shifts publications"),
    "Comptes des organisateurs, des agents et des exposants": (
        "1 an après leur fermeture",
        "accounts",
    ),
    "Courriels envoyés par le site": ("3 mois après l’envoi", "messages"),
    "Fichiers d’impression des badges": ("7 jours", "print_runs.file"),
    "Journaux techniques": ("6 mois", "journal_entries"),
}
DAYS = {"jours": 1, "mois": 365 / 12, "an": 365, "ans": 365.25}


@pytest.fixture
def stated(app: Flask, edition: Edition) -> dict[str, str]:
    page = app.test_client().get("/confidentialite").text
    table = page[page.index("Combien de temps") : page.index("Vos droits")]
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", table)
    return {unescape(data).replace("\xa0", " "): unescape(time) for data, time in rows}


def test_the_public_page_states_the_declared_lifetimes(stated: dict[str, str]) -> None:
    assert stated.keys() - PUBLIC_LINES.keys() == {"Sauvegardes"}
    for line, (words, tables) in PUBLIC_LINES.items():
        assert stated[line].replace("\xa0", " ").startswith(words), line
        number, unit, *_ = words.split()
        for name in tables.split():
            data = PERSONAL_DATA[name]
            assert data.lifetime is not None
            days = int(number) * DAYS[unit]
            assert abs(data.lifetime.days - days) <= days / 50, (line, name)
            assert (AFTER_FAIR in words) == (data.since == FAIR_END), (line, name)
