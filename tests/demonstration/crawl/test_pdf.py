"""Every PDF that a person of the demonstration takes says what it is, and is written in French."""

import io
import re

import pypdf
import pytest
from flask import Flask

from salon.platform.documents.pdf.tags import MOST_PAGES
from tests.demonstration.crawl.visits import Crawl, Visit
from tests.platform.documents.structure import structure_of
from tests.platform.words.typography.spelling import UNELIDED

UPLOADED = {
    "exhibitor_space.document_file",
    "exhibitor_space.document_file_of",
    "exhibitor_space.read_document",
}
"""Files that exhibitors hand in: theirs."""
NAMES = {
    "appointments.blank_tickets": "numéros de la file",
    "appointments.visit_pdf": "Mon parcours",
    "appointments.queue_poster": "Affiche",
    "badges.attendance_sheet": "liste à signer",
    "badges.badge_pdf": "Badge, en A4, A6 ou étiquette",
    "badges.group_pdf": "Badges d’une commune",
    "badges.print_badge": "Badge, en A4, A6 ou étiquette",
    "badges.print_run_file": "Badges par lot",
    "badges.staff_pdf": "Badges de l’équipe",
    "dashboard.agent_export": "Données d’une personne",
    "dashboard.contact_export": "Données d’une personne",
    "dashboard.person_export": "Données d’une personne",
    "billing.own_sales_document": "Devis, facture, avoir",
    "exhibitors.regulations_pdf": "Règlement des exposants",
    "safety.safety_register": "registre de sécurité",
    "billing.sales_document": "Devis, facture, avoir",
    "fair.hall_pdf": "Plan du salon et de chaque hall",
    "fair.plan_pdf": "Plan du salon et de chaque hall",
    "paper.pack_file": "dossier papier",
    "staffing.agents_paper": "Planning d’un agent",
    "staffing.my_paper": "Planning d’un agent",
    "staffing.stand_paper": "Plannings des stands",
    "staffing.stands_paper": "Plannings des stands",
    "staffing.village_paper": "affichage A3",
}
"""What the accessibility statement calls each PDF."""


@pytest.fixture(scope="module")
def papers(crawled_app: Flask, everywhere: dict[str, Crawl]) -> list[tuple[str, Visit]]:
    """Return each PDF of the fair, with the endpoint that makes it."""
    adapter = crawled_app.url_map.bind("localhost")
    return [
        (endpoint, visit)
        for crawl in everywhere.values()
        for visit in crawl.visits.values()
        if visit.mimetype == "application/pdf"
        for endpoint in [adapter.match(visit.address.partition("?")[0], "GET")[0]]
        if endpoint not in UPLOADED
    ]


def test_the_accessibility_statement_names_every_pdf(
    crawled_app: Flask, everywhere: dict[str, Crawl], papers: list[tuple[str, Visit]]
) -> None:
    ending = {rule.endpoint for rule in crawled_app.url_map.iter_rules() if "pdf" in rule.rule}
    assert ending | {endpoint for endpoint, _ in papers} == set(NAMES)
    statement = everywhere["nobody"].visits["/accessibilite"].words
    assert [name for name in NAMES.values() if name not in statement] == []
    assert f"documents de plus de {MOST_PAGES}\u00a0pages" in statement


def test_a_pdf_says_its_language_its_title_its_author_and_its_structure(
    papers: list[tuple[str, Visit]],
) -> None:
    assert len({endpoint for endpoint, _ in papers}) >= 15
    for endpoint, visit in papers:
        read = pypdf.PdfReader(io.BytesIO(visit.content))
        assert read.metadata is not None
        assert read.trailer["/Root"].get("/Lang") == "fr-FR", endpoint
        assert read.metadata.title not in (None, "", "untitled"), endpoint
        assert read.metadata.author not in (None, "", "anonymous"), endpoint
        assert len(read.pages) > MOST_PAGES or len(structure_of(visit.content)) > 3, endpoint


def test_no_line_of_a_pdf_begins_with_double_punctuation(papers: list[tuple[str, Visit]]) -> None:
    for endpoint, visit in papers:
        for page in pypdf.PdfReader(io.BytesIO(visit.content)).pages:
            text = page.extract_text()
            assert not re.findall(r"^\s*[;:!?»].*|.*«\s*$", text, re.MULTILINE), endpoint
            assert not UNELIDED.findall(re.sub(r"\s+", " ", text)), endpoint
